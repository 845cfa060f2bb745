"""Tables of support. What was typed is sealed; none refers to a participant, and no column could.

Words of a request for advice are gone when it is closed; a record of a close person is, a while after.
"""

import datetime as dt
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from spheres_core.foundation.database.schema import Base, own_tenant, tenant_key


class AdviceRequest(Base):
    """One question of a professional, about nobody who could be recognized."""

    __tablename__ = "advice_requests"
    __table_args__ = (
        own_tenant(),
        UniqueConstraint("tenant_id", "receipt_mark"),
        Index(None, "tenant_id", "state", "id"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    received_at: Mapped[dt.datetime]
    moved_at: Mapped[dt.datetime]
    assignee_id: Mapped[UUID | None]
    """Member of staff who takes care of it."""
    answered_at: Mapped[dt.datetime | None]
    answered_how: Mapped[str | None] = mapped_column(Text)
    equipped_before: Mapped[int | None] = mapped_column(SmallInteger)
    equipped_after: Mapped[int | None] = mapped_column(SmallInteger)
    confirmed: Mapped[bool] = mapped_column(Boolean)
    """Whether places were found that could identify, and who asked sent it as it was."""
    answers: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed JSON of `schemas.AdviceWords`; None once it is closed."""
    reply: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed words of the desk; None before the answer, and once it is closed."""
    receipt_mark: Mapped[bytes] = mapped_column(LargeBinary)
    """Keyed hash of the receipt; the receipt itself is not kept."""
    version: Mapped[int] = mapped_column(Integer)
    tools: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Codes of tools of the library that go with the answer; none once it is closed."""


class Tool(Base):
    """A tool of the region's own library: how far it is, and which of its versions is in force."""

    __tablename__ = "tools"
    __table_args__ = (own_tenant(), UniqueConstraint("tenant_id", "code"))
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    """The number of the latest version."""
    published: Mapped[int | None] = mapped_column(Integer)
    """The number of the version in force."""


class ToolVersion(Base):
    """A version of a tool, as it was written, published or withdrawn. It stays as it is."""

    __tablename__ = "tool_versions"
    __table_args__ = (
        own_tenant(),
        ForeignKeyConstraint(["tenant_id", "tool_id"], ["tools.tenant_id", "tools.id"], ondelete="CASCADE"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    tool_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    act: Mapped[str] = mapped_column(Text)
    content: Mapped[dict[str, object]] = mapped_column(JSONB)
    """`schemas.library.ToolContent`: words for everybody, about nobody."""
    author: Mapped[UUID | None]
    at: Mapped[dt.datetime]


class HiddenTool(Base):
    """A tool of a pack that this region does not show."""

    __tablename__ = "hidden_tools"
    __table_args__ = (own_tenant(),)
    tenant_id: Mapped[UUID] = tenant_key()
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    author: Mapped[UUID | None]
    at: Mapped[dt.datetime]


class ToolProposal(Base):
    """An entry for the library that waits for a second person. It names no request, and is gone once decided."""

    __tablename__ = "tool_proposals"
    __table_args__ = (own_tenant(),)
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    words: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed JSON of `schemas.library.ProposalPosted`."""
    proposed_by: Mapped[UUID]
    proposed_at: Mapped[dt.datetime]


class EntourageRow(Base):
    """The support of one close person. It refers to nobody's file, and no column could."""

    __tablename__ = "entourage_records"
    __table_args__ = (
        own_tenant(),
        UniqueConstraint("tenant_id", "code_mark"),
        Index(None, "tenant_id", "state", "id"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[dt.datetime]
    opened_by: Mapped[UUID | None]
    """Member of staff who opened it; None when the close person came by themselves."""
    moved_at: Mapped[dt.datetime]
    closed_at: Mapped[dt.datetime | None]
    assignee_id: Mapped[UUID | None]
    code: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed, for who accompanies them."""
    code_mark: Mapped[bytes] = mapped_column(LargeBinary)
    """Keyed hash by which the code is found."""
    called: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed: how they wish to be called."""
    ask: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed: what they ask for."""
    reach: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed JSON of `schemas.entourage.SafeReach`."""
    confirmed: Mapped[bool] = mapped_column(Boolean)
    """Whether places were found that could identify, and it was kept as it was."""
    version: Mapped[int] = mapped_column(Integer)


class EntourageNoteRow(Base):
    """One time that somebody was there for a close person."""

    __tablename__ = "entourage_notes"
    __table_args__ = (
        own_tenant(),
        ForeignKeyConstraint(
            ["tenant_id", "record_id"], ["entourage_records.tenant_id", "entourage_records.id"], ondelete="CASCADE"
        ),
        Index(None, "tenant_id", "record_id"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    record_id: Mapped[UUID]
    day: Mapped[dt.date] = mapped_column(Date)
    kind: Mapped[str] = mapped_column(Text)
    author_id: Mapped[UUID | None]
    words: Mapped[bytes] = mapped_column(LargeBinary)


class EntourageOfferRow(Base):
    """Something that was offered to a close person, and what they said of it."""

    __tablename__ = "entourage_offers"
    __table_args__ = (
        own_tenant(),
        ForeignKeyConstraint(
            ["tenant_id", "record_id"], ["entourage_records.tenant_id", "entourage_records.id"], ondelete="CASCADE"
        ),
        Index(None, "tenant_id", "record_id"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    record_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    day: Mapped[dt.date | None] = mapped_column(Date)
    offered_at: Mapped[dt.datetime]
    author_id: Mapped[UUID | None]
    words: Mapped[bytes] = mapped_column(LargeBinary)


class SupportSession(Base):
    """A session of clinical support for members of staff; about nobody who is followed."""

    __tablename__ = "support_sessions"
    __table_args__ = (own_tenant(), Index(None, "tenant_id", "state", "id"))
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    theme: Mapped[str] = mapped_column(Text)
    held_on: Mapped[dt.date | None] = mapped_column(Date)
    """The day that was agreed on."""
    asked_by: Mapped[UUID | None]
    """Member of staff who asked; None where it was offered."""
    given_by: Mapped[UUID | None]
    """Member of staff who gives it; None while nobody agreed."""
    asked_at: Mapped[dt.datetime]
    words: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed: a few words of who asked."""
    notes: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed: notes of who gives it, for nobody else."""
    version: Mapped[int] = mapped_column(Integer)


class SupportSessionPart(Base):
    """Somebody of the staff who takes part in a session."""

    __tablename__ = "support_session_parts"
    __table_args__ = (
        own_tenant(),
        ForeignKeyConstraint(
            ["tenant_id", "session_id"], ["support_sessions.tenant_id", "support_sessions.id"], ondelete="CASCADE"
        ),
        UniqueConstraint("tenant_id", "session_id", "staff_id"),
        Index(None, "tenant_id", "staff_id"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID]
    staff_id: Mapped[UUID]
    equipped_before: Mapped[int | None] = mapped_column(SmallInteger)
    equipped_after: Mapped[int | None] = mapped_column(SmallInteger)
    words: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed: own notes of this person, for nobody else."""


class WorkshopRow(Base):
    """A workshop, a training given to professionals or an outreach. Its audience is numbers, and nobody's name."""

    __tablename__ = "workshops"
    __table_args__ = (own_tenant(), Index(None, "tenant_id", "held_on", "id"))
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    setting: Mapped[str] = mapped_column(Text)
    """Kind of place; never which."""
    title: Mapped[str] = mapped_column(Text)
    """A code of the region's list; empty where only own words name it."""
    themes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    held_on: Mapped[dt.date] = mapped_column(Date)
    """The day it is planned for, or took place."""
    minutes: Mapped[int | None] = mapped_column(Integer)
    language: Mapped[str] = mapped_column(Text)
    organization: Mapped[str] = mapped_column(Text)
    """A key of the directory; empty for the program's team."""
    given_by: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    """Members of staff who give it."""
    audience: Mapped[dict[str, int]] = mapped_column(JSONB)
    """How many people, by age group or role; nothing before it took place."""
    words: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed: its title in own words."""
    notes: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed: how it went, for those who keep the log."""
    version: Mapped[int] = mapped_column(Integer)


class WorkshopFigureRow(Base):
    """Figures of one period as they were published; never changed, so that no two of them can be compared."""

    __tablename__ = "workshop_figures"
    __table_args__ = (own_tenant(), UniqueConstraint("tenant_id", "first_day"))
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    first_day: Mapped[dt.date] = mapped_column(Date)
    last_day: Mapped[dt.date] = mapped_column(Date)
    smallest: Mapped[int] = mapped_column(SmallInteger)
    held: Mapped[dict[str, int]] = mapped_column(JSONB)
    """How many took place, by kind."""
    reached: Mapped[dict[str, int]] = mapped_column(JSONB)
    """How many people, by age group or role; small numbers are left out."""
    made_at: Mapped[dt.datetime]


class TrainingRow(Base):
    """A training that a member of staff took or gave, in this person's own log. No result and no rating."""

    __tablename__ = "trainings"
    __table_args__ = (own_tenant(), Index(None, "tenant_id", "staff_id", "held_on", "id"))
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    staff_id: Mapped[UUID]
    part: Mapped[str] = mapped_column(Text)
    """taken or given."""
    themes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    held_on: Mapped[dt.date] = mapped_column(Date)
    minutes: Mapped[int | None] = mapped_column(Integer)
    organization: Mapped[str] = mapped_column(Text)
    words: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed: its title."""
    version: Mapped[int] = mapped_column(Integer)
