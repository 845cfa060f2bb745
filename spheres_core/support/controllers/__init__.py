"""Support as JSON."""

from typing import Any

from spheres_core.support.controllers import advice, entourage, library, proposals, sessions, trainings, workshops

HANDLERS: list[Any] = [
    *advice.HANDLERS,
    *library.HANDLERS,
    *proposals.HANDLERS,
    *entourage.HANDLERS,
    *sessions.HANDLERS,
    *workshops.HANDLERS,
    *trainings.HANDLERS,
]
