"""Pages for coordinators: one referral, with the next step, the question to the referrer and who takes care of it."""

from functools import partial
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Response

from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.confirmations import done_address
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.panels import show_slot
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.referrals.operations import assignment, questions, triage
from spheres_core.referrals.operations.assignment import AssigneeUnknown
from spheres_core.referrals.operations.triage import NotAlike
from spheres_core.referrals.permissions import READ, TRIAGE
from spheres_core.referrals.queries.panels import panel_facts, record_panels
from spheres_core.referrals.views.triage import referral_page


@get("/referrals/{id:uuid}", guards=[requires(READ)], name="referral")
async def referral(
    ctx: Context, request_scope: RequestScope, id: FromPath[UUID], done: FromQuery[str] = ""
) -> Response[bytes]:
    shown = await referral_page(ctx, id, done=done)
    return await _show(ctx, request_scope, id, shown)


@post("/referrals/{id:uuid}", guards=[requires(TRIAGE)], name="transition", status_code=303)
async def take_step(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], id: FromPath[UUID]
) -> Response[bytes]:
    sent = await read_post(request)
    try:
        same = _id(sent["duplicate_of"], NotAlike)
        await triage.move_referral(ctx, id, sent["to"], reason=sent["reason"], duplicate_of=same)
    except (Conflict, Invalid) as refusal:
        return await _show_refusal(ctx, request_scope, id, refusal, sent)
    return _done(ctx, request_scope, id, sent["to"])


@post("/referrals/{id:uuid}/questions", guards=[requires(TRIAGE)], name="ask_referrer", status_code=303)
async def ask_referrer(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], id: FromPath[UUID]
) -> Response[bytes]:
    sent = await read_post(request)
    try:
        await questions.ask_referrer(ctx, id, sent["question"])
    except (Conflict, Invalid) as refusal:
        return await _show_refusal(ctx, request_scope, id, refusal, sent)
    return _done(ctx, request_scope, id, "asked")


@post("/referrals/{id:uuid}/assignee", guards=[requires(TRIAGE)], name="assign_referral", status_code=303)
async def assign_referral(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], id: FromPath[UUID]
) -> Response[bytes]:
    sent = await read_post(request)
    try:
        await assignment.assign(ctx, id, _id(sent["assignee"], AssigneeUnknown))
    except Invalid as refusal:
        return await _show_refusal(ctx, request_scope, id, refusal, sent)
    return _done(ctx, request_scope, id, "assigned")


HANDLERS = (referral, take_step, ask_referrer, assign_referral)


def _id(sent: str, refusal: type[Invalid]) -> UUID | None:
    """Returns the id that a page's own choice sent, None when it is empty."""
    try:
        return UUID(sent) if sent else None
    except ValueError:
        raise refusal from None


def _done(ctx: Context, request_scope: RequestScope, id: UUID, act: str) -> Response[bytes]:
    return rendering.go_to(done_address(rendering.place_of(ctx, request_scope, "referral", id=id), act))


async def _show_refusal(
    ctx: Context, request_scope: RequestScope, id: UUID, refusal: Conflict | Invalid, sent: Post
) -> Response[bytes]:
    """Shows the referral again with what stands against the act; that reading stays in the trail."""
    ctx.db.commit_on_refusal = True
    shown = await referral_page(ctx, id, refusal=refusal, sent={name: sent[name] for name in ("reason", "question")})
    return await _show(ctx, request_scope, id, shown, status=refusal.status)


async def _show(
    ctx: Context, request_scope: RequestScope, id: UUID, shown: dict[str, Any], *, status: int = 200
) -> Response[bytes]:
    panels = await show_slot(ctx, request_scope, "show_referral", partial(panel_facts, id=id))
    await record_panels(ctx, id, [each.plugin for each in panels if not each.failed])
    return await rendering.page(ctx, request_scope, "referrals/referral.html", status=status, panels=panels, **shown)
