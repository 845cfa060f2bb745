"""Emergency plans as JSON, by topic."""

from typing import Any

from spheres_core.safety.controllers import accesses, plans

HANDLERS: list[Any] = [*plans.HANDLERS, *accesses.HANDLERS]
