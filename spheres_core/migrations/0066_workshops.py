"""Workshops with audiences as counts, figures of them, and what staff log of trainings. They are about nobody."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

WORKSHOPS, FIGURES, TRAININGS = "workshops", "workshop_figures", "trainings"


def upgrade() -> None:
    """Creates three tables with row-level security."""
    create_tenant_table(
        op,
        WORKSHOPS,
        *_own(),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("setting", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("themes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer()),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("organization", sa.Text(), nullable=False),
        sa.Column("given_by", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("audience", postgresql.JSONB(), nullable=False),
        sa.Column("words", sa.LargeBinary()),
        sa.Column("notes", sa.LargeBinary()),
        sa.Column("version", sa.Integer(), nullable=False),
        *_keys(WORKSHOPS),
    )
    op.create_index(f"ix_{WORKSHOPS}_tenant_id_held_on_id", WORKSHOPS, ["tenant_id", "held_on", "id"])
    create_tenant_table(
        op,
        FIGURES,
        *_own(),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("smallest", sa.SmallInteger(), nullable=False),
        sa.Column("held", postgresql.JSONB(), nullable=False),
        sa.Column("reached", postgresql.JSONB(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        *_keys(FIGURES),
        sa.UniqueConstraint("tenant_id", "first_day", name=f"uq_{FIGURES}_tenant_id_first_day"),
    )
    create_tenant_table(
        op,
        TRAININGS,
        *_own(),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("themes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer()),
        sa.Column("organization", sa.Text(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_keys(TRAININGS),
    )
    op.create_index(f"ix_{TRAININGS}_tenant_id_staff_id_held_on_id", TRAININGS,
                    ["tenant_id", "staff_id", "held_on", "id"])  # fmt: skip


def downgrade() -> None:
    """Drops the tables with all workshops and trainings."""
    for table in (TRAININGS, FIGURES, WORKSHOPS):
        op.drop_table(table)


def _own() -> tuple[sa.Column[object], ...]:
    return (sa.Column("tenant_id", sa.Uuid(), nullable=False), sa.Column("id", sa.Uuid(), nullable=False))


def _keys(table: str) -> tuple[sa.Constraint, ...]:
    own = sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=f"fk_{table}_tenant_id", ondelete="CASCADE")
    return (sa.PrimaryKeyConstraint("tenant_id", "id", name=f"pk_{table}"), own)
