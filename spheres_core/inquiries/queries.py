"""Queries of inquiries, unsealed for the team. Reading a list writes an entry to the trail."""

import datetime as dt
from uuid import UUID

import msgspec
from msgspec import Struct
from sqlalchemy import Integer, Text, Uuid, bindparam, or_, select

from spheres_core.audit import operations as audit
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.inquiries.models import Inquiry
from spheres_core.inquiries.schemas import InquiryRead, InquiryState

inquiries = table(Inquiry)


class _Row(Struct, frozen=True):
    id: UUID
    state: InquiryState
    language: str
    words: bytes
    received_at: dt.datetime
    moved_at: dt.datetime


_columns = [inquiries.c[name] for name in _Row.__struct_fields__]
_state = bindparam("state", type_=Text())
LIST = prepare(
    select(*_columns)
    .where(scoped(inquiries), inquiries.c.id < bindparam("before", type_=Uuid()))
    .where(or_(_state == "", inquiries.c.state == _state))
    .order_by(inquiries.c.id.desc())
    .limit(bindparam("limit", type_=Integer())),
    into=_Row,
)
ONE = prepare(select(*_columns).where(scoped(inquiries), inquiries.c.id == bindparam("id")), into=_Row)


async def list_inquiries(ctx: Context, *, before: UUID, limit: int, state: str = "") -> list[InquiryRead]:
    """Returns inquiries older than `before`, newest first, and writes to the trail which were shown."""
    found = [_unsealed(ctx, row) for row in await ctx.db.all(LIST, before=before, limit=limit, state=state)]
    await audit.record(ctx, "inquiries.listed", shown=[each.id for each in found])
    return found


async def inquiry(ctx: Context, id: UUID) -> InquiryRead | None:
    """Returns one inquiry, or None."""
    row = await ctx.db.one_or_none(ONE, id=id)
    return None if row is None else _unsealed(ctx, row)


def _unsealed(ctx: Context, row: _Row) -> InquiryRead:
    words: dict[str, str] = msgspec.json.decode(ctx.keys.open("inquiries", row.id, "words", row.words))
    return InquiryRead(row.id, row.state, row.language, row.received_at, row.moved_at, **words)
