"""Reads whom to reach right now. Never empty because something is old: stale contacts are shown with their date."""

from typing import Final

from msgspec import Struct

from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners import legal_profiles
from spheres_core.partners.areas import with_outer_areas
from spheres_core.partners.entry_display import as_emergency, province_wide_as_emergency, read_entry, show_emergency
from spheres_core.partners.queries.directory_rows import EMERGENCIES
from spheres_core.partners.queries.partners import areas
from spheres_core.partners.schemas.directory import EmergencyContact
from spheres_core.partners.schemas.display import ShownEmergencyContact

UNCONFIRMED: Final = "to_confirm"


async def emergency_contacts(ctx: Context, *, area: str | None = None) -> list[ShownEmergencyContact]:
    """Returns whom to reach right now: for one area and those around it, or for all areas of the tenant.

    Immediate danger first, then the youth protection lines that the legal profile has for these
    areas. Never empty because something is old: stale contacts are shown with their date.
    """
    within = {each.key: each.within for each in await areas(ctx)}
    reached = set(within) if area is None else with_outer_areas(area, within)
    entries = [read_entry(EmergencyContact, row.key, row.content) for row in await ctx.db.all(EMERGENCIES)]
    entries += [as_emergency(line) for line in _lines(ctx)]
    shown = [each for each in entries if not reached.isdisjoint(each.areas)]
    return [show_emergency(ctx, each) for each in sorted(shown, key=_urgency)]


class PublicLines(Struct, frozen=True):
    """The lines that the public is told of."""

    contacts: tuple[ShownEmergencyContact, ...]
    """Immediate danger first."""
    local_ones_pending: bool
    """Whether a place's own line for immediate danger is left out because nobody has confirmed it."""


async def public_lines(ctx: Context, *, area: str | None = None) -> PublicLines:
    """Returns whom the public is told to reach right now: nobody is sent to a number that is not confirmed. Where one
    is left out, or none is given, the confirmed lines that answer in the whole province stand beside what is left."""
    found = await emergency_contacts(ctx, area=area)
    confirmed = [each for each in found if each.status != UNCONFIRMED]
    pending = any(each.status == UNCONFIRMED and each.audience == "immediate_danger" for each in found)
    if not confirmed or len(confirmed) < len(found):
        wide = [show_emergency(ctx, province_wide_as_emergency(line)) for line in _province_wide(ctx)]
        confirmed += [each for each in wide if each.status != UNCONFIRMED]
    return PublicLines(tuple(sorted(confirmed, key=_urgency)), pending)


def _urgency(contact: EmergencyContact | ShownEmergencyContact) -> int:
    return ("immediate_danger", "shelter", "listening", "youth_protection").index(contact.audience)


def _province_wide(ctx: Context) -> list[legal_profiles.ProvinceWideLine]:
    return [line for _, profile in ctx.plugins.gather(legal_profiles.TOPIC) for line in profile.province_wide_lines]


def _lines(ctx: Context) -> list[legal_profiles.YouthProtectionLine]:
    return [line for _, profile in ctx.plugins.gather(legal_profiles.TOPIC) for line in profile.youth_protection_lines]
