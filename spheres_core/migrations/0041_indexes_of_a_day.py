"""Finds what is planned, and standings that need no consent, without looking at all others."""

from alembic import op
from sqlalchemy import text

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds an index of planned encounters and one of investigations, of which there are few at any time."""
    op.create_index(
        "ix_encounters_planned", "encounters", ["tenant_id", "participant_id"],
        postgresql_where=text("state = 'planned'"),
    )  # fmt: skip
    op.create_index(
        "ix_standings_investigations", "standings", ["tenant_id", "staff_id"],
        postgresql_where=text("kind = 'investigation'"),
    )  # fmt: skip


def downgrade() -> None:
    """Takes both away; nothing is lost."""
    op.drop_index("ix_standings_investigations", "standings")
    op.drop_index("ix_encounters_planned", "encounters")
