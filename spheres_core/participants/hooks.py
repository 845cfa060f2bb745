"""Registers the participants room with the core."""

from collections.abc import Sequence
from typing import Any

from spheres_core import hookimpl
from spheres_core.facts import msg
from spheres_core.foundation.plugins.registrations import Permission, TrailVerb
from spheres_core.participants import permissions
from spheres_core.participants.controllers import consents


@hookimpl(trylast=True)
def register_permissions() -> Sequence[Permission]:
    return [
        Permission(
            permissions.READ,
            msg("Open the files of participants, as far as a standing and a consent reach"),
            roles=("pivot_worker", "coordinator", "committee_member", "clinical_support", "liaison", "privacy_officer"),
        ),
        Permission(
            permissions.RECORD_CONSENTS,
            msg("Record what participants agree to, and whom to keep away from them"),
            roles=("pivot_worker", "coordinator"),
        ),
    ]


@hookimpl(trylast=True)
def register_controllers() -> Sequence[Any]:
    return consents.HANDLERS


@hookimpl(trylast=True)
def register_trail_verbs() -> Sequence[TrailVerb]:
    return [TrailVerb("participant.added", msg("A participant was added"))]
