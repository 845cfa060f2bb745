"""Structs of following participants: what is posted, what is answered, and rows between queries and operations."""

import datetime as dt
from typing import Annotated, Final, Literal
from uuid import UUID

from msgspec import Meta, Struct

from spheres_core.consents.api_schemas import AgreedTooPosted

StateCode = Literal["proposed", "active", "paused", "transferring", "closing", "closed", "not_started"]
ReasonCode = Literal[
    "her_wish",
    "quiet",
    "goals_reached_for_now",
    "moved",
    "transferred",
    "age_limit_after_transition",
    "no_contact_after_attempts",
    "death",
    "entered_in_error",
]
Part = Literal["pivot", "backup"]
LONGEST_WORDS: Final = 20_000
"""Characters of one note, and of her words in one place."""
Words = Annotated[str, Meta(max_length=LONGEST_WORDS)]


class Agreement(Struct, frozen=True, forbid_unknown_fields=True):
    """Her own agreement to take part. Nobody else's stands for it."""

    on: dt.date
    """The day on which she gave it: today or before."""
    how: Literal["spoken", "written"]
    words: Words = ""
    """Her answer, in her own words."""
    also: AgreedTooPosted | None = None
    """That a parent or tutor agreed as well, where the region's legal profile asks for both at her age."""


class ParticipationPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """Makes a participation of a referral that she agreed to."""

    agreement: Agreement | None = None
    """Needed; without it nothing is begun."""
    pivot: UUID | None = None
    """The member of staff who follows her from now on; without one it stays proposed until somebody does."""
    participant: Annotated[str, Meta(max_length=40)] = ""
    """Her code, when she was here before and has come back."""


class ParticipationBegun(Struct, frozen=True):
    """A participation that was begun."""

    participant: str
    """Her code."""
    participation: UUID
    state: StateCode


class StepPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """The next step of a participation."""

    to: StateCode
    version: int
    """The version that was seen; another one is refused with 409."""
    reason: ReasonCode | None = None
    """Needed to pause and to end it."""
    conversation_on: dt.date | None = None
    """The day on which a closing conversation was offered to her: needed to close it."""
    note: Words = ""


class Participation(Struct, frozen=True):
    """One episode in which she takes part."""

    id: UUID
    state: StateCode
    version: int
    begun_on: dt.date
    changed_at: dt.datetime
    previous: UUID | None
    """The episode before, when she has come back."""
    steps: tuple[StateCode, ...]
    """Where it may go from here."""


class Participations(Struct, frozen=True):
    """Her episodes, the newest first."""

    participations: list[Participation]


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


class ParticipationFound(Struct, frozen=True):
    """A participation's row, for operations."""

    id: UUID
    participant_id: UUID
    previous_id: UUID | None
    consent_id: UUID
    state: StateCode
    version: int
    dated_on: dt.date
    changed_at: dt.datetime


class AssignmentFound(Struct, frozen=True):
    """An assignment's row, for operations."""

    id: UUID
    participation_id: UUID
    staff_id: UUID
    part: Part
    starts: dt.datetime
    ends: dt.datetime


HandOverState = Literal["offered", "accepted", "declined", "withdrawn"]
HerAnswer = Literal["agrees", "refuses", "not_reached"]


class HandOverPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """Files that are offered to another worker."""

    to: UUID
    """The member of staff who may accept them."""
    participants: Annotated[list[str], Meta(max_length=500)] = []
    """Codes. Empty: every file that the caller has in this part."""
    part: Part = "pivot"
    word: Words = ""
    """Words for the next worker, the same for all of them."""
    her_answer: HerAnswer | None = None
    """Her answer when she was told. It can be noted later, but before the file is accepted."""


class HerAnswerPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """Her answer to the next worker."""

    her_answer: HerAnswer


class HandOver(Struct, frozen=True):
    """A file that is offered to another worker."""

    id: UUID
    participant: str
    """Her code."""
    part: Part
    from_staff: UUID | None
    to_staff: UUID
    state: HandOverState
    word: str
    her_answer: HerAnswer | None
    offered_at: dt.datetime


class HandOvers(Struct, frozen=True):
    """Files that are offered, the newest first."""

    hand_overs: list[HandOver]


class HandOverFound(Struct, frozen=True):
    """A hand-over's row, for operations."""

    id: UUID
    participant_id: UUID
    participation_id: UUID
    part: Part
    from_staff: UUID | None
    to_staff: UUID
    state: HandOverState
    word: bytes | None
    her_answer: HerAnswer | None
    offered_at: dt.datetime
    offered_by: UUID | None


EncounterState = Literal["planned", "held", "missed", "cancelled"]
EncounterKind = Literal["in_person", "phone", "video", "messages", "accompaniment", "group"]
Place = Literal["office", "her_place", "community", "school", "health", "court", "outside", "online", "elsewhere"]
Theme = Annotated[str, Meta(pattern="^[a-z0-9_:-]{1,60}$")]
TextPart = Literal["note", "her_words", "addendum", "her_addendum"]


class EncounterPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """An encounter that is planned, took place, or did not. Nobody is blamed for one that was missed."""

    state: EncounterState
    kind: EncounterKind
    at: dt.datetime
    """When it is planned, or took place; with its offset from UTC."""
    place: Place | None = None
    themes: Annotated[list[Theme], Meta(max_length=20)] = []
    """Codes of what it was about."""
    note: Words = ""
    """The worker's words."""
    her_words: Words = ""
    """Her words, verbatim, apart from the worker's."""


class EncounterCorrected(EncounterPosted, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An encounter as it is from now on."""

    version: int
    """The version that was seen; when there is a newer one, it is refused with 409 and both sides."""


class AddendumPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """Something that is added later. What was written stays as it is."""

    text: Annotated[str, Meta(min_length=1, max_length=LONGEST_WORDS)]
    hers: bool = False
    """Whether these are her words."""


class Addendum(Struct, frozen=True):
    """Something that was added later."""

    text: str
    hers: bool
    at: dt.datetime
    by: UUID | None


class Encounter(Struct, frozen=True):
    """An encounter, cut to what the reader may read."""

    id: UUID
    version: int
    state: EncounterState
    kind: EncounterKind
    at: dt.datetime
    place: Place | None
    themes: list[str]
    note: str
    her_words: str | None
    """Null when the reader may not read her own words."""
    addenda: list[Addendum]
    author: UUID | None
    written_at: dt.datetime


class EncounterVersion(Struct, frozen=True):
    """One version of an encounter's words, cut to what the reader may read."""

    version: int
    note: str
    her_words: str | None
    by: UUID | None
    at: dt.datetime


class EncounterHistory(Struct, frozen=True):
    """The versions of an encounter, the newest first."""

    versions: list[EncounterVersion]


class EncounterFound(Struct, frozen=True):
    """An encounter's row."""

    id: UUID
    participant_id: UUID
    state: EncounterState
    kind: EncounterKind
    at: dt.datetime
    place: Place | None
    themes: list[str]
    version: int
    author: UUID | None
    written_at: dt.datetime
    dated_on: dt.date


Channel = Literal["call", "text_message", "e_mail", "in_person", "through_somebody"]
Outcome = Literal["reached", "no_answer", "left_message", "not_her", "not_now"]


class ContactAttemptPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """An attempt to reach her, and what came of it."""

    channel: Channel
    outcome: Outcome
    at: dt.datetime | None = None
    """Now, when left out."""


class ContactAttempt(Struct, frozen=True):
    """An attempt to reach her."""

    id: UUID
    channel: Channel
    outcome: Outcome
    at: dt.datetime
    by: UUID | None


TimelineKind = Literal["participation", "assignment", "encounter", "contact_attempt"]


class TimelineLine(Struct, frozen=True):
    """One act in her file, in one line."""

    id: UUID
    """The act's: an encounter, an attempt, a step, an assignment."""
    kind: TimelineKind
    at: dt.datetime
    """When it took place, or is to take place."""
    line: str
    """In the reader's language."""
    by: UUID | None
    """The member of staff who wrote it."""
    new: bool
    """Whether it was written since the reader last looked."""


class Timeline(Struct, frozen=True):
    """All that was done, cut to what the reader may read, the last written first."""

    items: list[TimelineLine]
    next: str | None
    """The cursor of the page after this one; null on the last page."""
    last_looked_at: dt.datetime | None
    """When the reader last opened it; null the first time."""


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


class WithoutPivot(Struct, frozen=True):
    """Somebody who takes part and has no pivot worker."""

    participant: str
    """Her code."""
    state: StateCode


class MyDay(Struct, frozen=True):
    """All that waits for the reader. Each list is whole: its length is the count."""

    promised: list[PlannedEncounter]
    """Encounters of today and the next seven days, and earlier ones that are still open; the earliest first."""
    hand_overs: list[HandOver]
    """Files that are offered to the reader."""
    without_pivot: list[WithoutPivot]
    """For coordinators: gaps to close."""
    files: list[FileFollowed]
    """Whom the reader follows now."""
