"""The telephone to which somebody on the staff wants her messages, and whether she wants them there."""

import sqlalchemy as sa
from alembic import op

from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Whoever is here goes on getting mail."""
    op.add_column("staff", sa.Column("message_channel", sa.Text(), nullable=False, server_default="mail"))
    op.alter_column("staff", "message_channel", server_default=None)
    create_tenant_table(
        op,
        "staff_numbers",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("code", sa.LargeBinary()),
        sa.Column("code_ends_at", sa.DateTime(timezone=True)),
        sa.Column("confirmed_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("tenant_id", "staff_id", name="pk_staff_numbers"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_staff_numbers_tenant_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "staff_id"],
            ["staff.tenant_id", "staff.id"],
            name="fk_staff_numbers_tenant_id_staff_id",
            ondelete="CASCADE",
        ),
    )


def downgrade() -> None:
    """Forgets the telephones."""
    op.drop_table("staff_numbers")
    op.drop_column("staff", "message_channel")
