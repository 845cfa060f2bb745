"""When messages reach somebody on the staff: her pace, her quiet hours, and what waits until then."""

import sqlalchemy as sa
from alembic import op

from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Whoever is here goes on as before: each message at once, at any hour."""
    op.add_column("staff", sa.Column("message_pace", sa.Text(), nullable=False, server_default="at_once"))
    op.alter_column("staff", "message_pace", server_default=None)
    op.add_column("staff", sa.Column("quiet_from", sa.SmallInteger()))
    op.add_column("staff", sa.Column("quiet_until", sa.SmallInteger()))
    create_tenant_table(
        op,
        "waiting_messages",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "staff_id", "entry_id", name="pk_waiting_messages"),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name="fk_waiting_messages_tenant_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "staff_id"],
            ["staff.tenant_id", "staff.id"],
            name="fk_waiting_messages_tenant_id_staff_id",
            ondelete="CASCADE",
        ),
    )
    for column in ("staff_id", "due_at"):
        op.create_index(f"ix_waiting_messages_tenant_id_{column}", "waiting_messages", ["tenant_id", column])


def downgrade() -> None:
    """Forgets what waits and who wanted it when."""
    op.drop_table("waiting_messages")
    for column in ("quiet_until", "quiet_from", "message_pace"):
        op.drop_column("staff", column)
