"""Anchors: the few tables of the core that a plugin's own table may refer to.

A plugin's metadata must not hold the core's tables: it would know columns that may change. It holds a stub with the key
alone. A reference stays inside its tenant and always cascades, so that neither a plugin that was switched off nor one
that is gone from the machine can hold up an erasure. A rule test keeps the stubs equal to the real keys.
"""

from typing import Final
from uuid import UUID

from sqlalchemy import Column, ForeignKeyConstraint, MetaData, Table, Uuid

REFERS_TO: Final = "refers_to"
"""In a column's `info`: the anchor whose id it holds."""


class Anchor:
    """One table of the core by its key."""

    def __init__(self, table: str, *key: str) -> None:
        self.table = table
        self.key = key

    def stub(self, metadata: MetaData) -> Table:
        """Makes the table known to a plugin's metadata, by its key alone. It does not count as the plugin's."""
        columns = (Column(name, Uuid(), primary_key=True) for name in self.key)
        return Table(self.table, metadata, *columns, info={"anchor": True})

    def column(self, name: str, *, primary_key: bool = False, nullable: bool = False) -> Column[UUID]:
        """Returns a column for its id. `tenant_table` and `create_tenant_table` make it a reference."""
        return Column(name, Uuid(), primary_key=primary_key, nullable=nullable, info={REFERS_TO: self})

    def reference(self, *columns: str) -> ForeignKeyConstraint:
        """Returns a foreign key to it, for a model and for its migration; `columns` are what stands for its id.

        `TENANT.reference()` is `tenant_id` itself; `REFERRAL.reference("referral_id")` is `(tenant_id, referral_id)`.
        """
        own = ("tenant_id", *columns)
        if len(own) != len(self.key):
            raise ValueError(f"a reference to {self.table} has {len(self.key)} columns with tenant_id, not {len(own)}")
        return ForeignKeyConstraint(own, [f"{self.table}.{name}" for name in self.key], ondelete="CASCADE")


TENANT: Final = Anchor("tenants", "id")
ORGANIZATION: Final = Anchor("organizations", "tenant_id", "id")
REFERRAL: Final = Anchor("referrals", "tenant_id", "id")

ALL: Final = (TENANT, ORGANIZATION, REFERRAL)
