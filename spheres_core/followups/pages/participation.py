"""The page of her participation: where it stands, and its next step."""

from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Response

from spheres_core.followups.operations import participations
from spheres_core.followups.views.confirmations import say_done
from spheres_core.followups.views.participation_page import DRAFTS, participation_page, step_posted
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
from spheres_core.participants.queries.access import find_for_caller, reaches
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.schemas.presence import OpenForm
from spheres_core.participants.views.drafts import draftings_of

PAGE = "participation"
TEMPLATE = "followups/participation.html"


@get("/staff/participants/{participant:str}/participation", guards=[requires(READ)], name=PAGE)
async def participation(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], for_purpose: ForPurpose = None,
    done: FromQuery[str] = "",
) -> Response[bytes]:  # fmt: skip
    access = await find_for_caller(ctx, participant, for_purpose)
    return await _show(ctx, request_scope, access, done=done)


@post("/staff/participants/{participant:str}/participation", guards=[requires(READ)], name="take_step",
      status_code=303)  # fmt: skip
async def take_step(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], request: Request[Any, Any, Any]
) -> Response[bytes]:
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    try:
        return await _keep_or_take_step(ctx, request_scope, access, sent)
    except (Conflict, Invalid) as refusal:
        return await _show(ctx, request_scope, access, sent=sent, refusal=refusal)


HANDLERS = (participation, take_step)


async def _keep_or_take_step(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, sent: Post
) -> Response[bytes]:
    form = next((each for to, each in DRAFTS.items() if to == sent["to"]), None)
    if form and (kept := await keep_if_asked(ctx, request_scope, access, sent, form)):
        return kept
    await participations.take_step(ctx, access, step_posted(sent))
    await finish(ctx, access, sent)
    address = rendering.place_of(ctx, request_scope, PAGE, participant=access.code)
    return rendering.go_to(done_address(address, "step_taken"))


async def _show(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, *, done: str = "", sent: Post | None = None,
    refusal: Conflict | Invalid | None = None,
) -> Response[bytes]:  # fmt: skip
    """Shows the page. After a refusal no step was taken, but who follows her is shown, and that stays in the trail."""
    ctx.db.commit_on_refusal = refusal is not None
    keeps = reaches(ctx, access, "participation", act="write")
    forms = [(each, None) for each in DRAFTS.values()] if keeps else []
    drafting = await draftings_of(ctx, request_scope, access, forms, sent=sent)
    begun = {to: each.sent for to, each in zip(DRAFTS, drafting, strict=False) if each.taken and each.sent}
    shown = await participation_page(
        ctx, access, begun=begun | ({sent["to"]: sent} if sent is not None else {}), refusal=refusal
    )
    open_form = OpenForm("participation") if shown["steps"] else None
    return await section_page(
        ctx, request_scope, access, TEMPLATE, page=PAGE, done=say_done(ctx, done),
        status=refusal.status if refusal else 200, drafting=drafting,
        open_form=open_form, **shown,
    )  # fmt: skip
