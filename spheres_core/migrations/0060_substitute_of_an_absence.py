"""Which of several substitutes comes to a meeting in place of somebody who does not."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Absences that were noted before name nobody: whoever is a substitute stands in, as until now."""
    op.add_column("committee_absences", sa.Column("substitute_seat", sa.Uuid()))


def downgrade() -> None:
    """Forgets it."""
    op.drop_column("committee_absences", "substitute_seat")
