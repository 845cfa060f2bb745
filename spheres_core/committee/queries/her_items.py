"""Finds what a committee had on its agendas of one participant, for her team."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from spheres_core.audit import operations as audit
from spheres_core.committee.queries import agenda
from spheres_core.committee.queries.agenda import CLASS
from spheres_core.committee.queries.meetings import meetings
from spheres_core.committee.queries.texts import texts_about
from spheres_core.committee.schemas.agenda import Item, ItemFound
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page, page_of
from spheres_core.participants.queries.access import reaches, require_class
from spheres_core.participants.schemas.files import ParticipantAccess

MOMENTS = prepare(
    select(meetings.c.id, meetings.c.at).where(
        scoped(meetings), meetings.c.id == any_(bindparam("ids", type_=ARRAY(Uuid())))
    )
)


async def list_items(ctx: Context, file: ParticipantAccess, *, cursor: str = "") -> Page[Item]:
    """Returns a page of her items, the last put first, and writes to the trail which were shown."""
    require_class(ctx, file, CLASS)

    async def ask(before: UUID, limit: int) -> Sequence[Item]:
        rows = await ctx.db.all(agenda.HERS, participant=file.id, before=before, limit=limit, **file.reader)
        return await items_with_words(ctx, file, rows)

    page = await page_of(ctx, f"agenda items {file.id}", cursor, ask)
    shown = [each.id for each in page.items]
    await audit.record(ctx, "agenda_items.read", subject=("participant", file.id), shown=shown)
    return page


async def items_with_words(ctx: Context, file: ParticipantAccess, found: Sequence[ItemFound]) -> list[Item]:
    """Returns items with the words about them that the reader may read."""
    said = await texts_about(ctx, file.reader, [each.id for each in found])
    moments = dict(await ctx.db.all(MOMENTS, ids=[each.meeting_id for each in found])) if found else {}
    hers = reaches(ctx, file, "own_words")
    return [
        Item(
            id=each.id, version=each.version, meeting=each.meeting_id, at=moments[each.meeting_id], number=each.number,
            state=each.state, carried=each.carried, question=said.of(each.id, "question"), asked=each.asked,
            wants_said=said.of(each.id, "wants_said") if hers else None, told_on=each.told_on, shares=each.shares,
            police=each.named, on=each.dated_on,
        )
        for each in found
    ]  # fmt: skip
