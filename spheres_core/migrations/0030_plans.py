"""Needs, strengths and goals of participants, where they stand, and the words about all of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from spheres_core.consents.queries.policies import restrict
from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

TABLES = ("plan_texts", "cycle_stages", "goal_stages", "goals", "strengths", "needs")
PARTICIPATION = ("participation_id", "participations")


def upgrade() -> None:
    """Creates six tables with row-level security, restricted to whoever may see what of her."""
    _create(
        "needs",
        PARTICIPATION,
        sa.Column("need", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("identified_by", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    _create(
        "strengths",
        PARTICIPATION,
        sa.Column("identified_by", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    _create(
        "goals",
        PARTICIPATION,
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("wanted_on", sa.Date()),
        sa.Column("template", sa.Text()),
        sa.Column("needs", pg.ARRAY(sa.Text()), nullable=False),
        sa.Column("hers", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    _create(
        "goal_stages",
        ("goal_id", "goals"),
        sa.Column("placed_by", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text()),
        *(sa.Column(ruler, sa.SmallInteger()) for ruler in ("importance", "confidence", "progress")),
        append_only=True,
    )
    _create(
        "cycle_stages",
        PARTICIPATION,
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("model_version", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text()),
        sa.Column("her_stage", sa.Text()),
        append_only=True,
    )
    _create(
        "plan_texts",
        None,
        sa.Column("about", sa.Uuid(), nullable=False),
        sa.Column("information", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("hers", sa.Boolean(), nullable=False),
        sa.Column("words", sa.LargeBinary()),
        append_only=True,
    )
    for table in ("needs", "strengths", "goals", "cycle_stages"):
        _index(table, "participant_id", "id")
        _index(table, "participation_id")
    _index("goal_stages", "participant_id")
    _index("goal_stages", "goal_id", "id")
    _index("plan_texts", "participant_id")
    _index("plan_texts", "about")
    for table in TABLES:
        restrict(op, table)


def downgrade() -> None:
    """All that was written of needs, strengths, goals and stages is lost."""
    for table in TABLES:
        op.drop_table(table)


def _create(
    name: str, part_of: tuple[str, str] | None, *columns: sa.schema.SchemaItem, append_only: bool = False
) -> None:
    references = [("participant_id", "participants"), *([part_of] if part_of else [])]
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


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_tenant_id_{'_'.join(columns)}", table, ["tenant_id", *columns])
