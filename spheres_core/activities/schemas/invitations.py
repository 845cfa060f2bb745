"""Structs of invitations: her answer in her pace, her words before and after, and who came."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from spheres_core.activities.schemas.outings import MOST_SEATS, Answer, Attendance, OutingState
from spheres_core.plans.schemas.words import Words

How = Literal["encounter", "phone", "text", "email", "social", "in_person"]
"""`encounter`: she was asked while her worker was with her; else a channel of her safe contact."""
TextPart = Literal["expects", "felt"]


class OutingInvitationPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """That she was asked to come along. Nothing is sent by it: the worker has asked her, and notes it."""

    outing: UUID
    how: How
    """The way in which she was asked, as her safe contact allows it."""
    answer: Answer = "open"
    need: UUID | None = None
    """The need of her plan that it answers."""
    expects: Words = ""
    """How she expects it, in her own words."""


class OutingInvitationChanged(Struct, frozen=True, forbid_unknown_fields=True):
    """An invitation as it is from now on; words that were written before stay."""

    version: int
    """The version that was seen; when there is a newer one, it is refused with 409 and both sides."""
    answer: Answer
    need: UUID | None = None
    expects: Words = ""
    felt: Words = ""
    """How it felt, in her own words."""


class InvitationFound(Struct, frozen=True):
    """An invitation's row, with its outing."""

    id: UUID
    participant_id: UUID
    outing_id: UUID
    how: How
    answer: Answer
    attendance: Attendance | None
    need_id: UUID | None
    strength_id: UUID | None
    version: int
    author: UUID | None
    written_at: dt.datetime
    dated_on: dt.date
    activity: str
    at: dt.datetime
    state: OutingState
    content: bytes


class OutingInvitation(Struct, frozen=True):
    """An invitation, with what the reader may read."""

    id: UUID
    version: int
    outing: UUID
    activity: str
    """A code of the region's activities."""
    place: str
    at: dt.datetime
    state: OutingState
    how: How
    answer: Answer
    attendance: Attendance | None
    """Null until somebody noted it. Nobody counts how often she did not come."""
    need: UUID | None
    """Null too when the reader may not read her plan; so is `strength`."""
    strength: UUID | None
    expects: str | None
    """Null when the reader may not read her own words; so is `felt`."""
    felt: str | None
    author: UUID | None
    written_at: dt.datetime


class AttendancePosted(Struct, frozen=True, forbid_unknown_fields=True):
    """Who came, of those of whom the caller may know. Whoever is not named stays as she was."""

    came: Annotated[list[str], Meta(max_length=MOST_SEATS)] = []
    """Codes."""
    not_this_time: Annotated[list[str], Meta(max_length=MOST_SEATS)] = []
    """Codes. No reason is asked."""


class KeptApartPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody whom she must not meet."""

    participant: Annotated[str, Meta(max_length=40)]
    """The other one's code."""


class KeptApart(Struct, frozen=True):
    """Somebody whom she must not meet, for a reader who may know of both."""

    id: UUID
    participant: str
    """The other one's code."""
    since: dt.date
    shared: list[UUID]
    """Outings to come on which both hold a seat already."""


class KeptApartList(Struct, frozen=True):
    """Those whom she must not meet and of whom the reader may know."""

    items: list[KeptApart]
