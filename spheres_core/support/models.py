"""The table of advice requests. What was typed is sealed, and gone when the request is closed."""

import datetime as dt
from uuid import UUID

from sqlalchemy import Boolean, Index, Integer, LargeBinary, SmallInteger, Text, UniqueConstraint
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
