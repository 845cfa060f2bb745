"""Pages that a region writes itself, and notes on how it covers the program. Nothing here is about a person."""

import datetime as dt
from uuid import UUID

from sqlalchemy import Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from spheres_core.foundation.database.schema import Base, own_tenant, tenant_key


class OwnPage(Base):
    """A version of a page that a region has written in the browser, in one language."""

    __tablename__ = "own_pages"
    __table_args__ = (own_tenant(),)
    tenant_id: Mapped[UUID] = tenant_key()
    slug: Mapped[str] = mapped_column(Text, primary_key=True)
    language: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    """Counts from 1: who writes on an older one than the latest is told so."""
    text: Mapped[str | None] = mapped_column(Text)
    """Markdown with its title; None when the page is again the packs'."""
    menu_order: Mapped[int | None] = mapped_column(Integer)
    """Its place in the menu; None when it is not there, or where a pack puts it."""
    written_at: Mapped[dt.datetime]
    written_by: Mapped[UUID | None]
    """A member of staff; no foreign key, so that the page outlives the account."""
    published_at: Mapped[dt.datetime | None]
    """When it was put in force; the published one with the greatest number is."""


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
