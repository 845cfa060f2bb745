"""Structs of emergency accesses."""

import datetime as dt
from typing import Annotated, Final, Literal
from uuid import UUID

from msgspec import Meta, Struct

LEAST_REASON: Final = 20
"""Characters of a reason, without spaces around it."""
CLASSES_OPENED: Final = ("emergency_plan", "safe_contact")
Finding = Literal["in_order", "to_talk_about"]


class AccessAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """Why her plan has to be opened now."""

    reason: Annotated[str, Meta(max_length=2000)]
    """In the caller's own words, at least 20 characters."""


class AccessOpened(Struct, frozen=True):
    """That her plan is open."""

    until: dt.datetime
    """It closes by itself then."""


class AccessReviewed(Struct, frozen=True, forbid_unknown_fields=True):
    """The finding of whoever looked at an access."""

    finding: Finding


class EmergencyAccess(Struct, frozen=True):
    """An emergency access as it is looked at afterwards. Whose plan it was is not said."""

    id: UUID
    by: str
    """The name of who opened it."""
    organization: str
    reason: str
    opened_at: dt.datetime
    until: dt.datetime
    review_by: dt.date
    """The last day on which it is to be looked at."""
    overdue: bool
    reviewed_by: str | None
    reviewed_at: dt.datetime | None
    finding: Finding | None


class EmergencyAccesses(Struct, frozen=True):
    """Emergency accesses, those first that nobody has looked at, and how often there was one."""

    accesses: list[EmergencyAccess]
    of_last_30_days: int
    files: int
    """Those who take part now."""
    per_100_files: float
    """Accesses of the last 30 days for 100 of them."""


class AccessRate(Struct, frozen=True):
    """How often plans were opened in an emergency, and whether somebody looked at that in time. It names nobody."""

    days: int
    """Days that are counted, up to today."""
    opened: int
    reviewed_in_time: int
    reviewed_late: int
    overdue: int
    """Those that nobody has looked at, and whose last day for it has passed."""
    waiting: int
    """Those that nobody has looked at, and that have time."""
    files: int
    """Those who take part now."""
    per_100_files: float


class AccessFound(Struct, frozen=True):
    """An access's row."""

    id: UUID
    staff_id: UUID
    organization: str
    reason: bytes
    opened_at: dt.datetime
    ends: dt.datetime
    reviewed_by: UUID | None
    reviewed_at: dt.datetime | None
    finding: Finding | None
    dated_on: dt.date
