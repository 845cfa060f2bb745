"""Tables of committees. Seats and meetings know no participant; what is about one is sealed, in rows of its own."""

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Date, Index, Integer, LargeBinary, SmallInteger, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Mapped, mapped_column

from spheres_core.foundation.database.schema import Base, own_tenant, tenant_key, within_tenant


def _in_meeting(*more: Any) -> tuple[Any, ...]:
    return (own_tenant(), within_tenant("meeting_id", "committee_meetings"), *more)


def _of_participant(*more: Any) -> tuple[Any, ...]:
    return (
        own_tenant(),
        within_tenant("participant_id", "participants"),
        Index(None, "tenant_id", "participant_id"),
        *more,
    )


class CommitteeSeatRow(Base):
    """That somebody sits in a body for an organization, from a day until a day."""

    __tablename__ = "committee_seats"
    __table_args__ = (own_tenant(), Index(None, "tenant_id", "body"))
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    staff_id: Mapped[UUID]
    """A member of staff; no reference: it outlives accounts."""
    organization: Mapped[str] = mapped_column(Text)
    """Key of the organization that she sits for; empty for the program's team."""
    substitute_for: Mapped[UUID | None]
    """The seat in whose place this one counts."""
    starts: Mapped[dt.date] = mapped_column(Date)
    ends: Mapped[dt.date | None] = mapped_column(Date)
    author: Mapped[UUID | None]
    written_at: Mapped[dt.datetime]


class CommitteeMeetingRow(Base):
    """A meeting of a body."""

    __tablename__ = "committee_meetings"
    __table_args__ = (own_tenant(), Index(None, "tenant_id", "body", "at"))
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]
    place: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed."""
    state: Mapped[str] = mapped_column(Text)
    """planned, held or called_off."""
    version: Mapped[int] = mapped_column(Integer)
    author: Mapped[UUID | None]
    written_at: Mapped[dt.datetime]


class CommitteeAbsenceRow(Base):
    """That whoever has a seat does not come to one meeting: a substitute of hers does."""

    __tablename__ = "committee_absences"
    __table_args__ = _in_meeting(
        within_tenant("seat_id", "committee_seats"),
        Index(None, "tenant_id", "seat_id"),
        UniqueConstraint("tenant_id", "meeting_id", "seat_id"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID]
    seat_id: Mapped[UUID]
    substitute_seat: Mapped[UUID | None]
    """The seat of the one who comes in her place, where she named one of several. No reference: a seat is never
    deleted."""
    author: Mapped[UUID | None]
    written_at: Mapped[dt.datetime]


class CommitteePresenceRow(Base):
    """That a member was there in a meeting."""

    __tablename__ = "committee_presences"
    __table_args__ = _in_meeting(UniqueConstraint("tenant_id", "meeting_id", "staff_id"))
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID]
    staff_id: Mapped[UUID]
    author: Mapped[UUID | None]
    written_at: Mapped[dt.datetime]


class AgendaItemRow(Base):
    """One participant in one meeting. Its words stand in `committee_texts`."""

    __tablename__ = "agenda_items"
    __table_args__ = _of_participant(
        within_tenant("meeting_id", "committee_meetings"),
        UniqueConstraint("tenant_id", "meeting_id", "participant_id"),
        UniqueConstraint("tenant_id", "meeting_id", "number"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    meeting_id: Mapped[UUID]
    number: Mapped[int] = mapped_column(SmallInteger)
    """The item's name in its meeting; says nothing of her."""
    state: Mapped[str] = mapped_column(Text)
    """on or taken_off."""
    carried: Mapped[bool] = mapped_column(Boolean)
    """Whether it came from an earlier meeting, for a recommendation that is overdue."""
    asked: Mapped[str] = mapped_column(Text)
    """said, nothing_to_say or not_reached."""
    told_on: Mapped[dt.date | None] = mapped_column(Date)
    """The day on which she was told what will be shared with whom."""
    shares: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Classes of information that briefs may draw on, each as far as a consent reaches."""
    named: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Organizations of the police for which she said yes, for this meeting."""
    version: Mapped[int] = mapped_column(Integer)
    author: Mapped[UUID | None]
    written_at: Mapped[dt.datetime]
    dated_on: Mapped[dt.date] = mapped_column(Date)


class RecusalRow(Base):
    """That a member stays out of what a committee discusses of one participant; never changed."""

    __tablename__ = "recusals"
    __table_args__ = _of_participant(within_tenant("item_id", "agenda_items"), Index(None, "tenant_id", "item_id"))
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    item_id: Mapped[UUID]
    staff_id: Mapped[UUID]
    author: Mapped[UUID | None]
    written_at: Mapped[dt.datetime]
    dated_on: Mapped[dt.date] = mapped_column(Date)


class RecommendationRow(Base):
    """A recommendation of a meeting about one participant. Its words stand in `committee_texts`."""

    __tablename__ = "recommendations"
    __table_args__ = _of_participant(within_tenant("item_id", "agenda_items"), Index(None, "tenant_id", "item_id"))
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    item_id: Mapped[UUID]
    staff_id: Mapped[UUID]
    """The member of staff who takes care of it."""
    organization: Mapped[str] = mapped_column(Text)
    """Key of the organization on whose part she does; empty for the program's team."""
    due_on: Mapped[dt.date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(Text)
    """open, done, not_done or dropped."""
    told_on: Mapped[dt.date | None] = mapped_column(Date)
    """The day on which she was told."""
    version: Mapped[int] = mapped_column(Integer)
    author: Mapped[UUID | None]
    written_at: Mapped[dt.datetime]
    dated_on: Mapped[dt.date] = mapped_column(Date)
    """The day of the meeting."""


class RecommendationSnapshotRow(Base):
    """How one member stood to a recommendation when it was made; never changed."""

    __tablename__ = "recommendation_snapshots"
    __table_args__ = _of_participant(
        within_tenant("recommendation_id", "recommendations"), Index(None, "tenant_id", "recommendation_id")
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    recommendation_id: Mapped[UUID]
    staff_id: Mapped[UUID]
    organization: Mapped[str] = mapped_column(Text)
    present: Mapped[bool] = mapped_column(Boolean)
    entitled: Mapped[bool] = mapped_column(Boolean)
    recused: Mapped[bool] = mapped_column(Boolean)
    contributed: Mapped[bool] = mapped_column(Boolean)
    dissented: Mapped[bool] = mapped_column(Boolean)
    entries: Mapped[list[UUID]] = mapped_column(ARRAY(PG_UUID(as_uuid=True)))
    """Lines of consents that her brief rested on."""
    dated_on: Mapped[dt.date] = mapped_column(Date)


class CommitteeTextRow(Base):
    """Words about an item or a recommendation in one version; never changed."""

    __tablename__ = "committee_texts"
    __table_args__ = _of_participant(Index(None, "tenant_id", "about"))
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    about: Mapped[UUID]
    """The item or recommendation; no reference, for it may be of either table."""
    information: Mapped[str] = mapped_column(Text)
    """`committee`, or `own_words`."""
    part: Mapped[str] = mapped_column(Text)
    """question, wants_said, what, dissent, result, told or her_words."""
    version: Mapped[int] = mapped_column(Integer)
    words: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed; None for words that a version no longer has."""
    author: Mapped[UUID | None]
    written_at: Mapped[dt.datetime]
    dated_on: Mapped[dt.date] = mapped_column(Date)


class MeetingNameRow(Base):
    """The name by which one participant wants to be called at meetings. It is nobody's identity: any name that she
    likes, written with her. What it was before is kept nowhere."""

    __tablename__ = "meeting_names"
    __table_args__ = _of_participant(UniqueConstraint("tenant_id", "participant_id"))
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID]
    called: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed; None since she took it back."""
    version: Mapped[int] = mapped_column(Integer)
    author: Mapped[UUID | None]
    written_at: Mapped[dt.datetime]
    dated_on: Mapped[dt.date] = mapped_column(Date)


class CommitteeFigureRow(Base):
    """Figures of one period as they were published; never changed, so that no two of them can be compared."""

    __tablename__ = "committee_figures"
    __table_args__ = (own_tenant(), UniqueConstraint("tenant_id", "kind", "first_day"))
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    """gaps or items."""
    first_day: Mapped[dt.date] = mapped_column(Date)
    last_day: Mapped[dt.date] = mapped_column(Date)
    divided_by: Mapped[str] = mapped_column(Text)
    smallest: Mapped[int] = mapped_column(SmallInteger)
    counts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """Of `FigureCount`: codes and numbers that are not small."""
    made_at: Mapped[dt.datetime]
