"""Tables of activities. Codes stand in the clear, words are sealed; an outing's row says nothing of who comes along."""

import datetime as dt
from uuid import UUID

from sqlalchemy import Date, Index, Integer, LargeBinary, SmallInteger, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from spheres_core.foundation.database.schema import Base, own_tenant, tenant_key, within_tenant


class OutingRow(Base):
    """One meeting of an activity: where and when, how many seats, what it costs."""

    __tablename__ = "outings"
    __table_args__ = (own_tenant(), Index(None, "tenant_id", "at", "id"))
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    activity: Mapped[str] = mapped_column(Text)
    """A code of the region's activities."""
    purposes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    organization: Mapped[str] = mapped_column(Text)
    """Key of the organization that offers it; empty for the team."""
    group_id: Mapped[UUID | None]
    """Shared by the meetings of a recurring group."""
    at: Mapped[dt.datetime]
    seats: Mapped[int] = mapped_column(SmallInteger)
    state: Mapped[str] = mapped_column(Text)
    cost_cents: Mapped[int] = mapped_column(Integer)
    """Paid by each young person herself."""
    planned_cents: Mapped[int | None] = mapped_column(Integer)
    spent_cents: Mapped[int | None] = mapped_column(Integer)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed: the place, how to get there, what makes it accessible."""
    version: Mapped[int] = mapped_column(Integer)
    author: Mapped[UUID | None]
    """No reference: it outlives accounts."""
    written_at: Mapped[dt.datetime]


class OutingInvitationRow(Base):
    """That she was asked to come along, her answer, and whether she came. Her words stand in `outing_texts`."""

    __tablename__ = "outing_invitations"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        within_tenant("participation_id", "participations"),
        within_tenant("outing_id", "outings"),
        UniqueConstraint("tenant_id", "outing_id", "participant_id"),
        Index(None, "tenant_id", "participant_id", "id"),
        Index(None, "tenant_id", "participation_id"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    participation_id: Mapped[UUID]
    outing_id: Mapped[UUID]
    how: Mapped[str] = mapped_column(Text)
    """A channel of her safe contact, or `encounter`."""
    answer: Mapped[str] = mapped_column(Text)
    attendance: Mapped[str | None] = mapped_column(Text)
    need_id: Mapped[UUID | None]
    """The need of her plan that it answers; no reference: a need that goes leaves her outings as they were."""
    strength_id: Mapped[UUID | None]
    """The strength of her plan that she found there; no reference, likewise."""
    version: Mapped[int] = mapped_column(Integer)
    author: Mapped[UUID | None]
    written_at: Mapped[dt.datetime]
    dated_on: Mapped[dt.date] = mapped_column(Date)
    """The outing's day."""


class OutingTextRow(Base):
    """Her words about an outing in one version; never changed."""

    __tablename__ = "outing_texts"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        within_tenant("invitation_id", "outing_invitations"),
        Index(None, "tenant_id", "participant_id"),
        Index(None, "tenant_id", "invitation_id"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    invitation_id: Mapped[UUID]
    part: Mapped[str] = mapped_column(Text)
    """expects or felt."""
    version: Mapped[int] = mapped_column(Integer)
    """The invitation's version that it belongs to."""
    words: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed; None for words that a version no longer has."""
    author: Mapped[UUID | None]
    written_at: Mapped[dt.datetime]
    dated_on: Mapped[dt.date] = mapped_column(Date)


class KeptApartRow(Base):
    """One side of two persons who must not meet. Neither names the other: what they share is the pair."""

    __tablename__ = "kept_apart"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        UniqueConstraint("tenant_id", "pair", "participant_id"),
        Index(None, "tenant_id", "participant_id"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    pair: Mapped[UUID]
    starts: Mapped[dt.datetime]
    ends: Mapped[dt.datetime]
    author: Mapped[UUID | None]
    dated_on: Mapped[dt.date] = mapped_column(Date)


class ClosedOutingRow(Base):
    """That somebody was told that an outing has no seat left: to her it stays so until a seat becomes free."""

    __tablename__ = "closed_outings"
    __table_args__ = (
        own_tenant(),
        within_tenant("outing_id", "outings"),
        UniqueConstraint("tenant_id", "outing_id", "staff"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    outing_id: Mapped[UUID]
    staff: Mapped[UUID]
    """No reference: it outlives accounts, and says nothing of anybody else."""
