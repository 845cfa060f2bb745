"""Links with which a member of staff who cannot sign in any more chooses a new password."""

import sqlalchemy as sa
from alembic import op

from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates one table with row-level security; a link's row goes when it is used, taken back or made anew."""
    create_tenant_table(
        op,
        "account_recoveries",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", sa.Uuid()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "staff_id", name="pk_account_recoveries"),
        sa.UniqueConstraint("tenant_id", "hash", name="uq_account_recoveries_tenant_id_hash"),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name="fk_account_recoveries_tenant_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "staff_id"],
            ["staff.tenant_id", "staff.id"],
            name="fk_account_recoveries_tenant_id_staff_id",
            ondelete="CASCADE",
        ),
    )


def downgrade() -> None:
    """Open links are lost with their table; they can be made again."""
    op.drop_table("account_recoveries")
