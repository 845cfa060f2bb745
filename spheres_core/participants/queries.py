"""Finds participants whom the reader may know of; nobody else's are there for her."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Integer, LargeBinary, Uuid, bindparam, select

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.readable import permitted
from spheres_core.foundation.content.readable_codes import normalize_readable_code
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.models import ParticipantRow

participants = table(ParticipantRow)


class _Row(Struct, frozen=True):
    id: UUID
    code: bytes


class ParticipantListed(Struct, frozen=True):
    """A participant in a list."""

    id: UUID
    code: str


_mine = select(participants.c.id, participants.c.code).where(
    scoped(participants), permitted(participants.c.id, "participation", participants.c.dated_on)
)
LIST = prepare(
    _mine.where(participants.c.id < bindparam("before", type_=Uuid()))
    .order_by(participants.c.id.desc())
    .limit(bindparam("limit", type_=Integer())),
    into=_Row,
)
ONE = prepare(_mine.where(participants.c.code_mark == bindparam("mark", type_=LargeBinary())), into=_Row)
OF_CODE = prepare(
    select(participants.c.id, participants.c.code).where(
        scoped(participants), participants.c.code_mark == bindparam("mark", type_=LargeBinary())
    ),
    into=_Row,
)


async def list_participants(
    ctx: Context, reader: Mapping[str, Any], *, before: UUID, limit: int
) -> Sequence[ParticipantListed]:
    """Returns those whom the reader may know of, newest first, and writes to the trail who was shown.

    `reader`: from `consents.queries.reader.read_for`.
    """
    found = [_opened(ctx, row) for row in await ctx.db.all(LIST, before=before, limit=limit, **reader)]
    await audit.record(ctx, "participants.listed", shown=[each.id for each in found])
    return found


async def find_participant(ctx: Context, reader: Mapping[str, Any], code: str) -> ParticipantListed | None:
    """Returns a participant by her code; None when there is none, or none that the reader may know of."""
    row = await ctx.db.one_or_none(ONE, mark=ctx.keys.blind("participant", normalize_readable_code(code)), **reader)
    if row is None:
        return None
    await audit.record(ctx, "participant.found", subject=("participant", row.id))
    return _opened(ctx, row)


async def known_by(ctx: Context, code: str) -> ParticipantListed | None:
    """Returns whom a code names, for an act of the system; None when it names nobody."""
    row = await ctx.db.one_or_none(OF_CODE, mark=ctx.keys.blind("participant", normalize_readable_code(code)))
    return None if row is None else _opened(ctx, row)


def _opened(ctx: Context, row: _Row) -> ParticipantListed:
    return ParticipantListed(row.id, ctx.keys.open("participants", row.id, "code", row.code).decode())
