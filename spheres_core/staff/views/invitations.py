"""Values of the pages that an invitation's link opens."""

from typing import Any

from spheres_core.facts import msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.operations.login_throttle import SignInPaused
from spheres_core.staff.passwords import SHORTEST
from spheres_core.staff.schemas import Invitation
from spheres_core.staff.views.sign_in import refusal_message

GONE = msg(
    "A link like this works once, and for a few days. If you have an account already, sign in; else ask the person who"
    " invited you for a new link."
)


def invitation_link_view(ctx: Context) -> dict[str, Any]:
    """Returns the values of `staff/link.html`, which asks for the secret of the link."""
    return {"title": ctx.locale.say(msg("Your invitation")), "action": "invitation"}


def invitation_view(ctx: Context, found: Invitation, secret: str, refusal: Refusal | None) -> dict[str, Any]:
    """Returns the values of `staff/invitation.html`, with the reason why a password was refused."""
    return {
        "title": ctx.locale.say(msg("Welcome, {name}", name=found.name)),
        "secret": secret,
        "least": SHORTEST,
        "roles": [ctx.plugins.role_title(role) for role in found.roles],
        "until": found.expires_at,
        "email": found.email,
        "error": ctx.locale.say(refusal.message) if refusal else None,
    }


def invitation_gone_view(ctx: Context, refusal: Refusal) -> dict[str, Any]:
    """Returns the values of `staff/link_gone.html`, the same however the invitation ended."""
    text = refusal_message(refusal) if isinstance(refusal, SignInPaused) else GONE
    return {"title": ctx.locale.say(msg("This link is closed")), "text": ctx.locale.say(text)}
