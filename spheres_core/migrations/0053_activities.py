"""Outings, who was asked to them and came, her words about them, and who must not meet whom."""

import sqlalchemy as sa
from alembic import op

from spheres_core.consents.queries.policies import AboutParticipants, restrict
from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

RESTRICTED = {
    "outing_invitations": AboutParticipants("activities"),
    "outing_texts": AboutParticipants("own_words"),
    "kept_apart": AboutParticipants("participation", team_only=True),
}
TABLES = ("closed_outings", "kept_apart", "outing_texts", "outing_invitations", "outings")


def upgrade() -> None:
    """Creates the tables; what is about a participant is restricted to whoever may see it of her."""
    moment = sa.DateTime(timezone=True)
    _create(
        "outings",
        {},
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("purposes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("organization", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Uuid()),
        sa.Column("at", moment, nullable=False),
        sa.Column("seats", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("cost_cents", sa.Integer(), nullable=False),
        sa.Column("planned_cents", sa.Integer()),
        sa.Column("spent_cents", sa.Integer()),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("author", sa.Uuid()),
        sa.Column("written_at", moment, nullable=False),
    )
    _create(
        "outing_invitations",
        {"participant_id": "participants", "participation_id": "participations", "outing_id": "outings"},
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("attendance", sa.Text()),
        sa.Column("need_id", sa.Uuid()),
        sa.Column("strength_id", sa.Uuid()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("author", sa.Uuid()),
        sa.Column("written_at", moment, nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.UniqueConstraint(
            "tenant_id",
            "outing_id",
            "participant_id",
            name="uq_outing_invitations_tenant_id_outing_id_participant_id",
        ),
    )
    _create(
        "outing_texts",
        {"participant_id": "participants", "invitation_id": "outing_invitations"},
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("words", sa.LargeBinary()),
        sa.Column("author", sa.Uuid()),
        sa.Column("written_at", moment, nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        append_only=True,
    )
    _create(
        "kept_apart",
        {"participant_id": "participants"},
        sa.Column("pair", sa.Uuid(), nullable=False),
        sa.Column("starts", moment, nullable=False),
        sa.Column("ends", moment, nullable=False),
        sa.Column("author", sa.Uuid()),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.UniqueConstraint("tenant_id", "pair", "participant_id", name="uq_kept_apart_tenant_id_pair_participant_id"),
    )
    _create(
        "closed_outings",
        {"outing_id": "outings"},
        sa.Column("staff", sa.Uuid(), nullable=False),
        sa.UniqueConstraint("tenant_id", "outing_id", "staff", name="uq_closed_outings_tenant_id_outing_id_staff"),
    )
    for table, columns in (
        ("outings", ["at", "id"]),
        ("outing_invitations", ["participant_id", "id"]),
        ("outing_invitations", ["participation_id"]),
        ("outing_texts", ["participant_id"]),
        ("outing_texts", ["invitation_id"]),
        ("kept_apart", ["participant_id"]),
    ):
        op.create_index(f"ix_{table}_tenant_id_{'_'.join(columns)}", table, ["tenant_id", *columns])
    for table, about in RESTRICTED.items():
        restrict(op, table, about)


def downgrade() -> None:
    """Drops the tables with what they hold."""
    for table in TABLES:
        op.drop_table(table)


def _create(name: str, within: dict[str, str], *columns: sa.schema.SchemaItem, append_only: bool = False) -> None:
    create_tenant_table(
        op,
        name,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(column, sa.Uuid(), nullable=False) for column in within),
        *columns,
        sa.PrimaryKeyConstraint("tenant_id", "id", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=f"fk_{name}_tenant_id", ondelete="CASCADE"),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column],
                [f"{other}.tenant_id", f"{other}.id"],
                name=f"fk_{name}_tenant_id_{column}",
                ondelete="CASCADE",
            )
            for column, other in within.items()
        ),
        append_only=append_only,
    )
