"""Structs and constants of consents: classes of information, actions, purposes, kinds of standing, what is decided."""

import datetime as dt
from collections.abc import Mapping
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

from spheres_core.facts import Message, msg

Act = Literal["read", "discuss", "forward", "write"]
Purpose = Literal["follow_up", "coordination", "committee", "service", "emergency", "oversight", "transfer"]
StandingKind = Literal[
    "assignment", "coordination", "committee", "service_request", "emergency_access", "investigation", "transfer"
]
ConsentKind = Literal["participation", "information", "care", "research", "publication"]
ExclusionKind = Literal["conflict_of_interest", "her_wish", "refusal"]
Giver = Literal["herself", "parent", "tutor", "benefit"]
"""Who gave a consent. `benefit`: nobody did; a named person decided that it is clearly for her benefit."""
How = Literal["spoken", "written"]
PARENTS: Final[frozenset[Giver]] = frozenset({"parent", "tutor"})
"""Holders of parental authority."""
TOGETHER: Final = "herself_and_parent_or_tutor"
"""Statement of a cell of the legal profile: she gives the consent, and a parent or tutor must agree too."""
GIVERS: Final[Mapping[str, frozenset[Giver]]] = {
    "herself": frozenset({"herself"}),
    TOGETHER: frozenset({"herself"}),
    "parent_or_tutor": PARENTS,
    "parent_or_tutor_or_documented_benefit": PARENTS | {"benefit"},
    "not_offered": frozenset(),
    "ethics_board_decides": frozenset(),
    "not_known": frozenset(),
}
"""Who may give a consent, for each thing that a cell of the legal profile can say."""

CLASSES: Final[Mapping[str, Message]] = {
    "participation": msg("That she takes part"),
    "identity": msg("Her name and date of birth"),
    "safe_contact": msg("How she can safely be reached"),
    "needs_and_plan": msg("Her needs, strengths and goals"),
    "encounters": msg("Encounters with her pivot worker"),
    "own_words": msg("Her own words"),
    "stages": msg("Where she sees herself on her way"),
    "emergency_plan": msg("Her emergency plan"),
    "activities": msg("Activities"),
    "service_requests": msg("Services asked for"),
    "committee": msg("What the committee discussed"),
    "measures": msg("Questionnaires"),
    "legal": msg("Legal steps"),
    "meeting_name": msg("How she may be called at a meeting"),
}
"""Classes of information about a participant. A plugin's own are `<plugin>:<name>`."""
MEETING_NAME: Final = "meeting_name"
"""A name that she chose for meetings of committees. Its lines are of one kind only (`name_lines`)."""
PURPOSES: Final[tuple[Purpose, ...]] = (
    "follow_up", "coordination", "committee", "service", "emergency", "oversight", "transfer"
)  # fmt: skip

ACTS: Final[tuple[Act, ...]] = ("read", "discuss", "forward", "write")

TEAM: Final = "*team"
"""The recipient that stands for the program's team, whichever organization its members work for."""
REGION: Final = "*region:"
"""Begins the key of a recipient that stands for another region of this server; its slug follows."""
NO_PERSON: Final = UUID(int=0)
"""In a standing: whoever works for the recipient. In an exclusion: an organization, not one person."""
EVERY_CLASS: Final = ""
NO_ORGANIZATION: Final = ""
FOREVER: Final = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
"""The end of what has no end yet."""
FIRST_DAY: Final = dt.date(1, 1, 1)
LAST_DAY: Final = dt.date(9999, 1, 1)

LIMITED: Final[Mapping[str, frozenset[str]]] = {
    "emergency_access": frozenset({"emergency_plan", "safe_contact"}),
    "investigation": frozenset(CLASSES) - {"identity", MEETING_NAME},
}
"""Kinds of standing that never reach beyond these classes, whatever was agreed to."""
WITHOUT_CONSENT: Final[frozenset[str]] = frozenset({"investigation"})
"""Kinds of standing that need no consent: a legal basis that a named person entered, always with an end."""
ENDING: Final[frozenset[str]] = frozenset({"committee", "emergency_access", "investigation", "transfer"})
"""Kinds of standing that are opened with an end."""


class Question(Struct, frozen=True):
    """Whether somebody may do something with one class of information about one participant, for one purpose."""

    tenant: UUID
    participant: UUID
    staff: UUID
    """Who acts: a member of staff; `NO_PERSON` where an organization as a whole is asked about."""
    organization: str
    """Key of the organization that she works for; empty for the program's own staff."""
    act: str
    information: str
    """A class of information."""
    purpose: str
    dated_on: dt.date
    """The day that the information is about."""


class Standing(Struct, frozen=True):
    """Why somebody has to do with a participant."""

    tenant: UUID
    id: UUID
    participant: UUID
    kind: str
    staff: UUID
    recipient: str
    """`TEAM`, or the key of the organization on whose part it is."""
    classes: frozenset[str]
    acts: frozenset[str]
    purpose: str
    starts: dt.datetime
    ends: dt.datetime


class ConsentEntry(Struct, frozen=True):
    """One line of a consent."""

    tenant: UUID
    id: UUID
    participant: UUID
    recipient: str
    information: str
    act: str
    """read, discuss or forward; who may read may also add (write)."""
    purpose: str
    starts: dt.datetime
    ends: dt.datetime
    """From then on it does not hold: it was withdrawn, or its time is over."""
    first_day: dt.date
    last_day: dt.date
    """Only information about days from the first to the last, both included."""
    onward: bool
    """Whether the recipient may pass it on; without, `forward` is no act at all."""


class Exclusion(Struct, frozen=True):
    """A member of staff or an organization that is kept away from a participant, or from one class of information."""

    tenant: UUID
    id: UUID
    participant: UUID
    staff: UUID
    organization: str
    information: str
    """A class of information, or `EVERY_CLASS`."""
    starts: dt.datetime
    ends: dt.datetime


class Disclosure(Struct, frozen=True):
    """Something about her that has left for another organization."""

    id: UUID
    recipient: str
    information: str
    purpose: str
    dated_on: dt.date
    """The day on which it left."""
    entry: UUID | None
    """The line of a consent that covered it; None where a person entered a legal basis."""


class Allowed(Struct, frozen=True):
    """The rows that allow it."""

    standing: UUID
    entry: UUID | None = None
    """None where the standing needs no consent."""


class Refused(Struct, frozen=True):
    """The reason against it."""

    reason: Literal["excluded", "no_standing", "no_consent"]
    exclusion: UUID | None = None


Decision = Allowed | Refused


def may_be_decided(cell: str, giver: str) -> bool:
    """Returns whether a region may decide so: nobody's agreement to take part takes the place of her own."""
    return giver in GIVERS and (giver in ("herself", TOGETHER) or not cell.startswith("taking_part"))
