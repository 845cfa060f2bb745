"""The tables of tenancy itself."""

import datetime as dt
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from spheres_core.foundation.database.schema import Base, own_tenant, tenant_key


class TenantRow(Base):
    """One implementing organization or region. Holds nothing about people: every role may read it."""

    __tablename__ = "tenants"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[dict[str, str]] = mapped_column(JSONB)
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text))
    time_zone: Mapped[str] = mapped_column(Text)
    hosts: Mapped[list[str]] = mapped_column(ARRAY(Text))
    illustrative: Mapped[bool] = mapped_column(Boolean)
    epoch: Mapped[int] = mapped_column(BigInteger, server_default=text("nextval('tenant_epoch')"))
    """Grows with every change to the tenant; workers compare it to know that theirs is old."""


class PublicPostCount(Base):
    """Public posts under one key since a moment; kept by the function `count_public_post`."""

    __tablename__ = "public_post_counts"
    __table_args__ = (Index(None, "opened_at"), {"prefixes": ["UNLOGGED"]})
    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    """Keyed hash of an address on one day, of a region, or of the system."""
    opened_at: Mapped[dt.datetime]
    posts: Mapped[int]


class IdempotencyAnswer(Base):
    """An answer kept for a sender who did not hear it, by idempotency key. Sealed, and gone after a day."""

    __tablename__ = "idempotency_answers"
    __table_args__ = (own_tenant(),)
    tenant_id: Mapped[UUID] = tenant_key()
    key_mark: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    id: Mapped[UUID]
    body_mark: Mapped[bytes] = mapped_column(LargeBinary)
    answer: Mapped[bytes | None] = mapped_column(LargeBinary)
    expires_at: Mapped[dt.datetime]


class TenantKey(Base):
    """The tenant's key, wrapped by the deployment key. Useless without the key file."""

    __tablename__ = "tenant_keys"
    __table_args__ = (own_tenant(),)
    tenant_id: Mapped[UUID] = tenant_key()
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)


class TenantVaultKey(Base):
    """The tenant's second key, wrapped by the key of the vault's own key file."""

    __tablename__ = "tenant_vault_keys"
    __table_args__ = (own_tenant(),)
    tenant_id: Mapped[UUID] = tenant_key()
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)


class TenantPlugin(Base):
    """A plugin that a tenant has, on or off."""

    __tablename__ = "tenant_plugins"
    __table_args__ = (own_tenant(),)
    tenant_id: Mapped[UUID] = tenant_key()
    plugin_id: Mapped[str] = mapped_column(Text, primary_key=True)
    active: Mapped[bool] = mapped_column(Boolean)
    since: Mapped[dt.datetime]
    adopted: Mapped[str | None] = mapped_column(Text)
    """Hash of the content that was last merged into the tenant's tables."""
    adopted_version: Mapped[str | None] = mapped_column(Text)
    """The plugin's version with that content."""
    pack: Mapped[UUID | None]
    """The own pack that is in force under this id; None for what is installed on the machine."""


class OwnPack(Base):
    """A version of a pack that a tenant has uploaded: public content, nothing about people."""

    __tablename__ = "own_packs"
    __table_args__ = (own_tenant(), Index(None, "tenant_id", "plugin_id", "id"))
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    plugin_id: Mapped[str] = mapped_column(Text)
    version: Mapped[str] = mapped_column(Text)
    title: Mapped[dict[str, str]] = mapped_column(JSONB)
    digest: Mapped[str] = mapped_column(Text)
    """SHA-256 of the archive: with the plugin's id it names the content in the key of a plugin set."""
    archive: Mapped[bytes] = mapped_column(LargeBinary)
    uploaded_at: Mapped[dt.datetime]
    uploaded_by: Mapped[UUID | None]
    """A member of staff; no foreign key, so that the version outlives the account."""
    published_at: Mapped[dt.datetime | None]
    """When it was last put in force; None while it never was."""


class TenantSettings(Base):
    """A tenant's settings for one room or plugin."""

    __tablename__ = "tenant_settings"
    __table_args__ = (own_tenant(),)
    tenant_id: Mapped[UUID] = tenant_key()
    owner: Mapped[str] = mapped_column(Text, primary_key=True)
    values: Mapped[dict[str, object]] = mapped_column("values", JSONB)


class TenantTerm(Base):
    """A word of the program that this tenant says otherwise, in one language."""

    __tablename__ = "tenant_terms"
    __table_args__ = (own_tenant(),)
    tenant_id: Mapped[UUID] = tenant_key()
    language: Mapped[str] = mapped_column(Text, primary_key=True)
    msgid: Mapped[str] = mapped_column(Text, primary_key=True)
    """The program's word, in English as the code has it."""
    text: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[dt.datetime]


class PluginIncident(Base):
    """One way in which a part of a plugin fails in this tenant, and how often it did. No words, no values."""

    __tablename__ = "plugin_incidents"
    __table_args__ = (own_tenant(),)
    tenant_id: Mapped[UUID] = tenant_key()
    plugin: Mapped[str] = mapped_column(Text, primary_key=True)
    part: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    place: Mapped[str] = mapped_column(Text, primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)
    first_at: Mapped[dt.datetime]
    last_at: Mapped[dt.datetime]
    resting_until: Mapped[dt.datetime | None]
