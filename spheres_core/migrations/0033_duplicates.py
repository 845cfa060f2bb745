"""Marks of numbers and addresses by which two participants could be the same person, and what was decided of it."""

import sqlalchemy as sa
from alembic import op

from spheres_core.consents.queries.policies import AboutParticipants, restrict
from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def _of_participant(table: str, column: str = "participant_id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        ["participants.tenant_id", "participants.id"],
        name=f"fk_{table}_tenant_id_{column}",
        ondelete="CASCADE",
    )


def _of_tenant(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=f"fk_{table}_tenant_id", ondelete="CASCADE")


def upgrade() -> None:
    """Creates both tables, restricted to whoever may see what of her."""
    create_tenant_table(
        op,
        "contact_marks",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_contact_marks"),
        sa.UniqueConstraint(
            "tenant_id", "participant_id", "kind", "mark", name="uq_contact_marks_tenant_id_participant_id_kind_mark"
        ),
        _of_tenant("contact_marks"),
        _of_participant("contact_marks"),
    )
    op.create_index("ix_contact_marks_tenant_id_kind_mark", "contact_marks", ["tenant_id", "kind", "mark"])
    create_tenant_table(
        op,
        "duplicate_decisions",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("same", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid()),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.Column("undone_by", sa.Uuid()),
        sa.Column("undone_reason", sa.LargeBinary()),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_duplicate_decisions"),
        _of_tenant("duplicate_decisions"),
        _of_participant("duplicate_decisions"),
        _of_participant("duplicate_decisions", "other_id"),
    )
    op.create_index(
        "uq_duplicate_decisions_one_open",
        "duplicate_decisions",
        ["tenant_id", "participant_id", "other_id"],
        unique=True,
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_index(
        "uq_duplicate_decisions_one_merge",
        "duplicate_decisions",
        ["tenant_id", "other_id"],
        unique=True,
        postgresql_where=sa.text("undone_at IS NULL AND same"),
    )
    restrict(op, "contact_marks", AboutParticipants("safe_contact"))
    restrict(op, "duplicate_decisions", AboutParticipants("participation"))


def downgrade() -> None:
    """Drops both tables: what was decided is lost, and no file changes."""
    op.drop_table("duplicate_decisions")
    op.drop_table("contact_marks")
