"""The form versions a tenant has asked with, which of them it asks today, and the forms that it is writing.

Rows of versions are added, never changed: answers are always read by theirs.
"""

import datetime as dt
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, Integer, LargeBinary, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
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
    """The plugin that brought it; empty when the region wrote it."""
    published_at: Mapped[dt.datetime]


class FormInForce(Base):
    """Which form a tenant asks in place of its packs'."""

    __tablename__ = "forms_in_force"
    __table_args__ = (
        own_tenant(),
        ForeignKeyConstraint(
            ["tenant_id", "form_key", "version"],
            ["form_versions.tenant_id", "form_versions.form_key", "form_versions.version"],
        ),
    )

    tenant_id: Mapped[UUID] = tenant_key()
    form_key: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[str | None] = mapped_column(Text)
    """None: the form is retired, and nobody is asked it."""
    since: Mapped[dt.datetime]


class FormDraft(Base):
    """A form that is being written."""

    __tablename__ = "form_drafts"
    __table_args__ = (own_tenant(),)

    tenant_id: Mapped[UUID] = tenant_key()
    form_key: Mapped[str] = mapped_column(Text, primary_key=True)
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Tags of the languages of its texts, the default language first."""
    settings: Mapped[dict[str, str]] = mapped_column(JSONB)
    """Cells of its settings sheet."""
    revision: Mapped[int] = mapped_column(Integer)
    """Counts its changes."""
    base_version: Mapped[str] = mapped_column(Text)
    """The version that it was begun from or published as last; empty when it began empty or from a file."""
    begun_at: Mapped[dt.datetime]
    changed_at: Mapped[dt.datetime]
    changed_by: Mapped[UUID | None]


class FormDraftRow(Base):
    """One row of a form that is being written: a question, the beginning or end of a group, or a choice."""

    __tablename__ = "form_draft_rows"
    __table_args__ = (
        own_tenant(),
        ForeignKeyConstraint(
            ["tenant_id", "form_key"], ["form_drafts.tenant_id", "form_drafts.form_key"], ondelete="CASCADE"
        ),
        Index(None, "tenant_id", "form_key", "place"),
    )

    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    form_key: Mapped[str] = mapped_column(Text)
    sheet: Mapped[str] = mapped_column(Text)
    """`survey` or `choices`."""
    place: Mapped[int] = mapped_column(Integer)
    """Its order in the sheet."""
    cells: Mapped[dict[str, str]] = mapped_column(JSONB)
    """Cells that are not empty, by column: `type`, `label::fr`."""
