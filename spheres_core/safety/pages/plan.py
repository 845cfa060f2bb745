"""Pages of her emergency plan: as it stands, and the form in which it is written with her."""

from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Response

from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.confirmations import done_address
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.pdf_answer import pdf_answer
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.participants.pages.drafts import finish, keep_if_asked
from spheres_core.participants.pages.files import ForPurpose, section_page
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries.access import find_for_caller, require_class
from spheres_core.participants.queries.said_before import said_before
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.schemas.presence import OpenForm
from spheres_core.participants.views.drafts import drafting_of
from spheres_core.safety.operations import plans as operations
from spheres_core.safety.pages.panels import plan_panels
from spheres_core.safety.queries.plans import read_plans
from spheres_core.safety.schemas.plans import CLASS
from spheres_core.safety.views import card as cards
from spheres_core.safety.views import plan_form as forms
from spheres_core.safety.views import plan_page as views
from spheres_core.safety.views.draft_forms import form_here
from spheres_core.safety.views.sections import PAGE


@get("/staff/participants/{participant:str}/emergency-plan", guards=[requires(READ)], name=PAGE)
async def plan(
    ctx: Context,
    request_scope: RequestScope,
    participant: FromPath[str],
    for_purpose: ForPurpose = None,
    done: FromQuery[str] = "",
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant, for_purpose)
    return await _show(ctx, request_scope, access, done=done)


@get("/staff/participants/{participant:str}/emergency-plan/write", guards=[requires(READ)],
     name="write_emergency_plan")  # fmt: skip
async def write_form(ctx: Context, request_scope: RequestScope, participant: FromPath[str]) -> Response[bytes]:
    return await _show_form(ctx, request_scope, await find_for_caller(ctx, participant))


@post("/staff/participants/{participant:str}/emergency-plan/write", guards=[requires(READ)],
      name="save_emergency_plan", status_code=303)  # fmt: skip
async def save_plan(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], request: Request[Any, Any, Any]
) -> Response[bytes]:
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    try:
        return await _keep_or_write(ctx, request_scope, access, sent)
    except (Conflict, Invalid) as refusal:
        return await _show_form(ctx, request_scope, access, sent=sent, refusal=refusal)


@post("/staff/participants/{participant:str}/emergency-plan/agree", guards=[requires(READ)],
      name="agree_to_emergency_plan", status_code=303)  # fmt: skip
async def agree(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], request: Request[Any, Any, Any]
) -> Response[bytes]:
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    try:
        await operations.agree_to_plan(ctx, access, views.read_agreement(sent))
    except (Conflict, Invalid) as refusal:
        return await _show(ctx, request_scope, access, sent=sent, refusal=refusal)
    return _done(ctx, request_scope, access, "plan_agreed")


@post("/staff/participants/{participant:str}/emergency-plan/not-now", guards=[requires(READ)],
      name="no_emergency_plan_now", status_code=303)  # fmt: skip
async def not_now(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], request: Request[Any, Any, Any]
) -> Response[bytes]:
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    try:
        await operations.note_not_now(ctx, access, views.read_not_now(sent))
    except (Conflict, Invalid) as refusal:
        return await _show(ctx, request_scope, access, sent=sent, refusal=refusal)
    return _done(ctx, request_scope, access, "plan_not_now")


@post("/staff/participants/{participant:str}/emergency-plan/card", guards=[requires(READ)],
      name="print_emergency_card", status_code=200)  # fmt: skip
async def print_card(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], request: Request[Any, Any, Any]
) -> Response[bytes]:
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    try:
        content = await cards.card_pdf(ctx, access, "card" if sent["size"] == "card" else "page")
    except Conflict as refusal:
        return await _show(ctx, request_scope, access, sent=sent, refusal=refusal)
    return pdf_answer(content, cards.FILE_NAME)


HANDLERS = (plan, write_form, save_plan, agree, not_now, print_card)


async def _keep_or_write(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, sent: Post
) -> Response[bytes]:
    if kept := await keep_if_asked(ctx, request_scope, access, sent, form_here(ctx)):
        return kept
    await operations.write_plan(ctx, access, forms.read_plan(sent))
    await finish(ctx, access, sent)
    return _done(ctx, request_scope, access, "plan_written")


async def _show(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, *, done: str = "",
    sent: Post | None = None, refusal: Conflict | Invalid | None = None,
) -> Response[bytes]:  # fmt: skip
    ctx.db.commit_on_refusal = refusal is not None
    require_class(ctx, access, CLASS)
    found = await read_plans(ctx, access)
    shown = await views.plan_page(ctx, access, found, sent=sent, refusal=refusal)
    shown["panels"] = await plan_panels(ctx, request_scope, access, found.agreed)
    return await section_page(
        ctx, request_scope, access, "safety/plan.html", page=PAGE, read=(CLASS,), done=views.say_done(ctx, done),
        status=refusal.status if refusal else 200, problems=sent.problems if sent else {}, **shown,
    )  # fmt: skip


async def _show_form(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, *, sent: Post | None = None,
    refusal: Conflict | Invalid | None = None,
) -> Response[bytes]:  # fmt: skip
    require_class(ctx, access, CLASS, act="write")
    found = await read_plans(ctx, access)
    drafting = await drafting_of(ctx, request_scope, access, form_here(ctx), sent=sent)
    changed = drafting.began_at not in (None, found.version)
    community = "" if found.version else (await said_before(ctx, access)).community
    shown = await forms.plan_form(
        ctx, found, community=community, sent=drafting.sent, refusal=refusal, changed=changed
    )  # fmt: skip
    return await section_page(
        ctx, request_scope, access, "safety/write.html", page=PAGE, read=(CLASS,), drafting=drafting,
        open_form=OpenForm("emergency_plan"), status=refusal.status if refusal else 200,
        problems=drafting.sent.problems if drafting.sent else {}, **shown,
    )  # fmt: skip


def _done(ctx: Context, request_scope: RequestScope, access: ParticipantAccess, act: str) -> Response[bytes]:
    return rendering.go_to(done_address(rendering.place_of(ctx, request_scope, PAGE, participant=access.code), act))
