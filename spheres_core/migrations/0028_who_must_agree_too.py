"""Keeps who agreed to a consent too, from when it is in force, and who took it back."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

COLUMNS = ("withdrawn_by", "also_recorded_by", "also_how", "also_given_on", "also_giver", "starts")


def upgrade() -> None:
    """Adds columns to consents. A consent of before was in force from when it was recorded."""
    for column in (
        sa.Column("starts", sa.DateTime(timezone=True)),
        sa.Column("also_giver", sa.Text()),
        sa.Column("also_given_on", sa.Date()),
        sa.Column("also_how", sa.Text()),
        sa.Column("also_recorded_by", sa.Uuid()),
        sa.Column("withdrawn_by", sa.Text()),
    ):
        op.add_column("consents", column)
    op.execute("UPDATE consents SET starts = recorded_at")
    op.alter_column("consents", "starts", nullable=False)


def downgrade() -> None:
    """Drops the columns. A consent that waits for somebody who must agree too would hold without: it ends instead."""
    op.execute("UPDATE consents SET ends = recorded_at WHERE starts > now() + interval '1 year'")
    for name in COLUMNS:
        op.drop_column("consents", name)
