"""How many examples a property is tried on."""

from hypothesis import settings


def examples(number: int) -> int:
    """Returns that many, or ten times as many with `--hypothesis-profile=thorough`."""
    return 10 * number if settings.get_current_profile_name() == "thorough" else number
