"""Keeps the name of the program off what a young person carries."""

from typing import Final

from spheres_core.foundation.content.text_comparison import fold_letters
from spheres_core.foundation.tenancy.context import Context

PROGRAM: Final = "spheres"


def without_program(ctx: Context, text: str) -> str:
    """Returns a text of the directory; an empty one where it names the program or the region."""
    names = (PROGRAM, *(fold_letters(each) for each in ctx.tenant.name.values()))
    return "" if any(name in fold_letters(text) for name in names) else text
