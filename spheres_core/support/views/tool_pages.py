"""Values of the pages of who writes tools: the work there is, one tool with its history, its form."""

from collections.abc import Sequence
from typing import Any, Final

from spheres_core.facts import Message, msg
from spheres_core.foundation.content.markdown_text import harmless_html
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.rendering import place_of
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.staff.queries.members import names_of
from spheres_core.support.operations import library as operations
from spheres_core.support.queries.tool_work import open_tool, overview
from spheres_core.support.schemas.library import (
    BROKEN,
    TOOL_ACTS,
    TOOL_STATES,
    BrokenReference,
    ToolChanged,
    ToolInList,
    ToolPosted,
)
from spheres_core.support.views.tool_form import form_values, in_language, tool_sent

TONES: Final = {"draft": "waiting", "published": "done", "withdrawn": "ended"}
DONE: Final[dict[str, Message]] = {
    "write": msg("It is saved as a draft."),
    "publish": msg("It is in the library."),
    "withdraw": msg("It is no longer in the library."),
    "hide": msg("The library no longer shows it."),
    "show": msg("The library shows it again."),
    "approve": msg("The entry is a tool of the library."),
    "decline": msg("The entry is deleted."),
}
"""The line above the page after each act."""


async def desk_view(ctx: Context, *, done: str = "") -> dict[str, Any]:
    """Returns the values of `support/tool_desk.html`: what there is to do, then every tool."""
    found = await overview(ctx)
    return {
        "title": ctx.locale.say(msg("Library of tools")),
        "drafts": _lines(ctx, found.work.drafts),
        "due": _lines(ctx, found.work.due),
        "broken": _lines(ctx, found.work.broken),
        "proposals": found.work.proposals,
        "own": _lines(ctx, found.own),
        "of_packs": _lines(ctx, found.of_packs),
        "done": ctx.locale.say(DONE[done]) if done in DONE else None,
    }


async def one_view(ctx: Context, code: str, *, done: str = "", refusal: Refusal | None = None) -> dict[str, Any]:
    """Returns the values of `support/tool_record.html`: a tool as it was written last. Raises `ToolUnknown`."""
    found = await open_tool(ctx, code)
    names = await names_of(ctx, [each.author for each in found.history if each.author])
    content = found.content
    return {
        "title": ctx.locale.pick(content.title),
        "code": code,
        "state": _state(ctx, found.state),
        "version": found.version,
        "pending": found.state == "published" and found.version != found.published,
        "steps": found.steps,
        "in_force": found.published is not None,
        "review_on": content.review_on,
        "due": content.review_on is not None and content.review_on <= ctx.today,
        "broken": broken_lines(ctx, found.broken),
        "texts": [
            {
                "tag": tag, "name": each.autonym, "title": in_language(content.title, each.names),
                "summary": in_language(content.summary, each.names),
                "body": harmless_html(in_language(content.text, each.names)),
            }
            for tag in ctx.tenant.languages
            for each in (ctx.plugins.languages[tag],)
            if in_language(content.title, each.names)
        ],
        "history": [
            {
                "number": each.number,
                "act": ctx.locale.say(TOOL_ACTS[each.act]),
                "at": each.at,
                "who": names.get(each.author, "") if each.author else "",
            }
            for each in found.history
        ],
        "error": ctx.locale.say(refusal.message) if refusal else None,
        "done": ctx.locale.say(DONE[done]) if done in DONE else None,
    }  # fmt: skip


async def form_view(
    ctx: Context, code: str = "", *, sent: Post | None = None, refusal: Refusal | None = None
) -> dict[str, Any]:
    """Returns the values of `support/tool_form.html`; with a refusal what was typed and what stands against it.

    Raises `ToolUnknown`.
    """
    opened = await open_tool(ctx, code) if code else None
    if sent is not None and refusal is not None:
        sent.problems |= {each.path: each.message for each in refusal.errors}
    theirs = refusal is not None and refusal.extra.get("theirs") is not None
    return {
        "title": ctx.locale.say(msg("Change the tool")) if opened else ctx.locale.say(msg("Write a tool")),
        "code": code,
        "version": opened.version if opened else 0,
        "posted": sent,
        "problems": sent.problems if sent else {},
        "error": ctx.locale.say(refusal.message) if refusal else None,
        "theirs": ctx.locale.pick(opened.content.title) if theirs and opened else None,
        **await form_values(ctx, opened.content if opened else None, code=code),
    }


async def save(ctx: Context, code: str, sent: Post) -> str:
    """Writes a tool as a page posts it: a new one without `code`. Returns its code. Raises what the operations do."""
    written = tool_sent(ctx, sent)
    if code:
        version = sent.version()
        await operations.change_tool(ctx, code, ToolChanged(version, written))
        return code
    wanted = sent["code"].strip()
    await operations.write_tool(ctx, ToolPosted(wanted, written))
    return wanted


async def act(ctx: Context, code: str, sent: Post) -> str:
    """Publishes or withdraws a tool, hides one of a pack or shows it again. Returns the act."""
    version = sent.version()
    if sent["act"] == "publish":
        await operations.publish_tool(ctx, code, version)
    elif sent["act"] == "withdraw":
        await operations.withdraw_tool(ctx, code, version)
    elif sent["act"] == "hide":
        await operations.hide_tool(ctx, code)
    else:
        await operations.show_tool(ctx, code)
        return "show"
    return sent["act"]


def page_after(ctx: Context, request_scope: RequestScope, act: str, code: str) -> str:
    """Returns the page that follows an act: a pack's tool has none of its own here."""
    if act in ("hide", "show"):
        return place_of(ctx, request_scope, "tool_desk")
    return place_of(ctx, request_scope, "tool_record", tool=code)


def broken_lines(ctx: Context, broken: Sequence[BrokenReference]) -> list[dict[str, Any]]:
    """Returns what a tool refers to and is not there, in words."""
    return [{"about": each.about, "said": ctx.locale.say(BROKEN[each.kind])} for each in broken]


def _lines(ctx: Context, found: Sequence[ToolInList]) -> list[dict[str, Any]]:
    return [
        {
            "code": each.code,
            "title": each.title,
            "language": each.language,
            "state": _state(ctx, each.state),
            "review_on": each.review_on,
            "pack": ctx.locale.pick(ctx.plugins.plugins[each.pack].manifest.title) if each.pack else "",
            "hidden": each.hidden,
            "broken": broken_lines(ctx, each.broken),
        }
        for each in found
    ]


def _state(ctx: Context, state: str) -> dict[str, Any]:
    return {"tone": TONES[state], "label": ctx.locale.say(TOOL_STATES[state])}
