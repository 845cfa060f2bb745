"""The form by which advice is asked: the region's own or its packs', else the one that comes with the core."""

from functools import cache
from pathlib import Path
from typing import Final

from spheres_core.forms import form_files
from spheres_core.forms import queries as forms
from spheres_core.forms.meanings import ADVICE
from spheres_core.forms.queries import FormUnknown
from spheres_core.forms.schemas import Form
from spheres_core.foundation.tenancy.context import Context

DEFAULT: Final = Path(__file__).parents[1] / "forms" / "advice.md"


async def advice_form(ctx: Context) -> Form:
    """Returns the form that is asked today. Raises `FormUnknown` where the region has retired its own."""
    if ADVICE in forms.own_forms(ctx) or ADVICE in forms.forms_asked(ctx):
        return await forms.current(ctx, ADVICE)
    return default_form()


@cache
def default_form() -> Form:
    """Returns the form that every region has."""
    found = form_files.inspect_file(DEFAULT).form
    if found is None:
        raise FormUnknown
    return found


def is_asked(ctx: Context) -> bool:
    """Returns whether advice can be asked here: a region may have retired its form."""
    own = forms.own_forms(ctx)
    return ADVICE not in own or own[ADVICE] is not None
