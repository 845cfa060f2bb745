"""Confirmations on pages of activities: the act's code stands in the address."""

from collections.abc import Mapping
from typing import Final

from spheres_core.facts import Message, msg
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context

ACTS: Final[Mapping[str, Message]] = {
    "planned": msg("It is planned. It names nobody: who comes along is noted in her file."),
    "changed": msg("The outing is as you wrote it."),
    "noted": msg("It is noted who came."),
    "budgeted": msg("It is noted what it may cost and what it cost."),
    "asked": msg("It is noted that she was asked. Nothing was sent by this."),
    "answered": msg("It is noted what she said."),
    "found": msg("It stands among her strengths."),
    "kept_apart": msg("It is noted. Neither is offered a seat where the other has one."),
    "may_meet": msg("It is noted that they may meet again."),
}


def say_done(ctx: Context, act: str) -> Text | None:
    """Returns the confirmation of an act; None for any other code."""
    return ctx.locale.say(ACTS[act]) if act in ACTS else None
