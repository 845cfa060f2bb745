"""The form of an emergency plan, whose words are kept while somebody is still writing them."""

from __future__ import annotations

from typing import Final

from msgspec import structs

from spheres_core.facts import msg
from spheres_core.foundation.plugins.registrations import DraftForm
from spheres_core.foundation.tenancy.context import Context
from spheres_core.safety.queries.sections import sections_here
from spheres_core.safety.schemas.plans import CLASS, MOST_PEOPLE

SECTION: Final = "section_"
"""Begins the name of the field of a section; its code follows."""
PERSON: Final = ("who", "how", "when")
"""The fields of one person she trusts, each followed by a number."""
PLAN_FORM: Final = DraftForm(
    "emergency_plan",
    msg("Emergency plan"),
    dict.fromkeys(
        (
            "language",
            "community",
            "places",
            "carried",
            "review_by",
            *(f"{each}_{number}" for number in range(1, MOST_PEOPLE + 1) for each in PERSON),
        ),
        CLASS,
    ),
    page="write_emergency_plan",
    others={SECTION: CLASS},
)


def form_here(ctx: Context) -> DraftForm:
    """Returns the form with the fields of this region's sections."""
    named = {f"{SECTION}{code}": CLASS for code in sections_here(ctx)}
    return structs.replace(PLAN_FORM, fields={**named, **PLAN_FORM.fields})
