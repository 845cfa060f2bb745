"""Structs of what coordinators see of all who take part."""

import datetime as dt
from uuid import UUID

from msgspec import Struct

from spheres_core.followups.schemas.assignments import Part
from spheres_core.followups.schemas.days import WithoutPivot
from spheres_core.followups.schemas.participations import StateCode


class Caseload(Struct, frozen=True):
    """How many files somebody has now."""

    staff: UUID
    pivot: dict[StateCode, int]
    """Files of which the worker is the pivot, by their state."""
    backup: int


class HandOverWaiting(Struct, frozen=True):
    """A file that is offered, without words."""

    id: UUID
    participant: str
    """Her code."""
    part: Part
    from_staff: UUID | None
    to_staff: UUID
    told: bool
    """Whether she was told."""
    offered_at: dt.datetime


class Coordination(Struct, frozen=True):
    """Caseloads, gaps, and hand-overs that wait, of those whom the reader knows as a coordinator."""

    caseloads: list[Caseload]
    """Workers who follow somebody; whoever is not here follows nobody."""
    without_pivot: list[WithoutPivot]
    """The earliest first; those who are proposed too, who take part once they have a pivot worker."""
    hand_overs: list[HandOverWaiting]
    """The earliest first."""
