"""Finds needs and strengths, for whoever may read them, and urgent needs of those whom somebody follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Uuid, and_, bindparam, exists, select

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.readable import permitted
from spheres_core.consents.queries.reader import read_for
from spheres_core.followups.queries.assignments import assignments, participants
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import BoundStatement, prepare, scoped
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page, page_of
from spheres_core.participants.queries.access import require_class
from spheres_core.participants.queries.extra_answers import extra_about
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.plans.models import NeedRow, StrengthRow
from spheres_core.plans.queries.texts import texts_about
from spheres_core.plans.schemas.needs import Need, NeedFound, Strength, StrengthFound, UrgentNeed, UrgentNeeds
from spheres_core.plans.settings import Settings

CLASS = "needs_and_plan"
needs, strengths = table(NeedRow), table(StrengthRow)


class NeedUnknown(NotFound):
    """There is no such need of hers, or none that the caller may read."""


class StrengthUnknown(NotFound):
    """There is no such strength of hers, or none that the caller may read."""


_her_needs = (
    select(*(needs.c[name] for name in NeedFound.__struct_fields__))
    .where(scoped(needs), needs.c.participant_id == bindparam("participant"))
    .where(permitted(needs.c.participant_id, CLASS, needs.c.dated_on))
)
NEEDS = prepare(
    _her_needs.where(needs.c.id < bindparam("before", type_=Uuid()))
    .order_by(needs.c.id.desc())
    .limit(bindparam("limit", type_=Integer())),
    into=NeedFound,
)
NEED = prepare(_her_needs.where(needs.c.id == bindparam("id")), into=NeedFound)
her_strengths = (
    select(*(strengths.c[name] for name in StrengthFound.__struct_fields__))
    .where(scoped(strengths), strengths.c.participant_id == bindparam("participant"))
    .where(permitted(strengths.c.participant_id, CLASS, strengths.c.dated_on))
)
STRENGTHS = prepare(
    her_strengths.where(strengths.c.id < bindparam("before", type_=Uuid()))
    .order_by(strengths.c.id.desc())
    .limit(bindparam("limit", type_=Integer())),
    into=StrengthFound,
)
STRENGTH = prepare(her_strengths.where(strengths.c.id == bindparam("id")), into=StrengthFound)
_followed = exists().where(
    scoped(assignments),
    assignments.c.participant_id == needs.c.participant_id,
    assignments.c.staff_id == bindparam("staff"),
    assignments.c.ends > bindparam("now"),
)
URGENT = prepare(
    select(needs.c.id, participants.c.id, participants.c.code, needs.c.need, needs.c.dated_on, needs.c.written_at)
    .join_from(
        needs,
        participants,
        and_(participants.c.tenant_id == needs.c.tenant_id, participants.c.id == needs.c.participant_id),
    )
    .where(scoped(needs), needs.c.state == "open", needs.c.urgency == "urgent", _followed)
    .where(permitted(needs.c.participant_id, CLASS, needs.c.dated_on, asked_together=True))
    .order_by(needs.c.written_at, needs.c.id)
)


async def list_needs(ctx: Context, file: ParticipantAccess, *, cursor: str = "") -> Page[Need]:
    """Returns a page of her needs, the last recorded first, and writes to the trail which were shown."""
    require_class(ctx, file, CLASS)

    async def ask(before: UUID, limit: int) -> Sequence[Need]:
        rows = await ctx.db.all(NEEDS, participant=file.id, before=before, limit=limit, **file.reader)
        return await needs_with_words(ctx, file, rows)

    page = await page_of(ctx, f"needs {file.id}", cursor, ask)
    await audit.record(ctx, "needs.read", subject=("participant", file.id), shown=[each.id for each in page.items])
    return page


async def read_need(ctx: Context, file: ParticipantAccess, id: UUID) -> Need:
    """Returns one need, and writes to the trail that it was read. Raises `NeedUnknown`."""
    found = await find_need(ctx, file, id)
    await audit.record(ctx, "needs.read", subject=("participant", file.id), shown=[id])
    return (await needs_with_words(ctx, file, [found]))[0]


async def find_need(ctx: Context, file: ParticipantAccess, id: UUID) -> NeedFound:
    """Returns one need's row. Raises `NeedUnknown`."""
    found = await ctx.db.one_or_none(NEED, participant=file.id, id=id, **file.reader)
    if found is None:
        raise NeedUnknown
    return found


async def needs_with_words(ctx: Context, file: ParticipantAccess, found: Sequence[NeedFound]) -> list[Need]:
    """Returns needs with the words about them that the reader may read."""
    ids = [each.id for each in found]
    said, extra = await texts_about(ctx, file, ids), await extra_about(ctx, file, ids)
    return [
        Need(
            id=each.id, version=each.version, need=each.need, state=each.state, identified_by=each.identified_by,
            urgency=each.urgency, what=said.of(each.id, "what"), met_by=said.of(each.id, "met_by"),
            could_be_met_by=said.of(each.id, "could_be_met_by"), her_words=said.her_words(each.id), on=each.dated_on,
            author=each.author, written_at=each.written_at, extra=extra.get(each.id, {}),
        )
        for each in found
    ]  # fmt: skip


async def list_strengths(ctx: Context, file: ParticipantAccess, *, cursor: str = "") -> Page[Strength]:
    """Returns a page of her strengths, the last recorded first, and writes to the trail which were shown."""
    require_class(ctx, file, CLASS)

    async def ask(before: UUID, limit: int) -> Sequence[Strength]:
        rows = await ctx.db.all(STRENGTHS, participant=file.id, before=before, limit=limit, **file.reader)
        return await strengths_with_words(ctx, file, rows)

    page = await page_of(ctx, f"strengths {file.id}", cursor, ask)
    await audit.record(ctx, "strengths.read", subject=("participant", file.id), shown=[each.id for each in page.items])
    return page


async def read_strength(ctx: Context, file: ParticipantAccess, id: UUID) -> Strength:
    """Returns one strength, and writes to the trail that it was read. Raises `StrengthUnknown`."""
    found = await find_strength(ctx, file, id)
    await audit.record(ctx, "strengths.read", subject=("participant", file.id), shown=[id])
    return (await strengths_with_words(ctx, file, [found]))[0]


async def find_strength(ctx: Context, file: ParticipantAccess, id: UUID) -> StrengthFound:
    """Returns one strength's row. Raises `StrengthUnknown`."""
    found = await ctx.db.one_or_none(STRENGTH, participant=file.id, id=id, **file.reader)
    if found is None:
        raise StrengthUnknown
    return found


async def strengths_with_words(ctx: Context, file: ParticipantAccess, found: Sequence[StrengthFound]) -> list[Strength]:
    """Returns strengths with the words about them."""
    said = await texts_about(ctx, file, [each.id for each in found])
    return [
        Strength(
            each.id, each.version, said.of(each.id, "what"), each.identified_by, each.dated_on, each.author,
            each.written_at,
        )
        for each in found
    ]  # fmt: skip


async def list_urgent(ctx: Context) -> UrgentNeeds:
    """Returns open urgent needs of those whom the actor follows, and writes to the trail which were shown."""
    [rows] = await ctx.db.batch(asks_urgent(ctx, await read_for(ctx, "follow_up")))
    return await show_urgent(ctx, rows)


def asks_urgent(ctx: Context, reader: Mapping[str, Any]) -> BoundStatement[Any]:
    """Asks for open urgent needs of those whom the actor follows."""
    return URGENT.of(staff=ctx.actor.id, now=ctx.now, **reader)


async def show_urgent(ctx: Context, rows: Sequence[Any]) -> UrgentNeeds:
    """Returns what is told of each, and writes to the trail which were shown."""
    longest = dt.timedelta(days=ctx.settings("plans", Settings).urgent_need_days)
    found = [
        UrgentNeed(
            id, ctx.keys.open("participants", her, "code", code).decode(), need, since, looked_at,
            late=ctx.now - looked_at >= longest,
        )
        for id, her, code, need, since, looked_at in rows
    ]  # fmt: skip
    await audit.record(ctx, "urgent_needs.listed", shown=[each.id for each in found])
    return UrgentNeeds(found)
