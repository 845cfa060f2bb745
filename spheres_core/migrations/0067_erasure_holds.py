"""That the erasing of what is kept about somebody is held, until somebody lifts it."""

import sqlalchemy as sa
from alembic import op

from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None

TABLE = "erasure_holds"


def upgrade() -> None:
    """Creates a table with row-level security."""
    create_tenant_table(
        op,
        TABLE,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("placed_by", sa.Uuid()),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by", sa.Uuid()),
        sa.Column("lifted_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=f"pk_{TABLE}"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=f"fk_{TABLE}_tenant_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "referral_id"],
            ["referrals.tenant_id", "referrals.id"],
            name=f"fk_{TABLE}_tenant_id_referral_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index(f"ix_{TABLE}_tenant_id_referral_id", TABLE, ["tenant_id", "referral_id"])


def downgrade() -> None:
    """Drops them: nothing is held any more."""
    op.drop_table(TABLE)
