"""Pages for recovering access: an administrator makes the link, and who could not sign in chooses a new password.

The link's secret stands after the `#` of its address. Browsers send that to no server; a script of the page puts it
into the form and takes it out of the address, and without scripts it is typed or pasted.
"""

import contextlib
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Response

from spheres_core.foundation.errors import Conflict, Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.form_posts import Post, read_post
from spheres_core.foundation.web.guards import public, public_posts, requires
from spheres_core.foundation.web.rendering import go_to, place_of
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.staff.operations import recoveries
from spheres_core.staff.operations.login_throttle import SignInPaused
from spheres_core.staff.operations.recoveries import RecoveryGone
from spheres_core.staff.password_hashing import TooBusy
from spheres_core.staff.passwords import PasswordsDiffer, PasswordWeak
from spheres_core.staff.permissions import MANAGE
from spheres_core.staff.views.link_secret import link_secret
from spheres_core.staff.views.members import member_view, recovery_issued_view
from spheres_core.staff.views.recoveries import recovery_gone_view, recovery_link_view, recovery_view
from spheres_core.staff.views.session_cookie import sign_in_with
from spheres_core.staff.views.sign_in import first_page, source_address


@post("/administration/staff/{id:uuid}/recovery", guards=[requires(MANAGE)], name="issue_recovery", status_code=201)
async def issue_recovery(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], id: FromPath[UUID]
) -> Response[bytes]:
    hand_over = (await read_post(request))["hand_over"] == "yes"
    try:
        made = await recoveries.issue_recovery(ctx, id, hand_over=hand_over)
    except Conflict as refusal:
        values = await member_view(ctx, id, refusal)
        return await rendering.page(ctx, request_scope, "staff/member.html", status=refusal.status, **values)
    values = recovery_issued_view(ctx, made)
    return await rendering.page(ctx, request_scope, "staff/recovery_issued.html", status=201, **values)


@post("/administration/staff/{id:uuid}/recovery/revoke", guards=[requires(MANAGE)], name="revoke_recovery",
      status_code=303)  # fmt: skip
async def revoke_recovery(ctx: Context, request_scope: RequestScope, id: FromPath[UUID]) -> Response[bytes]:
    with contextlib.suppress(RecoveryGone):
        await recoveries.revoke_recovery(ctx, id)
    return go_to(place_of(ctx, request_scope, "member", id=id))


@get("/recovery", guards=[public], name="recovery")
async def recovery(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, "staff/link.html", **recovery_link_view(ctx))


@post("/recovery", guards=[public_posts("links")], status_code=200)
async def open_recovery(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    return await _page(ctx, request_scope, request, await read_post(request))


@post("/recovery/password", guards=[public_posts("links")], name="recover", status_code=303)
async def recover(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    sent = await read_post(request)
    try:
        session = await _recover(ctx, sent, source_address(request))
    except (PasswordsDiffer, PasswordWeak, TooBusy) as refusal:
        return await _page(ctx, request_scope, request, sent, refusal)
    except (RecoveryGone, SignInPaused) as refusal:
        return await _gone(ctx, request_scope, refusal)
    answer = go_to(await first_page(ctx, request_scope, "", session))
    return await sign_in_with(ctx, request_scope, request, answer, session)


HANDLERS = (issue_recovery, revoke_recovery, recovery, open_recovery, recover)


async def _recover(ctx: Context, sent: Post, source: str) -> str:
    if sent["password"] != sent["again"]:
        raise PasswordsDiffer
    return await recoveries.recover(ctx, link_secret(sent), password=sent["password"], source=source)


async def _page(
    ctx: Context,
    request_scope: RequestScope,
    request: Request[Any, Any, Any],
    sent: Post,
    refusal: Refusal | None = None,
) -> Response[bytes]:
    try:
        member = await recoveries.open_recovery(ctx, link_secret(sent), source=source_address(request))
    except (RecoveryGone, SignInPaused) as gone:
        return await _gone(ctx, request_scope, gone)
    values, status = recovery_view(ctx, member, link_secret(sent), refusal), refusal.status if refusal else 200
    return await rendering.page(ctx, request_scope, "staff/recovery.html", status=status, **values)


async def _gone(ctx: Context, request_scope: RequestScope, refusal: Refusal) -> Response[bytes]:
    values = recovery_gone_view(ctx, refusal)
    return await rendering.page(ctx, request_scope, "staff/link_gone.html", status=refusal.status, **values)
