"""The table that everything about a participant refers to. It holds nothing about her but her code."""

import datetime as dt
from uuid import UUID

from sqlalchemy import Date, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from spheres_core.foundation.database.schema import Base, own_tenant, tenant_key


class ParticipantRow(Base):
    """A young person who takes part."""

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
