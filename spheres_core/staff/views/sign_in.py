"""Values of the sign-in page, and the page that follows it."""

import re
from typing import Any

from litestar import Request

from spheres_core.facts import Message, msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.tenancy.context import Actor, Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.foundation.web.sealed_addresses import open_address
from spheres_core.staff.operations.authentication import authenticate
from spheres_core.staff.queries.members import find_member
from spheres_core.staff.schemas import SignInPosted
from spheres_core.staff.views.start_page import pages_of_roles

_PATH = re.compile(r"(/[A-Za-z0-9_-]+)+/?(\?[A-Za-z0-9_=&+-]*)?")
"""Addresses to which a person may be sent on: no dots, no escapes, no host."""


def sign_in_view(
    ctx: Context, request_scope: RequestScope, posted: SignInPosted, refusal: Refusal | None
) -> dict[str, Any]:
    """Returns the values of `staff/sign_in.html`, with the reason of a refusal."""
    return {
        "title": ctx.locale.say(msg("Sign in")),
        "error": ctx.locale.say(refusal_message(refusal)) if refusal else None,
        "email": posted.email[:254],
        "next": posted.next if is_own_path(request_scope, open_address(ctx.keys, posted.next)) else "",
        "kept": posted.kept,
    }


def refusal_message(refusal: Refusal) -> Message:
    """Returns the message of a refusal; where there were too many attempts, with the minutes to wait."""
    seconds = refusal.extra.get("seconds")
    if seconds is None:
        return refusal.message
    minutes = -(-seconds // 60)
    return msg("There were too many attempts. Please try again in {minutes} min.", minutes=minutes)


def source_address(request: Request[Any, Any, Any]) -> str:
    """Returns the network address that the request comes from; empty when it is unknown."""
    return request.client.host if request.client else ""


def is_own_path(request_scope: RequestScope, address: str) -> bool:
    """Tells whether this is a path of this tenant, to which a person may be sent after signing in."""
    return (
        address.startswith(f"{request_scope.prefix}/") and len(address) <= 500 and _PATH.fullmatch(address) is not None
    )


async def first_page(ctx: Context, request_scope: RequestScope, wanted: str, session: str) -> str:
    """Returns the path that a person asked for before signing in, else the first in the navigation of her roles."""
    asked = open_address(ctx.keys, wanted)
    if is_own_path(request_scope, asked):
        return asked
    actor: Actor = await authenticate(ctx, "", session) or ctx.actor
    allowed = pages_of_roles(ctx, actor.roles)
    return f"{request_scope.prefix}/{await _language(ctx, request_scope, actor)}/{(allowed or ['account'])[0]}"


async def _language(ctx: Context, request_scope: RequestScope, actor: Actor) -> str:
    """Returns the short tag of the language that the person chose; else of the one she signed in with."""
    member = await find_member(ctx, actor.id) if actor.id else None
    chosen = [short for short, tag in request_scope.loaded.shorts.items() if member and tag == member.language]
    return (chosen or [rendering.short_of(ctx, request_scope)])[0]
