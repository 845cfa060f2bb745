"""Ways to reach someone, as pages show them: the number is the button, and the day it was verified stands beside it."""

from msgspec import Struct

from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.contact_values import contact_link, contact_text
from spheres_core.partners.entry_display import language_names
from spheres_core.partners.queries import emergency_contacts, partners
from spheres_core.partners.schemas.directory import Area
from spheres_core.partners.schemas.display import ShownEmergencyContact
from spheres_core.partners.views.contact_ways import Way, contact_ways
from spheres_core.partners.views.opening_hours_text import opening_text


class WaysNow(Struct, frozen=True):
    """Whom to reach right now, immediate danger first."""

    ways: tuple[Way, ...]
    local_ones_pending: bool
    """Whether a place's own line for immediate danger is left out because nobody has confirmed it."""


async def ways_now(ctx: Context) -> WaysNow:
    """Returns whom to reach right now; a contact is not left out because it is old, and is when it is not confirmed."""
    known = {each.key: each for each in await partners.areas(ctx)}
    lines = await emergency_contacts.public_lines(ctx)
    return WaysNow(tuple(_emergency_way(ctx, each, known) for each in lines.contacts), lines.local_ones_pending)


async def programme_ways(ctx: Context) -> list[Way]:
    """Returns the ways to reach the program itself: the place to ask for advice."""
    return contact_ways(ctx, await partners.programme_contacts(ctx))


def _emergency_way(ctx: Context, contact: ShownEmergencyContact, known: dict[str, Area]) -> Way:
    kind, value = ("phone", contact.phone) if contact.phone else ("website", contact.website)
    note = ctx.locale.joined([ctx.locale.pick(words) for words in (contact.purpose, contact.note)], " ")
    return Way(
        label=ctx.locale.pick(contact.name),
        display=contact_text(kind, value, ctx.locale.tag),
        href=contact_link(kind, value),
        kind=None,
        hours=opening_text(ctx, contact.hours),
        note=note or None,
        languages=language_names(ctx, contact.languages),
        places=tuple(ctx.locale.pick(known[key].name) for key in contact.areas if key in known and len(known) > 1),
        verified_on=contact.verified_on,
        stale=contact.stale,
        unconfirmed=contact.status == "to_confirm",
    )
