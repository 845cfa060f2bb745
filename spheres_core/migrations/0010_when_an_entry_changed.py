"""Lets an entry of the directory say when it last changed here: other directories ask for what is new since a day."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

DIRECTORY = (
    "service_areas", "organizations", "partnerships", "services", "coordination_mandates", "contact_points",
    "emergency_contacts",
)  # fmt: skip


def upgrade() -> None:
    """Adds the time of the last change; existing entries count as changed today, so that nobody misses them."""
    for name in DIRECTORY:
        changed = sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())
        op.add_column(name, changed)


def downgrade() -> None:
    """Without it everything counts as changed."""
    for name in DIRECTORY:
        op.drop_column(name, "changed_at")
