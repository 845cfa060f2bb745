"""That the last entry of an actor about a subject is found by an index, however often the subject was read."""

from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Replaces the index of subjects by one that says who did what, and in which order."""
    wanted = ["tenant_id", "subject_id", "verb", "actor_id", "id"]
    op.create_index("ix_trail_entries_tenant_id_subject_id_verb_actor_id_id", "trail_entries", wanted)
    op.drop_index("ix_trail_entries_tenant_id_subject_id", "trail_entries")


def downgrade() -> None:
    """Puts the former index back; nothing is lost."""
    op.create_index("ix_trail_entries_tenant_id_subject_id", "trail_entries", ["tenant_id", "subject_id"])
    op.drop_index("ix_trail_entries_tenant_id_subject_id_verb_actor_id_id", "trail_entries")
