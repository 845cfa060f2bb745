"""That an incident is under investigation: who said so, since when, and until when."""

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None

TABLE = "incidents"


def upgrade() -> None:
    """Adds the columns. No incident of before is said to be under investigation."""
    op.add_column(TABLE, sa.Column("investigated_by", sa.LargeBinary()))
    op.add_column(TABLE, sa.Column("investigated_since", sa.Date()))
    op.add_column(TABLE, sa.Column("investigated_until", sa.Date()))


def downgrade() -> None:
    """Drops what was said of investigations."""
    for column in ("investigated_by", "investigated_since", "investigated_until"):
        op.drop_column(TABLE, column)
