"""Structs that are posted about consents and exclusions, and answered. No name and no contact stands in any of them."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from spheres_core.consents.schemas import (
    FIRST_DAY,
    LAST_DAY,
    Act,
    ConsentKind,
    ExclusionKind,
    Giver,
    How,
    Purpose,
)

Code = Annotated[str, Meta(min_length=1, max_length=100)]
Words = Annotated[str, Meta(max_length=4000)]
Age = Annotated[int, Meta(ge=0, le=130)]
ConsentState = Literal["waits", "holds", "ended", "withdrawn"]
"""`waits`: it is in force once a parent or tutor has agreed too."""
Reason = Literal["excluded", "no_standing", "no_consent", "not_open"]


class LinePosted(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that one recipient may do with one class of information, for one purpose."""

    recipient: Code
    """`*team` for the program's team, or the key of an organization of the directory."""
    information: Code
    """A class of information."""
    purpose: Purpose
    act: Act = "read"
    until: dt.date | None = None
    """The last day on which it holds; null: no end."""
    first_day: dt.date = FIRST_DAY
    last_day: dt.date = LAST_DAY
    """Only information about days from the first to the last, both included."""
    onward: bool = False
    """Whether the recipient may pass it on."""


class AgreedTooPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """That a parent or tutor agreed as well, where the region's legal profile asks for both."""

    giver: Literal["parent", "tutor"]
    given_on: dt.date
    how: How


class SecondAgreementPosted(AgreedTooPosted, frozen=True, forbid_unknown_fields=True):
    """That a parent or tutor agreed to a consent that waits for it."""

    age: Age
    """Her completed years on that day. It is not kept."""


class ConsentPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """One conversation about what may be shared."""

    kind: ConsentKind
    given_on: dt.date
    how: How
    giver: Giver
    """`benefit`: nobody gave it; you decide that it is clearly for her benefit, and are recorded."""
    age: Age
    """Her completed years on the day on which it was given. It is not kept."""
    lines: Annotated[list[LinePosted], Meta(max_length=200)] = []
    """For a consent to share information; the other kinds have none."""
    holder: Annotated[str, Meta(max_length=100)] = ""
    """Key of the organization that holds the information; empty for the program."""
    words: Words = ""
    """Her own words about it. Sealed."""
    benefit: Words = ""
    """Why it is clearly for her benefit, with the giver `benefit`. Sealed."""
    until: dt.date | None = None
    """The last day on which it holds; null: no end."""
    also: AgreedTooPosted | None = None
    """Who agreed too, where one must. Without, the consent waits and opens nothing."""


class WithdrawalPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """A whole consent, or one line of it, that is taken back."""

    line: UUID | None = None
    """One line; null: the whole consent."""
    by: Literal["herself", "parent", "tutor"] = "herself"
    """She always may; a parent or tutor what one of them agreed to, while the legal profile gives them a say."""
    age: Age | None = None
    """Her completed years today, where a parent or tutor takes it back. It is not kept."""


class ExclusionPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """Whom to keep away: one person, or one organization."""

    kind: ExclusionKind
    staff: UUID | None = None
    organization: Annotated[str, Meta(max_length=100)] = ""
    information: Annotated[str, Meta(max_length=100)] = ""
    """A class of information; empty for everything about her."""
    reason: Words = ""
    """Sealed, and never shown."""


class ExplanationPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """That you explained the limits of confidentiality to her."""

    on: dt.date | None = None
    """Today when left out."""
    text_version: Annotated[str, Meta(max_length=40)] = ""
    """The version of the text that you used; the region's of today when left out."""


class LineRead(Struct, frozen=True):
    """One line of a consent."""

    id: UUID
    recipient: str
    information: str
    purpose: str
    act: str
    starts: dt.datetime | None
    """Null while it waits for a parent or tutor."""
    ends: dt.datetime | None
    """From then on it does not hold; null: no end."""
    first_day: dt.date | None
    last_day: dt.date | None
    """Only information about these days; null: any day."""
    onward: bool
    state: ConsentState


class ConsentRead(Struct, frozen=True):
    """A consent with those of its lines that the reader may know of."""

    id: UUID
    kind: ConsentKind
    given_on: dt.date
    how: How
    giver: Giver
    authority: list[str]
    """Cells of the region's legal profile that let the giver consent."""
    to_confirm: bool
    """Whether one of those cells was not read in the law itself: a lawyer has to confirm it."""
    holder: str
    decided_by: UUID | None
    """Who decided that it is clearly for her benefit."""
    recorded_by: UUID | None
    recorded_at: dt.datetime
    starts: dt.datetime | None
    """Null while it waits for a parent or tutor."""
    ends: dt.datetime | None
    also_giver: Giver | None
    """Who agreed too, where one had to."""
    also_given_on: dt.date | None
    state: ConsentState
    lines: list[LineRead]


class DisclosureRead(Struct, frozen=True):
    """Something that has left for another organization. It cannot be called back, but she can be told."""

    recipient: str
    information: str
    purpose: str
    left_on: dt.date


class Withdrawn(Struct, frozen=True):
    """A consent of which something was taken back, and what had left before."""

    consent: ConsentRead
    already_left: list[DisclosureRead]


class ExclusionRead(Struct, frozen=True):
    """Somebody who is kept away. Nobody is shown one about herself."""

    id: UUID
    kind: ExclusionKind
    staff: UUID | None
    organization: str
    information: str
    """Empty for everything about her."""
    starts: dt.datetime
    ends: dt.datetime | None


class ExplanationRead(Struct, frozen=True):
    """When the limits of confidentiality were explained to her, by whom, with which version of the text."""

    id: UUID
    dated_on: dt.date
    explained_by: UUID
    text_version: str


class ExplanationList(Struct, frozen=True):
    """The conversations about the limits of confidentiality, the oldest first."""

    items: list[ExplanationRead]


class StandingRead(Struct, frozen=True):
    """Why somebody has to do with her."""

    id: UUID
    kind: str
    recipient: str
    purpose: str
    starts: dt.datetime
    ends: dt.datetime | None


class Why(Struct, frozen=True):
    """Whether somebody may do something with a class of information today, and the rows that it rests on."""

    allowed: bool
    information: str
    act: str
    purpose: str
    standing: StandingRead | None = None
    line: LineRead | None = None
    """The line of a consent; null where the standing needs none."""
    reason: Reason | None = None
    """Against it. About herself nobody is told of an exclusion: nothing opens it to her (`not_open`)."""
    exclusion: UUID | None = None
