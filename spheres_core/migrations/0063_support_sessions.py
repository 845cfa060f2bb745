"""Sessions of clinical support for members of staff, and who takes part. They are about nobody who is followed."""

import sqlalchemy as sa
from alembic import op

from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

SESSIONS, PARTS = "support_sessions", "support_session_parts"


def upgrade() -> None:
    """Creates two tables with row-level security."""
    create_tenant_table(
        op,
        SESSIONS,
        *_own(),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date()),
        sa.Column("asked_by", sa.Uuid()),
        sa.Column("given_by", sa.Uuid()),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.LargeBinary()),
        sa.Column("notes", sa.LargeBinary()),
        sa.Column("version", sa.Integer(), nullable=False),
        *_keys(SESSIONS),
    )
    op.create_index(f"ix_{SESSIONS}_tenant_id_state_id", SESSIONS, ["tenant_id", "state", "id"])
    create_tenant_table(
        op,
        PARTS,
        *_own(),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("equipped_before", sa.SmallInteger()),
        sa.Column("equipped_after", sa.SmallInteger()),
        sa.Column("words", sa.LargeBinary()),
        *_keys(PARTS),
        sa.UniqueConstraint("tenant_id", "session_id", "staff_id", name=f"uq_{PARTS}_tenant_id_session_id_staff_id"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "session_id"], [f"{SESSIONS}.tenant_id", f"{SESSIONS}.id"],
            name=f"fk_{PARTS}_tenant_id_session_id", ondelete="CASCADE",
        ),
    )  # fmt: skip
    op.create_index(f"ix_{PARTS}_tenant_id_staff_id", PARTS, ["tenant_id", "staff_id"])


def downgrade() -> None:
    """Drops the tables with all sessions."""
    op.drop_table(PARTS)
    op.drop_table(SESSIONS)


def _own() -> tuple[sa.Column[object], ...]:
    return (sa.Column("tenant_id", sa.Uuid(), nullable=False), sa.Column("id", sa.Uuid(), nullable=False))


def _keys(table: str) -> tuple[sa.Constraint, ...]:
    own = sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=f"fk_{table}_tenant_id", ondelete="CASCADE")
    return (sa.PrimaryKeyConstraint("tenant_id", "id", name=f"pk_{table}"), own)
