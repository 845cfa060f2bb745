"""Tables of what decides a reading, and of what was explained and what has left. A row is
changed only to end it, or to add who agreed too."""

import datetime as dt
from uuid import UUID

from sqlalchemy import Boolean, Date, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from spheres_core.foundation.database.schema import Base, own_tenant, tenant_key, within_tenant


class StandingRow(Base):
    """Why a member of staff or an organization has to do with a participant."""

    __tablename__ = "standings"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        Index(
            "ix_standings_of_reader",
            "tenant_id",
            "staff_id",
            "purpose",
            "participant_id",
            postgresql_include=["kind", "recipient", "classes", "acts", "starts", "ends", "id"],
        ),
        Index(None, "tenant_id", "participant_id"),
        Index("ix_standings_investigations", "tenant_id", "staff_id", postgresql_where=text("kind = 'investigation'")),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    staff_id: Mapped[UUID]
    """A member of staff; `NO_PERSON` for whoever works for the recipient. No reference: it outlives accounts."""
    recipient: Mapped[str] = mapped_column(Text)
    classes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    acts: Mapped[list[str]] = mapped_column(ARRAY(Text))
    purpose: Mapped[str] = mapped_column(Text)
    starts: Mapped[dt.datetime]
    ends: Mapped[dt.datetime]
    opened_by_kind: Mapped[str] = mapped_column(Text)
    """Kind of act that opened it: assignment, meeting, service_request …"""
    opened_by_id: Mapped[UUID]
    basis: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed reason in words, where the standing needs no consent."""


class ConsentRow(Base):
    """One conversation in which something was agreed to, by whom and with which authority."""

    __tablename__ = "consents"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        Index(None, "tenant_id", "participant_id"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    """participation, information, care, research or publication."""
    given_on: Mapped[dt.date] = mapped_column(Date)
    how: Mapped[str] = mapped_column(Text)
    """spoken or written."""
    giver: Mapped[str] = mapped_column(Text)
    """herself, parent, tutor, or benefit: documented as clearly for her benefit."""
    authority: Mapped[str] = mapped_column(Text)
    """The cells of the legal profile that let the giver consent."""
    to_confirm: Mapped[bool] = mapped_column(Boolean)
    """Whether one of those cells was not read in the law itself."""
    holder: Mapped[str] = mapped_column(Text)
    """Key of the organization that holds the information; empty for the program."""
    regime: Mapped[str] = mapped_column(Text)
    """The act that the holder lived under; empty when it was not known."""
    decided_by: Mapped[UUID | None]
    """Who decided that it is clearly for her benefit; no reference: it outlives accounts."""
    benefit: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed: why it is clearly for her benefit."""
    words: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed: what was said, in her words."""
    recorded_by: Mapped[UUID | None]
    recorded_at: Mapped[dt.datetime]
    starts: Mapped[dt.datetime]
    """From then on it is in force; `FOREVER` while somebody who must agree too has not."""
    ends: Mapped[dt.datetime]
    """From then on it does not hold: it was withdrawn, or its time is over."""
    also_giver: Mapped[str | None] = mapped_column(Text)
    """parent or tutor, where one had to agree too and did."""
    also_given_on: Mapped[dt.date | None] = mapped_column(Date)
    also_how: Mapped[str | None] = mapped_column(Text)
    also_recorded_by: Mapped[UUID | None]
    withdrawn_at: Mapped[dt.datetime | None]
    withdrawn_by: Mapped[str | None] = mapped_column(Text)
    """Who took the whole consent back: herself, parent or tutor."""


class ConsentEntryRow(Base):
    """One line of a consent: one recipient, one class, one purpose, one act."""

    __tablename__ = "consent_entries"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        within_tenant("consent_id", "consents"),
        Index(
            "ix_consent_entries_that_agree",
            "tenant_id",
            "participant_id",
            "recipient",
            "information",
            postgresql_include=["act", "purpose", "starts", "ends", "first_day", "last_day", "id"],
        ),
        Index(None, "tenant_id", "consent_id"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    consent_id: Mapped[UUID]
    participant_id: Mapped[UUID]
    recipient: Mapped[str] = mapped_column(Text)
    information: Mapped[str] = mapped_column(Text)
    act: Mapped[str] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(Text)
    starts: Mapped[dt.datetime]
    ends: Mapped[dt.datetime]
    first_day: Mapped[dt.date] = mapped_column(Date)
    last_day: Mapped[dt.date] = mapped_column(Date)
    onward: Mapped[bool] = mapped_column(Boolean)
    withdrawn_at: Mapped[dt.datetime | None]


class ExclusionRow(Base):
    """A member of staff or an organization that is kept away from a participant."""

    __tablename__ = "exclusions"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        Index(None, "tenant_id", "participant_id"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    """conflict_of_interest, her_wish or refusal."""
    staff_id: Mapped[UUID]
    organization: Mapped[str] = mapped_column(Text)
    information: Mapped[str] = mapped_column(Text)
    starts: Mapped[dt.datetime]
    ends: Mapped[dt.datetime]
    reason: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed."""
    recorded_by: Mapped[UUID | None]


class LimitsExplainedRow(Base):
    """A conversation in which the limits of confidentiality were explained to a participant."""

    __tablename__ = "limits_explained"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        Index(None, "tenant_id", "participant_id"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    dated_on: Mapped[dt.date] = mapped_column(Date)
    """The day of the conversation."""
    explained_by: Mapped[UUID]
    """A member of staff; no reference: it outlives accounts."""
    text_version: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[dt.datetime]


class DisclosureRow(Base):
    """Something about a participant that left for another organization. She can be told when she takes it back."""

    __tablename__ = "disclosures"
    __table_args__ = (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        Index(None, "tenant_id", "participant_id"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    recipient: Mapped[str] = mapped_column(Text)
    information: Mapped[str] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(Text)
    dated_on: Mapped[dt.date] = mapped_column(Date)
    """The day on which it left."""
    entry_id: Mapped[UUID | None]
    """The line of a consent that covered it."""
    basis: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed: the legal basis that a person entered where no consent covered it."""
    left_by_kind: Mapped[str] = mapped_column(Text)
    """Kind of act by which it left: service_request, transfer, export …"""
    left_by_id: Mapped[UUID]
    recorded_by: Mapped[UUID | None]
    recorded_at: Mapped[dt.datetime]
