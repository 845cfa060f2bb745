"""Values of the public pages of the library: the list with its filters, and one tool."""

from typing import Any

from spheres_core.facts import msg
from spheres_core.foundation.content.markdown_text import harmless_html
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.queries.catalogue import in_use, listed
from spheres_core.support.queries import library as queries
from spheres_core.support.tool_references import may_be_followed


async def library_view(ctx: Context, *, theme: str, audience: str, written_in: str) -> dict[str, Any]:
    """Returns the values of `support/library.html`: the published tools that fit, and what can be chosen."""
    found = await queries.find_tools(ctx, theme=theme, audience=audience, language=written_in)
    return {
        "title": ctx.locale.say(msg("Tools for professionals")),
        "tools": queries.as_listed(ctx, found),
        "themes": choices(ctx, "tool_themes"),
        "audiences": choices(ctx, "tool_audiences"),
        "tongues": tongues(ctx),
        "chosen": {"theme": theme, "audience": audience, "written_in": written_in},
        "narrowed": bool(theme or audience or written_in),
    }


async def tool_view(ctx: Context, code: str) -> dict[str, Any]:
    """Returns the values of `support/tool.html`. Raises `ToolUnknown`."""
    found = await queries.read_tool(ctx, code)
    return {
        "title": ctx.locale.pick({found.tool.language: found.tool.title}),
        "found": found,
        "body": harmless_html(found.text) if found.text else None,
        "link": found.link if may_be_followed(found.link) else "",
        "tongues": tongues(ctx),
    }


def choices(ctx: Context, name: str) -> list[tuple[str, Any]]:
    """Returns one of the region's lists as options."""
    return [(code, ctx.locale.pick(each.label)) for code, each in in_use(listed(ctx, name)).items()]


def tongues(ctx: Context) -> dict[str, str]:
    """Returns what each language of the region calls itself."""
    return {tag: ctx.plugins.languages[tag].autonym for tag in ctx.tenant.languages}
