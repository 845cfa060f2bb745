"""Which sections of an emergency plan stand on the card that she may carry."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column. On the cards of plans of before nothing stands."""
    op.add_column(
        "emergency_plans", sa.Column("carried", postgresql.ARRAY(sa.Text()), nullable=False, server_default="{}")
    )


def downgrade() -> None:
    """Drops what stands on cards."""
    op.drop_column("emergency_plans", "carried")
