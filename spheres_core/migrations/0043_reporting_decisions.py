"""Reporting decisions: what a person decided, with the reason sealed, and her words apart in a table of their own."""

import sqlalchemy as sa
from alembic import op

from spheres_core.consents.queries.policies import AboutParticipants, restrict
from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0043"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the tables, both only ever added to."""
    create_tenant_table(
        op,
        "reporting_decisions",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("corrects", sa.Uuid()),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("way", sa.Text()),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("decided_by", sa.Uuid()),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_reporting_decisions"),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name="fk_reporting_decisions_tenant_id", ondelete="CASCADE"
        ),
        _within("participant_id", "participants", "reporting_decisions"),
        _within("corrects", "reporting_decisions", "reporting_decisions"),
        append_only=True,
    )
    create_tenant_table(
        op,
        "reporting_decision_texts",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_reporting_decision_texts"),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name="fk_reporting_decision_texts_tenant_id", ondelete="CASCADE"
        ),
        _within("participant_id", "participants", "reporting_decision_texts"),
        _within("decision_id", "reporting_decisions", "reporting_decision_texts"),
        append_only=True,
    )
    for table, columns in (
        ("reporting_decisions", ["participant_id", "id"]),
        ("reporting_decisions", ["corrects"]),
        ("reporting_decision_texts", ["participant_id"]),
        ("reporting_decision_texts", ["decision_id"]),
    ):
        op.create_index(f"ix_{table}_tenant_id_{'_'.join(columns)}", table, ["tenant_id", *columns])
    restrict(op, "reporting_decisions", AboutParticipants("legal"))
    restrict(op, "reporting_decision_texts", AboutParticipants("own_words"))


def downgrade() -> None:
    """Drops the tables with what they hold."""
    op.drop_table("reporting_decision_texts")
    op.drop_table("reporting_decisions")


def _within(column: str, other: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{other}.tenant_id", f"{other}.id"],
        name=f"fk_{table}_tenant_id_{column}",
        ondelete="CASCADE",
    )
