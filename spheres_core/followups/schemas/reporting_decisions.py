"""Structs of reporting decisions. A person decides and reports by herself; nothing is sent by recording it."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from spheres_core.followups.schemas.words import LONGEST_WORDS, Words

DecisionCode = Literal["reported", "not_reported", "already_known", "consulted"]
RecipientCode = Literal["youth_protection", "police", "parent_or_tutor", "other"]
Way = Literal["phone", "letter", "in_person"]
Told = Literal["before", "after", "not_told"]


class ReportingDecisionPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """A decision of whoever writes it."""

    decision: DecisionCode
    """`already_known`: they know of it, so nothing was reported; `consulted`: they were asked, without naming her."""
    recipient: RecipientCode
    """To whom it was reported or not, or who was consulted."""
    decided_on: dt.date
    told: Told
    """Whether she was told before it, only after it, or not."""
    reason: Annotated[str, Meta(min_length=1, max_length=LONGEST_WORDS)]
    way: Way | None = None
    """How the person did it herself, outside this software. Only where they were spoken or written to."""
    her_words: Words = ""
    """Her words about it. Only where she agreed that her own words are kept."""
    corrects: UUID | None = None
    """An earlier decision that this one corrects; that one stays as it is."""


class ReportingDecision(Struct, frozen=True):
    """A decision, with what the reader may read. It never changes."""

    id: UUID
    decision: DecisionCode
    recipient: RecipientCode
    way: Way | None
    decided_on: dt.date
    told: Told
    reason: str
    her_words: str | None
    """Null when the reader may not read her own words."""
    corrects: UUID | None
    decided_by: UUID | None
    written_at: dt.datetime


class ReportingDecisionFound(Struct, frozen=True):
    """A decision's row."""

    id: UUID
    participant_id: UUID
    corrects: UUID | None
    decision: DecisionCode
    recipient: RecipientCode
    way: Way | None
    told: Told
    reason: bytes
    decided_by: UUID | None
    written_at: dt.datetime
    dated_on: dt.date
