"""Tables of participants: the one that everything about a participant refers to, the identity vault, safe contact."""

import datetime as dt
from uuid import UUID

from sqlalchemy import BigInteger, Date, ForeignKeyConstraint, Index, LargeBinary, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from spheres_core.foundation.database.schema import Base, own_tenant, tenant_key, within_tenant


class ParticipantRow(Base):
    """A young person who takes part. It holds nothing about her but her code."""

    __tablename__ = "participants"
    __table_args__ = (own_tenant(), UniqueConstraint("tenant_id", "code_mark"))
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed: a dump of the database names nobody's file."""
    code_mark: Mapped[bytes] = mapped_column(LargeBinary)
    """Blind index of the code."""
    dated_on: Mapped[dt.date] = mapped_column(Date)
    """The day on which she was first recorded."""
    goes_on_elsewhere: Mapped[bool] = mapped_column(server_default=false())
    """Whether a decision is in force that her file goes on under another code: which, `duplicate_decisions` says."""


class IdentityRow(Base):
    """One version of who she is. Read by `queries.identity` and nothing else."""

    __tablename__ = "identities"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        UniqueConstraint("tenant_id", "participant_id", "version"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    version: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed with the vault's key."""
    birthday: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed with the vault's key, apart, so that whoever looks for birthdays opens no name."""
    written_at: Mapped[dt.datetime]
    written_by: Mapped[UUID | None]
    dated_on: Mapped[dt.date] = mapped_column(Date)


class IdentityMarkRow(Base):
    """Blind index, under the vault's key, by which two participants could be the same person."""

    __tablename__ = "identity_marks"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        UniqueConstraint("tenant_id", "participant_id", "kind", "mark"),
        Index(None, "tenant_id", "kind", "mark"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    mark: Mapped[bytes] = mapped_column(LargeBinary)
    dated_on: Mapped[dt.date] = mapped_column(Date)


class IdentityOpeningRow(Base):
    """That somebody opened an identity, and why."""

    __tablename__ = "identity_openings"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        Index(None, "tenant_id", "participant_id"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    opened_at: Mapped[dt.datetime]
    opened_by: Mapped[UUID | None]
    purpose: Mapped[str] = mapped_column(Text)
    act: Mapped[str] = mapped_column(Text)
    """read or write."""
    reason: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed."""
    dated_on: Mapped[dt.date] = mapped_column(Date)


class IdentityLinkRow(Base):
    """Under which code she has a file in another region. Read by `queries.identity` and nothing else."""

    __tablename__ = "identity_links"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        Index(None, "tenant_id", "participant_id"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed with the vault's key: the region, and her code there."""
    dated_on: Mapped[dt.date] = mapped_column(Date)


class SafeContactRow(Base):
    """One version of how she can safely be reached."""

    __tablename__ = "safe_contacts"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        UniqueConstraint("tenant_id", "participant_id", "version"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    version: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed."""
    recorded_at: Mapped[dt.datetime]
    recorded_by: Mapped[UUID | None]
    dated_on: Mapped[dt.date] = mapped_column(Date)


class ContactMarkRow(Base):
    """Blind index of a number or an address at which she was to be reached, by which two could be the same person."""

    __tablename__ = "contact_marks"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        UniqueConstraint("tenant_id", "participant_id", "kind", "mark"),
        Index(None, "tenant_id", "kind", "mark"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    """phone or email."""
    mark: Mapped[bytes] = mapped_column(LargeBinary)
    dated_on: Mapped[dt.date] = mapped_column(Date)


class DuplicateDecisionRow(Base):
    """That somebody decided whether two participants are the same person. It moves nothing, so it can be undone."""

    __tablename__ = "duplicate_decisions"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        within_tenant("other_id", "participants"),
        Index(
            "uq_duplicate_decisions_one_open", "tenant_id", "participant_id", "other_id", unique=True,
            postgresql_where=text("undone_at IS NULL"),
        ),
        Index(
            "uq_duplicate_decisions_one_merge", "tenant_id", "other_id", unique=True,
            postgresql_where=text("undone_at IS NULL AND same"),
        ),
    )  # fmt: skip
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    """Whose file goes on, where they are the same; else the one who was recorded first."""
    other_id: Mapped[UUID]
    same: Mapped[bool]
    reason: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed."""
    decided_at: Mapped[dt.datetime]
    decided_by: Mapped[UUID | None]
    undone_at: Mapped[dt.datetime | None]
    undone_by: Mapped[UUID | None]
    undone_reason: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed."""
    dated_on: Mapped[dt.date] = mapped_column(Date)


class BirthdayTaskRow(Base):
    """Something to look at with her because of a birthday."""

    __tablename__ = "birthday_tasks"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        UniqueConstraint("tenant_id", "participant_id", "age", "step"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    age: Mapped[int]
    step: Mapped[str] = mapped_column(Text)
    """prepare or decide."""
    dated_on: Mapped[dt.date] = mapped_column(Date)
    """The day on which it was raised."""
    done_at: Mapped[dt.datetime | None]
    done_by: Mapped[UUID | None]


class DraftRow(Base):
    """Words that somebody has not sent yet, of one class of information. Offered back to her and to nobody else."""

    __tablename__ = "drafts"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        Index(None, "tenant_id", "participant_id", "writer"),
        Index(None, "tenant_id", "saved_at"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    """Made of writer, file, copy and class, so that a draft is written over and found without being looked for."""
    participant_id: Mapped[UUID]
    writer: Mapped[UUID]
    """No reference: it outlives accounts, and goes with its deadline."""
    copy_id: Mapped[UUID]
    """One opening of the form: whoever has it open twice has two drafts."""
    form: Mapped[str] = mapped_column(Text)
    about: Mapped[UUID | None]
    """The record that is being changed; None for a new one."""
    information: Mapped[str] = mapped_column(Text)
    base: Mapped[int]
    """The version of the record that the writer saw; 0 for a new one."""
    number: Mapped[int] = mapped_column(BigInteger)
    """Counts upwards within a copy: an older save that arrives late changes nothing."""
    body: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed: the fields of this class."""
    saved_at: Mapped[dt.datetime]
    dated_on: Mapped[dt.date] = mapped_column(Date)
    """The day on which it was saved last."""


class OpenFormRow(Base):
    """Somebody has a form of her file open. It ends within minutes, holds no words, and locks nothing."""

    __tablename__ = "open_forms"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        Index(None, "tenant_id", "participant_id"),
        Index(None, "until"),
        {"prefixes": ["UNLOGGED"]},
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    """Made of writer, file, section and record, so that it is written over and found without being looked for."""
    participant_id: Mapped[UUID]
    writer: Mapped[UUID]
    section: Mapped[str] = mapped_column(Text)
    """The section of her file in which the form stands."""
    about: Mapped[UUID | None]
    """The record that is being changed; None where the section has one."""
    information: Mapped[str] = mapped_column(Text)
    """The section's class."""
    opened_at: Mapped[dt.datetime]
    until: Mapped[dt.datetime]
    """From then on it counts no more, unless the writer's page says again that it is open."""
    dated_on: Mapped[dt.date] = mapped_column(Date)
    """The day on which it was said last."""


class ExtraAnswersRow(Base):
    """Answers to one form of extra questions on a record of her file, in one version of the record; never changed."""

    __tablename__ = "participant_extra_answers"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        ForeignKeyConstraint(
            ["tenant_id", "form", "form_version"],
            ["form_versions.tenant_id", "form_versions.form_key", "form_versions.version"],
        ),
        Index(None, "tenant_id", "participant_id"),
        Index(None, "tenant_id", "about"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    about: Mapped[UUID]
    """The record that was asked about; no reference, for it may be of several tables."""
    information: Mapped[str] = mapped_column(Text)
    """The record's class of information; `own_words` for what is answered in her words."""
    form: Mapped[str] = mapped_column("form_key", Text, key="form")
    form_version: Mapped[str] = mapped_column(Text)
    """The version that asked, by which the answers are read."""
    language: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    """The record's version that they belong to."""
    answers: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed JSON; None where a version has none any more."""
    author: Mapped[UUID | None]
    """No reference: it outlives accounts."""
    written_at: Mapped[dt.datetime]
    dated_on: Mapped[dt.date] = mapped_column(Date)
    """The day that the record is about."""
