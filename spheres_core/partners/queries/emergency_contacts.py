"""Reads whom to reach right now. Never empty because something is old: stale contacts are shown with their date."""

from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners import legal_profiles
from spheres_core.partners.areas import with_outer_areas
from spheres_core.partners.entry_display import as_emergency, read_entry, show_emergency
from spheres_core.partners.queries.directory_rows import EMERGENCIES
from spheres_core.partners.queries.partners import areas
from spheres_core.partners.schemas.directory import EmergencyContact
from spheres_core.partners.schemas.display import ShownEmergencyContact


async def emergency_contacts(ctx: Context, *, area: str | None = None) -> list[ShownEmergencyContact]:
    """Returns whom to reach right now: for one area and those around it, or for all areas of the tenant.

    Immediate danger first, then the youth protection lines that the legal profile has for these
    areas. Never empty because something is old: stale contacts are shown with their date.
    """
    within = {each.key: each.within for each in await areas(ctx)}
    reached = set(within) if area is None else with_outer_areas(area, within)
    entries = [read_entry(EmergencyContact, row.key, row.content) for row in await ctx.db.all(EMERGENCIES)]
    entries += [as_emergency(line) for line in _lines(ctx)]
    order = ("immediate_danger", "shelter", "listening", "youth_protection")
    shown = [each for each in entries if not reached.isdisjoint(each.areas)]
    return [show_emergency(ctx, each) for each in sorted(shown, key=lambda each: order.index(each.audience))]


def _lines(ctx: Context) -> list[legal_profiles.YouthProtectionLine]:
    return [line for _, profile in ctx.plugins.gather(legal_profiles.TOPIC) for line in profile.youth_protection_lines]
