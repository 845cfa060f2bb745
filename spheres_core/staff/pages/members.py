"""Who works here, as pages for those who look after accounts: the list, one person, and inviting somebody."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Response

from spheres_core.facts import Message, msg
from spheres_core.foundation.errors import Conflict, Invalid, NotFound, Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.form_posts import Post, read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.rendering import go_to, place_of
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.staff.operations import invitations, members
from spheres_core.staff.operations.invitations import InvitationUnknown
from spheres_core.staff.permissions import MANAGE
from spheres_core.staff.schemas import ROLES, InvitationPosted, Invited

WHAT_ROLES_DO: dict[str, Message] = {
    "coordinator": msg("Looks at referrals and takes them to their next step."),
    "pivot_worker": msg("Follows the young people who take part."),
    "committee_member": msg("Takes part in the Clinical Committee."),
    "clinical_support": msg("Takes the requests that are addressed to a partner."),
    "liaison": msg("Keeps one partner's services and hours up to date."),
    "administrator": msg("Looks after accounts, plugins and settings; sees no referral."),
    "privacy_officer": msg("Reads who saw and changed what."),
    "evaluator": msg("Sees numbers, never names."),
    "content_editor": msg("Writes and translates pages and terms."),
}
"""What each role is for, beside its box."""
NO_ROLE = msg("Please choose at least one role.")


@get("/administration/staff", guards=[requires(MANAGE)], name="staff")
async def staff(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await rendering.page(
        ctx, request_scope, "staff/roster.html", title=ctx.locale.say("People who work here"),
        people=await members.show_staff(ctx), invitations=await invitations.show_invitations(ctx),
        by_mail=invitations.by_mail(ctx), role=rendering.role_title, tongues=_tongues(ctx),
    )  # fmt: skip


@get("/administration/staff/invite", guards=[requires(MANAGE)], name="invite")
async def invite(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await _form(ctx, request_scope, Post(()))


@post("/administration/staff/invite", guards=[requires(MANAGE)], name="send_invitation", status_code=201)
async def send_invitation(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]
) -> Response[bytes]:
    sent = await read_post(request)
    try:
        made = await invitations.invite(ctx, _posted(sent))
    except (Conflict, Invalid) as refusal:
        return await _form(ctx, request_scope, sent, refusal)
    return await _invited(ctx, request_scope, made, sent["name"])


@post("/administration/invitations/{id:uuid}/renew", guards=[requires(MANAGE)], name="renew_invitation",
      status_code=200)  # fmt: skip
async def renew(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], id: FromPath[UUID]
) -> Response[bytes]:
    hand_over = (await read_post(request))["hand_over"] == "yes"
    return await _invited(ctx, request_scope, await invitations.renew(ctx, id, hand_over=hand_over), "")


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
    return await _member(ctx, request_scope, id)


@post("/administration/staff/{id:uuid}/roles", guards=[requires(MANAGE)], name="change_roles", status_code=303)
async def change_roles(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], id: FromPath[UUID]
) -> Response[bytes]:
    roles = (await read_post(request)).every("roles")
    return await _act(ctx, request_scope, id, members.change_roles(ctx, id, roles))


@post("/administration/staff/{id:uuid}/off", guards=[requires(MANAGE)], name="close_account", status_code=303)
async def switch_off(ctx: Context, request_scope: RequestScope, id: FromPath[UUID]) -> Response[bytes]:
    return await _act(ctx, request_scope, id, members.switch_off(ctx, id))


@post("/administration/staff/{id:uuid}/on", guards=[requires(MANAGE)], name="open_account", status_code=303)
async def switch_on(ctx: Context, request_scope: RequestScope, id: FromPath[UUID]) -> Response[bytes]:
    return await _act(ctx, request_scope, id, members.switch_on(ctx, id))


HANDLERS = (staff, invite, send_invitation, renew, revoke, member, change_roles, switch_off, switch_on)


async def _act(ctx: Context, request_scope: RequestScope, id: UUID, acting: Any) -> Response[bytes]:
    try:
        await acting
    except (Conflict, Invalid) as refusal:
        return await _member(ctx, request_scope, id, refusal)
    return go_to(place_of(ctx, request_scope, "member", id=id))


def _posted(sent: Post) -> InvitationPosted:
    return InvitationPosted(
        email=sent["email"],
        name=sent["name"],
        roles=tuple(sent.every("roles")),
        language=sent["language"],
        hand_over=sent["hand_over"] == "yes",
    )


async def _form(
    ctx: Context, request_scope: RequestScope, sent: Post, refusal: Refusal | None = None
) -> Response[bytes]:
    problems = {each.path: ctx.locale.say(each.message) for each in refusal.errors} if refusal else {}
    if not sent.every("roles") and "roles" in problems:
        problems["roles"] = ctx.locale.say(NO_ROLE)
    return await rendering.page(
        ctx, request_scope, "staff/invite.html", status=refusal.status if refusal else 200,
        title=ctx.locale.say("Invite somebody"), sent=sent, ticked=sent.every("roles"),
        by_mail=invitations.by_mail(ctx), choices=_choices(ctx), tongues=_tongues(ctx), problems=problems,
        error=ctx.locale.say(refusal.message) if refusal else None,
    )  # fmt: skip


async def _invited(ctx: Context, request_scope: RequestScope, made: Invited, name: str) -> Response[bytes]:
    title = msg("The link is ready") if made.link else msg("The invitation is on its way")
    return await rendering.page(
        ctx, request_scope, "staff/invited.html", status=201 if name else 200, title=ctx.locale.say(title), made=made,
        name=name.strip()[:200],
    )  # fmt: skip


async def _member(
    ctx: Context, request_scope: RequestScope, id: UUID, refusal: Refusal | None = None
) -> Response[bytes]:
    if refusal is not None:
        ctx.db.keep = True  # nothing was changed, but the person is shown again, and that stays in the trail
    found, held = await members.show_member(ctx, id)
    return await rendering.page(
        ctx, request_scope, "staff/member.html", status=refusal.status if refusal else 200, title=found.name,
        person=found, held=held, choices=_choices(ctx), role=rendering.role_title, herself=ctx.actor.id == id,
        no_role=NO_ROLE if isinstance(refusal, Invalid) else None,
        error=ctx.locale.say(refusal.message) if refusal else None,
    )  # fmt: skip


def _choices(ctx: Context) -> list[dict[str, Any]]:
    return [
        {"code": code, "title": ctx.locale.say(title), "text": ctx.locale.say(WHAT_ROLES_DO[code])}
        for code, title in ROLES.items()
    ]


def _tongues(ctx: Context) -> dict[str, str]:
    return {tag: ctx.plugins.languages[tag].autonym for tag in ctx.tenant.languages}
