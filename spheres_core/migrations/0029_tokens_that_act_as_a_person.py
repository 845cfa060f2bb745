"""Tokens that act as a person of staff."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tokens that are there keep the roles that they were given."""
    op.add_column(
        "api_tokens", sa.Column("acts_as_maker", sa.Boolean(), nullable=False, server_default=sa.text("false"))
    )
    op.alter_column("api_tokens", "acts_as_maker", server_default=None)


def downgrade() -> None:
    """Tokens that act as somebody open nothing any more: they have no roles of their own."""
    op.drop_column("api_tokens", "acts_as_maker")
