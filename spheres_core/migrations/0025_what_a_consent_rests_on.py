"""Keeps what each consent rests on, when the limits of confidentiality were explained, and what has left."""

import sqlalchemy as sa
from alembic import op

from spheres_core.consents.queries.policies import restrict
from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

TABLES = ("limits_explained", "disclosures")


def upgrade() -> None:
    """Adds columns to consents, and two tables; the first is restricted to whoever may know that she takes part.

    A consent of before was given for what the program holds, without an end, and its authority is to be confirmed.
    """
    never = sa.text("'9999-01-01 00:00:00+00'")
    for column in (
        sa.Column("to_confirm", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("holder", sa.Text(), nullable=False, server_default=""),
        sa.Column("regime", sa.Text(), nullable=False, server_default=""),
        sa.Column("decided_by", sa.Uuid()),
        sa.Column("benefit", sa.LargeBinary()),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False, server_default=never),
    ):
        op.add_column("consents", column)
    for name in ("to_confirm", "holder", "regime", "ends"):
        op.alter_column("consents", name, server_default=None)
    op.execute("UPDATE consents SET ends = withdrawn_at WHERE withdrawn_at IS NOT NULL")
    _create(
        "limits_explained",
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("explained_by", sa.Uuid(), nullable=False),
        sa.Column("text_version", sa.Text(), nullable=False),
    )
    _create(
        "disclosures",
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("information", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("entry_id", sa.Uuid()),
        sa.Column("basis", sa.LargeBinary()),
        sa.Column("left_by_kind", sa.Text(), nullable=False),
        sa.Column("left_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_by", sa.Uuid()),
    )
    restrict(op, "limits_explained")


def downgrade() -> None:
    """Records of explanations and disclosures are lost with their tables."""
    for table in TABLES:
        op.drop_table(table)
    for name in ("ends", "benefit", "decided_by", "regime", "holder", "to_confirm"):
        op.drop_column("consents", name)


def _create(name: str, *columns: sa.schema.SchemaItem) -> None:
    create_tenant_table(
        op,
        name,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        *columns,
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=f"fk_{name}_tenant_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "participant_id"],
            ["participants.tenant_id", "participants.id"],
            name=f"fk_{name}_tenant_id_participant_id",
            ondelete="CASCADE",
        ),
        append_only=True,
    )
    op.create_index(f"ix_{name}_tenant_id_participant_id", name, ["tenant_id", "participant_id"])
