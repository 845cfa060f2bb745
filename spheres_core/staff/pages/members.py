"""Pages for those who look after staff: the list, one account, and inviting somebody."""

from collections.abc import Awaitable
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Response

from spheres_core.foundation.errors import Conflict, Invalid, NotFound, Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.rendering import go_to, place_of
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.staff.operations import invitations, members
from spheres_core.staff.operations.invitations import InvitationUnknown
from spheres_core.staff.permissions import MANAGE
from spheres_core.staff.schemas import InvitationPosted
from spheres_core.staff.views.members import invite_view, invited_view, member_view, staff_view


@get("/administration/staff", guards=[requires(MANAGE)], name="staff")
async def staff(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, "staff/roster.html", **await staff_view(ctx))


@get("/administration/staff/invite", guards=[requires(MANAGE)], name="invite")
async def invite(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await _invite_page(ctx, request_scope, Post(()))


@post("/administration/staff/invite", guards=[requires(MANAGE)], name="send_invitation", status_code=201)
async def send_invitation(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]
) -> Response[bytes]:
    sent = await read_post(request)
    try:
        made = await invitations.invite(ctx, _posted(sent))
    except (Conflict, Invalid) as refusal:
        return await _invite_page(ctx, request_scope, sent, refusal)
    return await rendering.page(ctx, request_scope, "staff/invited.html", status=201, **invited_view(ctx, made))


@post("/administration/invitations/{id:uuid}/renew", guards=[requires(MANAGE)], name="renew_invitation",
      status_code=200)  # fmt: skip
async def renew(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], id: FromPath[UUID]
) -> Response[bytes]:
    hand_over = (await read_post(request))["hand_over"] == "yes"
    made = await invitations.renew(ctx, id, hand_over=hand_over)
    return await rendering.page(ctx, request_scope, "staff/invited.html", **invited_view(ctx, made))


@post("/administration/invitations/{id:uuid}/revoke", guards=[requires(MANAGE)], name="revoke_invitation",
      status_code=303)  # fmt: skip
async def revoke(ctx: Context, request_scope: RequestScope, id: FromPath[UUID]) -> Response[bytes]:
    try:
        await invitations.revoke(ctx, id)
    except InvitationUnknown:
        raise NotFound from None
    return go_to(place_of(ctx, request_scope, "staff"))


@get("/administration/staff/{id:uuid}", guards=[requires(MANAGE)], name="member")
async def member(ctx: Context, request_scope: RequestScope, id: FromPath[UUID]) -> Response[bytes]:
    return await _member_page(ctx, request_scope, id)


@post("/administration/staff/{id:uuid}/roles", guards=[requires(MANAGE)], name="change_roles", status_code=303)
async def change_roles(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], id: FromPath[UUID]
) -> Response[bytes]:
    sent = await read_post(request)
    given = sent["organization"] if sent.every("organization") else None
    changing = members.change_roles(ctx, id, sent.every("roles"), organization=given)
    return await _change(ctx, request_scope, id, changing)


@post("/administration/staff/{id:uuid}/off", guards=[requires(MANAGE)], name="close_account", status_code=303)
async def close_account(ctx: Context, request_scope: RequestScope, id: FromPath[UUID]) -> Response[bytes]:
    return await _change(ctx, request_scope, id, members.close_account(ctx, id))


@post("/administration/staff/{id:uuid}/on", guards=[requires(MANAGE)], name="open_account", status_code=303)
async def open_account(ctx: Context, request_scope: RequestScope, id: FromPath[UUID]) -> Response[bytes]:
    return await _change(ctx, request_scope, id, members.open_account(ctx, id))


HANDLERS = (staff, invite, send_invitation, renew, revoke, member, change_roles, close_account, open_account)


async def _change(ctx: Context, request_scope: RequestScope, id: UUID, change: Awaitable[Any]) -> Response[bytes]:
    try:
        await change
    except (Conflict, Invalid) as refusal:
        ctx.db.commit_on_refusal = True  # the account is shown again, and that stays in the trail
        return await _member_page(ctx, request_scope, id, refusal)
    return go_to(place_of(ctx, request_scope, "member", id=id))


def _posted(sent: Post) -> InvitationPosted:
    return InvitationPosted(
        email=sent["email"],
        name=sent["name"],
        roles=tuple(sent.every("roles")),
        language=sent["language"],
        hand_over=sent["hand_over"] == "yes",
        organization=sent["organization"],
    )


async def _invite_page(
    ctx: Context, request_scope: RequestScope, sent: Post, refusal: Refusal | None = None
) -> Response[bytes]:
    values, status = await invite_view(ctx, sent, refusal), refusal.status if refusal else 200
    return await rendering.page(ctx, request_scope, "staff/invite.html", status=status, **values)


async def _member_page(
    ctx: Context, request_scope: RequestScope, id: UUID, refusal: Refusal | None = None
) -> Response[bytes]:
    values, status = await member_view(ctx, id, refusal), refusal.status if refusal else 200
    return await rendering.page(ctx, request_scope, "staff/member.html", status=status, **values)
