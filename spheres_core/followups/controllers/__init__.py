"""Following participants as JSON, by topic."""

from typing import Any

from spheres_core.followups.controllers import (
    accompaniments,
    assignments,
    coordination,
    days,
    encounters,
    participations,
    reporting_decisions,
    vulnerable_dates,
)

HANDLERS: list[Any] = [
    *participations.HANDLERS,
    *assignments.HANDLERS,
    *encounters.HANDLERS,
    *accompaniments.HANDLERS,
    *reporting_decisions.HANDLERS,
    *coordination.HANDLERS,
    *days.HANDLERS,
    *vulnerable_dates.HANDLERS,
]
