"""Reads what outings are chosen from: the region's activities, their categories and purposes."""

from __future__ import annotations

from collections.abc import Mapping

from spheres_core.activities.schemas.outings import ActivityCatalogue, ActivityNamed, CodeNamed
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.code_lists import CATALOGUE, Activity
from spheres_core.partners.queries.catalogue import in_use, listed


def activities(ctx: Context) -> Mapping[str, Activity]:
    """Returns the region's activities by code, retired ones too. A later pack renames what others have."""
    return {each.code: each for _, catalogue in ctx.plugins.gather(CATALOGUE) for each in catalogue.activities}


def activity_catalogue(ctx: Context) -> ActivityCatalogue:
    """Returns what outings may be chosen from here, in the reader's language."""
    return ActivityCatalogue(
        _named(ctx, "activity_categories"),
        _named(ctx, "activity_purposes"),
        [
            ActivityNamed(code, str(name), name.lang, each.category, list(each.purposes))
            for code, each in in_use(activities(ctx)).items()
            for name in (ctx.locale.pick(each.label),)
        ],
    )


def _named(ctx: Context, list_name: str) -> list[CodeNamed]:
    found = {code: ctx.locale.pick(each.label) for code, each in in_use(listed(ctx, list_name)).items()}
    return [CodeNamed(code, str(name), name.lang) for code, name in found.items()]
