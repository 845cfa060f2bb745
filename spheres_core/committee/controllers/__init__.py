"""Committees as JSON."""

from typing import Any

from spheres_core.committee.controllers import agendas, figures, meeting_names, meetings, recommendations, seats

HANDLERS: list[Any] = [
    *seats.HANDLERS,
    *meetings.HANDLERS,
    *agendas.HANDLERS,
    *recommendations.HANDLERS,
    *meeting_names.HANDLERS,
    *figures.HANDLERS,
]
