"""Finds what came along with her from another region: each class for whoever may read it here, by her consents here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import Integer, Uuid, bindparam, select

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.readable import permitted
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import EARLIEST, Page, page_of
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.transfers.models import BroughtEntryRow
from spheres_core.transfers.schemas.brought import BroughtContent, BroughtEntry, BroughtFound

brought = table(BroughtEntryRow)
HERS: Final = prepare(
    select(*(brought.c[name] for name in BroughtFound.__struct_fields__))
    .where(scoped(brought), brought.c.participant_id == bindparam("participant"))
    .where(brought.c.id > bindparam("after", type_=Uuid()))
    .where(permitted(brought.c.participant_id, brought.c.information, brought.c.dated_on))
    .order_by(brought.c.id)
    .limit(bindparam("limit", type_=Integer())),
    into=BroughtFound,
)


async def list_brought(ctx: Context, file: ParticipantAccess, *, cursor: str = "") -> Page[BroughtEntry]:
    """Returns a page of what came along, in the order in which it did, and writes to the trail what was shown."""

    async def ask(after: UUID, limit: int) -> Sequence[BroughtEntry]:
        rows = await ctx.db.all(HERS, participant=file.id, after=after, limit=limit, **file.reader)
        return [_shown(ctx, each) for each in rows]

    page = await page_of(ctx, f"brought {file.id}", cursor, ask, first=EARLIEST)
    await audit.record(ctx, "brought.read", subject=("participant", file.id), shown=[each.id for each in page.items])
    return page


def _shown(ctx: Context, found: BroughtFound) -> BroughtEntry:
    opened = ctx.keys.open("brought_entries", found.id, "content", found.content)
    kept = msgspec.json.decode(opened, type=BroughtContent)
    entry = kept.entry
    return BroughtEntry(
        id=found.id,
        region=kept.region,
        information=found.information,
        kind=found.kind,
        on=entry.on,
        brought_on=found.brought_on,
        what=entry.what,
        words=entry.words,
        language=entry.language,
        hers=entry.hers,
        by=entry.by,
        onward=found.onward,
    )
