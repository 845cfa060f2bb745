"""Plans as JSON, by topic."""

from typing import Any

from spheres_core.plans.controllers import goals, needs

HANDLERS: list[Any] = [*needs.HANDLERS, *goals.HANDLERS]
