"""Values of the page that shows what somebody had typed when her session ended."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from spheres_core.facts import msg
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.foundation.web.sealed_addresses import open_address
from spheres_core.staff.operations.kept_forms import KeptForm, keep_form, open_form
from spheres_core.staff.schemas import SignInPosted
from spheres_core.staff.views.sign_in import is_own_path, sign_in_view


def signed_out_view(
    ctx: Context, request_scope: RequestScope, pairs: Sequence[tuple[str, str]], to: str, account: UUID | None
) -> tuple[str, dict[str, Any]]:
    """Returns the template for a form that came without a session, and its values: the sign-in, with what was typed; or
    what was typed, for an account that has signed in again meanwhile on another page.

    `to`: where the form goes, sealed.
    """
    place = open_address(ctx.keys, to)
    kept = keep_form(ctx, pairs, to=place) if is_own_path(request_scope, place) else ""
    form = open_form(ctx, kept, account) if kept and account else None
    if form is not None:
        return "staff/kept_form.html", kept_form_view(ctx, form)
    return "staff/sign_in.html", sign_in_view(ctx, request_scope, SignInPosted(kept=kept), None)


def kept_form_view(ctx: Context, form: KeptForm) -> dict[str, Any]:
    """Returns the values of `staff/kept_form.html`. What is shown are the words; codes and numbers only come along."""
    return {
        "title": ctx.locale.say(msg("What you typed is still here")),
        "form": form,
        "words": [value for name, value in form.fields if " " in value.strip() and not name.startswith("_")],
    }
