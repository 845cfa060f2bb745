"""Registers the staff room with the core."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from spheres_core import hookimpl
from spheres_core.facts import msg
from spheres_core.foundation.content.packs import PackReader
from spheres_core.foundation.plugins.registrations import (
    EVERY_ROLE,
    NavigationItem,
    Notifier,
    Permission,
    Role,
    TrailVerb,
)
from spheres_core.notifications.notices import problem_with_title
from spheres_core.staff import controllers, events, role_file
from spheres_core.staff.pages import invitations as invitation_pages
from spheres_core.staff.pages import kept_forms, members, own_account, own_number, recoveries, sign_in, tokens
from spheres_core.staff.permissions import MANAGE, OWN_ACCOUNT
from spheres_core.staff.schemas import ROLE_PURPOSES, ROLES
from spheres_core.staff.settings import Settings


@hookimpl(trylast=True)
def register_pack_readers() -> Sequence[PackReader]:
    return [PackReader(role_file.TOPIC, role_file.FILE, role_file.read_roles, describe=role_file.describe_roles,
                       fit=role_file.fit_roles)]  # fmt: skip


@hookimpl(trylast=True)
def register_roles() -> Sequence[Role]:
    return [Role(code, title, ROLE_PURPOSES[code]) for code, title in ROLES.items()]


@hookimpl(trylast=True)
def register_permissions() -> Sequence[Permission]:
    return [
        Permission(MANAGE, msg("Manage staff and tokens"), roles=("administrator",)),
        Permission(OWN_ACCOUNT, msg("See one's own account"), roles=(EVERY_ROLE,)),
    ]


@hookimpl(trylast=True)
def register_notifier() -> Notifier:
    return Notifier(events.notify_holders, problem_with_title)


@hookimpl(trylast=True)
def register_settings() -> type[Struct]:
    return Settings


@hookimpl(trylast=True)
def register_trail_verbs() -> Sequence[TrailVerb]:
    return [
        TrailVerb("staff.created", msg("An account was opened"), hook="on_staff_changed"),
        TrailVerb("staff.invited", msg("Somebody was invited onto the staff"), tell=events.notify_invited),
        TrailVerb("invitation.renewed", msg("An invitation was sent again"), tell=events.notify_invited),
        TrailVerb("invitation.revoked", msg("An invitation was revoked")),
        TrailVerb("invitation.accepted", msg("An invitation was accepted"), hook="on_staff_changed"),
        TrailVerb(
            "staff.organization_changed",
            msg("The organization that somebody works for was changed"),
            hook="on_staff_changed",
        ),
        TrailVerb("staff.roles_changed", msg("Somebody's roles were changed"), hook="on_staff_changed"),
        TrailVerb("staff.switched_off", msg("An account was closed"), hook="on_staff_changed"),
        TrailVerb("staff.switched_on", msg("A closed account was opened again"), hook="on_staff_changed"),
        TrailVerb("recovery.issued", msg("A link for recovering access was made"), tell=events.notify_recovery),
        TrailVerb("recovery.revoked", msg("A link for recovering access was taken back")),
        TrailVerb("recovery.used", msg("Access to an account was recovered")),
        TrailVerb("recovery.not_opened", msg("A link for recovering access opened nothing")),
        TrailVerb("staff.number_given", msg("Somebody gave a number for text messages")),
        TrailVerb("staff.number_confirmed", msg("Somebody confirmed the number for text messages")),
        TrailVerb("staff.number_not_confirmed", msg("A code for a number was not right")),
        TrailVerb("staff.number_removed", msg("Somebody's number for text messages was removed")),
        TrailVerb(
            "text_message.due",
            msg("A text message without words of the case was handed over"),
            hook="on_text_message_due",
            load=events.load_text_message,
            tell=events.mail_instead,
        ),
        TrailVerb("staff.browser_remembered", msg("Somebody signed in from a browser for the first time")),
        TrailVerb("staff.signed_in", msg("Somebody signed in")),
        TrailVerb("staff.sign_in_failed", msg("Somebody could not sign in")),
        TrailVerb("staff.signed_out", msg("Somebody signed out")),
        TrailVerb("staff.signed_out_everywhere", msg("Somebody signed out everywhere")),
        TrailVerb("staff.session_ended", msg("Somebody ended a session of her own")),
        TrailVerb("staff.password_changed", msg("Somebody changed her password")),
        TrailVerb("staff.password_not_changed", msg("Somebody could not change her password")),
        TrailVerb("staff.preferences_chosen", msg("Somebody chose of what she is told")),
        TrailVerb("staff.listed", msg("The people on the staff were listed")),
        TrailVerb("staff.shown", msg("An account was looked at")),
        TrailVerb("invitations.listed", msg("Invitations were listed")),
        TrailVerb("invitation.not_opened", msg("An invitation opened nothing")),
        TrailVerb("tokens.listed", msg("The tokens of other systems were looked at")),
        TrailVerb("token.created", msg("A token for another system was made")),
        TrailVerb("token.revoked", msg("A token was taken back")),
    ]


@hookimpl(trylast=True)
def register_controllers() -> Sequence[Any]:
    return controllers.HANDLERS


@hookimpl(trylast=True)
def register_pages() -> Sequence[Any]:
    modules = (sign_in, kept_forms, own_account, own_number, invitation_pages, members, recoveries, tokens)
    return [handler for module in modules for handler in module.HANDLERS]


@hookimpl(trylast=True)
def register_navigation() -> Sequence[NavigationItem]:
    return [NavigationItem("account", msg("Your account"), "staff", OWN_ACCOUNT, order=900)]
