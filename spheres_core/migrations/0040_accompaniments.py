"""Accompaniments: what she goes to with somebody beside her, steps of the law apart. Principles used in encounters."""

import sqlalchemy as sa
from alembic import op

from spheres_core.consents.queries.policies import AboutParticipants, restrict
from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the tables, restricted by the class of information that each row says."""
    create_tenant_table(
        op,
        "accompaniments",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("participation_id", sa.Uuid(), nullable=False),
        sa.Column("information", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wish", sa.Text()),
        sa.Column("who_goes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("author", sa.Uuid()),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_accompaniments"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_accompaniments_tenant_id", ondelete="CASCADE"),
        *(_within(f"{table}_id", f"{table}s", "accompaniments") for table in ("participant", "participation")),
    )
    create_tenant_table(
        op,
        "accompaniment_texts",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("accompaniment_id", sa.Uuid(), nullable=False),
        sa.Column("information", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("words", sa.LargeBinary()),
        sa.Column("author", sa.Uuid()),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_accompaniment_texts"),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name="fk_accompaniment_texts_tenant_id", ondelete="CASCADE"
        ),
        *(_within(f"{table}_id", f"{table}s", "accompaniment_texts") for table in ("participant", "accompaniment")),
        append_only=True,
    )
    for table, columns in (
        ("accompaniments", ["participant_id", "id"]),
        ("accompaniments", ["participation_id"]),
        ("accompaniment_texts", ["participant_id"]),
        ("accompaniment_texts", ["accompaniment_id"]),
    ):
        op.create_index(f"ix_{table}_tenant_id_{'_'.join(columns)}", table, ["tenant_id", *columns])
    for table in ("accompaniments", "accompaniment_texts"):
        restrict(op, table, AboutParticipants("*information"))
    op.add_column("encounters", sa.Column("principles", sa.ARRAY(sa.Text()), nullable=False, server_default="{}"))
    op.alter_column("encounters", "principles", server_default=None)


def downgrade() -> None:
    """Drops the tables with what they hold."""
    op.drop_column("encounters", "principles")
    op.drop_table("accompaniment_texts")
    op.drop_table("accompaniments")


def _within(column: str, other: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{other}.tenant_id", f"{other}.id"],
        name=f"fk_{table}_tenant_id_{column}",
        ondelete="CASCADE",
    )
