"""Who a participant is, sealed with a key of its own; who opened it; and how she can safely be reached."""

import sqlalchemy as sa
from alembic import op

from spheres_core.consents.queries.policies import AboutParticipants, restrict
from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

RESTRICTED = {"identities": "identity", "identity_marks": "identity", "safe_contacts": "safe_contact"}


def upgrade() -> None:
    """Creates four tables about participants with row-level security, and the table of the second keys."""
    create_tenant_table(
        op,
        "tenant_vault_keys",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name="pk_tenant_vault_keys"),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name="fk_tenant_vault_keys_tenant_id", ondelete="CASCADE"
        ),
    )
    _create(
        "identities",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("birthday", sa.LargeBinary()),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.Uuid()),
        sa.UniqueConstraint(
            "tenant_id", "participant_id", "version", name="uq_identities_tenant_id_participant_id_version"
        ),
    )
    _create(
        "identity_marks",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.UniqueConstraint(
            "tenant_id", "participant_id", "kind", "mark",
            name="uq_identity_marks_tenant_id_participant_id_kind_mark",
        ),
    )  # fmt: skip
    op.create_index("ix_identity_marks_tenant_id_kind_mark", "identity_marks", ["tenant_id", "kind", "mark"])
    _create(
        "identity_openings",
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Uuid()),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
    )
    op.create_index(
        "ix_identity_openings_tenant_id_participant_id", "identity_openings", ["tenant_id", "participant_id"]
    )
    _create(
        "safe_contacts",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid()),
        sa.UniqueConstraint(
            "tenant_id", "participant_id", "version", name="uq_safe_contacts_tenant_id_participant_id_version"
        ),
    )
    for name, information in RESTRICTED.items():
        restrict(op, name, AboutParticipants(information))


def downgrade() -> None:
    """Identities and safe contact are lost with their tables."""
    for table in ("safe_contacts", "identity_openings", "identity_marks", "identities", "tenant_vault_keys"):
        op.drop_table(table)


def _create(name: str, *columns: sa.schema.SchemaItem) -> None:
    create_tenant_table(
        op,
        name,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        *columns,
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=f"fk_{name}_tenant_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "participant_id"],
            ["participants.tenant_id", "participants.id"],
            name=f"fk_{name}_tenant_id_participant_id",
            ondelete="CASCADE",
        ),
    )
