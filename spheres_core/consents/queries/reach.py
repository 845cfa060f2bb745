"""Answers which classes of information about one participant the reader may touch now, and who she is to her."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, DateTime, Select, Text, Uuid, any_, bindparam, select, union
from sqlalchemy.dialects.postgresql import ARRAY

from spheres_core.consents.queries.readable import PARAMETERS, reach, standings
from spheres_core.consents.queries.reader import settings_for
from spheres_core.consents.schemas import ACTS, NO_ORGANIZATION, NO_PERSON, Act, Purpose
from spheres_core.foundation.database.statements import Statement, prepare, scoped
from spheres_core.foundation.tenancy.context import Context


class ReachedOf(Struct, frozen=True):
    """A class of information about one of several participants that the reader may touch, and what lets her."""

    participant_id: UUID
    information: str
    standing: UUID
    entry: UUID | None


class Reached(Struct, frozen=True):
    """A class of information that the reader may touch, what lets her, and the days it may be about."""

    information: str
    standing: UUID
    entry: UUID | None
    """None where the standing needs no consent."""
    first_day: dt.date
    last_day: dt.date


def _reached(act: Act) -> Statement[Reached]:
    within = reach(PARAMETERS, act, named=True).subquery("within_reach")
    return prepare(
        select(*(within.c[name] for name in Reached.__struct_fields__))
        .where(within.c.participant_id == bindparam("participant", type_=Uuid()))
        .order_by(within.c.information, within.c.first_day, within.c.last_day.desc(), within.c.standing),
        into=Reached,
    )


def _reached_of_many(act: Act) -> Statement[ReachedOf]:
    within = reach(PARAMETERS, act, named=True).subquery("within_reach")
    return prepare(
        select(*(within.c[name] for name in ReachedOf.__struct_fields__))
        .where(within.c.participant_id == any_(bindparam("ids", type_=ARRAY(Uuid()))))
        .order_by(within.c.participant_id, within.c.information, within.c.standing),
        into=ReachedOf,
    )


REACHED: Final[Mapping[Act, Statement[Reached]]] = {act: _reached(act) for act in ACTS}
TO_DISCUSS: Final = _reached_of_many("discuss")
_now, _staff, _organization = (
    bindparam("now", type_=DateTime(timezone=True)), bindparam("staff", type_=Uuid()),
    bindparam("organization", type_=Text()),
)  # fmt: skip


def _held(*by: ColumnElement[bool]) -> Select[Any]:
    return select(standings.c.purpose).where(
        scoped(standings),
        standings.c.starts <= _now,
        standings.c.ends > _now,
        *by,
    )


_by_name = _held(standings.c.staff_id == _staff)
PURPOSES_HELD_BY_NAME: Final = prepare(_by_name.distinct())
PURPOSES_HELD: Final = prepare(
    union(_by_name, _held(standings.c.staff_id == NO_PERSON, standings.c.recipient == _organization))
)
"""By name or by organization, and whatever the purpose: one condition for both, or one that names purposes, would be
planned at each request, which takes longer than to look at each standing."""


async def classes_reached(
    ctx: Context, reader: Mapping[str, Any], participant: UUID, *, act: Act = "read"
) -> dict[str, list[Reached]]:
    """Returns, by class, what lets the reader do this with information about the participant.

    `reader`: from `consents.queries.reader.read_for`.
    """
    found: dict[str, list[Reached]] = {}
    for each in await ctx.db.all(REACHED[act], participant=participant, **reader):
        found.setdefault(each.information, []).append(each)
    return found


async def classes_to_discuss(
    ctx: Context, reader: Mapping[str, Any], participants: Collection[UUID]
) -> dict[UUID, dict[str, ReachedOf]]:
    """Returns, by participant and class, what lets the reader discuss it now, in one statement for all.

    `reader`: from `consents.queries.reader.read_for`, for this act.
    """
    found: dict[UUID, dict[str, ReachedOf]] = {}
    for each in await ctx.db.all(TO_DISCUSS, ids=list(participants), **reader) if participants else []:
        found.setdefault(each.participant_id, {}).setdefault(each.information, each)
    return found


async def purposes_held(ctx: Context, among: Sequence[Purpose]) -> list[Purpose]:
    """Returns the purposes for which the actor has a standing to anybody now, in their order.

    The transaction reads for the first of `among` then, which opens nothing where it is not held: most often that is
    the one that is looked through first, and the database is told with this question.
    """
    if not among or ctx.actor.id in (None, NO_PERSON):
        return []
    values = {"now": ctx.now, "staff": ctx.actor.id}
    statement = PURPOSES_HELD_BY_NAME
    if ctx.actor.organization != NO_ORGANIZATION:
        statement, values = PURPOSES_HELD, {"organization": ctx.actor.organization, **values}
    held = await ctx.db.ask_while_telling(settings_for(ctx, among[0]), statement, **values)
    return [purpose for purpose in among if purpose in held]
