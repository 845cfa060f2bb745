"""Emergency plans as JSON, by topic."""

from typing import Any

from spheres_core.safety.controllers import accesses, card, plans

HANDLERS: list[Any] = [*plans.HANDLERS, *card.HANDLERS, *accesses.HANDLERS]
