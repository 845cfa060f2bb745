"""Tasks that are raised before and on the birthdays from which something is different."""

import sqlalchemy as sa
from alembic import op

from spheres_core.consents.queries.policies import AboutParticipants, restrict
from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the table, restricted to whoever may know that she takes part."""
    create_tenant_table(
        op,
        "birthday_tasks",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("age", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.Column("done_by", sa.Uuid()),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_birthday_tasks"),
        sa.UniqueConstraint(
            "tenant_id", "participant_id", "age", "step", name="uq_birthday_tasks_tenant_id_participant_id_age_step"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_birthday_tasks_tenant_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "participant_id"],
            ["participants.tenant_id", "participants.id"],
            name="fk_birthday_tasks_tenant_id_participant_id",
            ondelete="CASCADE",
        ),
    )
    restrict(op, "birthday_tasks", AboutParticipants("participation"))


def downgrade() -> None:
    """Drops the table, and the tasks with it."""
    op.drop_table("birthday_tasks")
