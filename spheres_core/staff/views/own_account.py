"""Values of the page of one's own account."""

from typing import Any

from spheres_core.facts import Message, msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.staff.queries.members import show_own_account
from spheres_core.staff.queries.tokens import show_own_tokens
from spheres_core.staff.views.sign_in import refusal_message
from spheres_core.staff.views.tokens import token_row

DONE: dict[str, Message] = {
    "password": msg("Your new password holds from now on. Everywhere else you are signed out."),
    "preferences": msg("Your wishes are kept."),
    "session": msg("That place is signed out."),
    "token": msg("The token opens nothing any more."),
}
"""Confirmations after a form, by the word in the query of the address."""


async def own_account_view(ctx: Context, cookie: str, *, done: str, refusal: Refusal | None) -> dict[str, Any]:
    """Returns the values of `staff/account.html`. `done`: a key of `DONE`, or anything else for no confirmation."""
    member, sessions = await show_own_account(ctx, cookie)
    return {
        "title": ctx.locale.say(msg("Your account")),
        "account": {
            "name": member.name,
            "email": member.email,
            "roles": [ctx.plugins.role_title(role) for role in member.roles],
            "mail": member.chooses_referral_mail,
            "languages": [
                {"tag": tag, "name": ctx.plugins.languages[tag].autonym, "chosen": tag == member.language}
                for tag in ctx.tenant.languages
            ],
        },
        "sessions": sessions,
        "tokens": [token_row(ctx, each) for each in await show_own_tokens(ctx)],
        "error": ctx.locale.say(refusal_message(refusal)) if refusal else None,
        "done": ctx.locale.say(DONE[done]) if done in DONE else None,
    }


def account_address(ctx: Context, request_scope: RequestScope, tag: str) -> str:
    """Returns the address of the account page in the language that was just chosen."""
    short = next(
        (short for short, each in request_scope.loaded.shorts.items() if each == tag),
        rendering.short_of(ctx, request_scope),
    )
    return f"{request_scope.prefix}/{short}{ctx.plugins.addresses['account']}"
