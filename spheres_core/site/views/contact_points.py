"""Ways to reach someone, as pages show them: the number is the button, and the day it was verified stands beside it."""

from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.contact_values import contact_link, contact_text
from spheres_core.partners.entry_display import language_names
from spheres_core.partners.queries import emergency_contacts, partners
from spheres_core.partners.schemas.directory import Area
from spheres_core.partners.schemas.display import ShownEmergencyContact
from spheres_core.partners.views.contact_ways import Way, contact_way


async def ways_now(ctx: Context) -> list[Way]:
    """Returns whom to reach right now, immediate danger first; a contact is not left out because it is old."""
    known = {each.key: each for each in await partners.areas(ctx)}
    return [_emergency_way(ctx, each, known) for each in await emergency_contacts.emergency_contacts(ctx)]


async def programme_ways(ctx: Context) -> list[Way]:
    """Returns the ways to reach the program itself: the place to ask for advice."""
    return [contact_way(ctx, each) for each in await partners.programme_contacts(ctx)]


def _emergency_way(ctx: Context, contact: ShownEmergencyContact, known: dict[str, Area]) -> Way:
    kind, value = ("phone", contact.phone) if contact.phone else ("website", contact.website)
    told = [ctx.locale.pick(words) for words in (contact.purpose, contact.note)]
    note = Text(" ".join(text for text in told if text), ctx.plugins.languages.get(told[0].lang, ctx.locale.language))
    return Way(
        label=ctx.locale.pick(contact.name),
        display=contact_text(kind, value, ctx.locale.tag) or ctx.locale.say("Number to be confirmed"),
        href=contact_link(kind, value),
        kind=None,
        hours=_hours(ctx, contact),
        note=note or None,
        languages=language_names(ctx, contact.languages),
        places=tuple(ctx.locale.pick(known[key].name) for key in contact.areas if key in known and len(known) > 1),
        verified_on=contact.verified_on,
        stale=contact.stale,
        unconfirmed=contact.status == "to_confirm",
    )


def _hours(ctx: Context, contact: ShownEmergencyContact) -> Text | None:
    if contact.round_the_clock:
        return ctx.locale.say("Day and night, every day")
    if contact.open_now is None:
        return None
    return ctx.locale.say("Open now") if contact.open_now else ctx.locale.say("Closed at this hour")
