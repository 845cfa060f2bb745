"""Emergency plans in versions, their words, and that somebody does not want one now."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from spheres_core.consents.queries.policies import AboutParticipants, restrict
from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

OF_PLANS = AboutParticipants("emergency_plan")


def _key(name: str, *columns: str, to: str) -> sa.ForeignKeyConstraint:
    targets = [f"{to}.{each}" for each in (("tenant_id", "id") if len(columns) > 1 else ("id",))]
    return sa.ForeignKeyConstraint([*columns], targets, name=f"fk_{name}_{'_'.join(columns)}", ondelete="CASCADE")


def _table(name: str, *columns: sa.schema.SchemaItem, append_only: bool = False) -> None:
    """Creates a table about participants, restricted to whoever may read their emergency plan."""
    create_tenant_table(
        op,
        name,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        *columns,
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=f"pk_{name}"),
        _key(name, "tenant_id", to="tenants"),
        _key(name, "tenant_id", "participant_id", to="participants"),
        append_only=append_only,
    )


def upgrade() -> None:
    """Creates the tables."""
    _table(
        "emergency_plans",
        sa.Column("participation_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("places", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("review_by", sa.Date()),
        sa.Column("agreed_on", sa.Date()),
        sa.Column("author", sa.Uuid()),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint(
            "tenant_id", "participant_id", "version", name="uq_emergency_plans_tenant_id_participant_id_version"
        ),
        _key("emergency_plans", "tenant_id", "participation_id", to="participations"),
    )
    op.create_index(
        "ix_emergency_plans_tenant_id_participation_id", "emergency_plans", ["tenant_id", "participation_id"]
    )
    for state in ("draft", "agreed"):
        op.create_index(
            f"uq_emergency_plans_one_{state}",
            "emergency_plans",
            ["tenant_id", "participant_id"],
            unique=True,
            postgresql_where=sa.text(f"state = '{state}'"),
        )
    restrict(op, "emergency_plans", OF_PLANS)
    _table(
        "emergency_plan_texts",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        _key("emergency_plan_texts", "tenant_id", "plan_id", to="emergency_plans"),
        append_only=True,
    )
    for column in ("participant_id", "plan_id"):
        op.create_index(f"ix_emergency_plan_texts_tenant_id_{column}", "emergency_plan_texts", ["tenant_id", column])
    restrict(op, "emergency_plan_texts", OF_PLANS)
    _table(
        "emergency_plan_not_now",
        sa.Column("ask_again_on", sa.Date(), nullable=False),
        sa.Column("author", sa.Uuid()),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        append_only=True,
    )
    op.create_index(
        "ix_emergency_plan_not_now_tenant_id_participant_id_id",
        "emergency_plan_not_now",
        ["tenant_id", "participant_id", "id"],
    )
    restrict(op, "emergency_plan_not_now", OF_PLANS)


def downgrade() -> None:
    """Drops the tables."""
    for name in ("emergency_plan_not_now", "emergency_plan_texts", "emergency_plans"):
        op.drop_table(name)
