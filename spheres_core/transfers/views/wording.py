"""Words for the codes of this room, on pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from spheres_core.consents.schemas import CLASSES
from spheres_core.facts import Message, msg
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.transfers.schemas.messages import RefusalReason
from spheres_core.transfers.schemas.received import ReceivedState
from spheres_core.transfers.schemas.transfers import TransferState

STATES: Final[Mapping[TransferState, Message]] = {
    "offered": msg("The other region has not answered yet"),
    "accepted": msg("She goes on there"),
    "refused": msg("The other region cannot take her file over now"),
    "withdrawn": msg("The offer was taken back"),
    "expired": msg("The other region did not answer in time"),
}
RECEIVED: Final[Mapping[ReceivedState, Message]] = {
    "offered": msg("Waits for an answer"),
    "accepting": msg("Accepted: her file closes in the other region"),
    "accepted": msg("Her file is here"),
    "refused": msg("Refused"),
    "withdrawn": msg("The other region took it back"),
    "expired": msg("Nobody answered in time"),
}
TONES: Final[Mapping[str, str]] = {"offered": "waiting", "accepting": "waiting", "accepted": "done"}
REASONS: Final[Mapping[RefusalReason, Message]] = {
    "no_place_now": msg("Nobody here can follow her now"),
    "outside_area": msg("She will live outside of our region"),
    "ages": msg("We do not receive young people of her age"),
    "language": msg("Nobody here speaks her language"),
    "conflict_of_interest": msg("There would be a conflict of interest"),
    "other": msg("Another reason"),
}
AGES: Final[Mapping[str, Message]] = {
    "12-13": msg("12 or 13 years"),
    "14-17": msg("14 to 17 years"),
    "18-24": msg("18 to 24 years"),
    "25+": msg("25 years or more"),
}
DONE: Final[Mapping[str, Message]] = {
    "offered": msg("Her file is offered to the other region, with what she agreed to and nothing else."),
    "withdrawn": msg("The offer is taken back. Her file is as it was before."),
    "told": msg("It is noted that she was told."),
    "refused": msg("It is refused. What would have come along is deleted."),
}


def class_titles(ctx: Context, classes: list[str]) -> list[Text]:
    """Returns what classes of information are called."""
    return [ctx.locale.say(CLASSES[each]) for each in classes]


def say_done(ctx: Context, act: str) -> Text | None:
    """Returns the confirmation of an act; None for any other code."""
    return ctx.locale.say(DONE[act]) if act in DONE else None
