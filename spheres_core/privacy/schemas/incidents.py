"""Structs of the register of incidents. None of them names anybody whom an incident is about."""

import datetime as dt
from typing import Annotated, Final, Literal
from uuid import UUID

from msgspec import Meta, Struct

from spheres_core.facts import Message, msg

IncidentState = Literal["open", "closed"]
STATES: Final[dict[str, Message]] = {"open": msg("Open incident"), "closed": msg("Closed incident")}
IncidentKind = Literal["wrong_person", "lost_device", "opened_without_need", "other"]
KINDS: Final[dict[str, Message]] = {
    "wrong_person": msg("Sent or told to the wrong person"),
    "lost_device": msg("A device or papers lost or stolen"),
    "opened_without_need": msg("Opened without need"),
    "other": msg("Another incident"),
}
IncidentRisk = Literal["not_yet", "yes", "no"]
RISKS: Final[dict[str, Message]] = {
    "not_yet": msg("Not judged yet"),
    "yes": msg("There is a risk of serious injury"),
    "no": msg("There is no risk of serious injury"),
}
LONGEST: Final = 4_000
LONGEST_OFFICE: Final = 200
MOST_PERSONS: Final = 1_000_000
Words = Annotated[str, Meta(max_length=LONGEST)]


class IncidentPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """An incident as somebody writes it down: what happened to information, and about how many persons."""

    kind: IncidentKind
    found_on: dt.date
    happened: Annotated[str, Meta(min_length=1, max_length=LONGEST)]
    """Says in general words how it came about and which information it was, without a name and without a code."""
    happened_on: dt.date | None = None
    """The day on which it happened, where that is known."""
    persons: Annotated[int, Meta(ge=0, le=MOST_PERSONS)] | None = None
    """About how many persons; null while nobody knows."""
    done: Words = ""
    """Says what was done about it."""
    risk: IncidentRisk = "not_yet"
    """Whether a person judges that there is a risk of serious injury."""
    risk_reason: Words = ""
    """Why; needed where it was judged."""
    commission_told_on: dt.date | None = None
    """The day on which somebody told the commission. Nothing is sent from here."""
    persons_told_on: dt.date | None = None
    """The day on which somebody told the persons. Nothing is sent from here."""
    confirmed: bool = False
    """True: the places that were found identify nobody who is followed, and it is kept as it is."""
    investigated_by: Annotated[str, Meta(max_length=LONGEST_OFFICE)] = ""
    """Which office said that an investigation goes on which telling the persons would hamper; empty where none does."""
    investigated_since: dt.date | None = None
    """Since when; needed where an office said so."""
    investigated_until: dt.date | None = None
    """The day on which it ended; null while it goes on."""


class IncidentChanged(IncidentPosted, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An incident written anew, over the version that was read."""

    version: int


class IncidentClosed(Struct, frozen=True, forbid_unknown_fields=True):
    """That an incident is closed, over the version that was read."""

    version: int


class IncidentLine(Struct, frozen=True):
    """An incident in the list: codes and days."""

    id: UUID
    state: IncidentState
    kind: IncidentKind
    found_on: dt.date
    happened_on: dt.date | None
    persons: int | None
    risk: IncidentRisk
    commission_told_on: dt.date | None
    persons_told_on: dt.date | None
    version: int
    investigated_since: dt.date | None
    investigated_until: dt.date | None

    @property
    def is_investigated(self) -> bool:
        """Returns whether an investigation goes on which telling the persons would hamper."""
        return self.investigated_since is not None and self.investigated_until is None


class IncidentOpened(Struct, frozen=True):
    """One incident with its words."""

    line: IncidentLine
    happened: str
    done: str
    risk_reason: str
    recorded_by: str
    """Name of who wrote it down; empty where the account is gone."""
    judged_by: str
    """Name of who judged the risk last; empty while nobody has."""
    recorded_at: dt.datetime
    closed_at: dt.datetime | None
    investigated_by: str
    """Which office said that an investigation goes on; empty where none did."""
