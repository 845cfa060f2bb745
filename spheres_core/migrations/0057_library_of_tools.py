"""The library of tools, the entries proposed for it, and the tools that go with an answer of the desk."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the tables with row-level security. They refer to nobody's file, and to no request."""
    create_tenant_table(
        op,
        "tools",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published", sa.Integer()),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_tools"),
        sa.UniqueConstraint("tenant_id", "code", name="uq_tools_tenant_id_code"),
        _of_tenant("tools"),
    )
    create_tenant_table(
        op,
        "tool_versions",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("tool_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("author", sa.Uuid()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "tool_id", "number", name="pk_tool_versions"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "tool_id"], ["tools.tenant_id", "tools.id"], name="fk_tool_versions_tenant_id_tool_id",
            ondelete="CASCADE",
        ),
        _of_tenant("tool_versions"),
        append_only=True,
    )  # fmt: skip
    create_tenant_table(
        op,
        "hidden_tools",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("author", sa.Uuid()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "code", name="pk_hidden_tools"),
        _of_tenant("hidden_tools"),
    )
    create_tenant_table(
        op,
        "tool_proposals",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_tool_proposals"),
        _of_tenant("tool_proposals"),
    )
    op.add_column("advice_requests", sa.Column("tools", ARRAY(sa.Text()), nullable=False, server_default="{}"))
    op.alter_column("advice_requests", "tools", server_default=None)


def downgrade() -> None:
    """Drops the library with all versions of its tools."""
    op.drop_column("advice_requests", "tools")
    for table in ("tool_proposals", "hidden_tools", "tool_versions", "tools"):
        op.drop_table(table)


def _of_tenant(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=f"fk_{table}_tenant_id", ondelete="CASCADE")
