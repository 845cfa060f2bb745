"""Lets an entry of the directory keep why it differs from its source, where both changed, and that it was withdrawn."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

DIRECTORY = (
    "service_areas", "organizations", "partnerships", "services", "coordination_mandates", "contact_points",
    "emergency_contacts",
)  # fmt: skip


def upgrade() -> None:
    """Adds reasons and conflicts. Nothing is known of existing entries: a difference stays ours, without a reason."""
    for name in DIRECTORY:
        op.add_column(name, sa.Column("reasons", JSONB(), nullable=False, server_default=sa.text("'{}'::jsonb")))
        op.add_column(name, sa.Column("conflicts", JSONB(), nullable=False, server_default=sa.text("'{}'::jsonb")))
        op.add_column(name, sa.Column("withdrawn_on", sa.Date(), nullable=True))
    op.add_column("tenant_plugins", sa.Column("adopted_version", sa.Text(), nullable=True))


def downgrade() -> None:
    """Keeps the current content of the directory; drops the reasons and conflicts."""
    op.drop_column("tenant_plugins", "adopted_version")
    for name in DIRECTORY:
        for column in ("withdrawn_on", "conflicts", "reasons"):
            op.drop_column(name, column)
