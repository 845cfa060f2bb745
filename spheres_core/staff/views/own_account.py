"""Values of the page of one's own account."""

import datetime as dt
from typing import Any

from spheres_core.facts import Message, msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.notifications.delivery_times import HOURS
from spheres_core.notifications.operations import text_messages
from spheres_core.notifications.schemas import Channel, Pace, Settings
from spheres_core.staff.operations.own_account import MessageChoice
from spheres_core.staff.queries.members import quiet_hours, show_own_account
from spheres_core.staff.queries.own_number import number_of
from spheres_core.staff.queries.tokens import show_own_tokens
from spheres_core.staff.views.sign_in import refusal_message
from spheres_core.staff.views.tokens import token_row

DONE: dict[str, Message] = {
    "password": msg("Your new password holds from now on. Everywhere else you are signed out."),
    "preferences": msg("Your wishes are kept."),
    "session": msg("That place is signed out."),
    "number": msg("A code is on its way to your telephone. Type it below."),
    "confirmed": msg("From now on your messages come to this telephone."),
    "removed": msg("The number is forgotten. Your messages come by e-mail."),
    "token": msg("The token opens nothing any more."),
}
"""Confirmations after a form, by the word in the query of the address."""


CHANNELS: dict[Channel, Message] = {"mail": msg("By e-mail"), "text": msg("By text message")}


async def own_account_view(
    ctx: Context, cookie: str, *, done: str, refusal: Refusal | None, number: str = ""
) -> dict[str, Any]:
    """Returns the values of `staff/account.html`. `done`: a key of `DONE`, or anything else for no confirmation."""
    member, sessions = await show_own_account(ctx, cookie)
    own = await number_of(ctx, member.id)
    return {
        "title": ctx.locale.say(msg("Your account")),
        "account": {
            "name": member.name,
            "email": member.email,
            "roles": [ctx.plugins.role_title(role) for role in member.roles],
            "mail": member.chooses_referral_mail,
            "paces": [
                {"value": pace, "title": ctx.locale.say(title), "chosen": pace == member.message_pace}
                for pace, title in _paces(ctx).items()
            ],
            "quiet_from": _hours(ctx, member.quiet_hours.begins if member.quiet_hours else None),
            "quiet_until": _hours(ctx, member.quiet_hours.ends if member.quiet_hours else None),
            "languages": [
                {"tag": tag, "name": ctx.plugins.languages[tag].autonym, "chosen": tag == member.language}
                for tag in ctx.tenant.languages
            ],
        },
        "by_text": text_messages.gateway_of(ctx) is not None,
        "number": own,
        "number_typed": number,
        "problems": {each.path: ctx.locale.say(each.message) for each in refusal.errors} if refusal else {},
        "channels": [
            {"value": channel, "title": ctx.locale.say(title), "chosen": channel == member.message_channel}
            for channel, title in CHANNELS.items()
        ]
        if own and own.confirmed
        else [],
        "sessions": sessions,
        "tokens": [token_row(ctx, each) for each in await show_own_tokens(ctx)],
        "error": ctx.locale.say(refusal_message(refusal)) if refusal else None,
        "done": ctx.locale.say(DONE[done]) if done in DONE else None,
    }


def read_message_choice(sent: Post) -> MessageChoice:
    """Returns what somebody chose about messages. One hour without the other is refused by the operation."""
    begins, ends = sent.whole("quiet_from", most=23), sent.whole("quiet_until", most=23)
    if (begins is None) is not (ends is None):
        begins = ends = 0
    return MessageChoice(
        sent["mail"] == "yes",
        "daily" if sent["pace"] == "daily" else "at_once",
        quiet_hours(begins, ends),
        "text" if sent["channel"] == "text" else "mail",
    )


def _paces(ctx: Context) -> dict[Pace, Message]:
    hour = ctx.settings("notifications", Settings).daily_hour
    return {
        "at_once": msg("As it arrives"),
        "daily": msg("One a day for everything, at {hour}", hour=dt.time(hour)),
    }


def _hours(ctx: Context, chosen: int | None) -> list[dict[str, Any]]:
    return [{"value": hour, "title": ctx.locale.clock(dt.time(hour)), "chosen": hour == chosen} for hour in HOURS]


def account_address(ctx: Context, request_scope: RequestScope, tag: str) -> str:
    """Returns the address of the account page in the language that was just chosen."""
    short = next(
        (short for short, each in request_scope.loaded.shorts.items() if each == tag),
        rendering.short_of(ctx, request_scope),
    )
    return f"{request_scope.prefix}/{short}{ctx.plugins.addresses['account']}"
