"""Values of the page that shows what somebody had typed when her session ended."""

from typing import Any

from spheres_core.facts import msg
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.operations.kept_forms import KeptForm


def kept_form_view(ctx: Context, form: KeptForm) -> dict[str, Any]:
    """Returns the values of `staff/kept_form.html`. What is shown are the words; codes and numbers only come along."""
    return {
        "title": ctx.locale.say(msg("What you typed is still here")),
        "form": form,
        "words": [value for name, value in form.fields if " " in value.strip() and not name.startswith("_")],
    }
