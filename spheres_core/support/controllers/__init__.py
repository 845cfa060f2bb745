"""Support as JSON."""

from typing import Any

from spheres_core.support.controllers import advice

HANDLERS: list[Any] = [*advice.HANDLERS]
