"""Pages for recovering access: an administrator makes the link, and who could not sign in chooses a new password."""

import contextlib
from typing import Any, Final
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Response

from spheres_core.foundation.errors import Conflict
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import public, public_posts, requires
from spheres_core.foundation.web.rendering import go_to, place_of
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.staff.operations import recoveries
from spheres_core.staff.operations.recoveries import RecoveryGone
from spheres_core.staff.pages.password_links import PasswordLink, choose_password, password_form
from spheres_core.staff.permissions import MANAGE
from spheres_core.staff.views.members import member_view, recovery_issued_view
from spheres_core.staff.views.recoveries import recovery_gone_view, recovery_link_view, recovery_view

LINK: Final = PasswordLink(
    "staff/recovery.html", recoveries.open_recovery, recoveries.recover, RecoveryGone, recovery_view, recovery_gone_view
)


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
    return await password_form(LINK, ctx, request_scope, request)


@post("/recovery/password", guards=[public_posts("links")], name="recover", status_code=303)
async def recover(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    return await choose_password(LINK, ctx, request_scope, request)


HANDLERS = (issue_recovery, revoke_recovery, recovery, open_recovery, recover)
