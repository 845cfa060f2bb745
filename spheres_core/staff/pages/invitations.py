"""The page that an invitation's link opens: in the invited person's language, and it asks for a password only."""

from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Response

from spheres_core.facts import msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.form_posts import Post, read_post
from spheres_core.foundation.web.guards import public
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.staff.operations import invitations
from spheres_core.staff.operations.invitations import InvitationGone
from spheres_core.staff.operations.login_throttle import SignInPaused
from spheres_core.staff.pages.own_account import NotTheSame
from spheres_core.staff.pages.sign_in import go_on, landing, said, source_of
from spheres_core.staff.passwords import SHORTEST, PasswordWeak, TooBusy


@get("/invitation/{secret:str}", guards=[public], name="invitation")
async def open_invitation(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], secret: FromPath[str]
) -> Response[bytes]:
    return await _page(ctx, request_scope, request, secret)


@post("/invitation/{secret:str}", guards=[public], name="accept_invitation", status_code=303)
async def accept_invitation(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], secret: FromPath[str]
) -> Response[bytes]:
    try:
        session = await _accept(ctx, secret, await read_post(request), source_of(request))
    except (NotTheSame, PasswordWeak, TooBusy) as refusal:
        return await _page(ctx, request_scope, request, secret, refusal)
    except (InvitationGone, SignInPaused) as refusal:
        return await _gone(ctx, request_scope, refusal)
    return go_on(request_scope, await landing(ctx, request_scope, "", session), session)


HANDLERS = (open_invitation, accept_invitation)


async def _accept(ctx: Context, secret: str, sent: Post, source: str) -> str:
    if sent["password"] != sent["again"]:
        raise NotTheSame
    return await invitations.accept(ctx, secret, password=sent["password"], source=source)


async def _page(
    ctx: Context,
    request_scope: RequestScope,
    request: Request[Any, Any, Any],
    secret: str,
    refusal: Refusal | None = None,
) -> Response[bytes]:
    try:
        found = await invitations.look_at(ctx, secret, source=source_of(request))
    except (InvitationGone, SignInPaused) as gone:
        return await _gone(ctx, request_scope, gone)
    return await rendering.page(
        ctx, request_scope, "staff/invitation.html", status=refusal.status if refusal else 200,
        title=ctx.locale.say(msg("Welcome, {name}", name=found.name)), secret=secret, least=SHORTEST,
        roles=[rendering.role_title(role) for role in found.roles], until=found.expires_at, email=found.email,
        error=ctx.locale.say(refusal.message) if refusal else None,
    )  # fmt: skip


async def _gone(ctx: Context, request_scope: RequestScope, refusal: Refusal) -> Response[bytes]:
    """One calm page, whatever became of the link."""
    return await rendering.page(
        ctx, request_scope, "staff/invitation_gone.html", status=refusal.status,
        title=ctx.locale.say(msg("This link is closed")),
        wait=ctx.locale.say(said(refusal)) if isinstance(refusal, SignInPaused) else None,
    )  # fmt: skip
