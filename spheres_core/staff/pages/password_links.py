"""Links that let somebody choose a password and sign in: those of invitations and of recoveries.

A link's secret stands after the `#` of its address. Browsers send that to no server; a script of the page puts it into
the form and takes it out of the address, and without scripts it is typed or pasted.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

from litestar import Request
from litestar.response import Response
from msgspec import Struct

from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.staff.operations.login_throttle import SignInPaused
from spheres_core.staff.password_hashing import TooBusy
from spheres_core.staff.passwords import PasswordsDiffer, PasswordWeak
from spheres_core.staff.views.link_secret import link_secret
from spheres_core.staff.views.session_cookie import sign_in_with
from spheres_core.staff.views.sign_in import first_page, source_address

Opened = TypeVar("Opened")


class PasswordLink(Struct, Generic[Opened], frozen=True):
    """One kind of such links."""

    template: str
    """Of the form that asks for the password."""
    open: Callable[..., Awaitable[Opened]]
    """`open(ctx, secret, source=)`: what the link leads to. Raises `gone`, or `SignInPaused`."""
    use: Callable[..., Awaitable[str]]
    """`use(ctx, secret, password=, source=)`: the session. Raises these too, `PasswordWeak`, `TooBusy`."""
    gone: type[Refusal]
    view: Callable[[Context, Opened, str, Refusal | None], dict[str, Any]]
    gone_view: Callable[[Context, Refusal], dict[str, Any]]


async def password_form(
    link: PasswordLink[Any],
    ctx: Context,
    request_scope: RequestScope,
    request: Request[Any, Any, Any],
    refusal: Refusal | None = None,
) -> Response[bytes]:
    """Answers with the form that asks for a password. `refusal`: why the last one was not taken."""
    secret = link_secret(await read_post(request))
    try:
        opened = await link.open(ctx, secret, source=source_address(request))
    except (link.gone, SignInPaused) as gone:
        return await _gone_page(link, ctx, request_scope, gone)
    values, status = link.view(ctx, opened, secret, refusal), refusal.status if refusal else 200
    return await rendering.page(ctx, request_scope, link.template, status=status, **values)


async def choose_password(
    link: PasswordLink[Any], ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]
) -> Response[bytes]:
    """Takes the password and signs in, or answers with the form again and why."""
    try:
        session = await _use(link, ctx, await read_post(request), source_address(request))
    except (PasswordsDiffer, PasswordWeak, TooBusy) as refusal:
        return await password_form(link, ctx, request_scope, request, refusal)
    except (link.gone, SignInPaused) as gone:
        return await _gone_page(link, ctx, request_scope, gone)
    answer = rendering.go_to(await first_page(ctx, request_scope, "", session))
    return await sign_in_with(ctx, request_scope, request, answer, session)


async def _use(link: PasswordLink[Any], ctx: Context, sent: Post, source: str) -> str:
    if sent["password"] != sent["again"]:
        raise PasswordsDiffer
    return await link.use(ctx, link_secret(sent), password=sent["password"], source=source)


async def _gone_page(
    link: PasswordLink[Any], ctx: Context, request_scope: RequestScope, refusal: Refusal
) -> Response[bytes]:
    values = link.gone_view(ctx, refusal)
    return await rendering.page(ctx, request_scope, "staff/link_gone.html", status=refusal.status, **values)
