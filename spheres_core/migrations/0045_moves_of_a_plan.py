"""Acts on needs, strengths and goals, each kept by itself. Of those from before stands one act: as they are now."""

import sqlalchemy as sa
from alembic import op

from spheres_core.consents.queries.policies import AboutParticipants, restrict
from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

RECORDS = {"need": ("needs", "need", "state"), "strength": ("strengths", "''", "'noted'"),
           "goal": ("goals", "proposed_by", "state")}  # fmt: skip


def upgrade() -> None:
    """Creates the table, restricted as the plan itself, and fills it."""
    create_tenant_table(
        op,
        "plan_moves",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=False),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("author", sa.Uuid()),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_plan_moves"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_plan_moves_tenant_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "participant_id"],
            ["participants.tenant_id", "participants.id"],
            name="fk_plan_moves_tenant_id_participant_id",
            ondelete="CASCADE",
        ),
        append_only=True,
    )
    columns = ["tenant_id", "participant_id", "kind", "id"]
    op.create_index("ix_plan_moves_tenant_id_participant_id_kind_id", "plan_moves", columns)
    restrict(op, "plan_moves", AboutParticipants("needs_and_plan"))
    for kind, (table, what, state) in RECORDS.items():
        op.execute(
            f"INSERT INTO plan_moves SELECT tenant_id, id, participant_id, id, '{kind}', {what}, '', {state}, version,"  # noqa: S608 - names of ours
            f" author, written_at, dated_on FROM {table}"
        )


def downgrade() -> None:
    """Loses what became of a plan before; how it is now stays."""
    op.drop_table("plan_moves")
