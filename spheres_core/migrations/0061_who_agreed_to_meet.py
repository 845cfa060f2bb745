"""Who has said yes to a meeting with a peer, or asks for the police herself."""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column; what was written before needed nobody's yes."""
    op.add_column("accompaniments", sa.Column("agreed", sa.ARRAY(sa.Text()), nullable=False, server_default="{}"))
    op.alter_column("accompaniments", "agreed", server_default=None)


def downgrade() -> None:
    """Forgets who said yes."""
    op.drop_column("accompaniments", "agreed")
