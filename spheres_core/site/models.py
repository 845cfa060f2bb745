"""Notes that the administration of a region keeps about the region itself. Nothing here is about a person."""

import datetime as dt
from uuid import UUID

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from spheres_core.foundation.database.schema import Base, own_tenant, tenant_key


class CoverageNote(Base):
    """How a region covers an element of the program otherwise than by a partner, and why."""

    __tablename__ = "coverage_notes"
    __table_args__ = (own_tenant(),)
    tenant_id: Mapped[UUID] = tenant_key()
    element: Mapped[str] = mapped_column(Text, primary_key=True)
    how: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)
    written_at: Mapped[dt.datetime]
    written_by: Mapped[UUID | None]
    """A member of staff; no foreign key, so that the note outlives the account."""
