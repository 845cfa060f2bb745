"""Values of the pages with which somebody who could not sign in chooses a new password."""

from typing import Any

from spheres_core.facts import msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.operations.login_throttle import SignInPaused
from spheres_core.staff.passwords import SHORTEST
from spheres_core.staff.schemas import Member
from spheres_core.staff.views.sign_in import refusal_message

GONE = msg("A link like this works once, and for a short time. Ask your region's administrator for a new one.")


def recovery_link_view(ctx: Context) -> dict[str, Any]:
    """Returns the values of `staff/link.html`, which asks for the secret of the link."""
    return {"title": ctx.locale.say(msg("Recover your access")), "action": "recovery"}


def recovery_view(ctx: Context, member: Member, secret: str, refusal: Refusal | None) -> dict[str, Any]:
    """Returns the values of `staff/recovery.html`, with the reason why a password was refused."""
    return {
        "title": ctx.locale.say(msg("Choose a new password")),
        "secret": secret,
        "least": SHORTEST,
        "name": member.name,
        "email": member.email,
        "error": ctx.locale.say(refusal.message) if refusal else None,
    }


def recovery_gone_view(ctx: Context, refusal: Refusal) -> dict[str, Any]:
    """Returns the values of `staff/link_gone.html`, the same however the link ended."""
    text = refusal_message(refusal) if isinstance(refusal, SignInPaused) else GONE
    return {"title": ctx.locale.say(msg("This link is closed")), "text": ctx.locale.say(text)}
