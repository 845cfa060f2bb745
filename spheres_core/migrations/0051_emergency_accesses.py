"""Emergency accesses: who opened a plan, why and until when, and who looked at that afterwards."""

import sqlalchemy as sa
from alembic import op

from spheres_core.consents.queries.policies import AboutParticipants, restrict
from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the table, restricted to whoever may read her emergency plan."""
    create_tenant_table(
        op,
        "emergency_accesses",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("organization", sa.Text(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_by", sa.Uuid()),
        sa.Column("reviewed_at", sa.DateTime(timezone=True)),
        sa.Column("finding", sa.Text()),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_emergency_accesses"),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name="fk_emergency_accesses_tenant_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "participant_id"],
            ["participants.tenant_id", "participants.id"],
            name="fk_emergency_accesses_tenant_id_participant_id",
            ondelete="CASCADE",
        ),
    )
    for column in ("participant_id", "opened_at"):
        op.create_index(f"ix_emergency_accesses_tenant_id_{column}", "emergency_accesses", ["tenant_id", column])
    restrict(op, "emergency_accesses", AboutParticipants("emergency_plan", team_only=True))


def downgrade() -> None:
    """Drops the table."""
    op.drop_table("emergency_accesses")
