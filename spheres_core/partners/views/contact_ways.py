"""Ways to reach someone, as pages show them: the number is the button, and the day it was verified stands beside it."""

import datetime as dt
from collections.abc import Iterable

from msgspec import Struct

from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.contact_values import contact_link, contact_text
from spheres_core.partners.entry_display import language_names
from spheres_core.partners.schemas.display import ShownContact
from spheres_core.partners.views.directory_fields import CODES
from spheres_core.partners.views.opening_hours_text import OpeningText

_SAID: tuple[str, ...] = ("text", "fax", "textphone", "pager", "video")
"""Kinds that a number does not show by itself."""


_FIRST: tuple[str, ...] = ("phone", "text", "email", "website", "textphone", "video", "pager", "fax", "address")
"""Kinds in the order in which somebody in need reaches for them."""


class Way(Struct, frozen=True):
    """One means of reaching someone. `href` is empty where there is nothing to tap, as for an address."""

    label: Text
    display: str | Text
    """A number or an address; a sentence where the region has not given one yet."""
    href: str
    kind: Text | None
    """Said where the number does not tell by itself: by fax, by text message."""
    hours: OpeningText | None
    note: Text | None
    languages: tuple[Text, ...]
    places: tuple[Text, ...]
    verified_on: dt.date
    stale: bool
    unconfirmed: bool
    """A person of the region must still confirm it; shown as such, never as fact."""


def contact_ways(ctx: Context, contacts: Iterable[ShownContact]) -> list[Way]:
    """Returns contacts of the directory as ways, what answers at once first."""
    return [contact_way(ctx, each) for each in sorted(contacts, key=lambda each: _FIRST.index(each.kind))]


def contact_way(ctx: Context, contact: ShownContact) -> Way:
    """Returns a contact of the directory as a way."""
    return Way(
        label=ctx.locale.pick(contact.label),
        display=contact_text(contact.kind, contact.value, ctx.locale.tag),
        href=contact_link(contact.kind, contact.value),
        kind=ctx.locale.say(CODES["kind"][contact.kind]) if contact.kind in _SAID else None,
        hours=None,
        note=ctx.locale.pick(contact.note) or None,
        languages=language_names(ctx, contact.languages),
        places=(),
        verified_on=contact.verified_on,
        stale=contact.stale,
        unconfirmed=contact.status == "to_confirm",
    )
