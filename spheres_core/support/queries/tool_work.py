"""Questions of who writes tools: one with its history, drafts, what is due for review, what refers to nothing."""

import datetime as dt
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import and_, bindparam, select

from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.queries.partners import organization_names
from spheres_core.support.queries import library
from spheres_core.support.queries.library import ToolUnknown, content_of, tools, versions
from spheres_core.support.queries.proposals import count_proposals
from spheres_core.support.schemas.library import (
    DRAFT,
    PUBLISHED,
    WITHDRAWN,
    ToolContent,
    ToolInList,
    ToolOpened,
    ToolState,
    ToolVersionRead,
    ToolWork,
)
from spheres_core.support.tool_file import id_of, tools_of_packs
from spheres_core.support.tool_references import broken_references


class ToolRow(Struct, frozen=True):
    """A tool of the region with its latest version."""

    id: UUID
    code: str
    state: ToolState
    version: int
    published: int | None
    content: dict[str, Any]


_latest = (
    select(tools.c.id, tools.c.code, tools.c.state, tools.c.version, tools.c.published, versions.c.content)
    .join(
        versions,
        and_(
            versions.c.tenant_id == tools.c.tenant_id,
            versions.c.tool_id == tools.c.id,
            versions.c.number == tools.c.version,
        ),
    )
    .where(scoped(tools), scoped(versions))
)
OWN = prepare(_latest.order_by(tools.c.code), into=ToolRow)
ONE = prepare(_latest.where(tools.c.code == bindparam("code")), into=ToolRow)
HISTORY = prepare(
    select(versions.c.number, versions.c.act, versions.c.author, versions.c.at)
    .where(scoped(versions), versions.c.tool_id == bindparam("tool"))
    .order_by(versions.c.number.desc()),
    into=ToolVersionRead,
)


def steps(row: ToolRow) -> tuple[str, ...]:
    """Returns the acts that are open: a tool is written, published and withdrawn, and may be published again."""
    if row.state in (DRAFT, WITHDRAWN):
        return ("change", "publish")
    return ("change", "publish", "withdraw") if has_draft(row) else ("change", "withdraw")


def has_draft(row: ToolRow) -> bool:
    """Tells whether something was written that nobody has published yet."""
    return row.state == DRAFT or (row.state == PUBLISHED and row.version != row.published)


async def find_row(ctx: Context, code: str) -> ToolRow:
    """Returns one tool of the region. Raises `ToolUnknown`."""
    found = await ctx.db.one_or_none(ONE, code=code)
    if found is None:
        raise ToolUnknown
    return found


async def open_tool(ctx: Context, code: str) -> ToolOpened:
    """Returns one tool of the region as it was written last, with its history. Raises `ToolUnknown`."""
    row = await find_row(ctx, code)
    content = content_of(row.content)
    known, partners = await library.published(ctx), await organization_names(ctx)
    broken = broken_references(content, partners=partners.keys(), tools=known.keys())
    history = await ctx.db.all(HISTORY, tool=row.id)
    return ToolOpened(row.id, row.code, row.state, row.version, row.published, content, steps(row), broken, history)


class Overview(Struct, frozen=True):
    """Every tool here, as who writes tools finds them, with what there is to do."""

    own: list[ToolInList]
    of_packs: list[ToolInList]
    work: ToolWork


async def overview(ctx: Context) -> Overview:
    """Returns the region's own tools, those of packs, and the work of who writes tools."""
    rows, known = await ctx.db.all(OWN), await library.published(ctx)
    partners, hidden = await organization_names(ctx), await library.hidden_codes(ctx)

    def shown(id: UUID, code: str, state: ToolState, content: ToolContent, pack: str = "") -> ToolInList:
        title = ctx.locale.pick(content.title)
        broken = broken_references(content, partners=partners.keys(), tools=known.keys())
        return ToolInList(
            id, code, str(title), title.lang, state, content.review_on, pack, bool(pack) and code in hidden, broken
        )

    own = [shown(each.id, each.code, each.state, content_of(each.content)) for each in rows]
    of_packs = [
        shown(id_of(pack, code), code, PUBLISHED, content, pack)
        for code, (pack, content) in tools_of_packs(ctx.plugins).items()
        if code not in {each.code for each in rows}
    ]
    in_force = [shown(each.id, each.code, PUBLISHED, each.content, each.pack) for each in known.values()]
    drafts = {each.code for each in rows if has_draft(each)}
    return Overview(
        own,
        of_packs,
        ToolWork(
            [each for each in own if each.code in drafts],
            [each for each in in_force if _is_due(each, ctx.today)],
            [each for each in _once(in_force, [each for each in own if each.code in drafts]) if each.broken],
            await count_proposals(ctx),
        ),
    )


def _is_due(tool: ToolInList, today: dt.date) -> bool:
    return tool.review_on is not None and tool.review_on <= today


def _once(in_force: list[ToolInList], drafts: list[ToolInList]) -> list[ToolInList]:
    """Returns what is in force, and a draft where it is not."""
    known = {each.code for each in in_force}
    return in_force + [each for each in drafts if each.code not in known]
