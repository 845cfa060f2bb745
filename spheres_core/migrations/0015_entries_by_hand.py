"""Lets a region remove an entry of its directory and put it back, and invite somebody who works for a partner."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

DIRECTORY = (
    "service_areas", "organizations", "partnerships", "services", "coordination_mandates", "contact_points",
    "emergency_contacts",
)  # fmt: skip


def upgrade() -> None:
    """Adds the day of a removal, empty for every entry, and the organization of an invitation."""
    for name in DIRECTORY:
        op.add_column(name, sa.Column("removed_on", sa.Date()))
    op.add_column("staff_invitations", sa.Column("organization", sa.Text()))


def downgrade() -> None:
    """Shows again whatever was removed."""
    op.drop_column("staff_invitations", "organization")
    for name in DIRECTORY:
        op.drop_column(name, "removed_on")
