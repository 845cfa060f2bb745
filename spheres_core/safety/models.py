"""Tables of emergency plans. Codes stand in the clear, words are sealed in rows of their own."""

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Index, Integer, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from spheres_core.foundation.database.schema import Base, own_tenant, tenant_key, within_tenant


def _one(state: str) -> Index:
    return Index(
        f"uq_emergency_plans_one_{state}", "tenant_id", "participant_id", unique=True,
        postgresql_where=text(f"state = '{state}'"),
    )  # fmt: skip


class EmergencyPlanRow(Base):
    """One version of her emergency plan. Only its state changes, and with it the day on which she agreed."""

    __tablename__ = "emergency_plans"
    __table_args__: Any = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        within_tenant("participation_id", "participations"),
        UniqueConstraint("tenant_id", "participant_id", "version"),
        Index(None, "tenant_id", "participation_id"),
        _one("draft"),
        _one("agreed"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    participation_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(Text)
    """draft, agreed or superseded."""
    language: Mapped[str] = mapped_column(Text)
    """The tag of the language that she reads it in."""
    community: Mapped[str] = mapped_column(Text)
    """Key of an area of the directory, whose emergency numbers stand in it; empty where none was chosen."""
    places: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Keys of services of the directory. No reference: it outlives entries."""
    carried: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    """Codes of the sections that she wants on a card that she may carry."""
    review_by: Mapped[dt.date | None] = mapped_column(Date)
    agreed_on: Mapped[dt.date | None] = mapped_column(Date)
    """The day on which she agreed to it."""
    author: Mapped[UUID | None]
    """No reference: it outlives accounts."""
    written_at: Mapped[dt.datetime]
    dated_on: Mapped[dt.date] = mapped_column(Date)


class EmergencyPlanTextRow(Base):
    """The words of one section of one version; never changed."""

    __tablename__ = "emergency_plan_texts"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        within_tenant("plan_id", "emergency_plans"),
        Index(None, "tenant_id", "participant_id"),
        Index(None, "tenant_id", "plan_id"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    plan_id: Mapped[UUID]
    section: Mapped[str] = mapped_column(Text)
    """A code of the region's sections."""
    words: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed. Of the people she trusts: a list, as JSON."""
    dated_on: Mapped[dt.date] = mapped_column(Date)


class EmergencyAccessRow(Base):
    """That somebody on call opened her plan in an emergency. It is changed only to say who looked at it afterwards."""

    __tablename__ = "emergency_accesses"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        Index(None, "tenant_id", "participant_id"),
        Index(None, "tenant_id", "opened_at"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    staff_id: Mapped[UUID]
    """Who opened it. No reference: it outlives accounts."""
    organization: Mapped[str] = mapped_column(Text)
    """Key of the organization that she works for; empty for the program itself."""
    reason: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed: why, in her own words."""
    opened_at: Mapped[dt.datetime]
    ends: Mapped[dt.datetime]
    reviewed_by: Mapped[UUID | None]
    reviewed_at: Mapped[dt.datetime | None]
    finding: Mapped[str | None] = mapped_column(Text)
    """in_order or to_talk_about; None while nobody has looked at it."""
    dated_on: Mapped[dt.date] = mapped_column(Date)


class NotNowRow(Base):
    """That she does not want an emergency plan now; never changed. The last one counts."""

    __tablename__ = "emergency_plan_not_now"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        Index(None, "tenant_id", "participant_id", "id"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    ask_again_on: Mapped[dt.date] = mapped_column(Date)
    author: Mapped[UUID | None]
    written_at: Mapped[dt.datetime]
    dated_on: Mapped[dt.date] = mapped_column(Date)
