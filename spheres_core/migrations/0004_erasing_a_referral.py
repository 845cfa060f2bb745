"""Erasing what is kept about a referral's person, one part after the other: what is done, and what is not yet."""

import sqlalchemy as sa
from alembic import op

from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates one table; it refers to no referral, because it outlives it."""
    create_tenant_table(
        op,
        "referral_erasures",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.Column("records", sa.Integer()),
        sa.Column("error", sa.Text()),
        sa.PrimaryKeyConstraint("tenant_id", "referral_id", "owner", name="pk_referral_erasures"),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name="fk_referral_erasures_tenant_id", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    """Drops the table; the trail keeps what was erased."""
    op.drop_table("referral_erasures")
