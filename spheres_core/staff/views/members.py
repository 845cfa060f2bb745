"""Values of the pages on which managers look after staff."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from spheres_core.facts import msg
from spheres_core.foundation.errors import Invalid, Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post
from spheres_core.partners.queries.partners import organization_names
from spheres_core.staff.operations.link_delivery import leaves_by_mail
from spheres_core.staff.queries.invitations import show_invitations
from spheres_core.staff.queries.members import show_member, show_staff
from spheres_core.staff.queries.recoveries import open_until
from spheres_core.staff.schemas import InvitationIssued, RecoveryIssued
from spheres_core.staff.views.start_page import pages_of_roles

OF_AN_ABSENT_PLUGIN = msg("The plugin that it belongs to is off: it opens nothing now.")
NO_ROLE = msg("Please choose at least one role.")


async def staff_view(ctx: Context) -> dict[str, Any]:
    """Returns the values of `staff/roster.html`: everybody on the staff, and the invitations."""
    return {
        "title": ctx.locale.say("People who work here"),
        "people": await show_staff(ctx),
        "invitations": await show_invitations(ctx),
        "by_mail": leaves_by_mail(ctx),
        "role": lambda role: ctx.locale.say(ctx.plugins.role_title(role)),
        "tongues": _language_names(ctx),
    }


async def member_view(ctx: Context, id: UUID, refusal: Refusal | None) -> dict[str, Any]:
    """Returns the values of `staff/member.html`: one account, with the reason of a refusal."""
    shown = await show_member(ctx, id)
    return {
        "title": shown.member.name,
        "person": shown.member,
        "held": shown.held,
        "choices": _role_choices(ctx, shown.member.roles),
        "organizations": await _organizations(ctx),
        "role": lambda role: ctx.locale.say(ctx.plugins.role_title(role)),
        "is_own": ctx.actor.id == id,
        "by_mail": leaves_by_mail(ctx),
        "recovery_until": await open_until(ctx, id),
        "no_role": NO_ROLE if isinstance(refusal, Invalid) else None,
        "error": ctx.locale.say(refusal.message) if refusal else None,
    }


async def invite_view(ctx: Context, sent: Post, refusal: Refusal | None) -> dict[str, Any]:
    """Returns the values of `staff/invite.html`, with what was sent before and the problems in it."""
    problems = {each.path: ctx.locale.say(each.message) for each in refusal.errors} if refusal else {}
    if not sent.every("roles") and "roles" in problems:
        problems["roles"] = ctx.locale.say(NO_ROLE)
    return {
        "title": ctx.locale.say("Invite somebody"),
        "sent": sent,
        "ticked": sent.every("roles"),
        "by_mail": leaves_by_mail(ctx),
        "choices": _role_choices(ctx, sent.every("roles")),
        "organizations": await _organizations(ctx),
        "tongues": _language_names(ctx),
        "problems": problems,
        "error": ctx.locale.say(refusal.message) if refusal else None,
    }


def invited_view(ctx: Context, made: InvitationIssued) -> dict[str, Any]:
    """Returns the values of `staff/invited.html`: the link to hand over, or that it leaves by mail."""
    title = msg("The link is ready") if made.link else msg("The invitation is on its way")
    return {"title": ctx.locale.say(title), "made": made}


def recovery_issued_view(ctx: Context, made: RecoveryIssued) -> dict[str, Any]:
    """Returns the values of `staff/recovery_issued.html`: the link to hand over, or that it leaves by mail."""
    title = msg("The link is ready") if made.link else msg("The link is on its way")
    return {"title": ctx.locale.say(title), "made": made}


def _role_choices(ctx: Context, held: Sequence[str]) -> list[dict[str, Any]]:
    """Returns the roles that have a page of their own in this region, and those that are held already."""
    plugins = ctx.plugins
    return [
        each
        for each in role_choices(ctx, held)
        if each["code"] in held or plugins.is_plugin_role(each["code"]) or pages_of_roles(ctx, {each["code"]})
    ]


def role_choices(ctx: Context, held: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Returns every role of this region, and those held already that belong to a plugin which is off."""
    known = [(role.name, role.title, role.purpose) for role in ctx.plugins.roles.values()]
    gone = [(code, ctx.plugins.role_title(code), OF_AN_ABSENT_PLUGIN) for code in held if code not in ctx.plugins.roles]
    return [
        {"code": code, "title": ctx.locale.say(title), "text": ctx.locale.say(purpose)}
        for code, title, purpose in (*known, *gone)
    ]


async def _organizations(ctx: Context) -> list[dict[str, Any]]:
    """Returns the organizations of the directory, by name."""
    named = [{"key": key, "name": ctx.locale.pick(name)} for key, name in (await organization_names(ctx)).items()]
    return sorted(named, key=lambda each: ctx.locale.sort_key(str(each["name"])))


def _language_names(ctx: Context) -> dict[str, str]:
    return {tag: ctx.plugins.languages[tag].autonym for tag in ctx.tenant.languages}
