"""Says who read and changed something about one participant, for who watches over private information."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from spheres_core.audit import operations as audit
from spheres_core.audit.schemas import Entry
from spheres_core.consents.models import StandingRow
from spheres_core.consents.schemas import StandingKind
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page, page_of
from spheres_core.privacy.queries.whose_file import whose_file
from spheres_core.privacy.schemas.file_trail import FileTrailEntry
from spheres_core.staff.queries.members import names_of

standings = table(StandingRow)


class _Held(Struct, frozen=True):
    id: UUID
    kind: StandingKind


KINDS: Final = prepare(
    select(standings.c.id, standings.c.kind).where(
        scoped(standings),
        standings.c.participant_id == bindparam("her", type_=Uuid()),
        standings.c.id == any_(bindparam("ids", type_=ARRAY(Uuid()))),
    ),
    into=_Held,
)


async def read_file_trail(ctx: Context, code: str, *, cursor: str = "") -> Page[FileTrailEntry]:
    """Returns entries about the participant with this code, the latest first. That they were read is an entry too.

    Raises `ParticipantUnknown`, also for whoever is kept away from her, and `CursorInvalid`.
    """
    her = (await whose_file(ctx, code)).id
    page = await page_of(
        ctx, f"trail of {her}", cursor, lambda before, limit: audit.show_trail(ctx, her, before=before, limit=limit)
    )
    lets = [_let(each) for each in page.items]
    kinds = await _kinds(ctx, her, [id for of in lets for id in of])
    names = await names_of(ctx, [each.actor_id for each in page.items if each.actor_id is not None])
    return Page([_shown(ctx, each, of, kinds, names) for each, of in zip(page.items, lets, strict=True)], page.next)


def _let(entry: Entry) -> list[UUID]:
    """Returns the standings by which an entry says that it was allowed; those of a list are of several participants."""
    named = (entry.details or {}).get("standing")
    return [*(entry.standings or []), *([UUID(named)] if isinstance(named, str) else [])]


async def _kinds(ctx: Context, her: UUID, ids: Sequence[UUID]) -> dict[UUID, StandingKind]:
    """Returns the kinds of those that are standings to her."""
    wanted = list(set(ids))
    return {each.id: each.kind for each in await ctx.db.all(KINDS, her=her, ids=wanted)} if wanted else {}


def _shown(
    ctx: Context, entry: Entry, let: Sequence[UUID], kinds: dict[UUID, StandingKind], names: dict[UUID, str]
) -> FileTrailEntry:
    verb = ctx.plugins.verbs.get(entry.verb)
    read = (entry.details or {}).get("classes")
    return FileTrailEntry(
        entry.id, entry.at, entry.verb, str(ctx.locale.say(verb.title)) if verb else entry.verb, entry.actor_kind,
        names.get(entry.actor_id, "") if entry.actor_id else "",
        [each for each in read if isinstance(each, str)] if isinstance(read, list) else [],
        list(dict.fromkeys(kinds[each] for each in let if each in kinds)),
    )  # fmt: skip
