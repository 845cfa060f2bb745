"""Plans as JSON, by topic."""

from typing import Any

from spheres_core.plans.controllers import answer_links, goals, needs, requests, together

HANDLERS: list[Any] = [*needs.HANDLERS, *goals.HANDLERS, *requests.HANDLERS, *together.HANDLERS, *answer_links.HANDLERS]
