"""Says to the database who reads about participants, by settings of the transaction."""

from collections.abc import Mapping
from typing import Final

READER_SETTINGS: Final = {
    name: f"app.reader_{name}" for name in ("kind", "staff", "organization", "purpose", "now", "act")
}
"""Settings of a transaction that say who reads about a participant; the policies of `consents` look at them."""


def columns_that_tell(first: int) -> str:
    """Returns the columns of a query that say who reads, from the parameter of this number on.

    Statements about participants are planned once from then on, since their policies take longer to plan than to ask.
    """
    settings = [f"set_config('{name}', ${at}, true)" for at, name in enumerate(READER_SETTINGS.values(), first)]
    return ", ".join(["set_config('plan_cache_mode', 'force_generic_plan', true)", *settings])


def values_that_tell(reader: Mapping[str, str]) -> list[str]:
    """Returns the parameters of those columns; what is not said of the reader is empty."""
    return [reader.get(name, "") for name in READER_SETTINGS]
