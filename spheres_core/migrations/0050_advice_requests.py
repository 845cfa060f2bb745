"""Requests of professionals for advice; their words are sealed, and deleted when a request is closed."""

import sqlalchemy as sa
from alembic import op

from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates one table with row-level security. It refers to nobody's file."""
    create_tenant_table(
        op,
        "advice_requests",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("assignee_id", sa.Uuid()),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("answered_how", sa.Text()),
        sa.Column("equipped_before", sa.SmallInteger()),
        sa.Column("equipped_after", sa.SmallInteger()),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("answers", sa.LargeBinary()),
        sa.Column("reply", sa.LargeBinary()),
        sa.Column("receipt_mark", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_advice_requests"),
        sa.UniqueConstraint("tenant_id", "receipt_mark", name="uq_advice_requests_tenant_id_receipt_mark"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_advice_requests_tenant_id", ondelete="CASCADE"),
    )
    op.create_index("ix_advice_requests_tenant_id_state_id", "advice_requests", ["tenant_id", "state", "id"])


def downgrade() -> None:
    """Drops the table with all requests."""
    op.drop_table("advice_requests")
