"""Encounters with participants, the words about them, and attempts to reach her."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from spheres_core.consents.queries.policies import restrict
from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

TABLES = ("contact_attempts", "encounter_texts", "encounters")


def upgrade() -> None:
    """Creates three tables with row-level security, restricted to whoever may see what of her."""
    _create(
        "encounters",
        _part_of("participation_id", "participations"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.Text()),
        sa.Column("themes", pg.ARRAY(sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_written(),
    )
    _create(
        "encounter_texts",
        _part_of("encounter_id", "encounters"),
        sa.Column("information", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("words", sa.LargeBinary()),
        *_written(),
        append_only=True,
    )
    _create(
        "contact_attempts",
        _part_of("participation_id", "participations"),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("author", sa.Uuid()),
        append_only=True,
    )
    for table, columns in (
        ("encounters", ["participant_id", "id"]),
        ("encounters", ["participation_id"]),
        ("encounter_texts", ["participant_id"]),
        ("encounter_texts", ["encounter_id"]),
        ("contact_attempts", ["participant_id", "id"]),
        ("contact_attempts", ["participation_id"]),
    ):
        op.create_index(f"ix_{table}_tenant_id_{'_'.join(columns)}", table, ["tenant_id", *columns])
    for table in TABLES:
        restrict(op, table)


def downgrade() -> None:
    """All that was written about encounters is lost."""
    for table in TABLES:
        op.drop_table(table)


def _create(name: str, part_of: tuple[str, str], *columns: sa.schema.SchemaItem, append_only: bool = False) -> None:
    column, target = part_of
    create_tenant_table(
        op,
        name,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column(column, sa.Uuid(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("tenant_id", "id", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=f"fk_{name}_tenant_id", ondelete="CASCADE"),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", own], [f"{other}.tenant_id", f"{other}.id"], name=f"fk_{name}_tenant_id_{own}",
                ondelete="CASCADE",
            )
            for own, other in (("participant_id", "participants"), (column, target))
        ),
        append_only=append_only,
    )  # fmt: skip


def _part_of(column: str, target: str) -> tuple[str, str]:
    return column, target


def _written() -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("author", sa.Uuid()),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
    )
