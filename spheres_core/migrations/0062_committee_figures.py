"""Figures of periods that have ended, as they were published for the Steering Committee."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """They hold codes and numbers that are not small."""
    create_tenant_table(
        op,
        "committee_figures",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("divided_by", sa.Text(), nullable=False),
        sa.Column("smallest", sa.SmallInteger(), nullable=False),
        sa.Column("counts", JSONB(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_committee_figures"),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name="fk_committee_figures_tenant_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("tenant_id", "kind", "first_day", name="uq_committee_figures_tenant_id_kind_first_day"),
        append_only=True,
    )


def downgrade() -> None:
    """Forgets what was published."""
    op.drop_table("committee_figures")
