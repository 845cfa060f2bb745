"""Committees: seats, meetings, agendas, recommendations; and that who discusses finds what may be discussed."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from spheres_core.consents.queries.policies import AboutParticipants, create_reach, restrict
from spheres_core.foundation.database.tenant_tables import create_tenant_table

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

WRITTEN = (("author", sa.Uuid(), True), ("written_at", sa.DateTime(timezone=True), False))
_ABOUT = (("tenant_id", sa.Uuid(), False), ("id", sa.Uuid(), False), ("participant_id", sa.Uuid(), False))
_OWN = (("tenant_id", sa.Uuid(), False), ("id", sa.Uuid(), False))
_DAY = ("dated_on", sa.Date(), False)


def upgrade() -> None:
    """Creates the tables, and writes the views anew that the policies ask."""
    create_reach(op)
    text, uuid, moment, day = sa.Text(), sa.Uuid(), sa.DateTime(timezone=True), sa.Date()
    _create(
        "committee_seats", *_OWN, ("body", text, False), ("staff_id", uuid, False), ("organization", text, False),
        ("substitute_for", uuid, True), ("starts", day, False), ("ends", day, True), *WRITTEN,
    )  # fmt: skip
    _create(
        "committee_meetings", *_OWN, ("body", text, False), ("at", moment, False), ("ends_at", moment, False),
        ("place", sa.LargeBinary(), False), ("state", text, False), ("version", sa.Integer(), False), *WRITTEN,
    )  # fmt: skip
    _create(
        "committee_absences", *_OWN, ("meeting_id", uuid, False), ("seat_id", uuid, False), *WRITTEN,
        within={"meeting_id": "committee_meetings", "seat_id": "committee_seats"}, unique=[("meeting_id", "seat_id")],
    )  # fmt: skip
    _create(
        "committee_presences", *_OWN, ("meeting_id", uuid, False), ("staff_id", uuid, False), *WRITTEN,
        within={"meeting_id": "committee_meetings"}, unique=[("meeting_id", "staff_id")],
    )  # fmt: skip
    _create(
        "agenda_items", *_ABOUT, ("meeting_id", uuid, False), ("number", sa.SmallInteger(), False),
        ("state", text, False), ("carried", sa.Boolean(), False), ("asked", text, False), ("told_on", day, True),
        ("shares", ARRAY(text), False), ("named", ARRAY(text), False), ("version", sa.Integer(), False), *WRITTEN, _DAY,
        within={"participant_id": "participants", "meeting_id": "committee_meetings"},
        unique=[("meeting_id", "participant_id"), ("meeting_id", "number")],
    )  # fmt: skip
    _create(
        "recusals", *_ABOUT, ("item_id", uuid, False), ("staff_id", uuid, False), *WRITTEN, _DAY,
        within={"participant_id": "participants", "item_id": "agenda_items"}, append_only=True,
    )  # fmt: skip
    _create(
        "recommendations", *_ABOUT, ("item_id", uuid, False), ("staff_id", uuid, False), ("organization", text, False),
        ("due_on", day, False), ("state", text, False), ("told_on", day, True), ("version", sa.Integer(), False),
        *WRITTEN, _DAY, within={"participant_id": "participants", "item_id": "agenda_items"},
    )  # fmt: skip
    _create(
        "recommendation_snapshots", *_ABOUT, ("recommendation_id", uuid, False), ("staff_id", uuid, False),
        ("organization", text, False),
        *((name, sa.Boolean(), False) for name in ("present", "entitled", "recused", "contributed", "dissented")),
        ("entries", ARRAY(uuid), False), _DAY,
        within={"participant_id": "participants", "recommendation_id": "recommendations"}, append_only=True,
    )  # fmt: skip
    _create(
        "committee_texts", *_ABOUT, ("about", uuid, False), ("information", text, False), ("part", text, False),
        ("version", sa.Integer(), False), ("words", sa.LargeBinary(), True), *WRITTEN, _DAY,
        within={"participant_id": "participants"}, append_only=True,
    )  # fmt: skip
    for table, columns in (
        ("committee_seats", ["body"]), ("committee_meetings", ["body", "at"]), ("committee_absences", ["seat_id"]),
        ("agenda_items", ["participant_id"]), ("recusals", ["participant_id"]), ("recusals", ["item_id"]),
        ("recommendations", ["participant_id"]), ("recommendations", ["item_id"]),
        ("recommendation_snapshots", ["participant_id"]), ("recommendation_snapshots", ["recommendation_id"]),
        ("committee_texts", ["participant_id"]), ("committee_texts", ["about"]),
    ):  # fmt: skip
        op.create_index(f"ix_{table}_tenant_id_{'_'.join(columns)}", table, ["tenant_id", *columns])
    for table in ("agenda_items", "recusals", "recommendations", "recommendation_snapshots"):
        restrict(op, table, AboutParticipants("committee"))
    restrict(op, "committee_texts", AboutParticipants("*information"))


def downgrade() -> None:
    """Drops the tables with what they hold."""
    for table in (
        "committee_texts", "recommendation_snapshots", "recommendations", "recusals", "agenda_items",
        "committee_presences", "committee_absences", "committee_meetings", "committee_seats",
    ):  # fmt: skip
        op.drop_table(table)


def _create(
    name: str, *columns: Any, within: dict[str, str] | None = None, unique: list[tuple[str, ...]] | None = None,
    append_only: bool = False,
) -> None:  # fmt: skip
    create_tenant_table(
        op,
        name,
        *(sa.Column(column, kind, nullable=nullable) for column, kind, nullable in columns),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=f"fk_{name}_tenant_id", ondelete="CASCADE"),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column],
                [f"{other}.tenant_id", f"{other}.id"],
                name=f"fk_{name}_tenant_id_{column}",
                ondelete="CASCADE",
            )
            for column, other in (within or {}).items()
        ),
        *(
            sa.UniqueConstraint("tenant_id", *each, name=f"uq_{name}_tenant_id_{'_'.join(each)}")
            for each in unique or ()
        ),
        append_only=append_only,
    )
