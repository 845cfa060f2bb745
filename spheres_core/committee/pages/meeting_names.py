"""The page of her file on which she and her worker write how she wants to be called at meetings."""

from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Response

from spheres_core.committee.operations import meeting_names as operations
from spheres_core.committee.operations.agenda import require_team
from spheres_core.committee.pages.her_committee import PAGE
from spheres_core.committee.schemas.meeting_names import MeetingNamePosted
from spheres_core.committee.views import name_page as views
from spheres_core.committee.views.draft_forms import NAME_FORM
from spheres_core.consents.schemas import MEETING_NAME
from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.confirmations import done_address
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.participants.pages.drafts import finish, keep_if_asked
from spheres_core.participants.pages.files import section_page
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries.access import find_for_caller, require_class
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.schemas.presence import OpenForm
from spheres_core.participants.views.drafts import drafting_of
from spheres_core.plans.views.form_fields import read_form


@get("/staff/participants/{participant:str}/committee/name", guards=[requires(READ)], name="meeting_name")
async def name_form(ctx: Context, request_scope: RequestScope, participant: FromPath[str]) -> Response[bytes]:
    return await _show(ctx, request_scope, await find_for_caller(ctx, participant))


@post("/staff/participants/{participant:str}/committee/name", guards=[requires(READ)], name="write_meeting_name",
      status_code=303)  # fmt: skip
async def write_name(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], request: Request[Any, Any, Any]
) -> Response[bytes]:
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    try:
        return await _keep_or_write(ctx, request_scope, access, sent)
    except (Conflict, Invalid) as refusal:
        return await _show(ctx, request_scope, access, sent=sent, refusal=refusal)


HANDLERS = (name_form, write_name)


async def _keep_or_write(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, sent: Post
) -> Response[bytes]:
    if kept := await keep_if_asked(ctx, request_scope, access, sent, NAME_FORM):
        return kept
    posted = read_form(MeetingNamePosted, {"version": sent.version(), "called": sent["called"]})
    await operations.write_name(ctx, access, posted)
    await finish(ctx, access, sent)
    here = rendering.place_of(ctx, request_scope, PAGE, participant=access.code)
    return rendering.go_to(done_address(here, "meeting_name"))


async def _show(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, *, sent: Post | None = None,
    refusal: Conflict | Invalid | None = None,
) -> Response[bytes]:  # fmt: skip
    ctx.db.commit_on_refusal = refusal is not None
    require_class(ctx, access, MEETING_NAME, act="write")
    require_team(access)
    drafting = await drafting_of(ctx, request_scope, access, NAME_FORM, sent=sent)
    shown = await views.name_page(ctx, access, sent=drafting.sent, refusal=refusal)
    return await section_page(
        ctx, request_scope, access, "committee/name.html", page=PAGE, read=(MEETING_NAME,), drafting=drafting,
        open_form=OpenForm("meeting_name"), status=refusal.status if refusal else 200,
        problems=drafting.sent.problems if drafting.sent else {}, **shown,
    )  # fmt: skip
