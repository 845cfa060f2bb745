"""Queries of the support of close ones: by their own code, the list, one record. Readings are written to the trail."""

import datetime as dt
from uuid import UUID

import msgspec
from sqlalchemy import Integer, Text, Uuid, bindparam, or_, select

from spheres_core.audit import operations as audit
from spheres_core.facts import msg
from spheres_core.foundation.content.readable_codes import normalize_readable_code
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.support.models import EntourageNoteRow, EntourageOfferRow, EntourageRow
from spheres_core.support.schemas.entourage import (
    CLOSED,
    ContactKind,
    EntourageLine,
    EntourageNote,
    EntourageOffer,
    EntourageRecord,
    EntourageState,
    OfferKind,
    OfferState,
    OwnEntourage,
    SafeReach,
)
from spheres_core.support.settings import Settings
from spheres_core.support.steps import entourage_steps

records, notes, offers = table(EntourageRow), table(EntourageNoteRow), table(EntourageOfferRow)


class EntourageUnknown(NotFound):
    """No such record."""

    code = "entourage_unknown"


class EntourageCodeUnknown(NotFound):
    """No record has this code, here."""

    code = "entourage_code_unknown"
    message = msg("Nothing has this code here.")


class EntourageStored(msgspec.Struct, frozen=True):
    """A record as it is stored, with its words still sealed."""

    id: UUID
    state: EntourageState
    language: str
    opened_at: dt.datetime
    moved_at: dt.datetime
    closed_at: dt.datetime | None
    assignee_id: UUID | None
    version: int
    code: bytes
    called: bytes | None
    ask: bytes
    reach: bytes


class _Note(msgspec.Struct, frozen=True):
    id: UUID
    day: dt.date
    kind: ContactKind
    words: bytes
    author_id: UUID | None


class _Offer(msgspec.Struct, frozen=True):
    id: UUID
    kind: OfferKind
    words: bytes
    day: dt.date | None
    state: OfferState


_row = [records.c[name] for name in EntourageStored.__struct_fields__]
_state = bindparam("state", type_=Text())
LIST = prepare(
    select(*_row)
    .where(scoped(records), records.c.id < bindparam("before", type_=Uuid()))
    .where(or_(_state == "", records.c.state == _state))
    .order_by(records.c.id.desc())
    .limit(bindparam("limit", type_=Integer())),
    into=EntourageStored,
)
_one = select(*_row).where(scoped(records), records.c.id == bindparam("id"))
_by_code = select(*_row).where(scoped(records), records.c.code_mark == bindparam("mark"))
ONE, ONE_LOCKED = prepare(_one, into=EntourageStored), prepare(_one.with_for_update(), into=EntourageStored)
BY_CODE = prepare(_by_code, into=EntourageStored)
BY_CODE_LOCKED = prepare(_by_code.with_for_update(), into=EntourageStored)
NOTES = prepare(
    select(*(notes.c[name] for name in _Note.__struct_fields__))
    .where(scoped(notes), notes.c.record_id == bindparam("record"))
    .order_by(notes.c.day.desc(), notes.c.id.desc()),
    into=_Note,
)
OFFERS = prepare(
    select(*(offers.c[name] for name in _Offer.__struct_fields__))
    .where(scoped(offers), offers.c.record_id == bindparam("record"))
    .order_by(offers.c.id.desc()),
    into=_Offer,
)


def code_mark(ctx: Context, code: str) -> bytes:
    """Returns the keyed hash under which a code is found; another kind than a participant's."""
    return ctx.keys.blind("entourage", normalize_readable_code(code))


async def list_entourage(ctx: Context, *, before: UUID, limit: int, state: str = "") -> list[EntourageLine]:
    """Returns records older than `before`, newest first, and writes to the trail which were shown."""
    found = await ctx.db.all(LIST, before=before, limit=limit, state=state)
    await audit.record(ctx, "entourage.listed", shown=[each.id for each in found])
    return [line_of(ctx, each) for each in found]


async def find_record(ctx: Context, id: UUID, *, lock: bool = False) -> EntourageStored:
    """Returns one record; `lock`: for a change. Raises `EntourageUnknown`."""
    found = await ctx.db.one_or_none(ONE_LOCKED if lock else ONE, id=id)
    if found is None:
        raise EntourageUnknown
    return found


async def find_by_code(ctx: Context, code: str, *, lock: bool = False) -> EntourageStored:
    """Returns the record of a code; `lock`: for a change. Raises `EntourageCodeUnknown`."""
    found = await ctx.db.one_or_none(BY_CODE_LOCKED if lock else BY_CODE, mark=code_mark(ctx, code))
    if found is None:
        raise EntourageCodeUnknown
    return found


async def read_record(ctx: Context, id: UUID, *, verb: str = "entourage.read") -> EntourageRecord:
    """Returns a whole record, and writes the reading to the trail. Raises `EntourageUnknown`."""
    row = await find_record(ctx, id)
    await audit.record(ctx, verb, subject=("entourage", id))
    closed = row.closed_at.astimezone(ctx.zone).date() if row.closed_at else None
    kept = dt.timedelta(days=ctx.settings("support", Settings).entourage_erased_after_days)
    said = [
        EntourageNote(
            each.id, each.day, each.kind, _open(ctx, "entourage_notes", each.id, "words", each.words), each.author_id
        )
        for each in await ctx.db.all(NOTES, record=id)
    ]  # fmt: skip
    return EntourageRecord(
        line_of(ctx, row), called_of(ctx, row), ask_of(ctx, row), reach_of(ctx, row), said, await _offers(ctx, id),
        closed, closed + kept if closed else None, entourage_steps(row.state),
    )  # fmt: skip


async def look_up_own(ctx: Context, code: str) -> OwnEntourage:
    """Returns what a close person reads with their code. Raises `EntourageCodeUnknown`."""
    row = await find_by_code(ctx, code)
    await audit.record(ctx, "entourage.looked_up", subject=("entourage", row.id))
    return await own_of(ctx, row)


async def own_of(ctx: Context, row: EntourageStored) -> OwnEntourage:
    """Returns what a record shows to whom it is about; what was noted is given by hand, on request."""
    days = sorted({each.day for each in await ctx.db.all(NOTES, record=row.id)}, reverse=True)
    return OwnEntourage(
        row.state, row.language, called_of(ctx, row), ask_of(ctx, row), reach_of(ctx, row),
        await _offers(ctx, row.id), days,
    )  # fmt: skip


def line_of(ctx: Context, row: EntourageStored) -> EntourageLine:
    """Returns the codes of a record."""
    code = _open(ctx, "entourage_records", row.id, "code", row.code)
    return EntourageLine(
        row.id, row.state, row.language, row.opened_at, row.moved_at, row.assignee_id, code, row.version
    )


def called_of(ctx: Context, row: EntourageStored) -> str:
    """Returns how somebody wishes to be called."""
    return "" if row.called is None else _open(ctx, "entourage_records", row.id, "called", row.called)


def ask_of(ctx: Context, row: EntourageStored) -> str:
    """Returns what somebody asks for."""
    return _open(ctx, "entourage_records", row.id, "ask", row.ask)


def reach_of(ctx: Context, row: EntourageStored) -> SafeReach:
    """Returns how somebody may be reached."""
    return msgspec.json.decode(_open(ctx, "entourage_records", row.id, "reach", row.reach), type=SafeReach)


def is_open(row: EntourageStored) -> bool:
    """Returns whether the support goes on."""
    return row.state != CLOSED


async def _offers(ctx: Context, record: UUID) -> list[EntourageOffer]:
    return [
        EntourageOffer(
            each.id, each.kind, _open(ctx, "entourage_offers", each.id, "words", each.words), each.day, each.state
        )
        for each in await ctx.db.all(OFFERS, record=record)
    ]


def _open(ctx: Context, table: str, id: UUID, column: str, sealed: bytes) -> str:
    return ctx.keys.open(table, id, column, sealed).decode()
