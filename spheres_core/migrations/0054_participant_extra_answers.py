"""Answers to extra questions on records of a participant's file: encounters, needs, goals and service requests."""

import sqlalchemy as sa
from alembic import op

from spheres_core.consents.queries.policies import restrict
from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

TABLE = "participant_extra_answers"


def upgrade() -> None:
    """Creates the table, restricted to whoever may see what of her."""
    create_tenant_table(
        op,
        TABLE,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.Uuid(), nullable=False),
        sa.Column("information", sa.Text(), nullable=False),
        sa.Column("form_key", sa.Text(), nullable=False),
        sa.Column("form_version", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("answers", sa.LargeBinary()),
        sa.Column("author", sa.Uuid()),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=f"pk_{TABLE}"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=f"fk_{TABLE}_tenant_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "participant_id"], ["participants.tenant_id", "participants.id"],
            name=f"fk_{TABLE}_tenant_id_participant_id", ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "form_key", "form_version"],
            ["form_versions.tenant_id", "form_versions.form_key", "form_versions.version"],
            name=f"fk_{TABLE}_tenant_id_form_key_form_version",
        ),
        append_only=True,
    )  # fmt: skip
    for column in ("participant_id", "about"):
        op.create_index(f"ix_{TABLE}_tenant_id_{column}", TABLE, ["tenant_id", column])
    restrict(op, TABLE)


def downgrade() -> None:
    """All answers to extra questions on records of participants are lost."""
    op.drop_table(TABLE)
