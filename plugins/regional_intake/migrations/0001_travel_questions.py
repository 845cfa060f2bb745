"""Creates the table of travel questions."""

import sqlalchemy as sa
from alembic import op

from spheres_core.plugin import REFERRAL, TENANT, create_tenant_table

revision = "regional_intake_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates it under row-level security."""
    create_tenant_table(
        op,
        "regional_intake_travel_questions",
        sa.Column("tenant_id", sa.Uuid(), primary_key=True),
        sa.Column("referral_id", sa.Uuid(), primary_key=True),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        TENANT.reference(),
        REFERRAL.reference("referral_id"),
    )


def downgrade() -> None:
    """Drops it with everything in it."""
    op.drop_table("regional_intake_travel_questions")
