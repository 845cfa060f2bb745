"""Questions about workshops: the log by filters, one of them, and what is written to a file."""

import datetime as dt
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Date, Integer, Text, Uuid, any_, bindparam, func, or_, select, tuple_

from spheres_core.audit import operations as audit
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import constant, prepare, scoped
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page, page_of
from spheres_core.partners.queries.partners import organization_names
from spheres_core.staff.queries.members import names_of
from spheres_core.support.models import WorkshopRow
from spheres_core.support.queries.code_lists import KINDS, THEMES, TITLES, read_code
from spheres_core.support.schemas.workshops import (
    Audience,
    WorkshopChanged,
    WorkshopLine,
    WorkshopOpened,
    WorkshopSetting,
    WorkshopState,
)
from spheres_core.support.settings import Settings

STEPS: Final = {"planned": ("hold", "change", "cancel"), "held": ("change",), "cancelled": ()}
workshops = table(WorkshopRow)


class WorkshopUnknown(NotFound):
    """No such workshop here."""

    code = "workshop_unknown"


class WorkshopStored(Struct, frozen=True):
    """A workshop as it is stored, with its words still sealed."""

    id: UUID
    state: WorkshopState
    kind: str
    setting: WorkshopSetting
    title: str
    themes: list[str]
    held_on: dt.date
    minutes: int | None
    language: str
    organization: str
    given_by: list[UUID]
    audience: Audience
    words: bytes | None
    notes: bytes | None
    version: int


class WorkshopFilters(Struct, frozen=True):
    """Which workshops are asked for; all without these."""

    state: str = ""
    kind: str = ""
    theme: str = ""
    since: dt.date | None = None
    until: dt.date | None = None


_row = [workshops.c[name] for name in WorkshopStored.__struct_fields__]
_state, _kind, _theme = (bindparam(name, type_=Text()) for name in ("state", "kind", "theme"))
_start = (
    select(workshops.c.held_on)
    .where(scoped(workshops), workshops.c.id == bindparam("before", type_=Uuid()))
    .scalar_subquery()
)
_place = tuple_(workshops.c.held_on, workshops.c.id)
LIST = prepare(
    select(*_row)
    .where(scoped(workshops))
    .where(_place < tuple_(func.coalesce(_start, constant(dt.date.max, Date())), bindparam("before", type_=Uuid())))
    .where(or_(_state == "", workshops.c.state == _state), or_(_kind == "", workshops.c.kind == _kind))
    .where(or_(_theme == "", _theme == any_(workshops.c.themes)))
    .where(workshops.c.held_on >= bindparam("since", type_=Date()))
    .where(workshops.c.held_on <= bindparam("until", type_=Date()))
    .order_by(workshops.c.held_on.desc(), workshops.c.id.desc())
    .limit(bindparam("limit", type_=Integer())),
    into=WorkshopStored,
)
_one = select(*_row).where(scoped(workshops), workshops.c.id == bindparam("id", type_=Uuid()))
ONE, ONE_LOCKED = prepare(_one, into=WorkshopStored), prepare(_one.with_for_update(), into=WorkshopStored)
GIVEN = prepare(
    select(*_row)
    .where(scoped(workshops), workshops.c.state == constant("held", Text()))
    .where(bindparam("me", type_=Uuid()) == any_(workshops.c.given_by))
    .order_by(workshops.c.held_on.desc(), workshops.c.id.desc())
    .limit(bindparam("limit", type_=Integer())),
    into=WorkshopStored,
)


async def list_workshops(ctx: Context, filters: WorkshopFilters, *, cursor: str = "") -> Page[WorkshopLine]:
    """Returns a page of workshops, the latest day first, and writes to the trail which were shown."""

    async def ask(before: UUID, limit: int) -> Sequence[WorkshopLine]:
        return await lines_of(ctx, await find_workshops(ctx, filters, before=before, limit=limit))

    page = await page_of(ctx, "workshops", cursor, ask)
    await audit.record(ctx, "workshops.listed", shown=[each.id for each in page.items])
    return page


async def find_workshops(ctx: Context, filters: WorkshopFilters, *, before: UUID, limit: int) -> list[WorkshopStored]:
    """Returns workshops as they are stored, the latest day first."""
    since, until = filters.since or dt.date.min, filters.until or dt.date.max
    return await ctx.db.all(
        LIST, before=before, limit=limit, state=filters.state, kind=filters.kind, theme=filters.theme, since=since,
        until=until,
    )  # fmt: skip


async def given_by(ctx: Context, me: UUID, *, most: int) -> list[WorkshopLine]:
    """Returns workshops that a member of staff gave, the latest first."""
    return await lines_of(ctx, await ctx.db.all(GIVEN, me=me, limit=most))


async def find_workshop(ctx: Context, id: UUID, *, lock: bool = False) -> WorkshopStored:
    """Returns one workshop as it is stored; `lock`: for a change. Raises `WorkshopUnknown`."""
    found = await ctx.db.one_or_none(ONE_LOCKED if lock else ONE, id=id)
    if found is None:
        raise WorkshopUnknown
    return found


async def read_workshop(ctx: Context, id: UUID) -> WorkshopOpened:
    """Returns a workshop, and writes the reading to the trail. Raises `WorkshopUnknown`."""
    row = await find_workshop(ctx, id)
    await audit.record(ctx, "workshop.read", subject=("workshop", id))
    names = await names_of(ctx, row.given_by)
    kept = dt.timedelta(days=ctx.settings("support", Settings).workshops_erased_after_days)
    (line,) = await lines_of(ctx, [row])
    return WorkshopOpened(
        line, row.title, opened(ctx, row.id, "words", row.words), opened(ctx, row.id, "notes", row.notes),
        row.given_by, [names[each] for each in row.given_by if each in names], row.audience, row.held_on + kept,
        STEPS[row.state],
    )  # fmt: skip


def as_written(ctx: Context, row: WorkshopStored) -> WorkshopChanged:
    """Returns a workshop as somebody would write it who leaves it as it is."""
    words, notes = opened(ctx, row.id, "words", row.words), opened(ctx, row.id, "notes", row.notes)
    return WorkshopChanged(
        row.kind, row.setting, row.held_on, row.language, row.title, words, row.themes, row.minutes,
        row.organization, row.given_by, notes, row.audience if row.state == "held" else None, version=row.version,
    )  # fmt: skip


async def lines_of(ctx: Context, rows: Sequence[WorkshopStored]) -> list[WorkshopLine]:
    """Returns workshops as lists show them, in the reader's language."""
    names = await organization_names(ctx) if any(each.organization for each in rows) else {}
    lines = []
    for row in rows:
        title = read_code(ctx, TITLES, row.title) if row.title else None
        organization = str(ctx.locale.pick(names[row.organization])) if row.organization in names else row.organization
        lines.append(
            WorkshopLine(
                row.id, row.state, read_code(ctx, KINDS, row.kind), row.setting,
                title.label if title else opened(ctx, row.id, "words", row.words), title.language if title else None,
                row.held_on, row.language, row.minutes, organization,
                [read_code(ctx, THEMES, each) for each in row.themes], row.version,
            )
        )  # fmt: skip
    return lines


def opened(ctx: Context, id: UUID, column: str, sealed: bytes | None) -> str:
    """Returns sealed words of a workshop; empty where there are none."""
    return "" if sealed is None else ctx.keys.open("workshops", id, column, sealed).decode()
