"""Confirmations after an act: its code stands in the address, and the fragment there takes the focus to the words."""

from collections.abc import Mapping
from typing import Final

from spheres_core.facts import Message, msg
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.referrals.states import STATES

PLACE: Final = "done"
"""The parameter with the act's code, and the id of the element that says it."""
ACTS: Final[Mapping[str, Message]] = {
    "asked": msg("Your question is on the page that the tracking code opens. The referral waits for the answer."),
    "assigned": msg("It is noted who takes care of this referral."),
    "saved": msg("Your filter is saved. It stands above the list."),
    "deleted": msg("Your filter is deleted."),
}


def done_address(address: str, act: str) -> str:
    """Returns an address that says that an act was done, and takes the focus to it."""
    mark = "&" if "?" in address and not address.endswith("?") else "" if address.endswith("?") else "?"
    return f"{address}{mark}{PLACE}={act}#{PLACE}"


def say_done(ctx: Context, act: str) -> Text | None:
    """Returns the confirmation of an act, or of a step by the state it led to; None for any other code."""
    if act in ACTS:
        return ctx.locale.say(ACTS[act])
    if act in STATES:
        title = ctx.locale.say(STATES[act].title)
        return ctx.locale.say("The step is recorded. State: {state}.", state=title)
    return None
