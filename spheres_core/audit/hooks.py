"""What the trail answers the core."""

from collections.abc import Sequence
from typing import Any

from spheres_core import hookimpl
from spheres_core.audit.controllers import TRAIL_READ, read_trail
from spheres_core.facts import msg
from spheres_core.foundation.registry import Permission


@hookimpl(trylast=True)
def register_permissions() -> Sequence[Permission]:
    return [
        Permission(TRAIL_READ, msg("Read who read and changed what"), roles=("coordinator", "privacy_officer")),
    ]


@hookimpl(trylast=True)
def register_controllers() -> Sequence[Any]:
    return [read_trail]
