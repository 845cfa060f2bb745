"""A tenant's own words for marked terms of the program, per language."""

import sqlalchemy as sa
from alembic import op

from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates a table with one row per language and term."""
    create_tenant_table(
        op,
        "tenant_terms",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("msgid", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "language", "msgid", name="pk_tenant_terms"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_tenant_terms_tenant_id", ondelete="CASCADE"),
    )


def downgrade() -> None:
    """Drops the tenants' own terms; the program's words are shown again."""
    op.drop_table("tenant_terms")
