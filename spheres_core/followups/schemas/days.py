"""Structs of a worker's day."""

import datetime as dt
from uuid import UUID

from msgspec import Struct

from spheres_core.followups.schemas.accompaniments import PlannedAccompaniment
from spheres_core.followups.schemas.assignments import Part
from spheres_core.followups.schemas.encounters import EncounterKind, Place
from spheres_core.followups.schemas.hand_overs import HandOver
from spheres_core.followups.schemas.participations import StateCode
from spheres_core.followups.schemas.vulnerable_dates import DateAhead
from spheres_core.foundation.plugins.registrations import DayLine
from spheres_core.participants.schemas.safe_contact import Channel


class PlannedEncounter(Struct, frozen=True):
    """An encounter that is planned with somebody whom the reader follows."""

    id: UUID
    participant: str
    """Her code."""
    at: dt.datetime
    kind: EncounterKind
    place: Place | None
    late: bool
    """Whether its moment has passed and nobody noted what became of it."""


class FileFollowed(Struct, frozen=True):
    """A file that is the reader's."""

    participant: str
    """Her code."""
    part: Part
    state: StateCode


class ReachableNow(Struct, frozen=True):
    """Somebody whom the reader follows and may safely reach at this moment."""

    participant: str
    """Her code."""
    channels: list[Channel]
    """Those by which she may be reached, the one she likes best first."""


class ExpectedContact(Struct, frozen=True):
    """Somebody whom nobody contacts: she said that she would come back by herself."""

    participant: str
    """Her code."""
    channel: Channel
    at: dt.datetime


class DayPart(Struct, frozen=True):
    """Tells what waits in another room."""

    name: str
    title: str
    lines: list[DayLine]


class WithoutPivot(Struct, frozen=True):
    """Somebody who takes part and has no pivot worker."""

    participant: str
    """Her code."""
    state: StateCode


class MyDay(Struct, frozen=True):
    """All that waits for the reader. Each list is whole: its length is the count."""

    promised: list[PlannedEncounter]
    """Encounters of today and the next seven days, and earlier ones that are still open; the earliest first."""
    accompaniments: list[PlannedAccompaniment]
    """Accompaniments and legal steps of the same days, and earlier ones that are still open; the earliest first."""
    expected: list[ExpectedContact]
    """Those who come back by themselves, until seven days from now, and whose moment has passed; the earliest first."""
    reachable: list[ReachableNow]
    """Whom the reader may safely reach at this moment."""
    dates: list[DateAhead]
    """Dates of those whom the reader follows that are near, and for which no help was offered yet."""
    hand_overs: list[HandOver]
    """Files that are offered to the reader."""
    more: list[DayPart]
    """Holds what other rooms keep: requests that nobody answered, birthdays to prepare."""
    without_pivot: list[WithoutPivot]
    """For coordinators: gaps to close."""
    files: list[FileFollowed]
    """Whom the reader follows now."""
