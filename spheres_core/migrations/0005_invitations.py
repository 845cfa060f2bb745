"""Invitations; whose a token is; the language that a member of staff chose."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Accounts and tokens that are there keep working: nobody is named as their maker, no language is chosen."""
    op.add_column("staff", sa.Column("language", sa.Text()))
    op.add_column("api_tokens", sa.Column("made_by", sa.Uuid()))
    create_tenant_table(
        op,
        "staff_invitations",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=False),
        sa.Column("email_index", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("roles", pg.ARRAY(sa.Text()), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Uuid()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True)),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_staff_invitations"),
        sa.UniqueConstraint("tenant_id", "hash", name="uq_staff_invitations_tenant_id_hash"),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name="fk_staff_invitations_tenant_id", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    """Open invitations are lost with their table; they can be made again."""
    op.drop_table("staff_invitations")
    op.drop_column("api_tokens", "made_by")
    op.drop_column("staff", "language")
