"""Committees as JSON."""

from typing import Any

from spheres_core.committee.controllers import agendas, figures, meetings, recommendations, seats

HANDLERS: list[Any] = [
    *seats.HANDLERS,
    *meetings.HANDLERS,
    *agendas.HANDLERS,
    *recommendations.HANDLERS,
    *figures.HANDLERS,
]
