"""The inbox of referrals: what a list shows, who takes care of one, questions to the referrer, saved filters."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds columns that may be empty, and two tables with row-level security; words in them are sealed."""
    op.add_column("referrals", sa.Column("summary", sa.LargeBinary()))
    op.add_column("referrals", sa.Column("assignee_id", sa.Uuid()))
    op.add_column(
        "referrals", sa.Column("answer_arrived", sa.Boolean(), nullable=False, server_default=sa.text("false"))
    )
    op.add_column("referral_moves", sa.Column("duplicate_of", sa.Uuid()))
    op.create_index("ix_referral_marks_tenant_id_referral_id", "referral_marks", ["tenant_id", "referral_id"])
    op.create_index("ix_referrals_tenant_id_reference", "referrals", ["tenant_id", sa.text('"right"(id::text, 6)')])
    create_tenant_table(
        op,
        "referral_questions",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Uuid()),
        sa.Column("question", sa.LargeBinary(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("answer", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_referral_questions"),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name="fk_referral_questions_tenant_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "referral_id"],
            ["referrals.tenant_id", "referrals.id"],
            name="fk_referral_questions_tenant_id_referral_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_referral_questions_tenant_id_referral_id", "referral_questions", ["tenant_id", "referral_id"])
    create_tenant_table(
        op,
        "referral_filters",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("filters", pg.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_referral_filters"),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name="fk_referral_filters_tenant_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "staff_id"],
            ["staff.tenant_id", "staff.id"],
            name="fk_referral_filters_tenant_id_staff_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_referral_filters_tenant_id_staff_id", "referral_filters", ["tenant_id", "staff_id"])


def downgrade() -> None:
    """Drops the questions with their answers, saved filters, and who takes care of what."""
    op.drop_table("referral_filters")
    op.drop_table("referral_questions")
    op.drop_index("ix_referrals_tenant_id_reference", "referrals")
    op.drop_index("ix_referral_marks_tenant_id_referral_id", "referral_marks")
    op.drop_column("referral_moves", "duplicate_of")
    op.drop_column("referrals", "answer_arrived")
    op.drop_column("referrals", "assignee_id")
    op.drop_column("referrals", "summary")
