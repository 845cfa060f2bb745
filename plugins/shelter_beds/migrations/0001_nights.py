"""Creates the table of free beds, under row-level security."""

import sqlalchemy as sa
from alembic import op

from spheres_core.plugin import ORGANIZATION, TENANT, create_tenant_table

revision = "shelter_beds_0001"
down_revision = None


def upgrade() -> None:
    create_tenant_table(
        op,
        "shelter_beds_nights",
        sa.Column("tenant_id", sa.Uuid(), primary_key=True),
        sa.Column("organization_id", sa.Uuid(), primary_key=True),
        sa.Column("night", sa.Date(), primary_key=True),
        sa.Column("free", sa.Integer(), nullable=False),
        TENANT.reference(),
        ORGANIZATION.reference("organization_id"),
    )


def downgrade() -> None:
    op.drop_table("shelter_beds_nights")
