"""The pages of somebody on call: the code and the reason, and then the plan; and of who looks at that afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from spheres_core.facts import Message, msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post
from spheres_core.participants.queries.access import ParticipantUnknown
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.views.file_frame import frame_of
from spheres_core.plans.views.form_fields import FormField, refused
from spheres_core.safety.queries.accesses import list_accesses
from spheres_core.safety.queries.net import net_of
from spheres_core.safety.schemas.accesses import LEAST_REASON, EmergencyAccess, Finding
from spheres_core.safety.schemas.plans import CLASS, EmergencyPlan
from spheres_core.safety.settings import Settings
from spheres_core.safety.views.net import shown_net
from spheres_core.safety.views.plan_page import shown_plan

PLAN_PAGE: Final = "on_call_plan"
NOT_OPENED: Final = msg(
    "Nothing opens with this code. Look at it again; if it is right, she has not agreed to that for your organization:"
    " call her team."
)
FINDINGS: Final[Mapping[Finding, Message]] = {
    "in_order": msg("In order"),
    "to_talk_about": msg("To be talked about"),
}
DONE: Final[Mapping[str, Message]] = {"access_reviewed": msg("It is noted that you looked at it.")}


def on_call_page(ctx: Context, *, sent: Post | None = None, refusal: Refusal | None = None) -> dict[str, Any]:
    """Returns what `safety/on_call.html` shows."""
    fields = [
        FormField("line", "code", ctx.locale.say(msg("Her code"))),
        FormField("area", "reason", ctx.locale.say(msg("Why you open it"))),
    ]
    shown = refused(ctx, sent, refusal, fields)
    if isinstance(refusal, ParticipantUnknown) and sent is not None:
        sent.problems["code"] = NOT_OPENED
        shown["trouble"] = ctx.locale.say(msg("Some answers need another look."))
    hours = ctx.settings("safety", Settings).access_hours
    return {
        "title": ctx.locale.say(msg("On call")),
        "least": LEAST_REASON,
        "hours": hours,
        "problems": sent.problems if sent else {},
    } | shown


async def on_call_plan(ctx: Context, access: ParticipantAccess, agreed: EmergencyPlan | None) -> dict[str, Any]:
    """Returns what `safety/on_call_plan.html` shows: the plan to which she agreed, and how she can be reached."""
    standing = access.decided.allowed.standing
    return {
        "title": ctx.locale.say(msg("Emergency plan")),
        "code": access.code,
        "plan": shown_plan(ctx, agreed) if agreed else None,
        "net": shown_net(ctx, await net_of(ctx, access, agreed)),
        "until": next(each.ends for each in access.decided.standings if each.id == standing),
        "file": await frame_of(ctx, access, page=PLAN_PAGE, read=(CLASS,)),
    }


async def reviews_page(ctx: Context, *, done: str = "", refusal: Refusal | None = None) -> dict[str, Any]:
    """Returns what `safety/accesses.html` shows."""
    found = await list_accesses(ctx)
    return {
        "title": ctx.locale.say(msg("Emergency accesses")),
        "to_review": [_row(ctx, each) for each in found.accesses if each.reviewed_at is None],
        "reviewed": [_row(ctx, each) for each in found.accesses if each.reviewed_at is not None],
        "rate": found,
        "findings": ctx.locale.options(FINDINGS),
        "done": say_done(ctx, done),
        "trouble": ctx.locale.say(refusal.message) if refusal else None,
    }


def say_done(ctx: Context, act: str) -> Text | None:
    """Returns the confirmation of an act; None for any other code."""
    return ctx.locale.say(DONE[act]) if act in DONE else None


def _row(ctx: Context, each: EmergencyAccess) -> dict[str, Any]:
    return {"access": each, "finding": ctx.locale.say(FINDINGS[each.finding]) if each.finding else ""}
