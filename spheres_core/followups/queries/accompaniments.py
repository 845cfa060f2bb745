"""Finds accompaniments, those of the law apart, and her words about them for whoever may read her own words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Integer, Text, Uuid, and_, any_, bindparam, exists, select
from sqlalchemy.dialects.postgresql import ARRAY

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.readable import permitted
from spheres_core.facts import Message, Words
from spheres_core.followups.accompaniment_kinds import LISTS, PROGRAM, AccompanimentClass, all_agree
from spheres_core.followups.models import AccompanimentRow, AccompanimentTextRow
from spheres_core.followups.queries.assignments import assignments, participants
from spheres_core.followups.schemas.accompaniments import (
    Accompaniment,
    AccompanimentFound,
    AccompanimentPart,
    PlannedAccompaniment,
)
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import BoundStatement, prepare, scoped
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page, page_of
from spheres_core.participants.queries.access import ParticipantUnknown, reaches
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.partners.queries.catalogue import listed

accompaniments, texts = table(AccompanimentRow), table(AccompanimentTextRow)
CLASSES: Final = tuple(PROGRAM)
"""The classes of information that accompaniments are of."""


class Kind(Struct, frozen=True):
    """A kind of accompaniment."""

    information: AccompanimentClass
    label: Message | Words
    retired: bool = False


class TextFound(Struct, frozen=True):
    """A row of words."""

    id: UUID
    accompaniment_id: UUID
    part: AccompanimentPart
    words: bytes | None


class AccompanimentUnknown(NotFound):
    """There is no such accompaniment of hers, or none that the caller may read."""


_readable = (
    scoped(accompaniments),
    permitted(accompaniments.c.participant_id, accompaniments.c.information, accompaniments.c.dated_on),
)
_hers = select(*(accompaniments.c[name] for name in AccompanimentFound.__struct_fields__)).where(
    *_readable, accompaniments.c.participant_id == bindparam("participant")
)
LIST = prepare(
    _hers.where(accompaniments.c.id < bindparam("before", type_=Uuid()))
    .where(accompaniments.c.information == any_(bindparam("classes", type_=ARRAY(Text()))))
    .order_by(accompaniments.c.id.desc())
    .limit(bindparam("limit", type_=Integer())),
    into=AccompanimentFound,
)
ONE = prepare(_hers.where(accompaniments.c.id == bindparam("id")), into=AccompanimentFound)
TEXTS = prepare(
    select(*(texts.c[name] for name in TextFound.__struct_fields__))
    .where(scoped(texts), texts.c.participant_id == bindparam("participant"))
    .where(texts.c.accompaniment_id == any_(bindparam("ids", type_=ARRAY(Uuid()))))
    .where(permitted(texts.c.participant_id, texts.c.information, texts.c.dated_on))
    .order_by(texts.c.id),
    into=TextFound,
)
_mine = exists().where(
    scoped(assignments),
    assignments.c.participant_id == accompaniments.c.participant_id,
    assignments.c.staff_id == bindparam("staff"),
    assignments.c.ends > bindparam("now"),
)
PLANNED = prepare(
    select(
        accompaniments.c.id, participants.c.id, participants.c.code, accompaniments.c.at, accompaniments.c.kind
    )
    .join_from(
        accompaniments,
        participants,
        and_(
            participants.c.tenant_id == accompaniments.c.tenant_id, participants.c.id == accompaniments.c.participant_id
        ),
    )
    .where(*_readable, _mine)
    .where(accompaniments.c.state == "planned", accompaniments.c.at < bindparam("until"))
    .order_by(accompaniments.c.at, accompaniments.c.id)
)  # fmt: skip


def kinds(ctx: Context) -> dict[str, Kind]:
    """Returns every kind by its code, retired ones too: the program's, then what the region's lists add or rename."""
    found = {code: Kind(its, label) for its, named in PROGRAM.items() for code, label in named.items()}
    for information, name in LISTS.items():
        for code, each in listed(ctx, name).items():
            known = found.get(code)
            if known is None or known.information == information:
                found[code] = Kind(information, each.label, each.retired)
    return found


def classes_for(ctx: Context, file: ParticipantAccess, *, wanted: Collection[str] = CLASSES) -> list[str]:
    """Returns the classes of accompaniments that the caller may read of her. Raises `ParticipantUnknown` for none."""
    found = [each for each in wanted if reaches(ctx, file, each)]
    if not found:
        raise ParticipantUnknown
    return found


async def list_accompaniments(
    ctx: Context, file: ParticipantAccess, *, wanted: Collection[str] = CLASSES, cursor: str = ""
) -> Page[Accompaniment]:
    """Returns a page of her accompaniments of these classes, the last written first, and writes to the trail which."""
    classes = classes_for(ctx, file, wanted=wanted)

    async def ask(before: UUID, limit: int) -> Sequence[Accompaniment]:
        values = {"participant": file.id, "before": before, "limit": limit, "classes": classes}
        return await with_words(ctx, file, await ctx.db.all(LIST, **values, **file.reader))

    page = await page_of(ctx, f"accompaniments {file.id} {' '.join(classes)}", cursor, ask)
    shown = [each.id for each in page.items]
    await audit.record(ctx, "accompaniments.read", subject=("participant", file.id), shown=shown)
    return page


async def find(ctx: Context, file: ParticipantAccess, id: UUID) -> AccompanimentFound:
    """Returns one accompaniment's row. Raises `AccompanimentUnknown`."""
    found = await ctx.db.one_or_none(ONE, participant=file.id, id=id, **file.reader)
    if found is None:
        raise AccompanimentUnknown
    return found


async def read_accompaniment(ctx: Context, file: ParticipantAccess, id: UUID) -> Accompaniment:
    """Returns one accompaniment, and writes to the trail that it was read. Raises `AccompanimentUnknown`."""
    found = await find(ctx, file, id)
    await audit.record(ctx, "accompaniments.read", subject=("participant", file.id), shown=[id])
    return (await with_words(ctx, file, [found]))[0]


async def with_words(ctx: Context, file: ParticipantAccess, found: Sequence[AccompanimentFound]) -> list[Accompaniment]:
    """Returns accompaniments with the words of them that the reader may read, in one statement for all."""
    if not found:
        return []
    hers = reaches(ctx, file, "own_words")
    latest: dict[tuple[UUID, str], TextFound] = {}
    for row in await ctx.db.all(TEXTS, participant=file.id, ids=[each.id for each in found], **file.reader):
        latest[row.accompaniment_id, row.part] = row

    def of_others(each: AccompanimentFound, part: AccompanimentPart) -> str:
        """Returns nothing of anybody else while somebody whose yes it needs has not said it."""
        return _opened(ctx, latest, each.id, part) if all_agree(each.kind, each.agreed) else ""

    return [
        Accompaniment(
            id=each.id, version=each.version, information=each.information, kind=each.kind, state=each.state,
            at=each.at, what=of_others(each, "what"), first_name=of_others(each, "first_name"),
            wish=each.wish, agreed=each.agreed,
            wish_words=_opened(ctx, latest, each.id, "wish_words") if hers else None, who_goes=each.who_goes,
            how_it_went=_opened(ctx, latest, each.id, "how_it_went") if hers else None,
            author=each.author, written_at=each.written_at,
        )
        for each in found
    ]  # fmt: skip


def asks_planned(ctx: Context, reader: Mapping[str, Any], *, ahead: dt.timedelta) -> BoundStatement[Any]:
    """Asks what is planned with those whom the actor follows: what comes so soon, and what is still open."""
    return PLANNED.of(staff=ctx.actor.id, now=ctx.now, until=ctx.now + ahead, **reader)


def planned(ctx: Context, rows: Sequence[Any]) -> list[PlannedAccompaniment]:
    """Returns what is told of each."""
    return [
        PlannedAccompaniment(
            id, ctx.keys.open("participants", her, "code", code).decode(), at, kind, late=at < ctx.now
        )
        for id, her, code, at, kind in rows
    ]  # fmt: skip


def _opened(ctx: Context, found: Mapping[tuple[UUID, str], TextFound], id: UUID, part: AccompanimentPart) -> str:
    row = found.get((id, part))
    if row is None or row.words is None:
        return ""
    return ctx.keys.open("accompaniment_texts", row.id, "words", row.words).decode()
