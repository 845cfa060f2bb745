"""Names of organizations by day: names change, and what was written before keeps its own."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from spheres_core.facts import Words
from spheres_core.partners.schemas.directory import DatedName, Organization
from spheres_core.partners.schemas.display import OtherName


def name_on(organization: Organization, day: dt.date) -> Words:
    """Returns an organization's name on this day."""
    return one_of_names_on(organization.name, organization.names, day)


def stored_name_on(content: Mapping[str, Any], day: dt.date) -> Words:
    """Returns the name of a stored entry on this day."""
    return one_of_names_on(content["name"], msgspec.convert(content.get("names") or (), tuple[DatedName, ...]), day)


def one_of_names_on(plain: Words, names: Sequence[DatedName], day: dt.date) -> Words:
    """Returns which of an organization's names holds on this day: the plain one when no dated one does."""
    return next((each.name for each in names if _holds(each, day)), plain)


def other_names(organization: Organization, day: dt.date) -> tuple[OtherName, ...]:
    """Returns what an organization is called on other days, the oldest first. Its plain name has no days of its own."""
    today = name_on(organization, day)
    dated = [OtherName(each.name, each.starts, each.ends, each.day_confirmed) for each in organization.names]
    plain = [] if today == organization.name else [OtherName(organization.name, *_around(organization, day))]
    found = [each for each in (*dated, *plain) if each.name != today]
    return tuple(sorted(found, key=lambda each: each.since or dt.date.min))


def overlap(names: tuple[DatedName, ...]) -> int | None:
    """Returns the place of the first name that holds on a day on which an earlier one does, or None."""
    for i, each in enumerate(names):
        for before in names[:i]:
            if _first(each) < _last(before) and _first(before) < _last(each):
                return i
    return None


def _around(organization: Organization, day: dt.date) -> tuple[dt.date | None, dt.date | None, bool]:
    """Returns from when, or until when, the plain name holds beside the dated one that holds on this day."""
    now = next(each for each in organization.names if _holds(each, day))
    if now.ends is not None:
        return now.ends, None, now.day_confirmed
    return None, now.starts, now.day_confirmed


def _holds(name: DatedName, day: dt.date) -> bool:
    return _first(name) <= day < _last(name)


def _first(name: DatedName) -> dt.date:
    return name.starts or dt.date.min


def _last(name: DatedName) -> dt.date:
    return name.ends or dt.date.max
