"""Forms that a region writes itself: which one is asked, and those that are being written."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates three tables with row-level security. They hold questions, never answers."""
    create_tenant_table(
        op,
        "forms_in_force",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("form_key", sa.Text(), nullable=False),
        sa.Column("version", sa.Text()),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "form_key", name="pk_forms_in_force"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_forms_in_force_tenant_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "form_key", "version"],
            ["form_versions.tenant_id", "form_versions.form_key", "form_versions.version"],
            name="fk_forms_in_force_tenant_id_form_key_version",
        ),
    )
    create_tenant_table(
        op,
        "form_drafts",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("form_key", sa.Text(), nullable=False),
        sa.Column("languages", pg.ARRAY(sa.Text()), nullable=False),
        sa.Column("settings", pg.JSONB(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("base_version", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid()),
        sa.PrimaryKeyConstraint("tenant_id", "form_key", name="pk_form_drafts"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_form_drafts_tenant_id", ondelete="CASCADE"),
    )
    create_tenant_table(
        op,
        "form_draft_rows",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("form_key", sa.Text(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("cells", pg.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_form_draft_rows"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_form_draft_rows_tenant_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "form_key"],
            ["form_drafts.tenant_id", "form_drafts.form_key"],
            name="fk_form_draft_rows_tenant_id_form_key",
            ondelete="CASCADE",
        ),
    )
    op.create_index(
        "ix_form_draft_rows_tenant_id_form_key_place", "form_draft_rows", ["tenant_id", "form_key", "place"]
    )


def downgrade() -> None:
    """Drops the drafts, and what is asked in place of the packs' forms; published versions stay."""
    op.drop_table("form_draft_rows")
    op.drop_table("form_drafts")
    op.drop_table("forms_in_force")
