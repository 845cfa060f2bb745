"""That one look at an index says what a reader's standings are, and lines of consents are found by their class."""

from alembic import op

from spheres_core.consents.queries.policies import are_written_already, create_reach, create_team_reach

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None
DECIDING = ["kind", "recipient", "classes", "acts", "starts", "ends"]
STANDINGS = ["tenant_id", "staff_id", "participant_id"]
ENTRIES = ["tenant_id", "participant_id", "recipient"]


def upgrade() -> None:
    """Replaces an index of each table by one that says more, and writes the views anew so that they ask it."""
    by, beside = ["tenant_id", "staff_id", "purpose", "participant_id"], [*DECIDING, "id"]
    op.create_index("ix_standings_of_reader", "standings", by, postgresql_include=beside)
    op.drop_index("ix_standings_tenant_id_staff_id_participant_id", "standings")
    op.create_index("ix_consent_entries_of_participant", "consent_entries", [*ENTRIES, "information"])
    op.drop_index("ix_consent_entries_tenant_id_participant_id_recipient", "consent_entries")
    if not are_written_already(op):
        create_reach(op)
        create_team_reach(op)


def downgrade() -> None:
    """Puts the former indexes back; the views hold the same rows."""
    op.create_index("ix_standings_tenant_id_staff_id_participant_id", "standings", STANDINGS)
    op.drop_index("ix_standings_of_reader", "standings")
    op.create_index("ix_consent_entries_tenant_id_participant_id_recipient", "consent_entries", ENTRIES)
    op.drop_index("ix_consent_entries_of_participant", "consent_entries")
