"""The table of inquiries. Their words are sealed, and there is no index of them."""

import datetime as dt
from uuid import UUID

from sqlalchemy import Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from spheres_core.foundation.database.schema import Base, own_tenant, tenant_key


class Inquiry(Base):
    """One question of an organization elsewhere."""

    __tablename__ = "inquiries"
    __table_args__ = (own_tenant(), UniqueConstraint("tenant_id", "slip"), Index(None, "tenant_id", "state", "id"))
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(Text)
    """open, answered or closed."""
    language: Mapped[str] = mapped_column(Text)
    """Tag of the language in which they wish to be answered."""
    words: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed JSON: organization, region, name, e-mail, telephone, message."""
    slip: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Token of the form that it came with, so that one form is one inquiry; None through the API."""
    received_at: Mapped[dt.datetime]
    moved_at: Mapped[dt.datetime]
