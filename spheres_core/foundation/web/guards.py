"""Guards: who may come to a route. Each route names exactly one; a test lists them all.

A guard identifies the caller inside the request's own transaction, so that a token or session that was just taken back
no longer opens anything. Who lacks a permission is told so; what he may not know of is simply not there.
"""

import hmac
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection, Request
from litestar.datastructures import FormMultiDict
from litestar.exceptions import NotFoundException
from litestar.handlers import BaseRouteHandler

from spheres_core.facts import msg
from spheres_core.foundation.errors import NotAllowed, Refusal
from spheres_core.foundation.tenancy.context import Actor
from spheres_core.foundation.tenancy.post_limits import OTHER, PostsPaused
from spheres_core.foundation.web.request_scope import request_scope_of

Guard = Callable[[Any, BaseRouteHandler], Awaitable[None]]
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class SignInNeeded(Refusal):
    """Nobody is signed in, and no token was given or it is no longer good."""

    status = 401
    code = "sign_in_needed"
    message = msg("Please sign in.")


class FromElsewhere(NotAllowed):
    """A form of another site, or an old one of ours, was sent with this person's session."""

    code = "from_elsewhere"
    message = msg("This form is too old or was not sent from our page. Please open it again.")


class FormOfEarlierSession(FromElsewhere):
    """The form's secret is another session's: it was made before somebody signed in again, or is made up."""


async def public(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Anybody, without being known. Posts from another site are refused, and so are too many (limit `other`)."""
    _refuse_other_sites(connection)
    if connection.scope.get("method") not in SAFE_METHODS:
        await request_scope_of(connection).count_post(OTHER)


def public_posts(kind: str, *, shown_by_page: bool = False) -> Guard:
    """Makes a guard for what anybody may post, with the limit of its kind (`foundation.tenancy.post_limits`).

    `shown_by_page`: the handler calls `request_scope.refuse_paused()` itself, and shows what was typed again.
    """

    async def guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
        _refuse_other_sites(connection)
        request_scope = request_scope_of(connection)
        try:
            await request_scope.count_post(kind)
        except PostsPaused as paused:
            if not shown_by_page:
                raise
            request_scope.paused = PostsPaused(paused.extra["seconds"], kept=True)

    guard.posts = kind  # type: ignore[attr-defined]
    return guard


def requires(permission: str) -> Guard:
    """Returns a guard for callers with this permission, by session or bearer token."""

    async def guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
        actor = await _identify(connection)
        if not request_scope_of(connection).loaded.plugins.permits(actor.roles, permission):
            raise NotAllowed

    guard.permission = permission  # type: ignore[attr-defined]
    return guard


async def signed_in(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Any signed-in member of staff, whatever the role."""
    await _identify(connection)


async def narrowed(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Lets in a session that shows one participant on a screen that both look at, and nothing else."""
    actor = await request_scope_of(connection).identify_narrowed(connection)
    if actor.kind == "anonymous":
        raise SignInNeeded
    if connection.scope.get("method") not in SAFE_METHODS:
        _refuse_other_sites(connection)
        await _check_form_secret(connection, actor)


async def ask_guards(handler: BaseRouteHandler, connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    """Asks a handler's guards in turn. As Litestar does, but without copying the handler for each: that costs more."""
    for guard in handler.resolve_guards():
        await guard(connection, handler)  # type: ignore[misc]


async def nobody(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """For routes a library brings and we do not serve."""
    raise NotFoundException


def permission_of(guard: Any) -> str:
    """Returns the permission that a guard asks for; empty when it asks for none."""
    return str(getattr(guard, "permission", ""))


def kind_of_posts(guard: Any) -> str:
    """Returns the kind of posts that a guard counts; empty when it is none of `public_posts`."""
    return str(getattr(guard, "posts", ""))


def is_public(guards: Sequence[Any]) -> bool:
    """May anybody come to a route with these guards?"""
    return any(guard is public or kind_of_posts(guard) for guard in guards)


def is_guard(guard: Any) -> bool:
    """Is it one of these? A route that has none of them stands open."""
    return guard in (public, signed_in, narrowed, nobody) or bool(permission_of(guard) or kind_of_posts(guard))


def security_of(guards: Sequence[Any]) -> list[dict[str, list[str]]]:
    """Returns what the OpenAPI document says of a route with these guards: a bearer token, or nothing when public."""
    return [] if is_public(guards) else [{"token": []}]


async def _identify(connection: ASGIConnection[Any, Any, Any, Any]) -> Actor:
    actor = await request_scope_of(connection).identify(connection)
    if actor.kind == "anonymous":
        raise SignInNeeded
    if actor.kind == "staff" and not actor.by_token and connection.scope.get("method") not in SAFE_METHODS:
        _refuse_other_sites(connection)
        await _check_form_secret(connection, actor)
    return actor


def _refuse_other_sites(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    if connection.scope.get("method") not in SAFE_METHODS and is_from_other_site(connection):
        raise FromElsewhere


def is_from_other_site(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Tells whether the browser says that a page of another site sent this."""
    origin = connection.headers.get("origin") or "null"
    return connection.headers.get("sec-fetch-site") == "cross-site" or (
        origin != "null" and _host_of(origin) != connection.headers.get("host")
    )


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


async def _check_form_secret(connection: ASGIConnection[Any, Any, Any, Any], actor: Actor) -> None:
    given = connection.headers.get("x-csrf-token", "")
    form: FormMultiDict | None = None
    if not given and isinstance(connection, Request):
        content_type = connection.headers.get("content-type", "")
        if content_type.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
            form = await connection.form()
            given = str(form.get("_csrf", ""))
    if not hmac.compare_digest(given.encode(), actor.csrf.encode()):
        if form is not None:
            await form.close()  # the files in it
        raise FormOfEarlierSession if len(given) == len(actor.csrf) else FromElsewhere
