"""Values of the desk's pages, and one request as it is read in the reader's language."""

from typing import Any
from uuid import UUID

from spheres_core.audit import operations as audit
from spheres_core.facts import Message, msg
from spheres_core.forms.views.readable_answers import readable_rows
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import page_of
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.rendering import place_of
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.staff.queries import members
from spheres_core.support.operations.proposals import may_propose
from spheres_core.support.queries import advice as queries
from spheres_core.support.queries.library import find_tools, named_tools
from spheres_core.support.schemas.advice import (
    ANSWER_KINDS,
    STATES,
    AdviceLine,
    AdviceOpened,
    AdviceWords,
    ReadableAnswer,
)
from spheres_core.support.steps import steps

TONES = {"received": "new", "assigned": "active", "answered": "done", "referral_drafted": "waiting", "closed": "ended"}
DONE = {
    "take": msg("It is yours now."),
    "answer": msg("The answer is there for who has the tracking code."),
    "close": msg("It is closed, and the words are deleted."),
    "propose": msg("The entry waits for a second person."),
}
"""The line above the page after each act."""


async def open_request(ctx: Context, id: UUID) -> AdviceOpened:
    """Returns one request with what was asked, and writes the reading to the trail. Raises `AdviceUnknown`."""
    row = await queries.find_advice(ctx, id)
    await audit.record(ctx, "advice.read", subject=("advice", id))
    line = AdviceLine(**{name: getattr(row, name) for name in AdviceLine.__struct_fields__})
    words = queries.words_of(ctx, row)
    answers = [] if words is None else _readable(ctx, words, row.language)
    tools = await named_tools(ctx, row.tools)
    return AdviceOpened(line, answers, queries.reply_of(ctx, row), steps(row.state), tools)


async def list_view(ctx: Context, request_scope: RequestScope, *, state: str, cursor: str) -> dict[str, Any]:
    """Returns the values of `support/desk.html`: one page of requests."""
    shown = await page_of(
        ctx, "advice", cursor,
        lambda before, limit: queries.list_advice(ctx, before=before, limit=limit, state=state),
    )  # fmt: skip
    here = place_of(ctx, request_scope, "advice_desk")
    return {
        "title": ctx.locale.say(msg("Requests for advice")),
        "items": [await _line(ctx, each) for each in shown.items],
        "states": {code: ctx.locale.say(each) for code, each in STATES.items()},
        "chosen": state if state in STATES else "",
        "next_url": f"{here}?state={state}&cursor={shown.next}" if shown.next and state in ("", *STATES) else None,
        "previous_url": here if cursor else None,
    }


async def request_view(
    ctx: Context, id: UUID, *, done: str = "", refusal: Refusal | None = None, sent: Post | None = None
) -> dict[str, Any]:
    """Returns the values of `support/request.html`; with a refusal what was typed and why it was not taken."""
    opened = await open_request(ctx, id)
    sent = sent or Post(())
    return {
        "title": ctx.locale.say(msg("Request for advice")),
        "request": await _line(ctx, opened.line),
        "answers": opened.answers,
        "reply": opened.reply,
        "steps": opened.steps,
        "mine": opened.line.assignee_id == ctx.actor.id,
        "ways": {code: ctx.locale.say(each) for code, each in ANSWER_KINDS.items()},
        "typed": sent["reply"] if refusal else opened.reply,
        "chosen": (sent["how"] if refusal else opened.line.answered_how) or "answer",
        "problems": {each.path: ctx.locale.say(each.message) for each in refusal.errors} if refusal else {},
        "error": ctx.locale.say(refusal.message) if refusal else None,
        "done": ctx.locale.say(DONE[done]) if done in DONE else None,
        "named": sent.every("tools") if refusal else [each.code for each in opened.tools],
        "tools": [(each.code, ctx.locale.pick(each.content.title)) for each in await find_tools(ctx)],
        "may_propose": may_propose(ctx, opened.line),
    }


async def _line(ctx: Context, line: AdviceLine) -> dict[str, Any]:
    member = await members.find_member(ctx, line.assignee_id) if line.assignee_id else None
    return {
        "id": line.id,
        "state": {"tone": TONES[line.state], "label": ctx.locale.say(STATES[line.state])},
        "received_at": line.received_at,
        "language": line.language,
        "tongue": ctx.plugins.languages[line.language].autonym if line.language in ctx.plugins.languages else "",
        "who": member.name if member else "",
        "before": line.equipped_before,
        "after": line.equipped_after,
        "version": line.version,
        "name": str(line.id)[-6:].upper(),
    }


def _readable(ctx: Context, words: AdviceWords, language: str) -> list[ReadableAnswer]:
    rows = readable_rows(words.form, words.values, ctx.locale.tag)
    return [
        ReadableAnswer(
            str(ctx.locale.pick(row.label)),
            ", ".join(_said(ctx, each) for each in row.shown),
            language if all(isinstance(each, str) for each in row.shown) else "",
            ctx.locale.pick(row.label).lang,
        )
        for row in rows
        if not row.heading
    ]


def _said(ctx: Context, shown: Any) -> str:
    if isinstance(shown, str):
        return shown
    return str(ctx.locale.say(shown) if isinstance(shown, Message) else ctx.locale.pick(shown))
