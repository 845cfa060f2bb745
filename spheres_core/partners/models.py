"""The tenant's own directory. Rows come from packs and keep their origin; `brought` is what the
pack said last, so that an upgrade can tell a local change from an old value. Nothing here is about
a young person."""

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from spheres_core.foundation.database.schema import Base, own_tenant, tenant_key, within_tenant


class _AdoptedEntry:
    """The columns that every entry of the directory has."""

    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    origin: Mapped[str] = mapped_column(Text)
    """The plugin that brought it."""
    key: Mapped[str] = mapped_column(Text)
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """The entry as it holds in this tenant."""
    brought: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """The entry as its plugin last brought it."""
    reasons: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    """By field that was changed here: why, by whom, when (`upgrading.Reason`)."""
    conflicts: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    """By field that was changed here and by its source: what awaits a decision (`upgrading.Disagreement`)."""
    withdrawn_on: Mapped[dt.date | None]
    """Since when its source brings it no more."""
    removed_on: Mapped[dt.date | None]
    """Since when this region shows it no more. Its row stays, so that it can be put back and past days stay true."""
    changed_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    """When it last changed here."""


class ServiceArea(_AdoptedEntry, Base):
    """A place that services and emergency contacts are for."""

    __tablename__ = "service_areas"
    __table_args__ = (own_tenant(), UniqueConstraint("tenant_id", "key"))


class OrganizationRow(_AdoptedEntry, Base):
    """An organization of the region."""

    __tablename__ = "organizations"
    __table_args__ = (own_tenant(), UniqueConstraint("tenant_id", "key"))


class PartnershipRow(_AdoptedEntry, Base):
    """One role of an organization, from a day until (not including) another."""

    __tablename__ = "partnerships"
    __table_args__ = (
        own_tenant(),
        within_tenant("organization_id", "organizations"),
        UniqueConstraint("tenant_id", "key"),
        CheckConstraint("ends_on > starts_on", name="ends_after_it_starts"),
    )
    organization_id: Mapped[UUID]
    role: Mapped[str] = mapped_column(Text)
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date | None]


class ServiceRow(_AdoptedEntry, Base):
    """A service that an organization offers."""

    __tablename__ = "services"
    __table_args__ = (
        own_tenant(),
        within_tenant("organization_id", "organizations"),
        UniqueConstraint("tenant_id", "key"),
        CheckConstraint("ends_on > starts_on", name="ends_after_it_starts"),
    )
    organization_id: Mapped[UUID]
    starts_on: Mapped[dt.date | None]
    ends_on: Mapped[dt.date | None]
    verified_on: Mapped[dt.date]


class CoordinationMandateRow(_AdoptedEntry, Base):
    """Who coordinates, from a day until (not including) another. At most one is open-ended, none
    begin together."""

    __tablename__ = "coordination_mandates"
    __table_args__ = (
        own_tenant(),
        within_tenant("organization_id", "organizations"),
        UniqueConstraint("tenant_id", "key"),
        UniqueConstraint("tenant_id", "starts_on", deferrable=True, initially="DEFERRED"),
        CheckConstraint("ends_on > starts_on", name="ends_after_it_starts"),
        Index(
            "uq_coordination_mandates_open",
            "tenant_id",
            unique=True,
            postgresql_where=text("ends_on IS NULL"),
        ),
    )
    organization_id: Mapped[UUID]
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date | None]


class ContactPointRow(_AdoptedEntry, Base):
    """A way to reach an organization, or the program itself when no organization is named."""

    __tablename__ = "contact_points"
    __table_args__ = (
        own_tenant(),
        within_tenant("organization_id", "organizations"),
        UniqueConstraint("tenant_id", "key"),
    )
    organization_id: Mapped[UUID | None]
    kind: Mapped[str] = mapped_column(Text)
    verified_on: Mapped[dt.date]


class EmergencyContactRow(_AdoptedEntry, Base):
    """Someone to reach right now, in some areas."""

    __tablename__ = "emergency_contacts"
    __table_args__ = (own_tenant(), UniqueConstraint("tenant_id", "key"))
    areas: Mapped[list[str]] = mapped_column(ARRAY(Text))
    verified_on: Mapped[dt.date]
