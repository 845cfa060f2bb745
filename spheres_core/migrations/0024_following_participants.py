"""Participations with their steps, and who follows her: one pivot worker and one backup at any moment.

Files are handed over from one worker to another.
"""

import sqlalchemy as sa
from alembic import op

from spheres_core.consents.queries.policies import restrict
from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0024"
down_revision = "0022"
branch_labels = None
depends_on = None

TABLES = ("hand_overs", "assignments", "participation_moves", "participations")


def upgrade() -> None:
    """Creates four tables with row-level security, restricted to whoever may see what of her.

    A range of ids with one id in it is what an exclusion constraint can compare without an extension.
    """
    _create(
        "participations",
        sa.Column("referral_id", sa.Uuid()),
        sa.Column("previous_id", sa.Uuid()),
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("tenant_id", "referral_id", name="uq_participations_tenant_id_referral_id"),
    )
    _create(
        "participation_moves",
        *_of_participation("participation_moves"),
        sa.Column("from_state", sa.Text(), nullable=False),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("conversation_on", sa.Date()),
        sa.Column("note", sa.LargeBinary()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Uuid()),
        append_only=True,
    )
    _create(
        "assignments",
        *_of_participation("assignments"),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("starts", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Uuid()),
    )
    _create(
        "hand_overs",
        *_of_participation("hand_overs"),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("from_staff", sa.Uuid()),
        sa.Column("to_staff", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("word", sa.LargeBinary()),
        sa.Column("her_answer", sa.Text()),
        sa.Column("answered_on", sa.Date()),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_by", sa.Uuid()),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
    )
    op.create_index(
        "uq_hand_overs_one_offered",
        "hand_overs",
        ["tenant_id", "participation_id", "part"],
        unique=True,
        postgresql_where=sa.text("state = 'offered'"),
    )
    op.create_index(
        "uq_participations_one_open",
        "participations",
        ["tenant_id", "participant_id"],
        unique=True,
        postgresql_where=sa.text("state NOT IN ('closed', 'not_started')"),
    )
    for table, column in (
        ("participations", "participant_id"),
        ("participation_moves", "participant_id"),
        ("participation_moves", "participation_id"),
        ("assignments", "participant_id"),
        ("assignments", "participation_id"),
        ("assignments", "staff_id"),
        ("hand_overs", "participant_id"),
        ("hand_overs", "to_staff"),
    ):
        op.create_index(f"ix_{table}_tenant_id_{column}", table, ["tenant_id", column])
    op.execute("CREATE TYPE id_range AS RANGE (subtype = uuid)")
    for part in ("pivot", "backup"):
        op.execute(
            f"ALTER TABLE assignments ADD CONSTRAINT ex_assignments_one_{part} EXCLUDE USING gist ("
            "id_range(tenant_id, tenant_id, '[]') WITH =,"
            " id_range(participation_id, participation_id, '[]') WITH =,"
            f" tstzrange(starts, ends) WITH &&) WHERE (part = '{part}')"
        )
    for table in TABLES:
        restrict(op, table)


def downgrade() -> None:
    """That they take part, and who follows them, is lost."""
    for table in TABLES:
        op.drop_table(table)
    op.execute("DROP TYPE id_range")


def _create(name: str, *columns: sa.schema.SchemaItem, append_only: bool = False) -> None:
    create_tenant_table(
        op,
        name,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("tenant_id", "id", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=f"fk_{name}_tenant_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "participant_id"],
            ["participants.tenant_id", "participants.id"],
            name=f"fk_{name}_tenant_id_participant_id",
            ondelete="CASCADE",
        ),
        append_only=append_only,
    )


def _of_participation(name: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("participation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "participation_id"],
            ["participations.tenant_id", "participations.id"],
            name=f"fk_{name}_tenant_id_participation_id",
            ondelete="CASCADE",
        ),
    )
