"""Files that are given as answers of a referral, sealed."""

import sqlalchemy as sa
from alembic import op

from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates one table with row-level security; a file that no referral claims goes after its time."""
    create_tenant_table(
        op,
        "referral_attachments",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid()),
        sa.Column("form_key", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("handle_mark", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_referral_attachments"),
        sa.UniqueConstraint("tenant_id", "handle_mark", name="uq_referral_attachments_tenant_id_handle_mark"),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name="fk_referral_attachments_tenant_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "referral_id"],
            ["referrals.tenant_id", "referrals.id"],
            name="fk_referral_attachments_tenant_id_referral_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index(
        "ix_referral_attachments_tenant_id_referral_id", "referral_attachments", ["tenant_id", "referral_id"]
    )


def downgrade() -> None:
    """Files are lost with their table; the answers keep only that there was one."""
    op.drop_table("referral_attachments")
