"""Signing in and out, and one's own account."""

import re
from typing import Annotated, Any

from litestar import Request, get, post
from litestar.datastructures import Cookie
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromQuery
from litestar.response import Response

from spheres_core.facts import Message, msg
from spheres_core.foundation import rendering
from spheres_core.foundation.access import public, requires
from spheres_core.foundation.context import Actor, Context
from spheres_core.foundation.edge import Edge
from spheres_core.foundation.errors import Refusal
from spheres_core.staff import operations
from spheres_core.staff.attempts import SignInPaused
from spheres_core.staff.operations import OWN_ACCOUNT, SignInFailed
from spheres_core.staff.passwords import TooBusy
from spheres_core.staff.schemas import SignIn

SignInForm = Annotated[SignIn, Body(media_type=RequestEncodingType.URL_ENCODED)]
_PATH = re.compile(r"(/[A-Za-z0-9_-]+)+/?(\?[A-Za-z0-9_=&+-]*)?")
"""Addresses a person may be sent on to: no dots, no escapes, no host."""


@get("/sign-in", guards=[public], name="sign_in")
async def sign_in(ctx: Context, edge: Edge, next: FromQuery[str] = "") -> Response[bytes]:
    return await _form(ctx, edge, SignIn(next=next))


@post("/sign-in", guards=[public], status_code=200)
async def send_sign_in(ctx: Context, edge: Edge, request: Request[Any, Any, Any], data: SignInForm) -> Response[bytes]:
    source, earlier = _source(request), _cookie(edge, request)
    try:
        session = await operations.sign_in(ctx, data.email, data.password, source=source, earlier=earlier)
    except (SignInFailed, SignInPaused, TooBusy) as refusal:
        return await _form(ctx, edge, data, refusal)
    return _go(edge, await _landing(ctx, edge, data.next, session), session)


@post("/sign-out", guards=[requires(OWN_ACCOUNT)], name="sign_out", status_code=303)
async def sign_out(ctx: Context, edge: Edge, request: Request[Any, Any, Any]) -> Response[bytes]:
    await operations.sign_out(ctx, _cookie(edge, request))
    return _go(edge, _address(ctx, edge, "sign_in"), "")


@post("/sign-out-everywhere", guards=[requires(OWN_ACCOUNT)], name="sign_out_everywhere", status_code=303)
async def sign_out_everywhere(ctx: Context, edge: Edge) -> Response[bytes]:
    await operations.sign_out_everywhere(ctx)
    return _go(edge, _address(ctx, edge, "sign_in"), "")


@get("/account", guards=[requires(OWN_ACCOUNT)], name="account")
async def account(ctx: Context, edge: Edge, request: Request[Any, Any, Any]) -> Response[bytes]:
    me, sessions = await operations.show_own_account(ctx, _cookie(edge, request))
    roles = [rendering.role_title(role) for role in me.roles]
    shown = {"name": me.name, "email": me.email, "roles": roles, "signed_in_at": me.last_sign_in_at}
    return await rendering.page(
        ctx, edge, "staff/account.html", title=ctx.locale.say(msg("Your account")), account=shown, sessions=sessions
    )


async def _form(ctx: Context, edge: Edge, sent: SignIn, refusal: Refusal | None = None) -> Response[bytes]:
    error = _said(refusal) if refusal else None
    return await rendering.page(
        ctx,
        edge,
        "staff/sign_in.html",
        status=refusal.status if refusal else 200,
        title=ctx.locale.say(msg("Sign in")),
        error=ctx.locale.say(error) if error else None,
        email=sent.email[:254],
        next=sent.next if is_inside(edge, sent.next) else "",
    )


def _said(refusal: Refusal) -> Message:
    seconds = refusal.extra.get("seconds")
    if seconds is None:
        return refusal.message
    minutes = -(-seconds // 60)
    return msg("There were too many attempts. Please try again in {minutes} min.", minutes=minutes)


def is_inside(edge: Edge, address: str) -> bool:
    """Is this a path of this tenant, where a person may be sent after signing in?"""
    return address.startswith(f"{edge.prefix}/") and len(address) <= 500 and _PATH.fullmatch(address) is not None


async def _landing(ctx: Context, edge: Edge, wanted: str, session: str) -> str:
    """Where she was going, else the first place in the staff navigation that her roles open."""
    if is_inside(edge, wanted):
        return wanted
    her: Actor = await operations.authenticate(ctx, "", session) or ctx.actor
    open_to_her = [
        item.path
        for item in ctx.plugins.navigation()
        if item.audience == "staff" and (not item.permission or ctx.plugins.permits(her.roles, item.permission))
    ]
    return f"{edge.prefix}/{rendering.short_of(ctx, edge)}/{(open_to_her or ['account'])[0]}"


def _address(ctx: Context, edge: Edge, name: str) -> str:
    return f"{edge.prefix}/{rendering.short_of(ctx, edge)}{ctx.plugins.addresses[name]}"


def _source(request: Request[Any, Any, Any]) -> str:
    return request.client.host if request.client else ""


def _cookie(edge: Edge, request: Request[Any, Any, Any]) -> str:
    return request.cookies.get(edge.cookie_name, "")


def _go(edge: Edge, address: str, session: str) -> Response[bytes]:
    """Answer with another address, and the cookie of a session that begins (or, empty, has ended).

    Lax, not Strict: who follows a link from her mail is still signed in; forms are guarded by their own secret.
    """
    cookie = Cookie(
        edge.cookie_name,
        path=edge.cookie_path,
        value=session,
        max_age=None if session else 0,
        httponly=True,
        samesite="lax",
        secure=edge.scope["scheme"] == "https",
    )
    return Response(b"", status_code=303, headers={"location": address, "cache-control": "no-store"}, cookies=[cookie])
