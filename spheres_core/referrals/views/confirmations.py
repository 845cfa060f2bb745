"""Words that confirm an act on a referral, by the code that stands in the address after it."""

from collections.abc import Mapping
from typing import Final

from spheres_core.facts import Message, msg
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.referrals.states import STATES

ACTS: Final[Mapping[str, Message]] = {
    "asked": msg("Your question is on the page that the tracking code opens. The referral waits for the answer."),
    "assigned": msg("It is noted who takes care of this referral."),
    "saved": msg("Your filter is saved. It stands above the list."),
    "deleted": msg("Your filter is deleted."),
}


def say_done(ctx: Context, act: str) -> Text | None:
    """Returns the confirmation of an act, or of a step by the state it led to; None for any other code."""
    if act in ACTS:
        return ctx.locale.say(ACTS[act])
    if act in STATES:
        title = ctx.locale.say(STATES[act].title)
        return ctx.locale.say("The step is recorded. State: {state}.", state=title)
    return None
