"""Keeps the name of the program off what a young person carries."""

import unicodedata
from typing import Final

from spheres_core.foundation.tenancy.context import Context

PROGRAM: Final = "spheres"


def without_program(ctx: Context, text: str) -> str:
    """Returns a text of the directory; an empty one where it names the program or the region."""
    names = (PROGRAM, *(_folded(each) for each in ctx.tenant.name.values()))
    return "" if any(name in _folded(text) for name in names) else text


def _folded(text: str) -> str:
    return "".join(x for x in unicodedata.normalize("NFD", text) if not unicodedata.combining(x)).casefold()
