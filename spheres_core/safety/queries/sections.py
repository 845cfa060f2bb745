"""Reads the sections of an emergency plan here: the core's, as the region's packs reword them, and theirs."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import structs

from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.queries.catalogue import listed
from spheres_core.safety.plan_sections import SECTIONS, PlanSection


def sections_here(ctx: Context, *, also_retired: bool = False) -> Mapping[str, PlanSection]:
    """Returns by code, in order, what a plan is asked about here. `also_retired`: for plans of before."""
    found = dict(SECTIONS)
    for code, each in listed(ctx, "emergency_plan_sections").items():
        if each.retired and not also_retired:
            found.pop(code, None)
        elif code in found:
            found[code] = structs.replace(found[code], title=each.label, hers=None)
        else:
            found[code] = PlanSection(each.label)
    return found


def title_of(ctx: Context, section: PlanSection, *, hers: bool = False) -> Text:
    """Returns how a section is called. `hers`: as she reads it herself."""
    return ctx.locale.say(section.hers if hers and section.hers is not None else section.title)
