"""The register of incidents. It names nobody whom an incident is about."""

import sqlalchemy as sa
from alembic import op

from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None

TABLE = "incidents"


def upgrade() -> None:
    """Creates a table with row-level security."""
    create_tenant_table(
        op,
        TABLE,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("happened_on", sa.Date()),
        sa.Column("persons", sa.Integer()),
        sa.Column("happened", sa.LargeBinary(), nullable=False),
        sa.Column("done", sa.LargeBinary()),
        sa.Column("risk", sa.Text(), nullable=False),
        sa.Column("risk_reason", sa.LargeBinary()),
        sa.Column("commission_told_on", sa.Date()),
        sa.Column("persons_told_on", sa.Date()),
        sa.Column("recorded_by", sa.Uuid()),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("judged_by", sa.Uuid()),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=f"pk_{TABLE}"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=f"fk_{TABLE}_tenant_id", ondelete="CASCADE"),
    )
    op.create_index(f"ix_{TABLE}_tenant_id_state_id", TABLE, ["tenant_id", "state", "id"])


def downgrade() -> None:
    """Drops the register."""
    op.drop_table(TABLE)
