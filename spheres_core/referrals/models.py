"""Tables of referrals. Codes stand in the clear, words are sealed, and what identifies is a blind index."""

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
    false,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from spheres_core.foundation.database.schema import Base, own_tenant, tenant_key, within_tenant


class Referral(Base):
    """One referral."""

    __tablename__ = "referrals"
    __table_args__ = (
        own_tenant(),
        ForeignKeyConstraint(
            ["tenant_id", "form", "form_version"],
            ["form_versions.tenant_id", "form_versions.form_key", "form_versions.version"],
        ),
        UniqueConstraint("tenant_id", "receipt_mark"),
        Index(None, "tenant_id", "state", "id"),
        Index("ix_referrals_tenant_id_reference", "tenant_id", text('"right"(id::text, 6)')),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(Text)
    form: Mapped[str] = mapped_column("form_key", Text, key="form")
    form_version: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    received_at: Mapped[dt.datetime]
    received_on: Mapped[dt.date] = mapped_column(Date)
    """The referral date in the tenant's zone: eligibility is computed on it."""
    age: Mapped[int | None] = mapped_column(SmallInteger)
    age_least: Mapped[int | None] = mapped_column(SmallInteger)
    age_most: Mapped[int | None] = mapped_column(SmallInteger)
    knows: Mapped[str | None] = mapped_column(Text)
    agrees_to_contact: Mapped[str | None] = mapped_column(Text)
    preferred_language: Mapped[str | None] = mapped_column(Text)
    community: Mapped[str | None] = mapped_column(Text)
    needs: Mapped[list[str]] = mapped_column(ARRAY(Text))
    safe_contact_known: Mapped[bool] = mapped_column(Boolean)
    opinions: Mapped[list[dict[str, object]]] = mapped_column(JSONB)
    missing_opinions: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Plugins whose opinion is missing because they failed."""
    answers: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed JSON of every answer."""
    summary: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed JSON of `schemas.Summary`, the words that a list shows; None on referrals from before there was one."""
    assignee_id: Mapped[UUID | None]
    """Member of staff who takes care of it."""
    answer_arrived: Mapped[bool] = mapped_column(Boolean, server_default=false())
    """Whether the referrer has answered a question and nobody has taken a step since."""
    receipt_mark: Mapped[bytes] = mapped_column(LargeBinary)
    """Keyed hash of the receipt; the receipt itself is not kept."""
    first_contact_at: Mapped[dt.datetime | None]
    ended_at: Mapped[dt.datetime | None]
    """When it first reached an ending or her agreement. Later steps do not move it: a receipt counts from here."""
    withdrawal_asked_at: Mapped[dt.datetime | None]


class ReferralMark(Base):
    """A blind index of something that identifies her or who refers, to propose likely duplicates and to search."""

    __tablename__ = "referral_marks"
    __table_args__ = (own_tenant(), within_tenant("referral_id", "referrals"), Index(None, "tenant_id", "referral_id"))
    tenant_id: Mapped[UUID] = tenant_key()
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    mark: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(primary_key=True)


class ReferralMove(Base):
    """One step of a referral; never changed."""

    __tablename__ = "referral_moves"
    __table_args__ = (own_tenant(), within_tenant("referral_id", "referrals"), Index(None, "tenant_id", "referral_id"))
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID]
    from_state: Mapped[str] = mapped_column(Text)
    to_state: Mapped[str] = mapped_column(Text)
    at: Mapped[dt.datetime]
    actor_kind: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[UUID | None]
    reason: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed: a colleague's words."""
    duplicate_of: Mapped[UUID | None]
    """The other referral of the same person. No reference: a step stays as it is when that one is erased."""


class ReferralQuestion(Base):
    """A question to the referrer, who reads and answers it with the tracking code. Both are sealed."""

    __tablename__ = "referral_questions"
    __table_args__ = (own_tenant(), within_tenant("referral_id", "referrals"), Index(None, "tenant_id", "referral_id"))
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID]
    asked_at: Mapped[dt.datetime]
    asked_by: Mapped[UUID | None]
    question: Mapped[bytes] = mapped_column(LargeBinary)
    answered_at: Mapped[dt.datetime | None]
    answer: Mapped[bytes | None] = mapped_column(LargeBinary)


class ReferralAttachment(Base):
    """A file that was given as an answer. It waits for its referral under a handle, then belongs to it."""

    __tablename__ = "referral_attachments"
    __table_args__ = (
        own_tenant(),
        within_tenant("referral_id", "referrals"),
        UniqueConstraint("tenant_id", "handle_mark"),
        Index(None, "tenant_id", "referral_id"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID | None]
    form: Mapped[str] = mapped_column("form_key", Text, key="form")
    question: Mapped[str] = mapped_column(Text)
    """The path of the question in the form."""
    handle_mark: Mapped[bytes] = mapped_column(LargeBinary)
    """Keyed hash of the handle; the handle itself is not kept."""
    media_type: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(Integer)
    """Bytes of the content, before it was sealed."""
    name: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed."""
    content: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed: the file as it was written anew, never as it came."""
    sent_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime | None]
    """When it goes unless a referral has claimed it."""


class ReferralFilter(Base):
    """Filters of the inbox that a member of staff keeps under a name of her own, which is sealed."""

    __tablename__ = "referral_filters"
    __table_args__ = (own_tenant(), within_tenant("staff_id", "staff"), Index(None, "tenant_id", "staff_id"))
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    staff_id: Mapped[UUID]
    name: Mapped[bytes] = mapped_column(LargeBinary)
    filters: Mapped[dict[str, str]] = mapped_column(JSONB)
    """Codes and ids by the name of their filter."""


class Erasure(Base):
    """One part of an erasure: a plugin's, or at last the core's own. It outlives what is erased, and holds no words."""

    __tablename__ = "erasures"
    __table_args__ = (own_tenant(),)
    tenant_id: Mapped[UUID] = tenant_key()
    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    """The referral, or the participant."""
    owner: Mapped[str] = mapped_column(Text, primary_key=True)
    subject_kind: Mapped[str] = mapped_column(Text)
    """referral or participant."""
    begun_at: Mapped[dt.datetime]
    tries: Mapped[int] = mapped_column(Integer)
    done_at: Mapped[dt.datetime | None]
    records: Mapped[int | None] = mapped_column(Integer)
    error: Mapped[str | None] = mapped_column(Text)
    """The kind of error and its place."""


class ErasureHold(Base):
    """That what is kept about the person of a referral, or of a file, is not erased while somebody says so."""

    __tablename__ = "erasure_holds"
    __table_args__ = (
        own_tenant(),
        within_tenant("referral_id", "referrals"),
        within_tenant("participant_id", "participants"),
        Index(None, "tenant_id", "referral_id"),
        Index(None, "tenant_id", "participant_id"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID | None]
    participant_id: Mapped[UUID | None]
    """One of these two."""
    reason: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed."""
    review_on: Mapped[dt.date] = mapped_column(Date)
    """The day until which somebody looks at it again; it holds on afterwards."""
    placed_by: Mapped[UUID | None]
    """A member of staff; no reference: it outlives accounts."""
    placed_at: Mapped[dt.datetime]
    lifted_by: Mapped[UUID | None]
    lifted_at: Mapped[dt.datetime | None]
    version: Mapped[int] = mapped_column(Integer)
