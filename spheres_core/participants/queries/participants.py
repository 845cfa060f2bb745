"""Finds participants whom the reader may know of; nobody else's are there for her."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, Integer, LargeBinary, Uuid, any_, bindparam, exists, select
from sqlalchemy.dialects.postgresql import ARRAY

from spheres_core.audit import operations as audit
from spheres_core.consents.queries import grounds
from spheres_core.consents.queries.access import TAKES_PART, Access, access_to
from spheres_core.consents.queries.readable import permitted
from spheres_core.consents.queries.reader import read_for
from spheres_core.consents.queries.why import beside, read_beside
from spheres_core.consents.schemas import Purpose
from spheres_core.foundation.content.readable_codes import normalize_readable_code
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import Statement, prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.models import DuplicateDecisionRow, ParticipantRow
from spheres_core.participants.schemas.files import ParticipantListed

participants, decisions = table(ParticipantRow), table(DuplicateDecisionRow)


class _Row(Struct, frozen=True):
    id: UUID
    code: bytes
    dated_on: dt.date


class ListedRow(Struct, frozen=True):
    """A participant in a list, with the standing and the line of a consent that let her be shown."""

    id: UUID
    code: bytes
    standing: UUID
    entry: UUID | None
    goes_on_elsewhere: bool
    """Whether she may have a file that goes on under another code."""


class ParticipantFound(Struct, frozen=True):
    """A participant and what lets the reader know of her."""

    id: UUID
    code: str
    access: Access


_ground = grounds.ground_of(TAKES_PART)
_goes_on_elsewhere = exists().where(
    scoped(decisions),
    decisions.c.other_id == participants.c.id,
    decisions.c.same,
    decisions.c.undone_at.is_(None),
    grounds.is_known(_ground, decisions.c.participant_id, decisions.c.dated_on),
)
"""Somebody decided that her file goes on under another code, of which the reader may know: only that one is listed."""


def _list(*without: ColumnElement[bool]) -> Statement[ListedRow]:
    """Returns the query of those whom the reader may know of, newest first, without some."""
    asked = select(participants.c.id, participants.c.code).where(scoped(participants), *without)
    return prepare(
        grounds.with_grounds(asked, participants.c.id, _ground, participants.c.dated_on)
        .add_columns(participants.c.goes_on_elsewhere)
        .where(participants.c.id < bindparam("before", type_=Uuid()))
        .order_by(participants.c.id.desc())
        .limit(bindparam("limit", type_=Integer())),
        into=ListedRow,
    )


LIST, LIST_BY_DECISIONS = _list(), _list(~_goes_on_elsewhere)
"""The second asks the decisions too, which takes PostgreSQL a fifth longer: for a page on which somebody has one."""
ONE = prepare(
    select(participants.c.id, participants.c.code, participants.c.dated_on, *beside(participants.c.id)).where(
        scoped(participants),
        participants.c.code_mark == bindparam("mark", type_=LargeBinary()),
        permitted(participants.c.id, TAKES_PART, participants.c.dated_on),
    )
)
AMONG = prepare(
    select(participants.c.id, participants.c.code, participants.c.dated_on).where(
        scoped(participants),
        participants.c.id == any_(bindparam("ids", type_=ARRAY(Uuid()))),
        permitted(participants.c.id, TAKES_PART, participants.c.dated_on),
    ),
    into=_Row,
)
OF_CODE = prepare(
    select(participants.c.id, participants.c.code, participants.c.dated_on).where(
        scoped(participants), participants.c.code_mark == bindparam("mark", type_=LargeBinary())
    ),
    into=_Row,
)


async def list_participants(
    ctx: Context, reader: Mapping[str, Any], *, before: UUID, limit: int
) -> Sequence[ParticipantListed]:
    """Returns those whom the reader may know of, newest first, and writes to the trail who was shown, and why.

    `reader`: from `consents.queries.reader.read_for`.
    """
    shown = await _listed(ctx, reader, before, limit)
    await audit.record(
        ctx, "participants.listed", shown=[each.id for each in shown], let_by=grounds.let_by(shown)
    )  # fmt: skip
    return [ParticipantListed(each.id, _code(ctx, each)) for each in shown]


async def purposes_by_participant(
    ctx: Context, purposes: Sequence[Purpose], *, before: UUID, limit: int
) -> dict[ParticipantListed, list[Purpose]]:
    """Returns those whom the caller may know of for any of these purposes, newest first, each with the purposes.

    Writes to the trail who was shown. The transaction then reads for the last purpose.
    """
    found: dict[UUID, tuple[ListedRow, list[Purpose]]] = {}
    for purpose in purposes:
        reader = await read_for(ctx, purpose)
        for row in await _listed(ctx, reader, before, limit):
            found.setdefault(row.id, (row, []))[1].append(purpose)
    shown = [found[id] for id in sorted(found, reverse=True)[:limit]]
    let_by = grounds.let_by([row for row, _ in shown])
    await audit.record(
        ctx, "participants.listed", shown=[row.id for row, _ in shown], details={"purposes": list(purposes)},
        let_by=let_by,
    )  # fmt: skip
    return {ParticipantListed(row.id, _code(ctx, row)): names for row, names in shown}


async def find_participant(ctx: Context, reader: Mapping[str, Any], code: str) -> ParticipantFound | None:
    """Returns a participant by her code; None when there is none, or none that the reader may know of.

    Writes to the trail that she was found, and by which standing and entry. The rule itself decides last, from the rows
    that came with her.
    """
    found = await ctx.db.one_or_none(ONE, mark=ctx.keys.blind("participant", normalize_readable_code(code)), **reader)
    if found is None:
        return None
    row = _Row(*found[:3])
    access = access_to(ctx, row.id, reader["reader_purpose"], read_beside(found[3:]), dated_on=row.dated_on)
    if access is None:
        return None
    await audit.record(ctx, "participant.found", subject=("participant", row.id), details=access.grounds())
    return ParticipantFound(row.id, _code(ctx, row), access)


async def codes_of(ctx: Context, reader: Mapping[str, Any], ids: Collection[UUID]) -> dict[UUID, str]:
    """Returns the codes of those among them whom the reader may know of. Whoever shows one writes it to the trail."""
    return {row.id: _code(ctx, row) for row in await ctx.db.all(AMONG, ids=list(ids), **reader)} if ids else {}


async def known_by(ctx: Context, code: str) -> ParticipantListed | None:
    """Returns whom a code names, for an act of the system; None when it names nobody."""
    row = await ctx.db.one_or_none(OF_CODE, mark=ctx.keys.blind("participant", normalize_readable_code(code)))
    return None if row is None else ParticipantListed(row.id, _code(ctx, row))


async def _listed(ctx: Context, reader: Mapping[str, Any], before: UUID, limit: int) -> Sequence[ListedRow]:
    """Returns those whom the reader may know of; of one with two files, the one that goes on, if she may know of it."""
    found = await ctx.db.all(LIST, before=before, limit=limit, **reader)
    if not any(each.goes_on_elsewhere for each in found):
        return found
    return await ctx.db.all(LIST_BY_DECISIONS, before=before, limit=limit, **reader)


def _code(ctx: Context, row: _Row | ListedRow) -> str:
    return ctx.keys.open("participants", row.id, "code", row.code).decode()
