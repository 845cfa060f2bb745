"""Reads a tool as a page posts it, and says what stands in the form."""

from collections.abc import Mapping
from typing import Any, Final

from spheres_core.facts import msg
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post
from spheres_core.partners.queries.partners import organization_names
from spheres_core.support.operations.library import ToolInvalid
from spheres_core.support.queries import library as queries
from spheres_core.support.schemas.library import (
    LONGEST_LINK,
    LONGEST_SUMMARY,
    LONGEST_TEXT,
    LONGEST_TITLE,
    MOST_CODES,
    ToolContent,
    ToolWritten,
)
from spheres_core.support.views.library import choices

LONGEST: Final[Mapping[str, int]] = {"title": LONGEST_TITLE, "summary": LONGEST_SUMMARY, "text": LONGEST_TEXT}


def tool_sent(ctx: Context, sent: Post) -> ToolWritten:
    """Returns a tool as it was sent. Raises `ToolInvalid` with `sent.problems` filled."""
    texts = {name: {tag: sent[f"{name}_{tag}"].strip() for tag in ctx.tenant.languages} for name in LONGEST}
    for name, most in LONGEST.items():
        for tag, text in texts[name].items():
            if len(text) > most:
                sent.problems[f"{name}_{tag}"] = msg("It is longer than {most} characters.", most=most)
    if len(sent["link"]) > LONGEST_LINK:
        sent.problems["link"] = msg("It is longer than {most} characters.", most=LONGEST_LINK)
    review_on = sent.day("review_on", required=False)
    if sent.problems:
        raise ToolInvalid
    return ToolWritten(
        **texts, themes=sent.every("themes")[:MOST_CODES], audiences=sent.every("audiences")[:MOST_CODES],
        link=sent["link"].strip(), organization=sent["organization"][:60], related=sent.every("related")[:MOST_CODES],
        review_on=review_on,
    )  # fmt: skip


async def form_values(ctx: Context, kept: ToolContent | None, *, code: str = "") -> dict[str, Any]:
    """Returns what stands in the form of a tool: nothing for a new one, else what it says."""
    kept = kept or ToolContent({}, {})
    names = await organization_names(ctx)
    others = await queries.find_tools(ctx)
    partners = [(key, ctx.locale.pick(words)) for key, words in names.items()]
    offered = [(each.code, ctx.locale.pick(each.content.title)) for each in others if each.code != code]
    lost = [each for each in kept.related if each not in {code for code, _ in offered}]
    return {
        "languages": [
            {"tag": tag, "name": each.autonym}
            | {name: in_language(getattr(kept, name), each.names) for name in LONGEST}
            for tag in ctx.tenant.languages
            for each in (ctx.plugins.languages[tag],)
        ],
        "themes": choices(ctx, "tool_themes"),
        "audiences": choices(ctx, "tool_audiences"),
        "partners": [("", ctx.locale.say(msg("No partner"))), *sorted(partners, key=lambda each: each[1].casefold())],
        "others": [*offered, *((each, each) for each in lost)],
        "kept": kept,
    }


def in_language(words: Mapping[str, str], names: tuple[str, ...]) -> str:
    """Returns a text in exactly one language; empty where it is not written in it."""
    return next((words[name] for name in names if name in words), "")
