"""Answers to extra questions on records, sealed."""

import sqlalchemy as sa
from alembic import op

from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

RECORDS = {"organization_id": "organizations", "service_id": "services", "referral_id": "referrals"}


def upgrade() -> None:
    """Creates one table with row-level security; each row goes with the record that it belongs to."""
    create_tenant_table(
        op,
        "extra_answers",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(column, sa.Uuid()) for column in RECORDS),
        sa.Column("form_key", sa.Text(), nullable=False),
        sa.Column("form_version", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("answers", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid()),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_extra_answers"),
        *(
            sa.UniqueConstraint("tenant_id", column, "form_key", name=f"uq_extra_answers_tenant_id_{column}_form_key")
            for column in RECORDS
        ),
        sa.CheckConstraint(f"num_nonnulls({', '.join(RECORDS)}) = 1", name=op.f("ck_extra_answers_one_record")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_extra_answers_tenant_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "form_key", "form_version"],
            ["form_versions.tenant_id", "form_versions.form_key", "form_versions.version"],
            name="fk_extra_answers_tenant_id_form_key_form_version",
        ),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column],
                [f"{target}.tenant_id", f"{target}.id"],
                name=f"fk_extra_answers_tenant_id_{column}",
                ondelete="CASCADE",
            )
            for column, target in RECORDS.items()
        ),
    )


def downgrade() -> None:
    """Drops the table with its answers; the forms stay."""
    op.drop_table("extra_answers")
