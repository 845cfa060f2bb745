"""Writes tools, publishes and withdraws them, one version after the other; and hides what packs bring."""

from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Integer, Text, bindparam
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.facts import Problem, msg
from spheres_core.foundation.content.struct_reader import KEY
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import ChangedMeanwhile, Conflict, Invalid
from spheres_core.foundation.languages import localization
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.operations.catalogue import require_codes
from spheres_core.partners.queries.catalogue import listed
from spheres_core.partners.queries.partners import organization_names
from spheres_core.support.operations.word_checks import check_words
from spheres_core.support.queries import library, tool_work
from spheres_core.support.queries.library import ToolUnknown, content_of, hidden_tools, tools, versions
from spheres_core.support.queries.tool_work import ToolRow
from spheres_core.support.schemas.library import (
    DRAFT,
    PUBLISHED,
    WITHDRAWN,
    ToolAct,
    ToolChanged,
    ToolContent,
    ToolPosted,
    ToolWritten,
)
from spheres_core.support.tool_file import id_of, tools_of_packs
from spheres_core.support.tool_references import may_be_followed

ADD = prepare(insert(tools))
ADD_VERSION = prepare(insert(versions))
MOVE = prepare(
    tools.update()
    .where(scoped(tools), tools.c.id == bindparam("which"), tools.c.version == bindparam("seen"))
    .values(
        version=tools.c.version + 1,
        state=bindparam("to", type_=Text()),
        published=bindparam("in_force", type_=Integer()),
    )
    .returning(tools.c.version)
)
HIDE = prepare(insert(hidden_tools).on_conflict_do_nothing())
SHOW = prepare(
    hidden_tools.delete()
    .where(scoped(hidden_tools), hidden_tools.c.code == bindparam("which"))
    .returning(hidden_tools.c.code)
)


NO_CODE = msg("Small letters, digits and underscores, such as first_call.")


class ToolInvalid(Invalid):
    """The tool cannot be as it was written; `errors` say why."""

    code = "tool_invalid"
    message = msg("Some answers need another look.")


class CodeTaken(Conflict):
    """Another tool has this code already: one of the region or of a pack."""

    code = "tool_code_taken"
    message = msg("Another tool has this code already.")


class ToolActNotOpen(Conflict):
    """The tool is in a state in which this cannot be done."""

    code = "tool_act_not_open"
    message = msg("This was changed in the meantime. Please look at it again.")


async def write_tool(ctx: Context, posted: ToolPosted) -> UUID:
    """Begins a tool as a draft. Raises `ToolInvalid`, `CodeUnknown`, `CodeTaken`."""
    content = await checked(ctx, posted.tool)
    return await add_tool(ctx, posted.code, content)


async def add_tool(ctx: Context, code: str, content: ToolContent) -> UUID:
    """Adds a draft with this content. Raises `ToolInvalid` for what is no code, `CodeTaken`."""
    if not KEY.fullmatch(code):
        raise ToolInvalid(errors=[Problem(NO_CODE, path="code", code="code")])
    await ctx.db.lock("spheres.tools", ctx.tenant.id)
    if code in tools_of_packs(ctx.plugins) or await ctx.db.one_or_none(tool_work.ONE, code=code) is not None:
        raise CodeTaken(errors=[Problem(CodeTaken.message, path="code", code="taken")])
    id = uuid7()
    await ctx.db.run(ADD, id=id, code=code, state=DRAFT, version=1, published=None)
    await _keep(ctx, id, 1, "written", content)
    await audit.record(ctx, "tool.written", subject=("tool", id), details={"tool": code, "version": 1})
    return id


async def change_tool(ctx: Context, code: str, changed: ToolChanged) -> None:
    """Writes a tool anew, as a draft beside what is published. Raises as `write_tool`, and `ToolUnknown`,
    `ChangedMeanwhile`."""
    row = await tool_work.find_row(ctx, code)
    content = await checked(ctx, changed.tool, kept=content_of(row.content), code=code)
    version = changed.version
    state = DRAFT if row.state == WITHDRAWN else row.state
    await _move(ctx, row, version, "written", content, state, row.published)
    await audit.record(ctx, "tool.written", subject=("tool", row.id), details={"tool": code, "version": version + 1})


async def publish_tool(ctx: Context, code: str, version: int) -> None:
    """Puts what was written last in force. Raises `ToolUnknown`, `ChangedMeanwhile`, `ToolActNotOpen`."""
    row = await _open_for(ctx, code, version, "publish")
    content = content_of(row.content)
    await _move(ctx, row, version, "published", content, PUBLISHED, version + 1)
    await audit.record(ctx, "tool.published", subject=("tool", row.id), details={"tool": code, "version": version + 1})


async def withdraw_tool(ctx: Context, code: str, version: int) -> None:
    """Takes a tool out of the library; it stays here with its history. Raises what `publish_tool` does."""
    row = await _open_for(ctx, code, version, "withdraw")
    await _move(ctx, row, version, "withdrawn", content_of(row.content), WITHDRAWN, None)
    await audit.record(ctx, "tool.withdrawn", subject=("tool", row.id), details={"tool": code, "version": version + 1})


async def hide_tool(ctx: Context, code: str) -> None:
    """Takes a tool of a pack out of this region's library. Again changes nothing. Raises `ToolUnknown`."""
    pack = _pack_of(ctx, code)
    if code not in await library.hidden_codes(ctx):
        await ctx.db.run(HIDE, code=code, author=ctx.actor.id, at=ctx.now)
        await audit.record(
            ctx, "tool.withdrawn", subject=("tool", id_of(pack, code)), details={"tool": code, "pack": pack}
        )


async def show_tool(ctx: Context, code: str) -> None:
    """Shows a tool of a pack again. Again changes nothing. Raises `ToolUnknown`."""
    pack = _pack_of(ctx, code)
    if await ctx.db.run(SHOW, which=code):
        await audit.record(
            ctx, "tool.published", subject=("tool", id_of(pack, code)), details={"tool": code, "pack": pack}
        )


async def checked(
    ctx: Context, written: ToolWritten, *, kept: ToolContent | None = None, code: str = ""
) -> ToolContent:
    """Returns a tool's content as it may be kept. `kept`: what it says already. Raises `ToolInvalid`, `CodeUnknown`,
    `ParticipantCodeFound`."""
    problems = [*_problems(ctx, written)]
    partners, before = await organization_names(ctx), kept.organization if kept else ""
    if written.organization and written.organization not in partners and written.organization != before:
        problems.append(Problem(msg("Choose one of the directory."), path="organization"))
    known = await library.published(ctx)
    if any(each == code or (each not in known and not (kept and each in kept.related)) for each in written.related):
        problems.append(Problem(msg("Choose tools of the library."), path="related"))
    if problems:
        raise ToolInvalid(errors=problems)
    await check_words(ctx, _every_text(written), confirmed=True)  # a published text is public: only codes are refused
    for name, codes in (("themes", written.themes), ("audiences", written.audiences)):
        had = getattr(kept, name) if kept else ()
        require_codes(codes, listed(ctx, f"tool_{name}"), path=name, kept=had)
    return ToolContent(
        title=_words(ctx, written.title), summary=_words(ctx, written.summary), text=_words(ctx, written.text),
        themes=tuple(written.themes), audiences=tuple(written.audiences), link=written.link.strip(),
        organization=written.organization, related=tuple(written.related), review_on=written.review_on,
    )  # fmt: skip


def _every_text(written: ToolWritten) -> dict[str, str]:
    return {
        f"{name}_{tag}": text for name in ("title", "summary", "text") for tag, text in getattr(written, name).items()
    }


def _problems(ctx: Context, written: ToolWritten) -> list[Problem]:
    title, summary, text = (_words(ctx, each) for each in (written.title, written.summary, written.text))
    found = [
        Problem(msg("This region does not speak this language."), path=f"{name}_{tag}")
        for name in ("title", "summary", "text")
        for tag in getattr(written, name)
        if localization.match(tag, ctx.tenant.languages) is None
    ]
    if not title:
        found.append(Problem(msg("Please answer this."), path=f"title_{ctx.tenant.languages[0]}"))
    found += [
        Problem(msg("A tool needs a title and a summary in each language that it is written in."), path=f"{name}_{tag}")
        for name, words in (("title", title), ("summary", summary))
        for tag in sorted(title.keys() | summary.keys() | text.keys())
        if tag not in words
    ]
    if written.link.strip() and not may_be_followed(written.link.strip()):
        found.append(Problem(msg("An address begins with https:// and names a site."), path="link"))
    if not (text or written.link.strip() or written.organization):
        found.append(
            Problem(msg("A tool has a text of its own, an address or a partner who gives it."),
                    path=f"text_{ctx.tenant.languages[0]}")
        )  # fmt: skip
    return found


def _words(ctx: Context, given: dict[str, str]) -> dict[str, str]:
    """Returns texts by the tenant's own tags, without empty ones."""
    known = {tag: localization.match(tag, ctx.tenant.languages) for tag in given}
    return {known[tag] or tag: text.strip() for tag, text in given.items() if text.strip()}


async def _open_for(ctx: Context, code: str, version: int, act: str) -> ToolRow:
    row = await tool_work.find_row(ctx, code)
    if row.version != version:
        raise _changed(row, {"act": act})
    if act not in tool_work.steps(row):
        raise ToolActNotOpen
    return row


async def _move(
    ctx: Context, row: ToolRow, version: int, act: ToolAct, content: ToolContent, to: str, in_force: int | None
) -> None:
    if not await ctx.db.run(MOVE, which=row.id, seen=version, to=to, in_force=in_force):
        raise _changed(await tool_work.find_row(ctx, row.code), msgspec.to_builtins(content))
    await _keep(ctx, row.id, version + 1, act, content)


async def _keep(ctx: Context, id: UUID, number: int, act: ToolAct, content: ToolContent) -> None:
    writer = ctx.actor.id if ctx.actor.kind == "staff" else None
    kept = msgspec.to_builtins(content)
    await ctx.db.run(ADD_VERSION, tool_id=id, number=number, act=act, content=kept, author=writer, at=ctx.now)


def _changed(row: ToolRow, yours: dict[str, Any]) -> ChangedMeanwhile:
    return ChangedMeanwhile(extra={"yours": yours, "theirs": row.content | {"version": row.version}})


def _pack_of(ctx: Context, code: str) -> str:
    brought = tools_of_packs(ctx.plugins)
    if code not in brought:
        raise ToolUnknown
    return brought[code][0]
