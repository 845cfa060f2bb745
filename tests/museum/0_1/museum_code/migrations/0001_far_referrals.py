"""Creates the table of referrals from far away, under row-level security."""

import sqlalchemy as sa
from alembic import op

from spheres_core.plugin import REFERRAL, TENANT, create_tenant_table

revision = "museum_code_0001"
down_revision = None


def upgrade() -> None:
    create_tenant_table(
        op,
        "museum_code_far_referrals",
        sa.Column("tenant_id", sa.Uuid(), primary_key=True),
        sa.Column("referral_id", sa.Uuid(), primary_key=True),
        sa.Column("community", sa.Text(), nullable=False),
        TENANT.reference(),
        REFERRAL.reference("referral_id"),
    )


def downgrade() -> None:
    op.drop_table("museum_code_far_referrals")
