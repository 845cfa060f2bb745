"""That one look at an index says what a line of a consent agrees to, and the views look for no class in it."""

from alembic import op

from spheres_core.consents.queries.policies import are_written_already, create_reach, create_team_reach

revision = "0077"
down_revision = "0076"
branch_labels = None
depends_on = None
KEYS = ["tenant_id", "participant_id", "recipient", "information"]
BESIDE = ["act", "purpose", "starts", "ends", "first_day", "last_day", "id"]


def upgrade() -> None:
    """Replaces the index by one that says all of a line that decides, and writes the views anew."""
    op.create_index("ix_consent_entries_that_agree", "consent_entries", KEYS, postgresql_include=BESIDE)
    op.drop_index("ix_consent_entries_of_participant", "consent_entries")
    if not are_written_already(op):
        create_reach(op)
        create_team_reach(op)


def downgrade() -> None:
    """Puts the former index back; the views hold the same rows."""
    op.create_index("ix_consent_entries_of_participant", "consent_entries", KEYS)
    op.drop_index("ix_consent_entries_that_agree", "consent_entries")
