"""Transfers to another region: what was offered, what was received, what came along, and the link in the vault."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from spheres_core.consents.queries.policies import restrict
from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

HERS = ("participant_id", "participants")
RESTRICTED = ("transfers", "brought_entries", "identity_links")
WAITS = sa.text("state = 'offered'")


def upgrade() -> None:
    """Creates four tables with row-level security; those about her are restricted to whoever may see what of her."""
    _create(
        "transfers",
        HERS,
        ("participation_id", "participations"),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("classes", pg.ARRAY(sa.Text()), nullable=False),
        sa.Column("onward", sa.Boolean(), nullable=False),
        sa.Column("names", sa.Boolean(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("from_state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary()),
        sa.Column("teller", sa.Uuid()),
        sa.Column("told_at", sa.DateTime(timezone=True)),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_by", sa.Uuid()),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
    )
    _create(
        "received_transfers",
        None,
        None,
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("classes", pg.ARRAY(sa.Text()), nullable=False),
        sa.Column("onward", sa.Boolean(), nullable=False),
        sa.Column("ages", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary()),
        sa.Column("code", sa.LargeBinary()),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.Uuid()),
        sa.Column("ended_on", sa.Date()),
    )
    _create(
        "brought_entries",
        HERS,
        None,
        sa.Column("information", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("onward", sa.Boolean(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("brought_on", sa.Date(), nullable=False),
        append_only=True,
    )
    _create(
        "identity_links",
        HERS,
        None,
        sa.Column("content", sa.LargeBinary(), nullable=False),
        append_only=True,
    )
    for table, columns in (
        ("transfers", ("participant_id",)),
        ("transfers", ("participation_id",)),
        ("received_transfers", ("state", "id")),
        ("brought_entries", ("participant_id", "id")),
        ("identity_links", ("participant_id",)),
    ):
        op.create_index(f"ix_{table}_tenant_id_{'_'.join(columns)}", table, ["tenant_id", *columns])
    op.create_index(
        "uq_transfers_one_offered", "transfers", ["tenant_id", "participation_id"], unique=True, postgresql_where=WAITS
    )
    for table in RESTRICTED:
        restrict(op, table)


def downgrade() -> None:
    """Transfers under way, what came along, and who was who are lost."""
    for table in ("identity_links", "brought_entries", "received_transfers", "transfers"):
        op.drop_table(table)


def _create(
    name: str,
    hers: tuple[str, str] | None,
    part_of: tuple[str, str] | None,
    *columns: sa.schema.SchemaItem,
    append_only: bool = False,
) -> None:
    references = [each for each in (hers, part_of) if each is not None]
    create_tenant_table(
        op,
        name,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(own, sa.Uuid(), nullable=False) for own, _ in references),
        *columns,
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=f"fk_{name}_tenant_id", ondelete="CASCADE"),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", own], [f"{other}.tenant_id", f"{other}.id"], name=f"fk_{name}_tenant_id_{own}",
                ondelete="CASCADE",
            )
            for own, other in references
        ),
        append_only=append_only,
    )  # fmt: skip
