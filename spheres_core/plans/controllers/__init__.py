"""Plans as JSON, by topic."""

from typing import Any

from spheres_core.plans.controllers import goals, needs, requests, together

HANDLERS: list[Any] = [*needs.HANDLERS, *goals.HANDLERS, *requests.HANDLERS, *together.HANDLERS]
