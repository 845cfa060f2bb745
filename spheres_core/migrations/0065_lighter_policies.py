"""Has policies about participants look at less, and keeps an entry of the trail in one piece."""

from alembic import op

from spheres_core.consents.queries.policies import are_written_already, restrict, unrestrict

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

TABLES = (
    "participants", "participations", "participation_moves", "assignments", "hand_overs", "limits_explained",
    "birthday_tasks", "identities", "identity_marks", "identity_links", "safe_contacts", "contact_marks",
    "duplicate_decisions", "encounters", "encounter_texts", "contact_attempts", "accompaniments",
    "accompaniment_texts", "reporting_decisions", "reporting_decision_texts", "vulnerable_dates", "needs",
    "strengths", "goals", "goal_stages", "cycle_stages", "plan_moves", "plan_texts", "service_requests",
    "service_request_moves", "service_gaps", "answer_links", "emergency_plans", "emergency_plan_texts",
    "emergency_plan_not_now", "emergency_accesses", "outing_invitations", "outing_texts", "kept_apart", "drafts",
    "open_forms", "participant_extra_answers", "agenda_items", "recusals", "recommendations",
    "recommendation_snapshots", "committee_texts", "transfers", "brought_entries",
)  # fmt: skip


def upgrade() -> None:
    """Writes the policies of each table anew, which decide as before. A list's entry is not cut into parts any more."""
    if not are_written_already(op):
        for table in TABLES:
            unrestrict(op, table)
            restrict(op, table)
    op.execute("ALTER TABLE trail_entries SET (toast_tuple_target = 8160)")


def downgrade() -> None:
    """Leaves the policies as they are: those of before decided the same."""
    op.execute("ALTER TABLE trail_entries RESET (toast_tuple_target)")
