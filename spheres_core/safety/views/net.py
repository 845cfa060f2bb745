"""Her safety net on pages: what is open now, what is not, and whom she trusts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from spheres_core.facts import Message, msg
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.plugins.registrations import SharedText
from spheres_core.foundation.tenancy.context import Context
from spheres_core.safety.schemas.net import SafetyNet
from spheres_core.safety.schemas.plans import PlanNumber, PlanPlace, TrustedPerson

PLACE, SERVICE, NUMBER = msg("A place where she can go"), msg("A service that she has"), msg("A number to call")
OPEN_HERS: Final = msg("Open now for me")
LATER_HERS: Final = msg("Not open now, or better to call first")
PEOPLE_HERS: Final = msg("People I trust")


class NetLine(Struct, frozen=True):
    """A place, a service or a number."""

    kind: Text
    entry: PlanPlace | PlanNumber
    is_number: bool


class NetShown(Struct, frozen=True):
    """Her safety net on a page."""

    at: dt.datetime
    people: list[TrustedPerson]
    open: list[NetLine]
    later: list[NetLine]
    """Those that are closed now, and those whose hours are not stated."""


def shown_net(ctx: Context, net: SafetyNet) -> NetShown | None:
    """Returns her safety net as a page shows it; None where nothing is known of it."""
    lines = [NetLine(ctx.locale.say(kind), each, isinstance(each, PlanNumber)) for kind, each in _entries(net)]
    if not lines and not net.people:
        return None
    is_open = [each for each in lines if each.entry.open_now]
    return NetShown(net.at, net.people, is_open, [each for each in lines if each not in is_open])


def net_texts(ctx: Context, net: SafetyNet) -> list[SharedText]:
    """Returns it as she reads it on the screen that both look at."""
    entries = [each for _, each in _entries(net)]
    parts = (
        (OPEN_HERS, [line_of(each) for each in entries if each.open_now]),
        (LATER_HERS, [line_of(each) for each in entries if not each.open_now]),
        (PEOPLE_HERS, [joined(each.name, each.ways, each.times) for each in net.people]),
    )
    return [SharedText(str(ctx.locale.say(title)), tuple(lines)) for title, lines in parts if lines]


def line_of(entry: PlanPlace | PlanNumber) -> str:
    """Returns a place or a number in one line."""
    if isinstance(entry, PlanNumber):
        return joined(entry.phone, entry.name, *entry.hours[:1])
    return joined(entry.name, entry.organization, *entry.phones, *entry.hours[:1])


def joined(*parts: str) -> str:
    """Returns what is said, with a point between."""
    return " · ".join(each.strip() for each in parts if each.strip())


def _entries(net: SafetyNet) -> Iterator[tuple[Message, PlanPlace | PlanNumber]]:
    yield from ((PLACE, each) for each in net.places)
    yield from ((SERVICE, each) for each in net.services)
    yield from ((NUMBER, each) for each in net.numbers)
