"""The support of close ones: records, what was done for them, what they were offered. No key leads to a participant."""

import sqlalchemy as sa
from alembic import op

from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

_OF_RECORD = ["entourage_records.tenant_id", "entourage_records.id"]


def upgrade() -> None:
    """Creates three tables with row-level security."""
    create_tenant_table(
        op,
        "entourage_records",
        *_own(),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Uuid()),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("assignee_id", sa.Uuid()),
        sa.Column("code", sa.LargeBinary(), nullable=False),
        sa.Column("code_mark", sa.LargeBinary(), nullable=False),
        sa.Column("called", sa.LargeBinary()),
        sa.Column("ask", sa.LargeBinary(), nullable=False),
        sa.Column("reach", sa.LargeBinary(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_keys("entourage_records"),
        sa.UniqueConstraint("tenant_id", "code_mark", name="uq_entourage_records_tenant_id_code_mark"),
    )
    op.create_index("ix_entourage_records_tenant_id_state_id", "entourage_records", ["tenant_id", "state", "id"])
    _of_record(
        "entourage_notes",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid()),
    )
    _of_record(
        "entourage_offers",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("day", sa.Date()),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_id", sa.Uuid()),
    )


def downgrade() -> None:
    """Drops the tables with all records."""
    for name in ("entourage_offers", "entourage_notes", "entourage_records"):
        op.drop_table(name)


def _of_record(name: str, *columns: sa.Column[object]) -> None:
    """Creates a table whose rows go with their record."""
    create_tenant_table(
        op,
        name,
        *_own(),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        *columns,
        sa.Column("words", sa.LargeBinary(), nullable=False),
        *_keys(name),
        sa.ForeignKeyConstraint(
            ["tenant_id", "record_id"], _OF_RECORD, name=f"fk_{name}_tenant_id_record_id", ondelete="CASCADE"
        ),
    )
    op.create_index(f"ix_{name}_tenant_id_record_id", name, ["tenant_id", "record_id"])


def _own() -> tuple[sa.Column[object], ...]:
    return (sa.Column("tenant_id", sa.Uuid(), nullable=False), sa.Column("id", sa.Uuid(), nullable=False))


def _keys(table: str) -> tuple[sa.Constraint, ...]:
    own = sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=f"fk_{table}_tenant_id", ondelete="CASCADE")
    return (sa.PrimaryKeyConstraint("tenant_id", "id", name=f"pk_{table}"), own)
