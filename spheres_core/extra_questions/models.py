"""Answers to extra questions, sealed. Each row belongs to one record and is erased with it."""

import datetime as dt
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Integer, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from spheres_core.foundation.database.schema import Base, own_tenant, tenant_key, within_tenant

RECORDS: Final = ("organization", "service", "referral")
"""Kinds of records that extra answers can belong to: each has a column `<kind>_id`, and a reference that cascades."""


class ExtraAnswers(Base):
    """The answers to one form on one record."""

    __tablename__ = "extra_answers"
    __table_args__ = (
        own_tenant(),
        within_tenant("organization_id", "organizations"),
        within_tenant("service_id", "services"),
        within_tenant("referral_id", "referrals"),
        ForeignKeyConstraint(
            ["tenant_id", "form", "form_version"],
            ["form_versions.tenant_id", "form_versions.form_key", "form_versions.version"],
        ),
        UniqueConstraint("tenant_id", "organization_id", "form"),
        UniqueConstraint("tenant_id", "service_id", "form"),
        UniqueConstraint("tenant_id", "referral_id", "form"),
        CheckConstraint("num_nonnulls(organization_id, service_id, referral_id) = 1", name="one_record"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID | None]
    service_id: Mapped[UUID | None]
    referral_id: Mapped[UUID | None]
    form: Mapped[str] = mapped_column("form_key", Text, key="form")
    form_version: Mapped[str] = mapped_column(Text)
    """The version that asked, by which the answers are read."""
    language: Mapped[str] = mapped_column(Text)
    answers: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed JSON."""
    version: Mapped[int] = mapped_column(Integer)
    """Counts the times they were written, from 1."""
    changed_at: Mapped[dt.datetime]
    changed_by: Mapped[UUID | None]
