"""Confirmations on pages of a plan: the act's code stands in the address."""

from collections.abc import Mapping
from typing import Final

from spheres_core.facts import Message, msg
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context

ACTS: Final[Mapping[str, Message]] = {
    "strength": msg("The strength is noted."),
    "need": msg("The need is noted as it is now."),
    "goal": msg("The goal is noted as it is now."),
    "stage": msg("It is noted where she stands."),
    "sent": msg("The request is sent, with what she has agreed to and nothing else."),
    "answered": msg("The answer is noted."),
    "link_revoked": msg("The link is closed."),
    "gap": msg("It is noted that nobody can meet this need."),
}


def say_done(ctx: Context, act: str) -> Text | None:
    """Returns the confirmation of an act; None for any other code."""
    return ctx.locale.say(ACTS[act]) if act in ACTS else None
