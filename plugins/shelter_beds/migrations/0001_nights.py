"""Creates the table of free beds, under row-level security."""

import sqlalchemy as sa
from alembic import op

from spheres_core.plugin import ORGANIZATION, create_tenant_table

revision, down_revision = "shelter_beds_0001", None


def upgrade() -> None:
    create_tenant_table(
        op,
        "shelter_beds_nights",
        ORGANIZATION.column("organization_id", primary_key=True),
        sa.Column("night", sa.Date(), primary_key=True),
        sa.Column("free", sa.Integer(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("shelter_beds_nights")
