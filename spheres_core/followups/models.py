"""Tables of following participants. Codes stand in the clear, words are sealed."""

import datetime as dt
from uuid import UUID

from sqlalchemy import Date, Index, Integer, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from spheres_core.foundation.database.schema import Base, own_tenant, tenant_key, within_tenant

OPEN_ONLY = text("state NOT IN ('closed', 'not_started')")


class ParticipationRow(Base):
    """One episode in which she takes part."""

    __tablename__ = "participations"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        UniqueConstraint("tenant_id", "referral_id"),
        Index(None, "tenant_id", "participant_id"),
        Index("uq_participations_one_open", "tenant_id", "participant_id", unique=True, postgresql_where=OPEN_ONLY),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    referral_id: Mapped[UUID | None]
    """The referral that it comes from. No reference: it stays when the referral is erased."""
    previous_id: Mapped[UUID | None]
    """The episode before, when she has come back."""
    consent_id: Mapped[UUID]
    """Her own agreement to take part. No reference: consents are found by her, and never deleted alone."""
    state: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    dated_on: Mapped[dt.date] = mapped_column(Date)
    """The day on which it was proposed to her."""
    changed_at: Mapped[dt.datetime]


class ParticipationMoveRow(Base):
    """One step of a participation; never changed."""

    __tablename__ = "participation_moves"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        within_tenant("participation_id", "participations"),
        Index(None, "tenant_id", "participant_id"),
        Index(None, "tenant_id", "participation_id"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    participation_id: Mapped[UUID]
    from_state: Mapped[str] = mapped_column(Text)
    to_state: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    """A code."""
    conversation_on: Mapped[dt.date | None] = mapped_column(Date)
    """The day on which a closing conversation was offered to her."""
    note: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed: the worker's words."""
    at: Mapped[dt.datetime]
    dated_on: Mapped[dt.date] = mapped_column(Date)
    recorded_by: Mapped[UUID | None]


class AssignmentRow(Base):
    """Who follows her, as pivot worker or as backup, from when until when. A row is changed only to end it.

    Exclusion constraints of the database see to it that at no moment there are two in the same part.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        within_tenant("participation_id", "participations"),
        Index(None, "tenant_id", "participant_id"),
        Index(None, "tenant_id", "participation_id"),
        Index(None, "tenant_id", "staff_id"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    participation_id: Mapped[UUID]
    staff_id: Mapped[UUID]
    """No reference: it outlives accounts."""
    part: Mapped[str] = mapped_column(Text)
    """pivot or backup."""
    starts: Mapped[dt.datetime]
    ends: Mapped[dt.datetime]
    dated_on: Mapped[dt.date] = mapped_column(Date)
    recorded_by: Mapped[UUID | None]


class HandOverRow(Base):
    """A file that one worker offers to another, who accepts or declines it."""

    __tablename__ = "hand_overs"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        within_tenant("participation_id", "participations"),
        Index(None, "tenant_id", "participant_id"),
        Index(None, "tenant_id", "to_staff"),
        Index(
            "uq_hand_overs_one_offered", "tenant_id", "participation_id", "part", unique=True,
            postgresql_where=text("state = 'offered'"),
        ),
    )  # fmt: skip
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    participation_id: Mapped[UUID]
    part: Mapped[str] = mapped_column(Text)
    from_staff: Mapped[UUID | None]
    """Who follows her in this part; None where nobody does."""
    to_staff: Mapped[UUID]
    state: Mapped[str] = mapped_column(Text)
    """offered, accepted, declined or withdrawn."""
    word: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed: what the next worker should hear from the last one."""
    carried: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed: codes and days of what was promised to her, as whoever offered the file could read them."""
    her_answer: Mapped[str | None] = mapped_column(Text)
    """agrees, refuses or not_reached; None while she was not told."""
    answered_on: Mapped[dt.date | None] = mapped_column(Date)
    dated_on: Mapped[dt.date] = mapped_column(Date)
    offered_at: Mapped[dt.datetime]
    offered_by: Mapped[UUID | None]
    ended_at: Mapped[dt.datetime | None]


class EncounterRow(Base):
    """An encounter with her: planned, held or missed. What was said stands in `encounter_texts`."""

    __tablename__ = "encounters"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        within_tenant("participation_id", "participations"),
        Index(None, "tenant_id", "participant_id", "id"),
        Index(None, "tenant_id", "participation_id"),
        Index("ix_encounters_planned", "tenant_id", "participant_id", postgresql_where=text("state = 'planned'")),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    participation_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    at: Mapped[dt.datetime]
    place: Mapped[str | None] = mapped_column(Text)
    themes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Codes of the region's lists, as `principles` are."""
    principles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    version: Mapped[int] = mapped_column(Integer)
    author: Mapped[UUID | None]
    """No reference: it outlives accounts."""
    written_at: Mapped[dt.datetime]
    dated_on: Mapped[dt.date] = mapped_column(Date)
    """The day of the encounter."""


class EncounterTextRow(Base):
    """Words about an encounter in one version, or added later; never changed. Hers are another class than ours."""

    __tablename__ = "encounter_texts"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        within_tenant("encounter_id", "encounters"),
        Index(None, "tenant_id", "participant_id"),
        Index(None, "tenant_id", "encounter_id"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    encounter_id: Mapped[UUID]
    information: Mapped[str] = mapped_column(Text)
    """`encounters` or `own_words`."""
    part: Mapped[str] = mapped_column(Text)
    """note, her_words, addendum or her_addendum."""
    version: Mapped[int] = mapped_column(Integer)
    """The encounter's version that it belongs to."""
    words: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed; None for words that a version no longer has."""
    author: Mapped[UUID | None]
    written_at: Mapped[dt.datetime]
    dated_on: Mapped[dt.date] = mapped_column(Date)
    """The day of the encounter."""


class AccompanimentRow(Base):
    """Something that she goes to with somebody beside her: planned, held or not held. No file, no fact of a case."""

    __tablename__ = "accompaniments"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        within_tenant("participation_id", "participations"),
        Index(None, "tenant_id", "participant_id", "id"),
        Index(None, "tenant_id", "participation_id"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    participation_id: Mapped[UUID]
    information: Mapped[str] = mapped_column(Text)
    """`encounters`, or `legal` for a step of the law. It never changes."""
    kind: Mapped[str] = mapped_column(Text)
    """A code of the program or of the region's lists."""
    state: Mapped[str] = mapped_column(Text)
    at: Mapped[dt.datetime]
    wish: Mapped[str | None] = mapped_column(Text)
    """A code: how she wishes to be accompanied."""
    who_goes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Codes of parts, never of persons. Empty: she goes alone."""
    agreed: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Codes: `herself`, `other_side`. Of the other side nothing else is kept before both have."""
    version: Mapped[int] = mapped_column(Integer)
    author: Mapped[UUID | None]
    """No reference: it outlives accounts."""
    written_at: Mapped[dt.datetime]
    dated_on: Mapped[dt.date] = mapped_column(Date)
    """Its day."""


class AccompanimentTextRow(Base):
    """Words about an accompaniment in one version; never changed. Hers are of the class of her own words."""

    __tablename__ = "accompaniment_texts"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        within_tenant("accompaniment_id", "accompaniments"),
        Index(None, "tenant_id", "participant_id"),
        Index(None, "tenant_id", "accompaniment_id"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    accompaniment_id: Mapped[UUID]
    information: Mapped[str] = mapped_column(Text)
    """The accompaniment's class, or `own_words`."""
    part: Mapped[str] = mapped_column(Text)
    """what, first_name (of a peer), wish_words or how_it_went."""
    version: Mapped[int] = mapped_column(Integer)
    """The accompaniment's version that it belongs to."""
    words: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed; None for words that a version no longer has."""
    author: Mapped[UUID | None]
    written_at: Mapped[dt.datetime]
    dated_on: Mapped[dt.date] = mapped_column(Date)


class ReportingDecisionRow(Base):
    """A person's decision about reporting, and why; never changed."""

    __tablename__ = "reporting_decisions"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        within_tenant("corrects", "reporting_decisions"),
        Index(None, "tenant_id", "participant_id", "id"),
        Index(None, "tenant_id", "corrects"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    corrects: Mapped[UUID | None]
    """An earlier decision that this one corrects."""
    decision: Mapped[str] = mapped_column(Text)
    recipient: Mapped[str] = mapped_column(Text)
    """A code: youth protection, police, a parent or tutor, somebody else. Never an address."""
    way: Mapped[str | None] = mapped_column(Text)
    told: Mapped[str] = mapped_column(Text)
    reason: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed."""
    decided_by: Mapped[UUID | None]
    """No reference: it outlives accounts."""
    written_at: Mapped[dt.datetime]
    dated_on: Mapped[dt.date] = mapped_column(Date)
    """The day of the decision."""


class ReportingDecisionTextRow(Base):
    """Her words about a reporting decision; never changed."""

    __tablename__ = "reporting_decision_texts"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        within_tenant("decision_id", "reporting_decisions"),
        Index(None, "tenant_id", "participant_id"),
        Index(None, "tenant_id", "decision_id"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    decision_id: Mapped[UUID]
    words: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed."""
    dated_on: Mapped[dt.date] = mapped_column(Date)


class ContactAttemptRow(Base):
    """An attempt to reach her; never changed."""

    __tablename__ = "contact_attempts"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        within_tenant("participation_id", "participations"),
        Index(None, "tenant_id", "participant_id", "id"),
        Index(None, "tenant_id", "participation_id"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    participation_id: Mapped[UUID]
    channel: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(Text)
    at: Mapped[dt.datetime]
    dated_on: Mapped[dt.date] = mapped_column(Date)
    author: Mapped[UUID | None]


class VulnerableDateRow(Base):
    """A date that makes need rise. A row is changed to end it, and to note that help was offered."""

    __tablename__ = "vulnerable_dates"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        Index(None, "tenant_id", "participant_id"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    first_on: Mapped[dt.date] = mapped_column(Date)
    repeats: Mapped[str] = mapped_column(Text)
    """never, monthly or yearly."""
    note: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed: the worker's words."""
    help_offered_for: Mapped[dt.date | None] = mapped_column(Date)
    """The day for which help was offered last."""
    ended_at: Mapped[dt.datetime | None]
    author: Mapped[UUID | None]
    written_at: Mapped[dt.datetime]
    dated_on: Mapped[dt.date] = mapped_column(Date)
    """The day on which it was written."""
