"""Confirmations on pages of this room: the act's code stands in the address, and the fragment takes the focus to it."""

from collections.abc import Mapping
from typing import Final

from spheres_core.facts import Message, msg
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.views import confirmations

ACTS: Final[Mapping[str, Message]] = {
    "begun": msg("She takes part from now on. This is her file, under a code of her own."),
    "proposed": msg("Her file is open, under a code of her own. She takes part as soon as she has a pivot worker."),
    "pivot_named": msg("It is noted who follows her from now on."),
    "step_taken": msg("It is noted where her participation stands."),
    "attempted": msg("It is noted how you tried to reach her."),
    "recorded": msg("It is written down."),
    "decision_recorded": msg("It is written down. Nothing was sent to anybody."),
    "added": msg("It is added. What was written before stays."),
    "date_noted": msg("The date is noted. It stands in your day early enough to offer help."),
    "date_ended": msg("This date holds no more."),
    "offered": msg("The files are offered. They stay yours until your colleague accepts each one."),
    "told": msg("It is noted what she said."),
    "accepted": msg("You follow her from now on."),
    "declined": msg("The file stays with who has it."),
    "taken_back": msg("The offer is taken back."),
    "offered_help": msg("It is noted that you offered help."),
}


def say_done(ctx: Context, act: str) -> Text | None:
    """Returns the confirmation of an act of this room, or of one in the frame of her file; None for any other code."""
    return ctx.locale.say(ACTS[act]) if act in ACTS else confirmations.say_done(ctx, act)
