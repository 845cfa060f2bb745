"""Finds what was done in a file, from each table that tells it, as far as the reader may read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any, Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, Integer, Table, Uuid, bindparam, literal, select, type_coerce
from sqlalchemy import Text as SqlText

from spheres_core.consents.queries.readable import permitted
from spheres_core.followups.models import ParticipationMoveRow
from spheres_core.followups.queries.assignments import assignments
from spheres_core.followups.queries.encounters import attempts, encounters
from spheres_core.followups.queries.vulnerable_dates import dates
from spheres_core.followups.schemas.timeline import TimelineKind
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import Statement, prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.schemas.files import ParticipantAccess

moves = table(ParticipationMoveRow)


class Act(Struct, frozen=True):
    """One act, in codes."""

    id: UUID
    kind: TimelineKind
    at: dt.datetime
    what: str
    how: str
    by: UUID | None
    written_at: dt.datetime


def _acts(rows: Table, kind: TimelineKind, information: str, *columns: ColumnElement[Any]) -> Statement[Act]:
    """Selects a table's acts: `columns` are its `at`, `what`, `how`, `by` and `written_at`."""
    at, what, how, by, written_at = columns
    return prepare(
        select(rows.c.id, literal(kind, SqlText()).label("kind"), at, type_coerce(what, SqlText()), how, by, written_at)
        .where(scoped(rows), rows.c.participant_id == bindparam("participant"))
        .where(rows.c.id < bindparam("before", type_=Uuid()))
        .where(permitted(rows.c.participant_id, information, rows.c.dated_on))
        .order_by(rows.c.id.desc())
        .limit(bindparam("limit", type_=Integer())),
        into=Act,
    )


_NOTHING: Final = literal("", SqlText()).label("nothing")
SOURCES: Final[dict[TimelineKind, Statement[Act]]] = {
    "participation": _acts(
        moves, "participation", "participation",
        moves.c.at, moves.c.to_state, _NOTHING, moves.c.recorded_by, moves.c.at.label("written_at"),
    ),
    "assignment": _acts(
        assignments, "assignment", "participation",
        assignments.c.starts, assignments.c.part, _NOTHING, assignments.c.staff_id,
        assignments.c.starts.label("written_at"),
    ),
    "encounter": _acts(
        encounters, "encounter", "encounters",
        encounters.c.at, encounters.c.state, encounters.c.kind.label("how"), encounters.c.author,
        encounters.c.written_at,
    ),
    "contact_attempt": _acts(
        attempts, "contact_attempt", "encounters",
        attempts.c.at, attempts.c.channel, attempts.c.outcome, attempts.c.author, attempts.c.at.label("written_at"),
    ),
    "date": _acts(
        dates, "date", "needs_and_plan",
        dates.c.written_at.label("at"), dates.c.kind.label("what"), _NOTHING, dates.c.author, dates.c.written_at,
    ),
}  # fmt: skip
INFORMATION_OF: Final[Mapping[TimelineKind, str]] = {
    "participation": "participation",
    "assignment": "participation",
    "encounter": "encounters",
    "contact_attempt": "encounters",
    "date": "needs_and_plan",
}
"""The class of information of each kind of act."""


async def acts_of(
    ctx: Context, file: ParticipantAccess, kinds: Collection[str], *, before: UUID, limit: int
) -> list[Act]:
    """Returns the last written acts of these kinds, in one round trip."""
    wanted = [statement for kind, statement in SOURCES.items() if not kinds or kind in kinds]
    values = {"participant": file.id, "before": before, "limit": limit, **file.reader}
    found = await ctx.db.batch(*(each.of(**values) for each in wanted))
    return sorted((act for rows in found for act in rows), key=lambda act: act.id, reverse=True)[:limit]
