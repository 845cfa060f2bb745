"""Services that partners are asked for, how that went on, and needs that nobody can meet."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from spheres_core.consents.queries.policies import restrict
from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

TABLES = ("service_gaps", "service_request_moves", "service_requests")
PARTICIPATION = ("participation_id", "participations")


def upgrade() -> None:
    """Creates three tables with row-level security, restricted to whoever may see what of her."""
    _create(
        "service_requests",
        PARTICIPATION,
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("organization", sa.Text(), nullable=False),
        sa.Column("need", sa.Text()),
        *_asked(),
        sa.Column("shares", pg.ARRAY(sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("outcome", sa.Text()),
        sa.Column("bypasses_waiting_list", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    _create(
        "service_request_moves",
        ("request_id", "service_requests"),
        sa.Column("from_state", sa.Text(), nullable=False),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("by_partner", sa.Boolean(), nullable=False),
        append_only=True,
    )
    _create("service_gaps", PARTICIPATION, sa.Column("need", sa.Text(), nullable=False), *_asked(), append_only=True)
    for table, columns in (
        ("service_requests", ("participant_id", "id")),
        ("service_requests", ("participation_id",)),
        ("service_requests", ("organization", "id")),
        ("service_request_moves", ("participant_id",)),
        ("service_request_moves", ("request_id",)),
        ("service_gaps", ("participant_id", "id")),
        ("service_gaps", ("participation_id",)),
    ):
        op.create_index(f"ix_{table}_tenant_id_{'_'.join(columns)}", table, ["tenant_id", *columns])
    for table in TABLES:
        restrict(op, table)


def downgrade() -> None:
    """All that was asked of partners is lost."""
    for table in TABLES:
        op.drop_table(table)


def _asked() -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("age", sa.SmallInteger()),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
    )


def _create(name: str, part_of: tuple[str, str], *columns: sa.schema.SchemaItem, append_only: bool = False) -> None:
    references = (("participant_id", "participants"), part_of)
    create_tenant_table(
        op,
        name,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(own, sa.Uuid(), nullable=False) for own, _ in references),
        *columns,
        sa.Column("author", sa.Uuid()),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=f"fk_{name}_tenant_id", ondelete="CASCADE"),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", own], [f"{other}.tenant_id", f"{other}.id"], name=f"fk_{name}_tenant_id_{own}",
                ondelete="CASCADE",
            )
            for own, other in references
        ),
        append_only=append_only,
    )  # fmt: skip
