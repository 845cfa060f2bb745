"""Staff and invitations as JSON, for those who look after accounts."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath, JSONBody

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import requires
from spheres_core.staff.operations import invitations, members, tokens
from spheres_core.staff.permissions import MANAGE
from spheres_core.staff.queries.invitations import show_invitations
from spheres_core.staff.queries.members import show_member, show_staff
from spheres_core.staff.queries.tokens import show_tokens
from spheres_core.staff.schemas import (
    AccountOpened,
    AccountUsage,
    InvitationIssued,
    InvitationList,
    InvitationPosted,
    InvitationRevoked,
    Member,
    MemberRead,
    RenewalPosted,
    RolesPosted,
    StaffList,
    TokenList,
    TokenRevoked,
)

_OPTIONS: dict[str, Any] = {"tags": ["staff"]}


@get("/admin/staff", guards=[requires(MANAGE)], name="api_staff", summary="Everybody on the staff", **_OPTIONS)
async def list_staff(ctx: Context) -> StaffList:
    """Lists open and closed accounts by name. That they were shown is written to the trail."""
    return StaffList(await show_staff(ctx))


@get("/admin/staff/{id:uuid}", guards=[requires(MANAGE)], name="api_member", **_OPTIONS,
     summary="One account, and what hangs on it")  # fmt: skip
async def read_member(ctx: Context, id: FromPath[UUID]) -> MemberRead:
    """Shows one account with its sessions, tokens and invitations, and the roles that nobody else has."""
    return await show_member(ctx, id)


@post("/admin/staff/{id:uuid}/roles", guards=[requires(MANAGE)], name="api_change_roles", status_code=200, **_OPTIONS,
      summary="Give somebody these roles and no others")  # fmt: skip
async def change_roles(ctx: Context, id: FromPath[UUID], data: JSONBody[RolesPosted]) -> Member:
    """Holds from the person's next request. Refused for the last administrator, and for new roles of one's own."""
    return await members.change_roles(ctx, id, data.roles, organization=data.organization)


@post("/admin/staff/{id:uuid}/off", guards=[requires(MANAGE)], name="api_close_account", status_code=200, **_OPTIONS,
      summary="Close an account at once")  # fmt: skip
async def close_account(ctx: Context, id: FromPath[UUID]) -> AccountUsage:
    """Its sessions, tokens and open invitations end; answers with what there was. Never the last administrator's."""
    return await members.close_account(ctx, id)


@post("/admin/staff/{id:uuid}/on", guards=[requires(MANAGE)], name="api_open_account", status_code=200, **_OPTIONS,
      summary="Open a closed account again")  # fmt: skip
async def open_account(ctx: Context, id: FromPath[UUID]) -> AccountOpened:
    """Lets the person sign in as before. Tokens and invitations that ended stay ended."""
    await members.open_account(ctx, id)
    return AccountOpened()


@get("/admin/invitations", guards=[requires(MANAGE)], name="api_invitations", **_OPTIONS,
     summary="Invitations of the last weeks, newest first")  # fmt: skip
async def list_invitations(ctx: Context) -> InvitationList:
    """Lists open invitations and those that ended, never their links."""
    return InvitationList(await show_invitations(ctx))


@post("/admin/invitations", guards=[requires(MANAGE)], name="api_invite", **_OPTIONS,
      summary="Invite somebody onto the staff")  # fmt: skip
async def invite(ctx: Context, data: JSONBody[InvitationPosted]) -> InvitationIssued:
    """`link` is there only when no mail carries it; it is shown this once and opens a page that asks for a password."""
    return await invitations.invite(ctx, data)


@post("/admin/invitations/{id:uuid}/renew", guards=[requires(MANAGE)], name="api_renew_invitation", status_code=200,
      summary="Send an invitation again", **_OPTIONS)  # fmt: skip
async def renew(ctx: Context, id: FromPath[UUID], data: JSONBody[RenewalPosted]) -> InvitationIssued:
    """Its time begins anew, and the link that was given before opens nothing any more."""
    return await invitations.renew(ctx, id, hand_over=data.hand_over)


@post("/admin/invitations/{id:uuid}/revoke", guards=[requires(MANAGE)], name="api_revoke_invitation", status_code=200,
      summary="Take an invitation back", **_OPTIONS)  # fmt: skip
async def revoke(ctx: Context, id: FromPath[UUID]) -> InvitationRevoked:
    """Its link opens nothing from the next request on."""
    await invitations.revoke(ctx, id)
    return InvitationRevoked()


@get("/admin/tokens", guards=[requires(MANAGE)], name="api_tokens", **_OPTIONS,
     summary="Tokens of other systems")  # fmt: skip
async def list_tokens(ctx: Context) -> TokenList:
    """Lists valid tokens and those that ended in the last weeks, never their text. Written to the trail."""
    return TokenList(await show_tokens(ctx))


@post("/admin/tokens/{id:uuid}/revoke", guards=[requires(MANAGE)], name="api_revoke_token", status_code=200,
      summary="Take a token back", **_OPTIONS)  # fmt: skip
async def revoke_token(ctx: Context, id: FromPath[UUID]) -> TokenRevoked:
    """It opens nothing from the next request on, also when it is the caller's own."""
    await tokens.revoke_token(ctx, id)
    return TokenRevoked()


HANDLERS: list[Any] = [
    list_staff, read_member, change_roles, close_account, open_account, list_invitations, invite, renew, revoke,
    list_tokens, revoke_token,
]  # fmt: skip
