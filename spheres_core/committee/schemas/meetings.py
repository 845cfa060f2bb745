"""Structs of bodies, seats and meetings."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

MeetingState = Literal["planned", "held", "called_off"]
BodyKey = Annotated[str, Meta(pattern="^[a-z][a-z0-9_:]{1,60}$")]
Place = Annotated[str, Meta(max_length=300)]


class SeatPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """That somebody sits in a body from a day on, for the organization that she works for."""

    body: BodyKey
    staff: UUID
    starts: dt.date
    ends: dt.date | None = None
    """The last day; null: no end."""
    substitute_for: UUID | None = None
    """The seat in whose place it counts, when that one is absent."""


class SeatEnded(Struct, frozen=True, forbid_unknown_fields=True):
    """The last day of a seat."""

    on: dt.date


class Seat(Struct, frozen=True):
    """That somebody sits in a body."""

    id: UUID
    body: str
    staff: UUID
    name: str
    organization: str
    """Key of the organization that she sits for; empty for the program's team."""
    starts: dt.date
    ends: dt.date | None
    substitute_for: UUID | None


class SeatFound(Struct, frozen=True):
    """A seat's row."""

    id: UUID
    body: str
    staff_id: UUID
    organization: str
    substitute_for: UUID | None
    starts: dt.date
    ends: dt.date | None


class MeetingPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """A meeting that is planned."""

    body: BodyKey
    at: Annotated[dt.datetime, Meta(tz=True)]
    place: Place = ""


class MeetingEnded(Struct, frozen=True, forbid_unknown_fields=True):
    """That a meeting was held, or is called off. From then on nobody reads a brief of it."""

    to: Literal["held", "called_off"]
    version: int
    """The version that was seen; another one is refused with 409."""


class AbsencePosted(Struct, frozen=True, forbid_unknown_fields=True):
    """That whoever has this seat does not come: the substitute does."""

    seat: UUID
    substitute: UUID | None = None
    """The seat of the substitute who comes; null: whoever has a seat in place of this one."""


class AbsenceTakenBack(Struct, frozen=True, forbid_unknown_fields=True):
    """That whoever has this seat comes after all."""

    seat: UUID


class PresencePosted(Struct, frozen=True, forbid_unknown_fields=True):
    """Who is there. Whoever was noted before stays noted."""

    staff: Annotated[list[UUID], Meta(max_length=100)]


class Meeting(Struct, frozen=True):
    """A meeting, without anything of its agenda."""

    id: UUID
    version: int
    body: str
    title: str
    at: dt.datetime
    ends_at: dt.datetime
    place: str
    state: MeetingState


class MeetingFound(Struct, frozen=True):
    """A meeting's row."""

    id: UUID
    body: str
    at: dt.datetime
    ends_at: dt.datetime
    place: bytes
    state: MeetingState
    version: int


class MeetingPresence(Struct, frozen=True):
    """Who was noted as being there."""

    staff: list[UUID]
