"""How tables are declared: the declarative base, and the keys that keep each row inside its tenant."""

import datetime as dt
import uuid as _uuid
from typing import cast

import uuid_utils
from sqlalchemy import DateTime, ForeignKeyConstraint, MetaData, Table, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Declares tables; never instantiated. Names of constraints are fixed so that migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {dt.datetime: DateTime(timezone=True), _uuid.UUID: Uuid()}


def tenant_key() -> Mapped[_uuid.UUID]:
    """Declares the first column of each tenant table's primary key."""
    return mapped_column("tenant_id", Uuid(), primary_key=True)


def own_tenant() -> ForeignKeyConstraint:
    """Ties a table to its tenant: a tenant that goes takes its rows along."""
    return ForeignKeyConstraint(["tenant_id"], ["tenants.id"], ondelete="CASCADE")


def within_tenant(column: str, target: str, *, ondelete: str = "CASCADE") -> ForeignKeyConstraint:
    """Declares a reference that cannot leave the tenant: `(tenant_id, column)` to `target (tenant_id, id)`."""
    return ForeignKeyConstraint(["tenant_id", column], [f"{target}.tenant_id", f"{target}.id"], ondelete=ondelete)


def table(model: type[Base]) -> Table:
    """Returns the Core table of a declared class."""
    return cast(Table, model.__table__)


def uuid7() -> _uuid.UUID:
    """Returns a new time-ordered id for inside use; never shown as a secret, never typed by a person."""
    return _uuid.UUID(int=uuid_utils.uuid7().int)
