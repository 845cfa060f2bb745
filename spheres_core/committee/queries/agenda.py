"""Finds items of agendas: for a member those that she may discuss, for her team those in her file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Integer, Uuid, any_, bindparam, exists, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY

from spheres_core.committee.models import AgendaItemRow, RecusalRow
from spheres_core.committee.schemas.agenda import ItemFound
from spheres_core.consents.queries.readable import PARAMETERS, permitted, standings
from spheres_core.consents.queries.reader import read_for
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.models import ParticipantRow
from spheres_core.participants.schemas.files import ParticipantAccess

CLASS: Final = "committee"
ACT: Final = "agenda_item"
"""The kind of act that opens standings of a committee."""
items, recusals, participants = table(AgendaItemRow), table(RecusalRow), table(ParticipantRow)
_columns = [items.c[name] for name in ItemFound.__struct_fields__]
_on = (scoped(items), items.c.state == "on")
_meeting = items.c.meeting_id == bindparam("of_meeting", type_=Uuid())
_opened = exists().where(
    scoped(standings),
    standings.c.opened_by_kind == literal_column(f"'{ACT}'"),
    standings.c.opened_by_id == items.c.id,
    standings.c.staff_id == PARAMETERS.staff,
    standings.c.starts <= PARAMETERS.now,
    standings.c.ends > PARAMETERS.now,
)
"""This very item was opened to the reader: another meeting's about the same participant does not count."""
TO_DISCUSS = prepare(
    select(*_columns)
    .where(*_on, _meeting, _opened, permitted(items.c.participant_id, CLASS, items.c.dated_on, act="discuss"))
    .order_by(items.c.number),
    into=ItemFound,
)
CODES = prepare(
    select(participants.c.id, participants.c.code)
    .where(scoped(participants), participants.c.id == any_(bindparam("ids", type_=ARRAY(Uuid()))))
    .where(permitted(participants.c.id, "participation", participants.c.dated_on, act="discuss"))
)
IN_MEETING = prepare(select(*_columns).where(*_on, _meeting).order_by(items.c.number), into=ItemFound)
"""For work that belongs to no person."""
HIGHEST = prepare(select(items.c.number).where(scoped(items), _meeting).order_by(items.c.number.desc()).limit(1))
"""The last number of a meeting, whoever it is about. For work that belongs to no person."""
_hers = (
    select(*_columns)
    .where(scoped(items), items.c.participant_id == bindparam("participant"))
    .where(permitted(items.c.participant_id, CLASS, items.c.dated_on))
)
HERS = prepare(
    _hers.where(items.c.id < bindparam("before", type_=Uuid()))
    .order_by(items.c.id.desc())
    .limit(bindparam("limit", type_=Integer())),
    into=ItemFound,
)
ONE_OF_HERS = prepare(_hers.where(items.c.id == bindparam("id")), into=ItemFound)
OF_HER_IN = prepare(
    select(*_columns).where(scoped(items), _meeting, items.c.participant_id == bindparam("participant")),
    into=ItemFound,
)
"""Her item in a meeting, also one that was taken off. For work that belongs to no person."""
OF_HER = prepare(select(*_columns).where(*_on, items.c.participant_id == bindparam("participant")), into=ItemFound)
"""Her items in all meetings. For work that belongs to no person."""
RECUSED = prepare(
    select(recusals.c.staff_id).where(scoped(recusals), recusals.c.participant_id == bindparam("participant"))
)
"""Who stays out of what is about her. For work that belongs to no person."""


class ItemUnknown(NotFound):
    """There is no such item, or none that the caller may discuss or read."""


async def reader_of(ctx: Context) -> Mapping[str, Any]:
    """Lets the transaction read what the actor may discuss in a committee. Returns the parameters of `permitted`."""
    return await read_for(ctx, "committee", act="discuss")


async def items_to_discuss(ctx: Context, reader: Mapping[str, Any], meeting: UUID) -> list[ItemFound]:
    """Returns the items of a meeting that the actor may discuss now, by their numbers."""
    return await ctx.db.all(TO_DISCUSS, of_meeting=meeting, **reader)


async def item_to_discuss(ctx: Context, reader: Mapping[str, Any], meeting: UUID, number: int) -> ItemFound:
    """Returns one item that the actor may discuss now. Raises `ItemUnknown`."""
    for each in await items_to_discuss(ctx, reader, meeting):
        if each.number == number:
            return each
    raise ItemUnknown


async def codes_to_discuss(ctx: Context, reader: Mapping[str, Any], found: list[ItemFound]) -> dict[UUID, str]:
    """Returns, by participant, the code of each whom the actor may know to take part."""
    rows = await ctx.db.all(CODES, ids=[each.participant_id for each in found], **reader) if found else []
    return {id: ctx.keys.open("participants", id, "code", code).decode() for id, code in rows}


async def find_item(ctx: Context, file: ParticipantAccess, id: UUID) -> ItemFound:
    """Returns an item in her file. Raises `ItemUnknown`."""
    found = await ctx.db.one_or_none(ONE_OF_HERS, id=id, participant=file.id, **file.reader)
    if found is None:
        raise ItemUnknown
    return found
