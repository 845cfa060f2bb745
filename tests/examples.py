"""How many examples a property is tried on."""

from typing import Final

from hypothesis import settings

PART: Final = 3
"""The ordinary run tries the same examples each time, and every so many of those asked for."""


def examples(number: int, *, least: int = 10) -> int:
    """Returns a third of that many, or ten times as many with `--hypothesis-profile=thorough`."""
    return 10 * number if settings.get_current_profile_name() == "thorough" else max(least, number // PART)
