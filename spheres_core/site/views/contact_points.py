"""Ways to reach someone, as pages show them: the number is the button, and the day it was verified stands beside it."""

import datetime as dt
import re
from urllib.parse import urlsplit

from msgspec import Struct

from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.entry_display import language_names
from spheres_core.partners.queries import emergency_contacts, partners
from spheres_core.partners.schemas.directory import Area
from spheres_core.partners.schemas.display import ShownContact, ShownEmergencyContact

NORTH_AMERICAN = 10
"""Digits of a number that is called with the country code 1."""


class Way(Struct, frozen=True):
    """One means of reaching someone. `href` is empty where there is nothing to tap, as for an address."""

    label: Text
    display: str | Text
    """A number or an address; a sentence where the region has not given one yet."""
    href: str
    hours: Text | None
    note: Text | None
    languages: tuple[Text, ...]
    places: tuple[Text, ...]
    verified_on: dt.date
    stale: bool
    unconfirmed: bool
    """A person of the region must still confirm it; shown as such, never as fact."""


async def ways_now(ctx: Context) -> list[Way]:
    """Returns whom to reach right now, immediate danger first; a contact is not left out because it is old."""
    known = {each.key: each for each in await partners.areas(ctx)}
    return [_emergency_way(ctx, each, known) for each in await emergency_contacts.emergency_contacts(ctx)]


async def programme_ways(ctx: Context) -> list[Way]:
    """Returns the ways to reach the programme itself: the place to ask for advice."""
    return [contact_way(ctx, each) for each in await partners.programme_contacts(ctx)]


def contact_way(ctx: Context, contact: ShownContact) -> Way:
    """Returns a contact of the directory as a way."""
    display, href = _address(contact.kind, contact.value)
    return Way(
        label=ctx.locale.pick(contact.label),
        display=display,
        href=href,
        hours=None,
        note=ctx.locale.pick(contact.note) or None,
        languages=language_names(ctx, contact.languages),
        places=(),
        verified_on=contact.verified_on,
        stale=contact.stale,
        unconfirmed=contact.status == "to_confirm",
    )


def _emergency_way(ctx: Context, contact: ShownEmergencyContact, known: dict[str, Area]) -> Way:
    display, href = _address("phone", contact.phone) if contact.phone else _address("website", contact.website)
    if not display:
        display = ctx.locale.say("Number to be confirmed")
    told = [ctx.locale.pick(words) for words in (contact.purpose, contact.note)]
    note = Text(" ".join(text for text in told if text), ctx.plugins.languages.get(told[0].lang, ctx.locale.language))
    return Way(
        label=ctx.locale.pick(contact.name),
        display=display,
        href=href,
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


def _address(kind: str, value: str) -> tuple[str, str]:
    """Returns the text to show and the link to tap; the link is empty for a kind that has none."""
    if kind in ("phone", "text"):
        digits = re.sub(r"\D", "", value)
        scheme = "tel" if kind == "phone" else "sms"
        return value, f"{scheme}:+1{digits}" if len(digits) == NORTH_AMERICAN else f"{scheme}:{digits}"
    if kind == "email":
        return value, f"mailto:{value}"
    if kind == "website" and urlsplit(value).scheme in ("https", "http"):
        return urlsplit(value).netloc.removeprefix("www."), value
    return value, ""
