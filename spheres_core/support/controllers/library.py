"""The library of tools as JSON: public to read; written, published and withdrawn by who writes tools."""

from typing import Annotated, Any

from litestar import get, post, put
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page, page_of
from spheres_core.foundation.web.guards import public, requires
from spheres_core.foundation.web.idempotency_key import Once
from spheres_core.support.operations import library as operations
from spheres_core.support.permissions import WRITE_TOOLS
from spheres_core.support.queries import library as queries
from spheres_core.support.queries.tool_work import open_tool, overview
from spheres_core.support.schemas.advice import VersionPosted
from spheres_core.support.schemas.library import (
    ToolChanged,
    ToolHidden,
    ToolListed,
    ToolOpened,
    ToolPosted,
    ToolRead,
    ToolWork,
)


def _filter(name: str, description: str) -> Any:
    return QueryParameter(name=name, required=False, description=description)


Theme = Annotated[str, _filter("theme", "A code of the region's list `tool_themes`.")]
Audience = Annotated[str, _filter("audience", "A code of the region's list `tool_audiences`.")]
Written = Annotated[str, _filter("written_in", "The tag of a language that a tool is written in.")]


@get("/tools", guards=[public], name="api_tools", tags=["support"], summary="Tools of the library")
async def list_tools(
    ctx: Context, theme: Theme = "", audience: Audience = "", written_in: Written = "", cursor: FromQuery[str] = ""
) -> Page[ToolListed]:
    """Returns published tools in the reader's language, or the next that each is written in."""
    return await page_of(
        ctx, "tools", cursor,
        lambda before, limit: queries.read_list(
            ctx, before=before, limit=limit, theme=theme, audience=audience, language=written_in
        ),
    )  # fmt: skip


@get("/tools/{tool:str}", guards=[public], name="api_tool", tags=["support"], summary="One tool of the library")
async def read_tool(ctx: Context, tool: FromPath[str]) -> ToolRead:
    """Returns what it says, who gives it and where it leads. Its address is never followed by the server."""
    return await queries.read_tool(ctx, tool)


@get("/tool-work", guards=[requires(WRITE_TOOLS)], name="api_tool_work", tags=["support"],
     summary="What there is to do in the library")  # fmt: skip
async def read_work(ctx: Context) -> ToolWork:
    """Returns drafts, tools whose review day has come, tools that refer to nothing, and how many proposals wait."""
    return (await overview(ctx)).work


@post("/tools", guards=[requires(WRITE_TOOLS)], name="api_write_tool", tags=["support"], summary="Write a tool")
async def write_tool(ctx: Context, data: JSONBody[ToolPosted], once: Once) -> ToolOpened:
    """It is a draft until it is published."""
    return await once.run("tool", ctx.tenant.id, data, ToolOpened, lambda: _begin(ctx, data))


@get("/tools/{tool:str}/versions", guards=[requires(WRITE_TOOLS)], name="api_tool_versions", tags=["support"],
     summary="One tool as it was written last, with who changed it and when")  # fmt: skip
async def read_versions(ctx: Context, tool: FromPath[str]) -> ToolOpened:
    """Answers for a tool of the region's own; a pack's has its versions with the pack."""
    return await open_tool(ctx, tool)


@put("/tools/{tool:str}", guards=[requires(WRITE_TOOLS)], name="api_change_tool", tags=["support"],
     summary="Write a tool anew")  # fmt: skip
async def change_tool(ctx: Context, tool: FromPath[str], data: JSONBody[ToolChanged]) -> ToolOpened:
    """Leaves in force what is published until this is published too. Written by somebody else meanwhile: 409, with
    `yours` and `theirs`."""
    await operations.change_tool(ctx, tool, data)
    return await open_tool(ctx, tool)


@post("/tools/{tool:str}/publish", guards=[requires(WRITE_TOOLS)], name="api_publish_tool", status_code=200,
      tags=["support"], summary="Publish a tool")  # fmt: skip
async def publish_tool(ctx: Context, tool: FromPath[str], data: JSONBody[VersionPosted]) -> ToolOpened:
    """Puts what was written last in force. Refused with 409 when it has changed in the meantime."""
    await operations.publish_tool(ctx, tool, data.version)
    return await open_tool(ctx, tool)


@post("/tools/{tool:str}/withdraw", guards=[requires(WRITE_TOOLS)], name="api_withdraw_tool", status_code=200,
      tags=["support"], summary="Withdraw a tool")  # fmt: skip
async def withdraw_tool(ctx: Context, tool: FromPath[str], data: JSONBody[VersionPosted]) -> ToolOpened:
    """It is no longer in the library; its history stays. Refused with 409 when it has changed in the meantime."""
    await operations.withdraw_tool(ctx, tool, data.version)
    return await open_tool(ctx, tool)


@post("/tools/{tool:str}/hide", guards=[requires(WRITE_TOOLS)], name="api_hide_tool", status_code=200,
      tags=["support"], summary="Hide a tool that a pack brings")  # fmt: skip
async def hide_tool(ctx: Context, tool: FromPath[str]) -> ToolHidden:
    """Takes it out of this region's library. The same again changes nothing."""
    await operations.hide_tool(ctx, tool)
    return ToolHidden(tool, True)


@post("/tools/{tool:str}/show", guards=[requires(WRITE_TOOLS)], name="api_show_tool", status_code=200,
      tags=["support"], summary="Show a tool of a pack again")  # fmt: skip
async def show_tool(ctx: Context, tool: FromPath[str]) -> ToolHidden:
    """Puts it back into this region's library. The same again changes nothing."""
    await operations.show_tool(ctx, tool)
    return ToolHidden(tool, False)


async def _begin(ctx: Context, data: ToolPosted) -> ToolOpened:
    await operations.write_tool(ctx, data)
    return await open_tool(ctx, data.code)


HANDLERS: list[Any] = [
    list_tools,
    read_tool,
    read_work,
    write_tool,
    read_versions,
    change_tool,
    publish_tool,
    withdraw_tool,
    hide_tool,
    show_tool,
]
