"""Links by which somebody without an account answers one service request."""

import sqlalchemy as sa
from alembic import op

from spheres_core.consents.queries.policies import restrict
from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the table, restricted to whoever may see service requests."""
    create_tenant_table(
        op,
        "answer_links",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("organization", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.Column("author", sa.Uuid()),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_answer_links"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_answer_links_tenant_id", ondelete="CASCADE"),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", own], [f"{other}.tenant_id", f"{other}.id"], name=f"fk_answer_links_tenant_id_{own}",
                ondelete="CASCADE",
            )
            for own, other in (("participant_id", "participants"), ("request_id", "service_requests"))
        ),
    )  # fmt: skip
    for column in ("participant_id", "request_id"):
        op.create_index(f"ix_answer_links_tenant_id_{column}", "answer_links", ["tenant_id", column])
    op.create_index("ix_answer_links_tenant_id_hash", "answer_links", ["tenant_id", "hash"], unique=True)
    restrict(op, "answer_links")


def downgrade() -> None:
    """No link opens anything any more."""
    op.drop_table("answer_links")
