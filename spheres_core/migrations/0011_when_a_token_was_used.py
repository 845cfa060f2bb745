"""When a token of another system was last used."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tokens that are there count as never used until they are."""
    op.add_column("api_tokens", sa.Column("last_used_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Tokens keep working; when they were used is forgotten."""
    op.drop_column("api_tokens", "last_used_at")
