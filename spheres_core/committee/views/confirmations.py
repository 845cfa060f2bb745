"""Confirmations on pages of committees: the act's code stands in the address."""

from collections.abc import Mapping
from typing import Final

from spheres_core.facts import Message, msg
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context

ACTS: Final[Mapping[str, Message]] = {
    "item": msg("It is on the agenda, for those members whose organization she lets discuss it."),
    "meeting_name": msg("It is saved. Only organizations that she lets hear it do, in a meeting."),
    "taken_off": msg("It is taken off the agenda, for everybody."),
    "told_her": msg("It is noted that she was told."),
    "result": msg("It is noted what came of it."),
    "planned_meeting": msg("The meeting is planned."),
    "ended_meeting": msg("It is noted. The agenda is closed to everybody."),
    "absent": msg("It is noted that you do not come. From now on the agenda is closed to you."),
    "comes": msg("It is taken back: the seat counts again in this meeting."),
    "recused": msg("You stay out of it from now on."),
    "present": msg("It is noted who is there."),
    "recommended": msg("The recommendation is written down."),
    "seat": msg("The seat is given."),
    "seat_ended": msg("It is noted until when the seat holds."),
}


def say_done(ctx: Context, act: str) -> Text | None:
    """Returns the confirmation of an act; None for any other code."""
    return ctx.locale.say(ACTS[act]) if act in ACTS else None
