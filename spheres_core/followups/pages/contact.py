"""The page on which somebody reaches her, and notes what came of it in one press."""

from typing import Annotated, Any

import msgspec
from litestar import Request, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Response

from spheres_core.followups.operations.contact_attempts import OutcomeForbidden, note_attempt
from spheres_core.followups.schemas.contact_attempts import ContactAttemptPosted
from spheres_core.followups.views.contact_page import contact_page
from spheres_core.followups.views.destinations import back_to, place_after
from spheres_core.foundation.errors import Conflict, Invalid, Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.confirmations import done_address
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.participants.pages.files import section_page
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries.access import find_for_caller, require_class
from spheres_core.participants.schemas.files import ParticipantAccess

PAGE = "contact_her"
TEMPLATE = "followups/contact.html"
Origin = Annotated[str, QueryParameter(name="from", required=False)]


@get("/staff/participants/{participant:str}/contact", guards=[requires(READ)], name=PAGE)
async def contact(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], origin: Origin = ""
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant)
    require_class(ctx, access, "encounters", act="write")
    shown = await contact_page(ctx, access, back=back_to(origin))
    return await section_page(ctx, request_scope, access, TEMPLATE, page=PAGE, **shown)


@post("/staff/participants/{participant:str}/contact", guards=[requires(READ)], name="note_attempt", status_code=303)
async def note(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], request: Request[Any, Any, Any]
) -> Response[bytes]:
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    try:
        await note_attempt(ctx, access, _posted(sent["channel"], sent["outcome"]))
    except (Conflict, Invalid) as refusal:
        return await _show_refusal(ctx, request_scope, access, sent, refusal)
    name, place = place_after(sent["from"], access.code)
    return rendering.go_to(done_address(rendering.place_of(ctx, request_scope, name, **place), "attempted"))


HANDLERS = (contact, note)


def _posted(channel: str, outcome: str) -> ContactAttemptPosted:
    try:
        return msgspec.convert({"channel": channel, "outcome": outcome}, ContactAttemptPosted)
    except msgspec.ValidationError:
        raise OutcomeForbidden from None


async def _show_refusal(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, sent: Post, refusal: Refusal
) -> Response[bytes]:
    """Says why nothing was noted. Her safe contact is shown, and that stays in the trail."""
    ctx.db.commit_on_refusal = True
    shown = await contact_page(ctx, access, back=back_to(sent["from"]), refusal=refusal, channel=sent["channel"])
    return await section_page(ctx, request_scope, access, TEMPLATE, page=PAGE, status=refusal.status, **shown)
