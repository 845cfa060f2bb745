"""Codes of close persons: as random as a participant's, and of another form, so that neither is taken for the other."""

import re
from typing import Final

from spheres_core.foundation.content.readable_codes import new_readable_code, normalize_readable_code

LENGTH_OF_GROUP: Final = 3
"""Four groups of three, where a participant's code has three groups of four."""


def new_entourage_code() -> str:
    """Returns a new random code such as `KH4-T7R-3X8-WPD`."""
    return "-".join(re.findall("." * LENGTH_OF_GROUP, normalize_readable_code(new_readable_code())))
