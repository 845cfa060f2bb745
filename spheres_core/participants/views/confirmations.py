"""Confirmations on pages of her file: the act's code stands in the address, and the fragment takes the focus to it."""

from collections.abc import Mapping
from typing import Final

from spheres_core.facts import Message, msg
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context

ACTS: Final[Mapping[str, Message]] = {
    "confirmed": msg("It is noted that she says this is safe."),
    "closed": msg("Nothing goes out by this any more, until she says again that it is safe."),
    "written": msg("It is written down how she can safely be reached."),
    "looked_at": msg("It is noted that you looked at it with her."),
    "same": msg("It is noted that they are the same person. Each file says so to those who may know of both."),
    "different": msg("It is noted that they are two persons. They are not proposed again."),
    "undone": msg("The decision is undone. Each file goes on by itself."),
    "identity_written": msg("Her identity is written. Nothing of it stays on this page."),
    "kept_for_later": msg("It is kept for later, and offered to you alone when you open the form again."),
    "draft_discarded": msg("It is thrown away."),
}


def say_done(ctx: Context, act: str) -> Text | None:
    """Returns the confirmation of an act; None for any other code."""
    return ctx.locale.say(ACTS[act]) if act in ACTS else None
