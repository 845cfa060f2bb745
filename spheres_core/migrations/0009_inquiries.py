"""Inquiries of organizations in other regions."""

import sqlalchemy as sa
from alembic import op

from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates one table with row-level security; its words are sealed."""
    create_tenant_table(
        op,
        "inquiries",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("slip", sa.LargeBinary()),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_inquiries"),
        sa.UniqueConstraint("tenant_id", "slip", name="uq_inquiries_tenant_id_slip"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_inquiries_tenant_id", ondelete="CASCADE"),
    )
    op.create_index("ix_inquiries_tenant_id_state_id", "inquiries", ["tenant_id", "state", "id"])


def downgrade() -> None:
    """Drops the table with all inquiries."""
    op.drop_table("inquiries")
