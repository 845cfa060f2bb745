"""Values of the pages about tokens of other systems."""

from typing import Any

from spheres_core.facts import Message, msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post
from spheres_core.staff.operations.tokens import DAYS, LONGEST_DAYS
from spheres_core.staff.queries.tokens import show_tokens
from spheres_core.staff.schemas import Token, TokenState
from spheres_core.staff.views.members import NO_ROLE, role_choices

STATES: dict[TokenState, Message] = {
    "valid": msg("Valid"),
    "expired": msg("Time is over"),
    "revoked": msg("Taken back"),
}
ACTS_AS = msg("acts as {name}")
REVOKED = msg("The token opens nothing any more.")


async def tokens_view(ctx: Context, sent: Post, refusal: Refusal | None, *, done: str) -> dict[str, Any]:
    """Returns the values of `staff/tokens.html`, with what was sent before and the problems in it."""
    problems = {each.path: ctx.locale.say(each.message) for each in refusal.errors} if refusal else {}
    if "roles" in problems and not sent.every("roles"):
        problems["roles"] = ctx.locale.say(NO_ROLE)
    return {
        "title": ctx.locale.say(msg("Tokens for other systems")),
        "tokens": [token_row(ctx, each) for each in await show_tokens(ctx)],
        "sent": sent,
        "ticked": sent.every("roles"),
        "days": sent["days"] if refusal else str(DAYS),
        "most": LONGEST_DAYS,
        "choices": role_choices(ctx),
        "problems": problems,
        "error": ctx.locale.say(refusal.message) if refusal else None,
        "done": ctx.locale.say(REVOKED) if done == "revoked" else None,
    }


def token_made_view(ctx: Context, text: str) -> dict[str, Any]:
    """Returns the values of `staff/token_made.html`: the token's text, shown this once."""
    return {"title": ctx.locale.say(msg("The token is ready")), "text": text}


def token_row(ctx: Context, token: Token) -> dict[str, Any]:
    """Returns a token as its row shows it; its text is kept nowhere."""
    return {
        "id": token.id,
        "label": token.label,
        "roles": [ctx.plugins.role_title(role) for role in token.roles],
        "state": {"tone": "done" if token.state == "valid" else "ended", "label": ctx.locale.say(STATES[token.state])},
        "valid": token.state == "valid",
        "maker": ctx.locale.say(ACTS_AS, name=token.maker) if token.acts_as_maker else token.maker,
        "made": token.created_at,
        "until": token.expires_at,
        "used": token.last_used_at,
    }
