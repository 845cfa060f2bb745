"""Who has a form of a participant's file open at this moment."""

import sqlalchemy as sa
from alembic import op

from spheres_core.consents.queries.policies import restrict
from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the table, restricted to whoever may see what of her, and outside the log that goes into backups."""
    create_tenant_table(
        op,
        "open_forms",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("writer", sa.Uuid(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("about", sa.Uuid()),
        sa.Column("information", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_open_forms"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_open_forms_tenant_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "participant_id"],
            ["participants.tenant_id", "participants.id"],
            name="fk_open_forms_tenant_id_participant_id",
            ondelete="CASCADE",
        ),
    )
    op.execute("ALTER TABLE open_forms SET UNLOGGED")
    for column in ("participant_id", "until"):
        op.create_index(f"ix_open_forms_tenant_id_{column}", "open_forms", ["tenant_id", column])
    restrict(op, "open_forms")


def downgrade() -> None:
    """Drops the table."""
    op.drop_table("open_forms")
