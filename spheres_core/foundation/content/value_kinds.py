"""Sentences for values of another kind than the one that is asked for, each with how it is written."""

import re
from typing import Final

from spheres_core.facts import Message, msg

_BY_SIGN: Final = (
    ("missing required field", msg("This is needed.")),
    ("unknown field", msg("There is no such field here.")),
    ("RFC3339 encoded datetime", msg("Enter the day and the time like this: 2026-11-28T14:30:00-05:00.")),
    ("RFC3339 encoded date", msg("Enter the date like this: 2026-11-28.")),
    ("RFC3339 encoded time", msg("Enter the time like this: 14:30.")),
    ("Expected `date`", msg("Enter the date like this: 2026-11-28.")),
    ("Expected `datetime`", msg("Enter the day and the time like this: 2026-11-28T14:30:00-05:00.")),
    ("Expected `time`", msg("Enter the time like this: 14:30.")),
    ("matching regex '^https://", msg("Enter an address that begins with https://.")),
    ("matching regex", msg("This is not written as it must be here.")),
    ("of length >= 1", msg("This is needed.")),
    ("of length >=", msg("This is too short.")),
    ("of length <=", msg("This is too long.")),
    ("Expected `int", msg("Enter a whole number, in digits.")),
    ("Expected `float", msg("Enter a number, in digits.")),
    ("Expected `bool", msg("Answer true or false.")),
    ("Expected `str", msg("Enter a text.")),
    ("Expected `array", msg("Enter a list.")),
    ("Expected `object", msg("Enter values with their names.")),
    ("enum value", msg("Choose one of the answers offered.")),
    ("Invalid UUID", msg("This is not written like the identifiers here.")),
)
_LIMIT: Final = re.compile(r"Expected `(?:int|float)` (>=|<=) ([-\d.]+)")
_OTHERWISE: Final = msg("This value cannot be read here.")


def kind_message(said: str) -> Message:
    """Returns the sentence for what msgspec says of a value that it cannot read."""
    if limit := _LIMIT.search(said):
        if limit[1] == ">=":
            return msg("Please give a number of at least {least}.", least=limit[2])
        return msg("Please give a number of at most {most}.", most=limit[2])
    return next((sentence for sign, sentence in _BY_SIGN if sign in said), _OTHERWISE)


def place_and_message(said: str, otherwise: str = "") -> tuple[str, Message]:
    """Returns the key that msgspec speaks of, such as `hosts[0]`, and the sentence that names it.

    `otherwise`: the name of the whole, where no key is named.
    """
    key = said.partition(" - at `$")[2].strip("`.")
    if unknown := re.search(r"unknown field `([^`]+)`", said):
        key = f"{key}.{unknown[1]}".strip(".")
        return key, msg("The key {key} is not known here.", key=key)
    if missing := re.search(r"missing required field `([^`]+)`", said):
        key = f"{key}.{missing[1]}".strip(".")
        return key, msg("The key {key} is missing.", key=key)
    return key, msg("{key}: {reason}", key=key or otherwise, reason=kind_message(said))
