"""Queries of the program's core elements, and of what in this region's data covers each.

An element is covered by what the directory says of today: roles of partners, their services and hours, the lists and
forms of the plugins. A region that covers one in another way says how, and why.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final, Literal

from msgspec import Struct
from sqlalchemy import select

from spheres_core.facts import Message, Words, msg
from spheres_core.forms import queries as forms
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.queries import partners
from spheres_core.partners.schemas.display import Partner
from spheres_core.site.models import CoverageNote

State = Literal["covered", "partly", "otherwise", "lacks"]

notes = table(CoverageNote)


class Element(Struct, frozen=True):
    """One element of the program. `roles` are those of partners that cover it."""

    key: str
    title: Message
    roles: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    """Roles that touch it and do not cover it."""


ELEMENTS: Final = (
    Element("referral", msg("Referral")),
    Element("shelter", msg("Shelter around the clock"), ("shelter",)),
    Element("psychotherapy", msg("Psychotherapy"), ("psychotherapy",)),
    Element("police_liaison", msg("Liaison with the police"), ("police_liaison",), ("police",)),
    Element("sexual_health", msg("Sexual health"), ("sexual_health_tools",)),
    Element("prevention", msg("Prevention"), ("prevention",)),
    Element("youth_protection_liaison", msg("Liaison with youth protection"), ("youth_protection_support",),
            ("youth_protection",)),
    Element("activities", msg("Self-discovery activities")),
    Element("clinical_committee", msg("Clinical Committee"), ("clinical_committee",)),
)  # fmt: skip


class Record(Struct, frozen=True):
    """Something in the region's data that speaks for an element."""

    title: Words
    """An organization, a form, a list."""
    what: Message | Words
    status: str = ""
    """How well it is known; empty where that means nothing."""


class Note(Struct, frozen=True):
    """How the region covers an element otherwise."""

    element: str
    how: str
    why: str
    written_at: dt.datetime


class Coverage(Struct, frozen=True):
    """An element in this region today."""

    element: Element
    state: State
    records: tuple[Record, ...]
    remark: Message | None
    """The objection to counting it as covered."""
    note: Note | None


NOTES = prepare(select(notes.c.element, notes.c.how, notes.c.why, notes.c.written_at).where(scoped(notes)), into=Note)


async def coverage(ctx: Context) -> list[Coverage]:
    """Returns each element with what covers it today, in the program's order."""
    together = await partners.partners_on(ctx, ctx.today)
    written = {note.element: note for note in await ctx.db.all(NOTES)}
    return [_covered(ctx, element, together, written.get(element.key)) for element in ELEMENTS]


def _covered(ctx: Context, element: Element, together: Sequence[Partner], note: Note | None) -> Coverage:
    records = tuple(_records(ctx, element, together))
    remark = _remark(ctx, element, together, records)
    about = tuple(_with_roles(together, element.about)) if not records else ()
    state: State = "covered" if records and remark is None else "partly" if records or about else "lacks"
    if about and remark is None:
        remark = msg("These partners are near it; who makes the link is not said.")
    return Coverage(element, "otherwise" if note and state != "covered" else state, records or about, remark, note)


def _records(ctx: Context, element: Element, together: Sequence[Partner]) -> Iterator[Record]:
    if element.key == "referral" and (found := forms.forms_asked(ctx).get("referral")):
        yield Record(found[0].title, msg("Form that is asked today"))
    if element.key == "activities":
        for _, catalogue in ctx.plugins.gather("catalogue"):
            if catalogue.activity_purposes is not None:
                number = sum(not each.retired for each in catalogue.activity_purposes.items)
                yield Record({}, msg("List of purposes of activities: {number}", number=number))
    yield from _with_roles(together, element.roles)


def _with_roles(together: Sequence[Partner], roles: Sequence[str]) -> Iterator[Record]:
    for partner in together:
        for role in partner.roles:
            if role.role in roles:
                yield Record(partner.name, role.name, role.status)


def _remark(ctx: Context, element: Element, together: Sequence[Partner], records: Sequence[Record]) -> Message | None:
    if not records:
        return None
    if all(each.status == "to_confirm" for each in records):
        return msg("All of it is still to be confirmed.")
    if element.key == "shelter" and not any(
        service.round_the_clock
        for partner in together
        if any(role.role == "shelter" for role in partner.roles)
        for service in partner.services
    ):
        return msg("No service of theirs is said to be open around the clock.")
    return None
