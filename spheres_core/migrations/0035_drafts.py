"""Words about participants that were not sent yet."""

import sqlalchemy as sa
from alembic import op

from spheres_core.consents.queries.policies import restrict
from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the table, restricted to whoever may see what of her."""
    create_tenant_table(
        op,
        "drafts",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("writer", sa.Uuid(), nullable=False),
        sa.Column("copy_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("about", sa.Uuid()),
        sa.Column("information", sa.Text(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_drafts"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_drafts_tenant_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "participant_id"],
            ["participants.tenant_id", "participants.id"],
            name="fk_drafts_tenant_id_participant_id",
            ondelete="CASCADE",
        ),
    )
    for columns in (["participant_id", "writer"], ["saved_at"]):
        op.create_index(f"ix_drafts_tenant_id_{'_'.join(columns)}", "drafts", ["tenant_id", *columns])
    restrict(op, "drafts")


def downgrade() -> None:
    """Words that were not sent are lost."""
    op.drop_table("drafts")
