"""The page of her participation: where it stands, and its next step."""

from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Response

from spheres_core.followups.operations import participations
from spheres_core.followups.views.confirmations import say_done
from spheres_core.followups.views.participation_page import participation_page, step_posted
from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.confirmations import done_address
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.participants.pages.files import ForPurpose, section_page
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries.access import find_for_caller
from spheres_core.participants.schemas.files import ParticipantAccess

PAGE = "participation"
TEMPLATE = "followups/participation.html"


@get("/staff/participants/{participant:str}/participation", guards=[requires(READ)], name=PAGE)
async def participation(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], for_purpose: ForPurpose = None,
    done: FromQuery[str] = "",
) -> Response[bytes]:  # fmt: skip
    access = await find_for_caller(ctx, participant, for_purpose)
    shown = await participation_page(ctx, access)
    return await section_page(ctx, request_scope, access, TEMPLATE, page=PAGE, done=say_done(ctx, done), **shown)


@post("/staff/participants/{participant:str}/participation", guards=[requires(READ)], name="take_step",
      status_code=303)  # fmt: skip
async def take_step(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], request: Request[Any, Any, Any]
) -> Response[bytes]:
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    try:
        await participations.take_step(ctx, access, step_posted(sent))
    except (Conflict, Invalid) as refusal:
        return await _show_refusal(ctx, request_scope, access, sent, refusal)
    address = rendering.place_of(ctx, request_scope, PAGE, participant=access.code)
    return rendering.go_to(done_address(address, "step_taken"))


HANDLERS = (participation, take_step)


async def _show_refusal(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, sent: Post, refusal: Conflict | Invalid
) -> Response[bytes]:
    """Shows the page again; no step was taken, but who follows her is shown, and that stays in the trail."""
    ctx.db.commit_on_refusal = True
    shown = await participation_page(ctx, access, sent=sent, refusal=refusal)
    return await section_page(ctx, request_scope, access, TEMPLATE, page=PAGE, status=refusal.status, **shown)
