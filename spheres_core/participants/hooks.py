"""Registers the participants room with the core."""

from collections.abc import Sequence

from spheres_core import hookimpl
from spheres_core.facts import msg
from spheres_core.foundation.plugins.registrations import TrailVerb


@hookimpl(trylast=True)
def register_trail_verbs() -> Sequence[TrailVerb]:
    return [TrailVerb("participant.added", msg("A participant was added"))]
