"""Browsers from which a member of staff has signed in, so that whoever guesses elsewhere does not slow her down."""

import sqlalchemy as sa
from alembic import op

from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates one table with row-level security; every browser becomes known at its next sign-in."""
    create_tenant_table(
        op,
        "known_browsers",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "key", name="pk_known_browsers"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_known_browsers_tenant_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "staff_id"],
            ["staff.tenant_id", "staff.id"],
            name="fk_known_browsers_tenant_id_staff_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_known_browsers_tenant_id_staff_id", "known_browsers", ["tenant_id", "staff_id"])


def downgrade() -> None:
    """No browser is known any more; signing in works as before."""
    op.drop_table("known_browsers")
