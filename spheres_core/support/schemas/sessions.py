"""Structs of clinical support sessions for staff. None of them says about which young person it is."""

import datetime as dt
from typing import Annotated, Final, Literal
from uuid import UUID

from msgspec import Meta, Struct

from spheres_core.facts import Message, msg
from spheres_core.support.schemas.advice import Equipped

SessionState = Literal["requested", "agreed", "held", "cancelled"]
STATES: Final[dict[str, Message]] = {
    "requested": msg("Asked for"),
    "agreed": msg("Day agreed"),
    "held": msg("Took place"),
    "cancelled": msg("Called off"),
}
SessionKind = Literal["individual", "group", "after_event"]
KINDS: Final[dict[str, Message]] = {
    "individual": msg("For one person"),
    "group": msg("For a team"),
    "after_event": msg("After something hard"),
}
SessionTheme = Annotated[str, Meta(pattern="^[a-z][a-z0-9_]{0,60}$")]
"""A code of the core's themes or of the region's list `support_themes`."""
THEMES: Final[dict[str, Message]] = {
    "exhaustion": msg("Tiredness, and what one carries home"),
    "helplessness": msg("Feeling that nothing helps"),
    "boundaries": msg("Closeness and distance"),
    "ambivalence": msg("Staying beside somebody who hesitates"),
    "safety": msg("Fear for somebody’s safety, or one’s own"),
    "teamwork": msg("Working together"),
    "other": msg("Something else"),
}
LONGEST: Final = 4_000
MOST_PEOPLE: Final = 60
LEAST_COUNTED: Final = 5
"""Smaller numbers of people are not shown."""
Words = Annotated[str, Meta(max_length=LONGEST)]


class SessionPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """A session that is asked for; or offered, by who gives clinical support."""

    kind: SessionKind
    theme: SessionTheme
    words: Words = ""
    """A few words for who gives it; about oneself, and about nobody who is followed."""
    people: Annotated[list[UUID], Meta(max_length=MOST_PEOPLE)] = []
    """Members of staff who take part besides who asks."""
    on: dt.date | None = None
    """The day, where it is offered on one: then it is agreed."""
    equipped: Equipped | None = None
    """How equipped who asks feels now, from 0 to 10."""
    confirmed: bool = False
    """True: the places that were found identify nobody who is followed, and it is kept as it is."""


class SessionAgreed(Struct, frozen=True, forbid_unknown_fields=True):
    """The day that was agreed on."""

    version: int
    on: dt.date


class SessionNoted(Struct, frozen=True, forbid_unknown_fields=True):
    """Notes of who gives a session, for nobody else."""

    version: int
    words: Words
    confirmed: bool = False


class OwnPartPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """Said by somebody who takes part, of oneself: how equipped one feels, and own notes, for nobody else."""

    before: Equipped | None = None
    after: Equipped | None = None
    words: Words = ""
    confirmed: bool = False


class SessionLine(Struct, frozen=True):
    """A session in a list."""

    id: UUID
    state: SessionState
    kind: SessionKind
    theme: SessionTheme
    on: dt.date | None
    version: int


class OwnPart(Struct, frozen=True):
    """A part in a session, as its person reads it."""

    before: int | None
    after: int | None
    words: str


class SessionOpened(Struct, frozen=True):
    """One session, for who gives it or takes part."""

    line: SessionLine
    words: str
    """Empty for those who neither asked nor give it."""
    people: list[str]
    """Names of those who take part."""
    notes: str
    """Of who gives it; empty for everybody else."""
    part: OwnPart | None
    """One's own part."""
    steps: tuple[str, ...]
    """Acts that are open: agree, hold, cancel, note, say."""


class SessionCount(Struct, frozen=True):
    """How many sessions of one kind took place, and for how many people."""

    kind: SessionKind
    sessions: int
    people: int | None
    """None where they are fewer than five."""


class SessionCounts(Struct, frozen=True):
    """Numbers of sessions as a coordinator sees them, never who asked or took part."""

    counts: list[SessionCount]


class SessionCancelled(Struct, frozen=True):
    """The answer to calling a session off: whoever might have given it may find it no longer."""

    state: Literal["cancelled"] = "cancelled"
