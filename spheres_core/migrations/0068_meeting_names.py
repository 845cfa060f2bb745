"""How somebody wants to be called at meetings; and that who follows her may write it, where she lets them."""

import sqlalchemy as sa
from alembic import op

from spheres_core.consents.queries.policies import AboutParticipants, restrict
from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None

TABLE = "meeting_names"


def upgrade() -> None:
    """Creates a table with row-level security. Whoever follows somebody has to do with the new class, too."""
    create_tenant_table(
        op,
        TABLE,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("called", sa.LargeBinary()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("author", sa.Uuid()),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=f"pk_{TABLE}"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=f"fk_{TABLE}_tenant_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "participant_id"],
            ["participants.tenant_id", "participants.id"],
            name=f"fk_{TABLE}_tenant_id_participant_id",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("tenant_id", "participant_id", name=f"uq_{TABLE}_tenant_id_participant_id"),
    )
    op.create_index(f"ix_{TABLE}_tenant_id_participant_id", TABLE, ["tenant_id", "participant_id"])
    restrict(op, TABLE, AboutParticipants("meeting_name"))
    op.execute(
        "UPDATE standings SET classes = array_append(classes, 'meeting_name')"
        " WHERE kind = 'assignment' AND 'identity' = ANY(classes) AND NOT 'meeting_name' = ANY(classes)"
    )


def downgrade() -> None:
    """Drops it with what it holds."""
    op.drop_table(TABLE)
    op.execute("UPDATE standings SET classes = array_remove(classes, 'meeting_name')")
