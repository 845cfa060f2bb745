"""Our own part of an HSDS record (`x_spheres`), before it is checked."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from spheres_core.foundation.content.struct_reader import KEY
from spheres_core.foundation.content.time_zones import is_time_zone
from spheres_core.partners.hsds import EXTENSION, WITHOUT_LISTS

_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def own_entry(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """Returns the entry, unread; empty when the record carries none."""
    own = record.get(EXTENSION)
    entry = own.get("entry") if isinstance(own, Mapping) else None
    return entry if isinstance(entry, Mapping) else {}


def lacks_lists(record: Mapping[str, Any]) -> bool:
    """Returns whether a record of ours was given without its lists, as on a page of the API that is not `full`."""
    own = record.get(EXTENSION)
    return isinstance(own, Mapping) and own.get(WITHOUT_LISTS) is True


def own_areas(record: Mapping[str, Any]) -> tuple[str, ...]:
    """Returns the keys of the areas that it names."""
    given = own_entry(record).get("areas")
    return tuple(str(each) for each in given) if isinstance(given, list) else ()


def own_zone(record: Mapping[str, Any]) -> str:
    """Returns the zone that its hours are in, when that is one."""
    zone = own_entry(record).get("time_zone")
    return zone if isinstance(zone, str) and is_time_zone(zone) else ""


def key_of(record: Mapping[str, Any], id_: UUID) -> str:
    """Returns the key of a record's entry: its own, or one made of its id."""
    key = own_entry(record).get("key")
    return key if isinstance(key, str) and KEY.fullmatch(key) else f"hsds_{id_.hex}"


def is_tag(value: Any) -> bool:
    """Returns whether this is written like a language tag."""
    return isinstance(value, str) and bool(_TAG.fullmatch(value))
