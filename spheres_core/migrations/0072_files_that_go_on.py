"""That a participant says whether her file goes on under another code: only then a list asks which decision says so."""

import sqlalchemy as sa
from alembic import op

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column, and fills it from the decisions that are in force."""
    op.add_column(
        "participants", sa.Column("goes_on_elsewhere", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.execute(
        "UPDATE participants SET goes_on_elsewhere = true FROM duplicate_decisions AS decided"
        " WHERE decided.tenant_id = participants.tenant_id AND decided.other_id = participants.id"
        " AND decided.same AND decided.undone_at IS NULL"
    )


def downgrade() -> None:
    """Drops it; the decisions stay."""
    op.drop_column("participants", "goes_on_elsewhere")
