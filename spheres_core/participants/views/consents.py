"""Values of the pages about her consents: who sees what, what had left when a line ends, a receipt on paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal
from uuid import UUID

from spheres_core.consents.api_schemas import ConsentRead, WithdrawalPosted
from spheres_core.consents.operations.ledger import NotTheirsToTakeBack
from spheres_core.consents.queries.who_sees_what import who_sees_what
from spheres_core.consents.schemas import Disclosure
from spheres_core.consents.views import who_sees_what as views
from spheres_core.consents.views.receipt import consent_receipt
from spheres_core.facts import Message, msg
from spheres_core.foundation.plugins.registrations import SummaryLine
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post
from spheres_core.participants.operations import consents
from spheres_core.participants.queries.access import DAILY
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.partners.queries.partners import organization_names

TITLE: Final = msg("Who sees what")
DONE: Final = {
    "recorded": msg("It is written down. Read it together once more."),
    "agreed": msg("It is written down that a parent or tutor said yes too."),
}
RECEIPT_STATES: Final[dict[str, Message]] = {
    "waits": msg("not yet"), "holds": msg("yes"), "withdrawn": msg("taken back"), "ended": msg("over"),
}  # fmt: skip
RECEIPT_ACTS: Final[dict[str, Message]] = {
    "read": msg("read"), "discuss": msg("talk about it"), "forward": msg("pass it on"), "write": msg("add to it"),
}  # fmt: skip


async def consents_page(ctx: Context, access: ParticipantAccess, *, done: str) -> dict[str, Any]:
    """Returns the values of `participants/consents.html`."""
    shown = views.who_sees_what_shown(ctx, await who_sees_what(ctx, access.decided, access.reader))
    return {
        "title": ctx.locale.say(TITLE),
        "shown": shown,
        "may_record": consents.may_record(ctx, access),
        "done": ctx.locale.say(DONE[done]) if done in DONE else None,
    }


async def summarize(ctx: Context, access: ParticipantAccess) -> list[SummaryLine]:
    """Returns what the overview of her file says of it."""
    shown = views.who_sees_what_shown(ctx, await who_sees_what(ctx, access.decided, access.reader))
    lines = [
        SummaryLine(ctx.locale.listed([each.name for each in shown.recipients]), ctx.locale.say("Open to"))
    ] if shown.recipients else []  # fmt: skip
    waiting = [each for each in shown.conversations if each.needs_parent]
    if waiting:
        lines.insert(0, SummaryLine(ctx.locale.say("A consent waits for a parent or tutor."), waits=True))
    return lines


async def ended_page(ctx: Context, access: ParticipantAccess, left: Sequence[Disclosure]) -> dict[str, Any]:
    """Returns the values of `participants/consent_ended.html`."""
    names = await organization_names(ctx)
    return {
        "title": ctx.locale.say("It is stopped"),
        "code": access.code,
        "query": query_of(access),
        "left": views.left_lines(ctx, left, names),
    }


async def end_consent(ctx: Context, access: ParticipantAccess, consent: UUID, sent: Post) -> tuple[str, dict[str, Any]]:
    """Takes a whole consent back. Returns the template that says so, or why it cannot be, with its values."""
    by: Literal["herself", "parent"] = "parent" if sent["by"] == "parent" else "herself"
    try:
        posted = WithdrawalPosted(by=by, age=sent.whole("age", most=130))
        left = await consents.take_back(ctx, access, consent, posted)
    except NotTheirsToTakeBack as refusal:
        values = {"title": ctx.locale.say(TITLE), "code": access.code, "query": query_of(access)}
        return "participants/consent_kept.html", {**values, "status": refusal.status, "error": refusal.message}
    return "participants/consent_ended.html", await ended_page(ctx, access, left)


def receipt_page(ctx: Context, consent: ConsentRead) -> dict[str, Any]:
    """Returns the values of `participants/receipt.html`: no name, no organization, no word of the program."""
    receipt = consent_receipt(ctx, consent)
    lines = [
        {
            "line": made.identifier, "mark": made.recipient, "may": ctx.locale.say(RECEIPT_ACTS[line.act]),
            "since": made.since, "until": made.until, "state": ctx.locale.say(RECEIPT_STATES[line.state]),
        }
        for made, line in zip(receipt.lines, consent.lines, strict=True)
    ]  # fmt: skip
    return {
        "title": ctx.locale.say("Receipt"),
        "lang": ctx.locale.tag,
        "dir": ctx.locale.dir,
        "consent": consent.id,
        "receipt": receipt,
        "state": ctx.locale.say(RECEIPT_STATES[consent.state]),
        "lines": lines,
    }


def query_of(access: ParticipantAccess) -> str:
    """Returns the purpose as it goes on in addresses; empty for one of every day."""
    return "" if access.purpose in DAILY else f"?purpose={access.purpose}"
