"""Page that an invitation's link opens: in the invited person's language, it asks for a password and nothing else."""

from typing import Any

from litestar import Request, get, post
from litestar.response import Response

from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.form_posts import Post, read_post
from spheres_core.foundation.web.guards import public, public_posts
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.staff.operations import invitations
from spheres_core.staff.operations.invitations import InvitationGone
from spheres_core.staff.operations.login_throttle import SignInPaused
from spheres_core.staff.password_hashing import TooBusy
from spheres_core.staff.passwords import PasswordsDiffer, PasswordWeak
from spheres_core.staff.views.invitations import invitation_gone_view, invitation_link_view, invitation_view
from spheres_core.staff.views.link_secret import link_secret
from spheres_core.staff.views.session_cookie import sign_in_with
from spheres_core.staff.views.sign_in import first_page, source_address


@get("/invitation", guards=[public], name="invitation")
async def invitation(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, "staff/link.html", **invitation_link_view(ctx))


@post("/invitation", guards=[public_posts("links")], status_code=200)
async def open_invitation(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]
) -> Response[bytes]:
    return await _page(ctx, request_scope, request, await read_post(request))


@post("/invitation/password", guards=[public_posts("links")], name="accept_invitation", status_code=303)
async def accept_invitation(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]
) -> Response[bytes]:
    sent = await read_post(request)
    try:
        session = await _accept(ctx, sent, source_address(request))
    except (PasswordsDiffer, PasswordWeak, TooBusy) as refusal:
        return await _page(ctx, request_scope, request, sent, refusal)
    except (InvitationGone, SignInPaused) as refusal:
        return await _gone(ctx, request_scope, refusal)
    answer = rendering.go_to(await first_page(ctx, request_scope, "", session))
    return await sign_in_with(ctx, request_scope, request, answer, session)


HANDLERS = (invitation, open_invitation, accept_invitation)


async def _accept(ctx: Context, sent: Post, source: str) -> str:
    if sent["password"] != sent["again"]:
        raise PasswordsDiffer
    return await invitations.accept(ctx, link_secret(sent), password=sent["password"], source=source)


async def _page(
    ctx: Context,
    request_scope: RequestScope,
    request: Request[Any, Any, Any],
    sent: Post,
    refusal: Refusal | None = None,
) -> Response[bytes]:
    try:
        found = await invitations.open_invitation(ctx, link_secret(sent), source=source_address(request))
    except (InvitationGone, SignInPaused) as gone:
        return await _gone(ctx, request_scope, gone)
    values, status = invitation_view(ctx, found, link_secret(sent), refusal), refusal.status if refusal else 200
    return await rendering.page(ctx, request_scope, "staff/invitation.html", status=status, **values)


async def _gone(ctx: Context, request_scope: RequestScope, refusal: Refusal) -> Response[bytes]:
    values = invitation_gone_view(ctx, refusal)
    return await rendering.page(ctx, request_scope, "staff/link_gone.html", status=refusal.status, **values)
