"""The page of where she stands in the cycle of exploitation."""

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
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.participants.pages.drafts import finish, keep_if_asked
from spheres_core.participants.pages.files import ForPurpose, section_page
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries.access import find_for_caller, reaches, require_class
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.views.drafts import drafting_of
from spheres_core.plans.operations import stages as operations
from spheres_core.plans.queries.goals import STAGES_CLASS
from spheres_core.plans.schemas.cycle import CycleStagePosted
from spheres_core.plans.views.confirmations import say_done
from spheres_core.plans.views.cycle_page import cycle_page
from spheres_core.plans.views.draft_forms import CYCLE_FORM
from spheres_core.plans.views.form_fields import read_form

PAGE = "cycle_stages"
TEMPLATE = "plans/cycle.html"


@get("/staff/participants/{participant:str}/cycle-stages", guards=[requires(READ)], name=PAGE)
async def cycle_stages(
    ctx: Context,
    request_scope: RequestScope,
    participant: FromPath[str],
    for_purpose: ForPurpose = None,
    done: FromQuery[str] = "",
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant, for_purpose)
    require_class(ctx, access, STAGES_CLASS)
    return await _show(ctx, request_scope, access, done=done)


@post("/staff/participants/{participant:str}/cycle-stages", guards=[requires(READ)], name="observe_cycle_stage",
      status_code=303)  # fmt: skip
async def observe_cycle_stage(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], request: Request[Any, Any, Any]
) -> Response[bytes]:
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    try:
        return await _keep_or_observe_cycle_stage(ctx, request_scope, access, sent)
    except (Conflict, Invalid) as refusal:
        return await _show(ctx, request_scope, access, sent=sent, refusal=refusal)


HANDLERS = (cycle_stages, observe_cycle_stage)


async def _keep_or_observe_cycle_stage(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, sent: Post
) -> Response[bytes]:
    names = ("model", "stage", "her_stage", "note", "her_words")
    if kept := await keep_if_asked(ctx, request_scope, access, sent, CYCLE_FORM):
        return kept
    posted = read_form(CycleStagePosted, {name: sent[name] or None for name in names})
    await operations.observe_cycle_stage(ctx, access, posted)
    await finish(ctx, access, sent)
    return rendering.go_to(done_address(rendering.place_of(ctx, request_scope, PAGE, participant=access.code), "stage"))


async def _show(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, *, done: str = "", sent: Post | None = None,
    refusal: Conflict | Invalid | None = None,
) -> Response[bytes]:  # fmt: skip
    """Shows the page, with what stands against what was sent; that reading stays in the trail."""
    ctx.db.commit_on_refusal = refusal is not None
    may_write = reaches(ctx, access, STAGES_CLASS, act="write")
    drafting = [await drafting_of(ctx, request_scope, access, CYCLE_FORM, sent=sent)] if may_write else []
    began = drafting[0].sent if drafting else None
    shown = await cycle_page(ctx, access, may_write=may_write, sent=began, refusal=refusal)
    return await section_page(
        ctx, request_scope, access, TEMPLATE, page=PAGE, read=(STAGES_CLASS,), done=say_done(ctx, done),
        status=refusal.status if refusal else 200, drafting=drafting, **shown,
    )  # fmt: skip
