"""Finds what she said in encounters, verbatim, without anything that a worker wrote."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Integer, bindparam, literal_column, select

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.readable import permitted
from spheres_core.followups.queries.encounters import texts
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.access import require_class
from spheres_core.participants.schemas.files import ParticipantAccess

MOST = 10


class Said(Struct, frozen=True):
    """Something that she said, and the day that it is about."""

    on: dt.date
    words: str


class _Row(Struct, frozen=True):
    id: UUID
    encounter_id: UUID
    part: str
    words: bytes | None
    dated_on: dt.date


HERS = prepare(
    select(*(texts.c[name] for name in _Row.__struct_fields__))
    .where(scoped(texts), texts.c.participant_id == bindparam("participant"))
    .where(texts.c.part.in_([literal_column("'her_words'"), literal_column("'her_addendum'")]))
    .where(permitted(texts.c.participant_id, "own_words", texts.c.dated_on))
    .order_by(texts.c.id.desc())
    .limit(bindparam("limit", type_=Integer())),
    into=_Row,
)


async def list_her_words(ctx: Context, file: ParticipantAccess) -> list[Said]:
    """Returns the last things that she said, the last first, and writes to the trail of which encounters.

    Of words that were corrected only the last version. Raises `ParticipantUnknown`.
    """
    require_class(ctx, file, "own_words")
    rows = await ctx.db.all(HERS, participant=file.id, limit=5 * MOST, **file.reader)
    shown = _latest(rows)[:MOST]
    seen = list(dict.fromkeys(each.encounter_id for each in shown))
    await audit.record(ctx, "encounters.read", subject=("participant", file.id), shown=seen)
    return [
        Said(each.dated_on, ctx.keys.open("encounter_texts", each.id, "words", each.words).decode())
        for each in shown
        if each.words is not None
    ]


def _latest(rows: Sequence[_Row]) -> list[_Row]:
    """Returns additions, and of the words of each encounter the last version, where there still are some."""
    corrected: set[UUID] = set()
    found: list[_Row] = []
    for each in rows:
        if each.part == "her_words":
            if each.encounter_id in corrected:
                continue
            corrected.add(each.encounter_id)
        if each.words is not None:
            found.append(each)
    return found
