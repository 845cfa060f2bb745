"""Signing in and out: the pages, and the cookie that a session lives in."""

import re
from typing import Annotated, Any

from litestar import Request, get, post
from litestar.datastructures import Cookie
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromQuery
from litestar.response import Response

from spheres_core.facts import Message, msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.tenancy.context import Actor, Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.guards import public, requires
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.staff import queries
from spheres_core.staff.operations import accounts
from spheres_core.staff.operations.accounts import SignInFailed
from spheres_core.staff.operations.login_throttle import SignInPaused
from spheres_core.staff.passwords import TooBusy
from spheres_core.staff.permissions import OWN_ACCOUNT
from spheres_core.staff.schemas import SignIn

SignInForm = Annotated[SignIn, Body(media_type=RequestEncodingType.URL_ENCODED)]
_PATH = re.compile(r"(/[A-Za-z0-9_-]+)+/?(\?[A-Za-z0-9_=&+-]*)?")
"""Addresses a person may be sent on to: no dots, no escapes, no host."""


@get("/sign-in", guards=[public], name="sign_in")
async def sign_in(ctx: Context, request_scope: RequestScope, next: FromQuery[str] = "") -> Response[bytes]:
    return await _form(ctx, request_scope, SignIn(next=next))


@post("/sign-in", guards=[public], status_code=200)
async def send_sign_in(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], data: SignInForm
) -> Response[bytes]:
    source, earlier = source_of(request), cookie_of(request_scope, request)
    try:
        session = await accounts.sign_in(ctx, data.email, data.password, source=source, earlier=earlier)
    except (SignInFailed, SignInPaused, TooBusy) as refusal:
        return await _form(ctx, request_scope, data, refusal)
    return go_on(request_scope, await landing(ctx, request_scope, data.next, session), session)


@post("/sign-out", guards=[requires(OWN_ACCOUNT)], name="sign_out", status_code=303)
async def sign_out(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    await accounts.sign_out(ctx, cookie_of(request_scope, request))
    return go_on(request_scope, rendering.place_of(ctx, request_scope, "sign_in"), "")


@post("/sign-out-everywhere", guards=[requires(OWN_ACCOUNT)], name="sign_out_everywhere", status_code=303)
async def sign_out_everywhere(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    await accounts.sign_out_everywhere(ctx)
    return go_on(request_scope, rendering.place_of(ctx, request_scope, "sign_in"), "")


async def _form(
    ctx: Context, request_scope: RequestScope, sent: SignIn, refusal: Refusal | None = None
) -> Response[bytes]:
    error = said(refusal) if refusal else None
    return await rendering.page(
        ctx,
        request_scope,
        "staff/sign_in.html",
        status=refusal.status if refusal else 200,
        title=ctx.locale.say(msg("Sign in")),
        error=ctx.locale.say(error) if error else None,
        email=sent.email[:254],
        next=sent.next if is_inside(request_scope, sent.next) else "",
    )


def said(refusal: Refusal) -> Message:
    """A refusal to sign in, with how long to wait when that is why."""
    seconds = refusal.extra.get("seconds")
    if seconds is None:
        return refusal.message
    minutes = -(-seconds // 60)
    return msg("There were too many attempts. Please try again in {minutes} min.", minutes=minutes)


def is_inside(request_scope: RequestScope, address: str) -> bool:
    """Is this a path of this tenant, where a person may be sent after signing in?"""
    return (
        address.startswith(f"{request_scope.prefix}/") and len(address) <= 500 and _PATH.fullmatch(address) is not None
    )


async def landing(ctx: Context, request_scope: RequestScope, wanted: str, session: str) -> str:
    """Where she was going, else the first place in the staff navigation that her roles open."""
    if is_inside(request_scope, wanted):
        return wanted
    her: Actor = await accounts.authenticate(ctx, "", session) or ctx.actor
    open_to_her = [
        item.path
        for item in ctx.plugins.navigation()
        if item.audience == "staff" and (not item.permission or ctx.plugins.permits(her.roles, item.permission))
    ]
    return f"{request_scope.prefix}/{await _short_for(ctx, request_scope, her)}/{(open_to_her or ['account'])[0]}"


async def _short_for(ctx: Context, request_scope: RequestScope, her: Actor) -> str:
    """The language she chose, as it stands in addresses; else the one she signed in with."""
    member = await queries.member(ctx, her.id) if her.id else None
    chosen = [short for short, tag in request_scope.loaded.shorts.items() if member and tag == member.language]
    return (chosen or [rendering.short_of(ctx, request_scope)])[0]


def source_of(request: Request[Any, Any, Any]) -> str:
    """Where the request comes from, as far as can be told."""
    return request.client.host if request.client else ""


def cookie_of(request_scope: RequestScope, request: Request[Any, Any, Any]) -> str:
    """The session's secret that the browser sent; empty when there is none."""
    return request.cookies.get(request_scope.cookie_name, "")


def go_on(request_scope: RequestScope, address: str, session: str) -> Response[bytes]:
    """Answer with another address, and the cookie of a session that begins (or, empty, has ended).

    Lax, not Strict: who follows a link from her mail is still signed in; forms are guarded by their own secret.
    """
    cookie = Cookie(
        request_scope.cookie_name,
        path=request_scope.cookie_path,
        value=session,
        max_age=None if session else 0,
        httponly=True,
        samesite="lax",
        secure=request_scope.scope["scheme"] == "https",
    )
    return Response(b"", status_code=303, headers={"location": address, "cache-control": "no-store"}, cookies=[cookie])
