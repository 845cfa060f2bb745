"""Sessions that show one participant on a screen that both look at, and nothing else."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds whom a session shows."""
    op.add_column("staff_sessions", sa.Column("narrowed_to", sa.Uuid()))


def downgrade() -> None:
    """Narrowed sessions end: without the column they would open everything again."""
    op.execute("DELETE FROM staff_sessions WHERE narrowed_to IS NOT NULL")
    op.drop_column("staff_sessions", "narrowed_to")
