"""Tables of plans. Codes stand in the clear, words are sealed in rows of their own."""

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Date, Index, Integer, LargeBinary, SmallInteger, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from spheres_core.foundation.database.schema import Base, own_tenant, tenant_key, within_tenant


def _in_participation() -> tuple[Any, ...]:
    return (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        within_tenant("participation_id", "participations"),
        Index(None, "tenant_id", "participant_id", "id"),
        Index(None, "tenant_id", "participation_id"),
    )


class NeedRow(Base):
    """Something that she lacks. What was said of it stands in `plan_texts`."""

    __tablename__ = "needs"
    __table_args__ = _in_participation()
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    participation_id: Mapped[UUID]
    need: Mapped[str] = mapped_column(Text)
    """A code of the region's needs."""
    state: Mapped[str] = mapped_column(Text)
    identified_by: Mapped[str] = mapped_column(Text)
    urgency: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    author: Mapped[UUID | None]
    """No reference: it outlives accounts."""
    written_at: Mapped[dt.datetime]
    dated_on: Mapped[dt.date] = mapped_column(Date)
    """The day on which it was identified."""


class StrengthRow(Base):
    """Something that she can build on. It is never deleted: no need stands without one."""

    __tablename__ = "strengths"
    __table_args__ = _in_participation()
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    participation_id: Mapped[UUID]
    identified_by: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    author: Mapped[UUID | None]
    written_at: Mapped[dt.datetime]
    dated_on: Mapped[dt.date] = mapped_column(Date)


class GoalRow(Base):
    """Something that she wants. Its words stand in `plan_texts`."""

    __tablename__ = "goals"
    __table_args__ = _in_participation()
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    participation_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[str] = mapped_column(Text)
    wanted_on: Mapped[dt.date | None] = mapped_column(Date)
    """The day on which she said that she wants it."""
    template: Mapped[str | None] = mapped_column(Text)
    needs: Mapped[list[str]] = mapped_column(ARRAY(Text))
    hers: Mapped[bool] = mapped_column(Boolean)
    """Whether its words are hers now."""
    version: Mapped[int] = mapped_column(Integer)
    author: Mapped[UUID | None]
    written_at: Mapped[dt.datetime]
    dated_on: Mapped[dt.date] = mapped_column(Date)


class GoalStageRow(Base):
    """Where she stood with a goal on a day; never changed."""

    __tablename__ = "goal_stages"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        within_tenant("goal_id", "goals"),
        Index(None, "tenant_id", "participant_id"),
        Index(None, "tenant_id", "goal_id", "id"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    goal_id: Mapped[UUID]
    placed_by: Mapped[str] = mapped_column(Text)
    stage: Mapped[str | None] = mapped_column(Text)
    importance: Mapped[int | None] = mapped_column(SmallInteger)
    confidence: Mapped[int | None] = mapped_column(SmallInteger)
    progress: Mapped[int | None] = mapped_column(SmallInteger)
    author: Mapped[UUID | None]
    written_at: Mapped[dt.datetime]
    dated_on: Mapped[dt.date] = mapped_column(Date)


class CycleStageRow(Base):
    """Where she stood in the cycle of exploitation on a day, by two views; never changed."""

    __tablename__ = "cycle_stages"
    __table_args__ = _in_participation()
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    participation_id: Mapped[UUID]
    model: Mapped[str] = mapped_column(Text)
    model_version: Mapped[str] = mapped_column(Text)
    stage: Mapped[str | None] = mapped_column(Text)
    """As her worker saw it."""
    her_stage: Mapped[str | None] = mapped_column(Text)
    """Where she placed herself."""
    author: Mapped[UUID | None]
    written_at: Mapped[dt.datetime]
    dated_on: Mapped[dt.date] = mapped_column(Date)


class PlanTextRow(Base):
    """Words about a need, a strength, a goal, a stage or a service request in one version; never changed."""

    __tablename__ = "plan_texts"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        Index(None, "tenant_id", "participant_id"),
        Index(None, "tenant_id", "about"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    about: Mapped[UUID]
    """The record that they are about; no reference, for it may be of several tables."""
    information: Mapped[str] = mapped_column(Text)
    """A class of information: the record's, or `own_words`."""
    part: Mapped[str] = mapped_column(Text)
    """what, met_by, could_be_met_by, her_words, note, answer or exception."""
    version: Mapped[int] = mapped_column(Integer)
    """The record's version that they belong to."""
    hers: Mapped[bool] = mapped_column(Boolean)
    """Whether these are her words, verbatim."""
    words: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed; None for words that a version no longer has."""
    author: Mapped[UUID | None]
    written_at: Mapped[dt.datetime]
    dated_on: Mapped[dt.date] = mapped_column(Date)
    """The day that the record is about."""


class PlanMoveRow(Base):
    """One act on a need, a strength or a goal: what became of it, in codes; never changed."""

    __tablename__ = "plan_moves"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        Index(None, "tenant_id", "participant_id", "kind", "id"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    about: Mapped[UUID]
    """The record; no reference, for it may be of several tables."""
    kind: Mapped[str] = mapped_column(Text)
    """need, strength or goal."""
    what: Mapped[str] = mapped_column(Text)
    """The need's code, or who proposed the goal; empty for a strength."""
    from_state: Mapped[str] = mapped_column(Text)
    """Empty: it was written for the first time."""
    to_state: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    """The record's version that came of it."""
    author: Mapped[UUID | None]
    written_at: Mapped[dt.datetime]
    dated_on: Mapped[dt.date] = mapped_column(Date)
    """The day that the record is about."""


class ServiceRequestRow(Base):
    """A service that a partner was asked for. Its words stand in `plan_texts`."""

    __tablename__ = "service_requests"
    __table_args__ = (*_in_participation(), Index(None, "tenant_id", "organization", "id"))
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    participation_id: Mapped[UUID]
    service: Mapped[str] = mapped_column(Text)
    """Key of a service of the directory. No reference: it outlives entries."""
    organization: Mapped[str] = mapped_column(Text)
    """Key of the organization that offers it."""
    need: Mapped[str | None] = mapped_column(Text)
    age: Mapped[int | None] = mapped_column(SmallInteger)
    language: Mapped[str] = mapped_column(Text)
    area: Mapped[str] = mapped_column(Text)
    shares: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Classes of information that the organization may read once it has accepted."""
    state: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    """Why it was declined, as a code."""
    outcome: Mapped[str | None] = mapped_column(Text)
    bypasses_waiting_list: Mapped[bool] = mapped_column(Boolean)
    version: Mapped[int] = mapped_column(Integer)
    author: Mapped[UUID | None]
    written_at: Mapped[dt.datetime]
    dated_on: Mapped[dt.date] = mapped_column(Date)


class ServiceRequestMoveRow(Base):
    """One step of a service request; never changed."""

    __tablename__ = "service_request_moves"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        within_tenant("request_id", "service_requests"),
        Index(None, "tenant_id", "participant_id"),
        Index(None, "tenant_id", "request_id"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    request_id: Mapped[UUID]
    from_state: Mapped[str] = mapped_column(Text)
    """Empty: it was sent."""
    to_state: Mapped[str] = mapped_column(Text)
    by_partner: Mapped[bool] = mapped_column(Boolean)
    """Whether the partner took it; otherwise the team noted it."""
    author: Mapped[UUID | None]
    written_at: Mapped[dt.datetime]
    dated_on: Mapped[dt.date] = mapped_column(Date)


class AnswerLinkRow(Base):
    """A link by which somebody without an account answers one service request. Of its secret only the hash is here."""

    __tablename__ = "answer_links"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        within_tenant("request_id", "service_requests"),
        Index(None, "tenant_id", "participant_id"),
        Index(None, "tenant_id", "request_id"),
        Index(None, "tenant_id", "hash", unique=True),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    request_id: Mapped[UUID]
    organization: Mapped[str] = mapped_column(Text)
    """Key of the organization that was asked."""
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    """SHA-256 of the secret's 256 random bits."""
    made_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    revoked_at: Mapped[dt.datetime | None]
    author: Mapped[UUID | None]
    dated_on: Mapped[dt.date] = mapped_column(Date)
    """The day that the request is about."""


class ServiceGapRow(Base):
    """That nobody could meet a need of hers; never changed."""

    __tablename__ = "service_gaps"
    __table_args__ = _in_participation()
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    participation_id: Mapped[UUID]
    need: Mapped[str] = mapped_column(Text)
    age: Mapped[int | None] = mapped_column(SmallInteger)
    language: Mapped[str] = mapped_column(Text)
    area: Mapped[str] = mapped_column(Text)
    author: Mapped[UUID | None]
    written_at: Mapped[dt.datetime]
    dated_on: Mapped[dt.date] = mapped_column(Date)
