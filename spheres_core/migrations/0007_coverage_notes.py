"""Lets a region say how it covers an element of the program otherwise."""

import sqlalchemy as sa
from alembic import op

from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates a table with one row per element."""
    create_tenant_table(
        op,
        "coverage_notes",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "element", name="pk_coverage_notes"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_coverage_notes_tenant_id", ondelete="CASCADE"),
    )


def downgrade() -> None:
    """Drops the notes."""
    op.drop_table("coverage_notes")
