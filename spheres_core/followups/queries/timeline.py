"""Finds what was done in a file, from each table that tells it, as far as the reader may read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    Integer,
    Table,
    Uuid,
    any_,
    bindparam,
    case,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy import Text as SqlText
from sqlalchemy.dialects.postgresql import ARRAY

from spheres_core.audit import queries as audit_queries
from spheres_core.consents.queries.access import is_open_on_any_day
from spheres_core.consents.queries.readable import permitted
from spheres_core.consents.schemas import TEAM
from spheres_core.followups.models import ParticipationMoveRow
from spheres_core.followups.queries.accompaniments import accompaniments
from spheres_core.followups.queries.assignments import assignments
from spheres_core.followups.queries.encounters import attempts, encounters
from spheres_core.followups.queries.reporting_decisions import decisions
from spheres_core.followups.queries.vulnerable_dates import dates
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import Statement, constant, prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.schemas.files import ParticipantAccess

HERS: Final = bindparam("participant", type_=Uuid())
NOTHING: Final = constant("", SqlText())
OF_ORGANIZATION: Final = bindparam("of_organization", type_=SqlText())
"""For whom the reader reads: the team, or an organization, which sees of requests its own only."""
THEME: Final = bindparam("theme", type_=SqlText())
PRINCIPLE: Final = bindparam("principle", type_=SqlText())
"""Only encounters about this theme, with this principle; empty for all of them."""
KINDS: Final = bindparam("kinds", type_=ARRAY(SqlText()))
"""The kinds of acts that are asked for, of a table that holds several."""
moves = table(ParticipationMoveRow)


class Act(Struct, frozen=True):
    """One act, in codes."""

    id: UUID
    kind: str
    at: dt.datetime
    what: str
    how: str
    by: UUID | None
    written_at: dt.datetime


def acts_in(
    rows: Table,
    kind: str | ColumnElement[str],
    information: str | ColumnElement[str],
    *,
    what: ColumnElement[Any],
    at: ColumnElement[Any],
    by: ColumnElement[Any],
    how: ColumnElement[Any] = NOTHING,
    written_at: ColumnElement[Any] | None = None,
    where: Collection[ColumnElement[bool]] = (),
    team_only: bool = False,
) -> Statement[Act]:
    """Prepares the query of a table's acts about a participant, the last written first, as far as the reader may.

    `kind`, `information`: of all of them, or of each; a table of several kinds is asked once for those that are wanted.
    `what`, `how`: codes that say what was done; `written_at`: `at` where it is the same. `team_only`: of a table that
    is for the team only.
    """
    columns = {"kind": constant(kind, SqlText()) if isinstance(kind, str) else type_coerce(kind, SqlText())}
    columns |= {"at": at, "what": type_coerce(what, SqlText()), "how": type_coerce(how, SqlText()), "by": by}
    columns["written_at"] = at if written_at is None else written_at
    of_kinds = [] if isinstance(kind, str) else [kind == any_(KINDS)]
    return prepare(
        select(rows.c.id, *(each.label(name) for name, each in columns.items()))
        .where(scoped(rows), rows.c.id < bindparam("before", type_=Uuid()))
        .where(
            permitted(rows.c.participant_id, information, rows.c.dated_on, hers=HERS, team_only=team_only),
            *of_kinds,
            *where,
        )
        .order_by(rows.c.id.desc())
        .limit(bindparam("limit", type_=Integer())),
        into=Act,
    )


PARTICIPATIONS: Final = acts_in(
    moves, "participation", "participation", at=moves.c.at, what=moves.c.to_state, by=moves.c.recorded_by
)
ASSIGNMENTS: Final = acts_in(
    assignments, "assignment", "participation",
    at=assignments.c.starts, what=assignments.c.part, by=assignments.c.staff_id,
)  # fmt: skip
ENCOUNTERS: Final = acts_in(
    encounters, "encounter", "encounters",
    at=encounters.c.at, what=encounters.c.state, how=encounters.c.kind, by=encounters.c.author,
    written_at=encounters.c.written_at,
    where=[or_(bind == NOTHING, bind == any_(codes)) for bind, codes in
           ((THEME, encounters.c.themes), (PRINCIPLE, encounters.c.principles))],
)  # fmt: skip
ACCOMPANIMENTS: Final = acts_in(
    accompaniments,
    case((accompaniments.c.information == constant("legal", SqlText()), constant("legal_step", SqlText())),
         else_=constant("accompaniment", SqlText())),
    accompaniments.c.information,
    at=accompaniments.c.at, what=accompaniments.c.state, how=accompaniments.c.kind, by=accompaniments.c.author,
    written_at=accompaniments.c.written_at,
)  # fmt: skip
REPORTING_DECISIONS: Final = acts_in(
    decisions, "reporting_decision", "legal", at=decisions.c.written_at, what=decisions.c.decision,
    how=decisions.c.recipient, by=decisions.c.decided_by, where=[constant(TEAM, SqlText()) == OF_ORGANIZATION],
    team_only=True,
)  # fmt: skip
ATTEMPTS: Final = acts_in(
    attempts, "contact_attempt", "encounters",
    at=attempts.c.at, what=attempts.c.channel, how=attempts.c.outcome, by=attempts.c.author,
)  # fmt: skip
DATES: Final = acts_in(
    dates, "date", "needs_and_plan", at=dates.c.written_at, what=dates.c.kind, by=dates.c.author
)  # fmt: skip


async def acts_of(
    ctx: Context,
    file: ParticipantAccess,
    kinds: Collection[str],
    *,
    before: UUID,
    limit: int,
    looked: str,
    theme: str = "",
    principle: str = "",
) -> tuple[list[Act], dt.datetime | None]:
    """Returns the last written acts of these kinds, and when the actor last did what the verb `looked` says of her, in
    one statement. A class that is open on no day is not asked for.

    `theme`, `principle`: of encounters, only those about it, or with it.
    """
    known = ctx.plugins.timeline_acts
    opened = [kind for kind in kinds if is_open_on_any_day(ctx, file.decided, known[kind].information)]
    wanted = tuple(dict.fromkeys(each for kind in opened for each in known[kind].statements))
    if not wanted:
        return [], await audit_queries.last_of_actor(ctx, looked, file.id)
    values = {"participant": file.id, "before": before, "limit": limit, **file.reader}
    values[OF_ORGANIZATION.key] = file.decided.recipient
    values |= {THEME.key: theme, PRINCIPLE.key: principle, KINDS.key: opened}
    last = audit_queries.LAST_OF_ACTOR.of(verb=looked, subject=file.id, actor=ctx.actor.id)
    acts, moments = await ctx.db.batch(_together(wanted).of(**values), last)
    return acts, moments[0][0] if moments else None


@lru_cache(maxsize=256)
def _together(wanted: tuple[Statement[Act], ...]) -> Statement[Act]:
    """Returns the last written acts of all these queries, so that what decides about a class is asked once for all."""
    every = union_all(*(select(each.source.subquery()) for each in wanted)).subquery("every")  # type: ignore[attr-defined]
    return prepare(
        select(*(every.c[name] for name in Act.__struct_fields__))
        .order_by(every.c.id.desc())
        .limit(bindparam("limit", type_=Integer())),
        into=Act,
    )
