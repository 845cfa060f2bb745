"""Participants, and what decides who may see what of them: standings, consents with their entries, exclusions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from spheres_core.consents.queries.policies import REACH, create_reach, restrict
from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

DECIDING = ("exclusions", "consent_entries", "consents", "standings")


def upgrade() -> None:
    """Creates five tables with row-level security; participants are restricted further to whoever may know of them."""
    _create(
        "participants",
        sa.Column("code", sa.LargeBinary(), nullable=False),
        sa.Column("code_mark", sa.LargeBinary(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.UniqueConstraint("tenant_id", "code_mark", name="uq_participants_tenant_id_code_mark"),
    )
    _create(
        "standings",
        *_of_participant("standings"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("classes", pg.ARRAY(sa.Text()), nullable=False),
        sa.Column("acts", pg.ARRAY(sa.Text()), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        *_lasting(),
        sa.Column("opened_by_kind", sa.Text(), nullable=False),
        sa.Column("opened_by_id", sa.Uuid(), nullable=False),
        sa.Column("basis", sa.LargeBinary()),
    )
    _create(
        "consents",
        *_of_participant("consents"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("giver", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("words", sa.LargeBinary()),
        sa.Column("recorded_by", sa.Uuid()),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
    )
    _create(
        "consent_entries",
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        *_of_participant("consent_entries"),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("information", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        *_lasting(),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("onward", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["tenant_id", "consent_id"],
            ["consents.tenant_id", "consents.id"],
            name="fk_consent_entries_tenant_id_consent_id",
            ondelete="CASCADE",
        ),
    )
    _create(
        "exclusions",
        *_of_participant("exclusions"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("organization", sa.Text(), nullable=False),
        sa.Column("information", sa.Text(), nullable=False),
        *_lasting(),
        sa.Column("reason", sa.LargeBinary()),
        sa.Column("recorded_by", sa.Uuid()),
    )
    for table, columns in (
        ("standings", ["staff_id", "participant_id"]),
        ("standings", ["participant_id"]),
        ("consents", ["participant_id"]),
        ("consent_entries", ["participant_id", "recipient"]),
        ("consent_entries", ["consent_id"]),
        ("exclusions", ["participant_id"]),
    ):
        op.create_index(f"ix_{table}_tenant_id_{'_'.join(columns)}", table, ["tenant_id", *columns])
    create_reach(op)
    restrict(op, "participants")


def downgrade() -> None:
    """Everything about participants is lost with their tables."""
    for command in ("select", "insert", "update", "delete"):
        op.execute(f"DROP POLICY participant_{command} ON participants")
    for view in REACH.values():
        op.execute(f"DROP VIEW {view}")
    for table in (*DECIDING, "participants"):
        op.drop_table(table)


def _create(name: str, *columns: sa.schema.SchemaItem) -> None:
    create_tenant_table(
        op,
        name,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("tenant_id", "id", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=f"fk_{name}_tenant_id", ondelete="CASCADE"),
    )


def _of_participant(name: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "participant_id"],
            ["participants.tenant_id", "participants.id"],
            name=f"fk_{name}_tenant_id_participant_id",
            ondelete="CASCADE",
        ),
    )


def _lasting() -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("starts", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False),
    )
