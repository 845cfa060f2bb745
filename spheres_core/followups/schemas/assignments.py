"""Structs of who follows her."""

import datetime as dt
from typing import Literal
from uuid import UUID

from msgspec import Struct

Part = Literal["pivot", "backup"]


class AssignmentPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """Who follows her from now on. Whoever did so in the same part no longer does."""

    staff: UUID
    part: Part = "pivot"


class Assignment(Struct, frozen=True):
    """Who follows her, from when until when."""

    id: UUID
    participation: UUID
    staff: UUID
    part: Part
    starts: dt.datetime
    ends: dt.datetime | None
    """Null while it lasts."""


class Assignments(Struct, frozen=True):
    """Who follows her and who did, the newest first."""

    assignments: list[Assignment]
    pivot_missing: bool
    """Whether she takes part and nobody is her pivot worker now."""


class AssignmentFound(Struct, frozen=True):
    """An assignment's row, for operations."""

    id: UUID
    participation_id: UUID
    staff_id: UUID
    part: Part
    starts: dt.datetime
    ends: dt.datetime
