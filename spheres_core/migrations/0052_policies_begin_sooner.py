"""Has each policy about participants ask the ledger once a statement, and not once for each of its conditions."""

from alembic import op

from spheres_core.consents.queries.policies import (
    are_written_already,
    create_reach,
    create_team_reach,
    restrict,
    unrestrict,
)

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

TABLES = (
    "participants", "participations", "participation_moves", "assignments", "hand_overs", "limits_explained",
    "birthday_tasks", "identities", "identity_marks", "identity_links", "safe_contacts", "contact_marks",
    "duplicate_decisions", "encounters", "encounter_texts", "contact_attempts", "accompaniments",
    "accompaniment_texts", "reporting_decisions", "reporting_decision_texts", "vulnerable_dates", "needs",
    "strengths", "goals", "goal_stages", "cycle_stages", "plan_moves", "plan_texts", "service_requests",
    "service_request_moves", "service_gaps", "answer_links", "emergency_plans", "emergency_plan_texts",
    "emergency_plan_not_now", "emergency_accesses", "drafts", "open_forms", "transfers", "brought_entries",
)  # fmt: skip


def upgrade() -> None:
    """Writes the policies of each table anew. They decide as before."""
    if are_written_already(op):
        return
    create_reach(op)
    create_team_reach(op)
    for table in TABLES:
        unrestrict(op, table)
        restrict(op, table)


def downgrade() -> None:
    """Leaves the policies as they are: those of before decided the same."""
