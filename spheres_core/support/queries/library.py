"""Questions of whoever looks for a tool: what is published here, by theme, audience and language, and one of them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from sqlalchemy import and_, select

from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.code_lists import ListedItem
from spheres_core.partners.queries.catalogue import listed
from spheres_core.partners.queries.partners import organization_names
from spheres_core.support.models import HiddenTool, Tool, ToolVersion
from spheres_core.support.schemas.library import CodeRead, ToolContent, ToolListed, ToolPartner, ToolRead
from spheres_core.support.tool_file import id_of, tools_of_packs

tools, versions, hidden_tools = table(Tool), table(ToolVersion), table(HiddenTool)


class ToolUnknown(NotFound):
    """The library has no such tool, or shows it no longer."""

    code = "tool_unknown"


class PublishedTool(Struct, frozen=True):
    """A tool that is in force; `pack` names the pack that brings it, empty for one of the region."""

    id: UUID
    code: str
    content: ToolContent
    pack: str = ""


PUBLISHED = prepare(
    select(tools.c.id, tools.c.code, versions.c.content)
    .join(
        versions,
        and_(
            versions.c.tenant_id == tools.c.tenant_id,
            versions.c.tool_id == tools.c.id,
            versions.c.number == tools.c.published,
        ),
    )
    .where(scoped(tools), scoped(versions))
    .order_by(tools.c.id)
)
HIDDEN = prepare(select(hidden_tools.c.code).where(scoped(hidden_tools)))


async def published(ctx: Context) -> dict[str, PublishedTool]:
    """Returns by code the tools in force: of packs, but for hidden ones, and the region's own, which come first."""
    hidden = await hidden_codes(ctx)
    brought = {
        code: PublishedTool(id_of(pack, code), code, content, pack)
        for code, (pack, content) in tools_of_packs(ctx.plugins).items()
        if code not in hidden
    }
    own = [PublishedTool(id, code, content_of(content)) for id, code, content in await ctx.db.all(PUBLISHED)]
    return brought | {each.code: each for each in own}


async def hidden_codes(ctx: Context) -> set[str]:
    """Returns the codes of packs' tools that this region does not show."""
    return {code for (code,) in await ctx.db.all(HIDDEN)}


async def find_tools(ctx: Context, *, theme: str = "", audience: str = "", language: str = "") -> list[PublishedTool]:
    """Returns the published tools of a theme, for an audience, written in a language, by title; all without these."""
    found = [
        each
        for each in (await published(ctx)).values()
        if (not theme or theme in each.content.themes)
        and (not audience or audience in each.content.audiences)
        and (not language or language in languages_of(ctx, each.content))
    ]
    return sorted(found, key=lambda each: (ctx.locale.pick(each.content.title).casefold(), each.code))


async def read_list(
    ctx: Context, *, before: UUID, limit: int, theme: str, audience: str, language: str
) -> list[ToolListed]:
    """Returns published tools before an id, the greatest first, as the API lists them."""
    found = await find_tools(ctx, theme=theme, audience=audience, language=language)
    ordered = sorted((each for each in found if each.id < before), key=lambda each: each.id, reverse=True)
    return as_listed(ctx, ordered[:limit])


async def read_tool(ctx: Context, code: str) -> ToolRead:
    """Returns one published tool. Raises `ToolUnknown`."""
    known = await published(ctx)
    if code not in known:
        raise ToolUnknown
    content = known[code].content
    names = await organization_names(ctx) if content.organization else {}
    text = ctx.locale.pick(content.text)
    return ToolRead(
        as_listed(ctx, [known[code]])[0], str(text), text.lang, content.link,
        _partner(ctx, names, content.organization), as_listed(ctx, [known[each] for each in content.related
                                                                    if each in known]),
    )  # fmt: skip


async def named_tools(ctx: Context, codes: Collection[str]) -> list[ToolListed]:
    """Returns those of these tools that are published; asks nothing where there is none."""
    known = await published(ctx) if codes else {}
    return as_listed(ctx, [known[code] for code in codes if code in known])


def as_listed(ctx: Context, found: Sequence[PublishedTool]) -> list[ToolListed]:
    """Returns tools as lists show them, in the reader's language."""
    themes, audiences = listed(ctx, "tool_themes"), listed(ctx, "tool_audiences")
    return [
        ToolListed(
            each.id, each.code, str(title), str(ctx.locale.pick(each.content.summary)), title.lang,
            languages_of(ctx, each.content), read_codes(ctx, themes, each.content.themes),
            read_codes(ctx, audiences, each.content.audiences),
        )
        for each in found
        for title in (ctx.locale.pick(each.content.title),)
    ]  # fmt: skip


def read_codes(ctx: Context, entries: Mapping[str, ListedItem], codes: Collection[str]) -> list[CodeRead]:
    """Returns codes of one of the region's lists with their labels; the code where the list has lost it."""
    labels = [
        ctx.locale.pick(entries[each].label) if each in entries else Text(each, ctx.locale.language) for each in codes
    ]
    return [CodeRead(code, str(label), label.lang) for code, label in zip(codes, labels, strict=True)]


def languages_of(ctx: Context, content: ToolContent) -> list[str]:
    """Returns the tags of this region's languages that a tool is written in."""
    written = {name for name, words in content.title.items() if words}
    return [tag for tag in ctx.tenant.languages if written & set(ctx.plugins.languages[tag].names)]


def content_of(stored: dict[str, Any]) -> ToolContent:
    """Returns what a version of a tool says."""
    return msgspec.convert(stored, ToolContent)


def _partner(ctx: Context, names: Mapping[str, Any], key: str) -> ToolPartner | None:
    if key not in names:
        return None
    name = ctx.locale.pick(names[key])
    return ToolPartner(key, str(name), name.lang)
