"""Sentences for values of another kind than the one that is asked for, each with how it is written."""

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
    ("Expected `int", msg("Enter a whole number, in digits.")),
    ("Expected `float", msg("Enter a number, in digits.")),
    ("Expected `bool", msg("Answer true or false.")),
    ("Expected `str", msg("Enter a text.")),
    ("Expected `array", msg("Enter a list.")),
    ("Expected `object", msg("Enter values with their names.")),
    ("enum value", msg("Choose one of the answers offered.")),
    ("Invalid UUID", msg("This is not written like the identifiers here.")),
)
_OTHERWISE: Final = msg("This value cannot be read here.")


def kind_message(said: str) -> Message:
    """Returns the sentence for what msgspec says of a value that it cannot read."""
    return next((sentence for sign, sentence in _BY_SIGN if sign in said), _OTHERWISE)
