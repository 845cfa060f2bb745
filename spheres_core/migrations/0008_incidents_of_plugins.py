"""Incidents of plugins: which plugin, in which part, at which line, how often. No words."""

import sqlalchemy as sa
from alembic import op

from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates one table."""
    create_tenant_table(
        op,
        "plugin_incidents",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("plugin", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resting_until", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("tenant_id", "plugin", "part", "kind", "place", name="pk_plugin_incidents"),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name="fk_plugin_incidents_tenant_id", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    """Drops the table with all incidents."""
    op.drop_table("plugin_incidents")
