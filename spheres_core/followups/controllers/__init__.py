"""Following participants as JSON."""

from typing import Any

from spheres_core.followups.controllers import participations

HANDLERS: list[Any] = [*participations.HANDLERS]
