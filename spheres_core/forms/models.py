"""The form versions a tenant has asked with. Rows are added, never changed: answers are always read by theirs."""

import datetime as dt
from uuid import UUID

from sqlalchemy import LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from spheres_core.foundation.database.schema import Base, own_tenant, tenant_key


class FormVersion(Base):
    """One version of a form as one tenant published it."""

    __tablename__ = "form_versions"
    __table_args__ = (own_tenant(),)

    tenant_id: Mapped[UUID] = tenant_key()
    form_key: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[str] = mapped_column(Text, primary_key=True)
    """12 hex digits of the SHA-256 of `content`."""
    content: Mapped[bytes] = mapped_column(LargeBinary)
    """The canonical JSON, byte for byte, so that the hash can be proved."""
    origin: Mapped[str] = mapped_column(Text)
    """The plugin that brought it."""
    published_at: Mapped[dt.datetime]
