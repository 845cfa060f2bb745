"""Page that an invitation's link opens: in the invited person's language, it asks for a password and nothing else."""

from typing import Any, Final

from litestar import Request, get, post
from litestar.response import Response

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.guards import public, public_posts
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.staff.operations import invitations
from spheres_core.staff.pages.password_links import PasswordLink, choose_password, password_form
from spheres_core.staff.views.invitations import invitation_gone_view, invitation_link_view, invitation_view

LINK: Final = PasswordLink(
    "staff/invitation.html", invitations.open_invitation, invitations.accept, invitations.InvitationGone,
    invitation_view, invitation_gone_view,
)  # fmt: skip


@get("/invitation", guards=[public], name="invitation")
async def invitation(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, "staff/link.html", **invitation_link_view(ctx))


@post("/invitation", guards=[public_posts("links")], status_code=200)
async def open_invitation(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]
) -> Response[bytes]:
    return await password_form(LINK, ctx, request_scope, request)


@post("/invitation/password", guards=[public_posts("links")], name="accept_invitation", status_code=303)
async def accept_invitation(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]
) -> Response[bytes]:
    return await choose_password(LINK, ctx, request_scope, request)


HANDLERS = (invitation, open_invitation, accept_invitation)
