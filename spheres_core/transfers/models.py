"""Tables of transfers: what was offered to another region, what was received from one, and what came along."""

import datetime as dt
from uuid import UUID

from sqlalchemy import Boolean, Date, Index, Integer, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from spheres_core.foundation.database.schema import Base, own_tenant, tenant_key, within_tenant


class TransferRow(Base):
    """A file that is offered to another region, and what became of it."""

    __tablename__ = "transfers"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        within_tenant("participation_id", "participations"),
        Index(None, "tenant_id", "participant_id"),
        Index(None, "tenant_id", "participation_id"),
        Index(
            "uq_transfers_one_offered", "tenant_id", "participation_id", unique=True,
            postgresql_where=text("state = 'offered'"),
        ),
    )  # fmt: skip
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    participation_id: Mapped[UUID]
    region: Mapped[str] = mapped_column(Text)
    """The other region's slug."""
    classes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Classes of information that she agreed to let go along."""
    onward: Mapped[bool] = mapped_column(Boolean)
    names: Mapped[bool] = mapped_column(Boolean)
    """Whether the names of those who wrote go along."""
    consent_id: Mapped[UUID]
    """The consent that was recorded with it. No reference: consents are found by her, and never deleted alone."""
    state: Mapped[str] = mapped_column(Text)
    """offered, accepted, refused, withdrawn or expired."""
    reason: Mapped[str | None] = mapped_column(Text)
    """A code: why it was refused."""
    from_state: Mapped[str] = mapped_column(Text)
    """The state of the participation before, to which it goes back when nothing comes of it."""
    version: Mapped[int] = mapped_column(Integer)
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed: what goes along. Kept until it has left, no longer."""
    teller: Mapped[UUID | None]
    """Who tells her how it ended. No reference: it outlives accounts."""
    told_at: Mapped[dt.datetime | None]
    ends_at: Mapped[dt.datetime]
    """Until then the other region may answer."""
    offered_at: Mapped[dt.datetime]
    offered_by: Mapped[UUID | None]
    ended_at: Mapped[dt.datetime | None]
    dated_on: Mapped[dt.date] = mapped_column(Date)


class ReceivedTransferRow(Base):
    """A file that another region offers. It is about nobody of this region: who came of it stands in the vault only."""

    __tablename__ = "received_transfers"
    __table_args__ = (own_tenant(), Index(None, "tenant_id", "state", "id"))
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    """That of the message: what arrives twice is written once."""
    region: Mapped[str] = mapped_column(Text)
    """The slug of the region that it comes from."""
    classes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    onward: Mapped[bool] = mapped_column(Boolean)
    ages: Mapped[str] = mapped_column(Text)
    """A band of ages."""
    language: Mapped[str] = mapped_column(Text)
    """The tag of the language in which she is spoken to; empty when it is not known."""
    state: Mapped[str] = mapped_column(Text)
    """offered, accepting, accepted, refused, withdrawn or expired."""
    reason: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed: what would come along. Kept until it is decided, no longer."""
    code: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed with the vault's key: the code that she gets here. Kept until she has it, no longer."""
    ends_at: Mapped[dt.datetime]
    answered_by: Mapped[UUID | None]
    ended_on: Mapped[dt.date | None] = mapped_column(Date)
    dated_on: Mapped[dt.date] = mapped_column(Date)


class BroughtEntryRow(Base):
    """One thing that came along from another region; never changed."""

    __tablename__ = "brought_entries"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        Index(None, "tenant_id", "participant_id", "id"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    information: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    onward: Mapped[bool] = mapped_column(Boolean)
    """Whether she agreed that it is passed on from here."""
    content: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed."""
    brought_on: Mapped[dt.date] = mapped_column(Date)
    dated_on: Mapped[dt.date] = mapped_column(Date)
    """The day that it is about."""
