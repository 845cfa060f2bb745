"""Queries of advice requests: by tracking code, the desk's list, one request. Readings are written to the trail."""

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
from spheres_core.support.models import AdviceRequest
from spheres_core.support.queries.library import named_tools
from spheres_core.support.schemas.advice import AdviceLine, AdviceRead, AdviceWords

requests = table(AdviceRequest)


class AdviceUnknown(NotFound):
    """No such request."""

    code = "advice_unknown"


class AdviceReceiptUnknown(NotFound):
    """No request has this tracking code, here."""

    code = "receipt_unknown"
    message = msg("No request has this tracking code.")


class AdviceRow(AdviceLine, frozen=True):
    """A request as it is stored, with its words still sealed."""

    answered_at: dt.datetime | None
    answers: bytes | None
    reply: bytes | None
    tools: list[str]


_line = [requests.c[name] for name in AdviceLine.__struct_fields__]
_row = [requests.c[name] for name in AdviceRow.__struct_fields__]
_state = bindparam("state", type_=Text())
LIST = prepare(
    select(*_line)
    .where(scoped(requests), requests.c.id < bindparam("before", type_=Uuid()))
    .where(or_(_state == "", requests.c.state == _state))
    .order_by(requests.c.id.desc())
    .limit(bindparam("limit", type_=Integer())),
    into=AdviceLine,
)
ONE = prepare(select(*_row).where(scoped(requests), requests.c.id == bindparam("id")), into=AdviceRow)
ONE_LOCKED = prepare(
    select(*_row).where(scoped(requests), requests.c.id == bindparam("id")).with_for_update(), into=AdviceRow
)
BY_RECEIPT = prepare(
    select(*_row).where(scoped(requests), requests.c.receipt_mark == bindparam("mark")), into=AdviceRow
)
BY_RECEIPT_LOCKED = prepare(
    select(*_row).where(scoped(requests), requests.c.receipt_mark == bindparam("mark")).with_for_update(),
    into=AdviceRow,
)


def receipt_mark(ctx: Context, receipt: str) -> bytes:
    """Returns the keyed hash under which a tracking code is found."""
    return ctx.keys.blind("advice receipt", normalize_readable_code(receipt))


async def list_advice(ctx: Context, *, before: UUID, limit: int, state: str = "") -> list[AdviceLine]:
    """Returns requests older than `before`, newest first, and writes to the trail which were shown."""
    found = await ctx.db.all(LIST, before=before, limit=limit, state=state)
    await audit.record(ctx, "advice.listed", shown=[each.id for each in found])
    return found


async def find_advice(ctx: Context, id: UUID, *, lock: bool = False) -> AdviceRow:
    """Returns one request; `lock`: for a change. Raises `AdviceUnknown`."""
    found = await ctx.db.one_or_none(ONE_LOCKED if lock else ONE, id=id)
    if found is None:
        raise AdviceUnknown
    return found


async def find_by_receipt(ctx: Context, receipt: str, *, lock: bool = False) -> AdviceRow:
    """Returns the request of a tracking code; `lock`: for a change. Raises `AdviceReceiptUnknown`."""
    found = await ctx.db.one_or_none(BY_RECEIPT_LOCKED if lock else BY_RECEIPT, mark=receipt_mark(ctx, receipt))
    if found is None:
        raise AdviceReceiptUnknown
    return found


async def look_up(ctx: Context, receipt: str) -> AdviceRead:
    """Returns what a tracking code shows. Raises `AdviceReceiptUnknown`."""
    found = await find_by_receipt(ctx, receipt)
    await audit.record(ctx, "advice.looked_up", subject=("advice", found.id))
    return await shown_to_requester(ctx, found)


async def shown_to_requester(ctx: Context, row: AdviceRow) -> AdviceRead:
    """Returns the state of a request, its answer and the tools that go with it, for whoever asked."""
    return AdviceRead(
        row.state, row.answered_how, reply_of(ctx, row), row.equipped_before, row.equipped_after, row.language,
        await named_tools(ctx, row.tools),
    )  # fmt: skip


def words_of(ctx: Context, row: AdviceRow) -> AdviceWords | None:
    """Returns what was typed, unsealed; None once the request is closed."""
    if row.answers is None:
        return None
    return msgspec.json.decode(ctx.keys.open("advice_requests", row.id, "answers", row.answers), type=AdviceWords)


def reply_of(ctx: Context, row: AdviceRow) -> str:
    """Returns the desk's words; empty where there are none."""
    return "" if row.reply is None else ctx.keys.open("advice_requests", row.id, "reply", row.reply).decode()
