"""Support as JSON."""

from typing import Any

from spheres_core.support.controllers import advice, entourage, library, proposals

HANDLERS: list[Any] = [*advice.HANDLERS, *library.HANDLERS, *proposals.HANDLERS, *entourage.HANDLERS]
