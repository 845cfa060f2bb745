"""Packs that a region uploads and pages that it writes itself, each in versions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates two tables with row-level security, of public content, and names the own pack that is in force."""
    create_tenant_table(
        op,
        "own_packs",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plugin_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("title", pg.JSONB(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("archive", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by", sa.Uuid()),
        sa.Column("published_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_own_packs"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_own_packs_tenant_id", ondelete="CASCADE"),
    )
    op.create_index("ix_own_packs_tenant_id_plugin_id_id", "own_packs", ["tenant_id", "plugin_id", "id"])
    op.add_column("tenant_plugins", sa.Column("pack", sa.Uuid()))
    create_tenant_table(
        op,
        "own_pages",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text()),
        sa.Column("menu_order", sa.Integer()),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.Uuid()),
        sa.Column("published_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("tenant_id", "slug", "language", "number", name="pk_own_pages"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_own_pages_tenant_id", ondelete="CASCADE"),
    )


def downgrade() -> None:
    """Drops both; regions have again what is installed on the machine."""
    op.drop_table("own_pages")
    op.drop_column("tenant_plugins", "pack")
    op.drop_index("ix_own_packs_tenant_id_plugin_id_id", "own_packs")
    op.drop_table("own_packs")
