"""Has the policies about participants ask for one act at a time, and look at the reader's settings once a statement."""

from alembic import op

from spheres_core.consents.queries.policies import REACH, are_written_already, create_reach, restrict, unrestrict

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

TABLES = (
    "participants", "participations", "participation_moves", "assignments", "hand_overs", "limits_explained",
    "birthday_tasks", "identities", "identity_marks", "safe_contacts", "encounters", "encounter_texts",
    "contact_attempts", "needs", "strengths", "goals", "goal_stages", "cycle_stages", "plan_texts",
)  # fmt: skip


def upgrade() -> None:
    """Writes the policies of each table anew. They decide as before."""
    if are_written_already(op):
        return
    for table in TABLES:
        unrestrict(op, table)
    for view in ("participant_reach", *REACH.values()):
        op.execute(f"DROP VIEW IF EXISTS {view}")
    create_reach(op)
    for table in TABLES:
        restrict(op, table)


def downgrade() -> None:
    """Leaves the policies as they are: those of before decided the same."""
