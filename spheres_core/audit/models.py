"""The trail and what is owed because of it."""

import datetime as dt
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, Integer, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from spheres_core.foundation.database.schema import Base, own_tenant, tenant_key


class TrailEntry(Base):
    """One thing read, changed or refused. Insert and read only."""

    __tablename__ = "trail_entries"
    __table_args__ = (own_tenant(), Index(None, "tenant_id", "subject_id", "verb", "actor_id", "id"))
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime]
    verb: Mapped[str] = mapped_column(Text)
    actor_kind: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[UUID | None]
    subject_kind: Mapped[str | None] = mapped_column(Text)
    subject_id: Mapped[UUID | None]
    shown: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid()))
    """The ids that a list view showed."""
    details: Mapped[dict[str, object] | None] = mapped_column(JSONB)
    """Codes only."""
    standings: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid()))
    """The standings that let it be shown: one for each of `shown`, or of the classes in `details`, or each once."""
    entries: Mapped[list[UUID | None] | None] = mapped_column(ARRAY(Uuid()))
    """In the same order the lines of consents that did; null where a standing needs none."""


class Delivery(Base):
    """One thing that has to happen because of an entry, and whether it has."""

    __tablename__ = "deliveries"
    __table_args__ = (
        own_tenant(),
        ForeignKeyConstraint(
            ["tenant_id", "entry_id"], ["trail_entries.tenant_id", "trail_entries.id"], ondelete="CASCADE"
        ),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(Text, primary_key=True)
    """`hook:<room or plugin>`, `region`, or `tell:<staff id>`; `tell` when it could not be found out whom to tell."""
    attempts: Mapped[int] = mapped_column(Integer)
    done_at: Mapped[dt.datetime | None]
    parked_at: Mapped[dt.datetime | None]
    """Given up on, and shown to the administrator."""
    error: Mapped[str | None] = mapped_column(Text)
    """The kind of error and its place; no words of the case."""
