"""Dates that make need rise; what goes along with a file that is offered; attempts in the codes of safe contact."""

import sqlalchemy as sa
from alembic import op

from spheres_core.consents.queries.policies import AboutParticipants, restrict
from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

CHANNELS = {"call": "phone", "text_message": "text", "e_mail": "email", "through_somebody": "phone"}
OUTCOMES = {"left_message": "message_left", "not_her": "somebody_else", "not_now": "reached"}


def upgrade() -> None:
    """Creates the table, restricted to whoever may see her needs, and brings attempts to one set of codes."""
    create_tenant_table(
        op,
        "vulnerable_dates",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("repeats", sa.Text(), nullable=False),
        sa.Column("note", sa.LargeBinary()),
        sa.Column("help_offered_for", sa.Date()),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("author", sa.Uuid()),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_vulnerable_dates"),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name="fk_vulnerable_dates_tenant_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "participant_id"],
            ["participants.tenant_id", "participants.id"],
            name="fk_vulnerable_dates_tenant_id_participant_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_vulnerable_dates_tenant_id_participant_id", "vulnerable_dates", ["tenant_id", "participant_id"])
    restrict(op, "vulnerable_dates", AboutParticipants("needs_and_plan"))
    op.add_column("hand_overs", sa.Column("carried", sa.LargeBinary()))
    for column, codes in (("channel", CHANNELS), ("outcome", OUTCOMES)):
        attempts = sa.table("contact_attempts", sa.column(column, sa.Text()))
        for before, now in codes.items():
            op.execute(attempts.update().where(attempts.c[column] == before).values({column: now}))


def downgrade() -> None:
    """Drops the table with what it holds, and what went along with offers. Attempts keep their codes."""
    op.drop_column("hand_overs", "carried")
    op.drop_table("vulnerable_dates")
