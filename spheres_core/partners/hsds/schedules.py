"""Opening hours as HSDS schedules (RFC 5545 rules with a UTC offset), and back.

HSDS knows weekly and monthly rules only, and an offset instead of a zone. An offset that the tenant's own zone has in
winter or in summer is read as that zone: whoever wrote it meant the clock on the wall. Without an offset, too.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from spheres_core.partners import hours
from spheres_core.partners.hours import DAYS
from spheres_core.partners.schemas import Hours

_CLOCK = re.compile(r"([01]\d|2[0-4]):([0-5]\d)(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d(?::?\d\d)?)?")
_UNREADABLE = ("until", "count", "byweekno", "bymonthday", "byyearday", "valid_to")
"""What changes the days on which a rule holds. Guessing would send someone to a closed door."""
_EVERY_DAY = ",".join(DAYS)


class Unreadable(Exception):
    """A schedule says more than weekly hours do; `field` names what."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(field)


def make_schedules(given: Sequence[Hours], *, of: UUID, zone: str, at: dt.datetime) -> list[dict[str, Any]]:
    """The schedules of a service. The offset is that of the zone at this moment."""
    offset = at.astimezone(ZoneInfo(zone)).utcoffset() or dt.timedelta()
    made = []
    for i, each in enumerate(given):
        days = each.rule.partition("BYDAY=")[2] or _EVERY_DAY
        closes = "00:00" if each.closes == "24:00" else each.closes
        made.append(
            {
                "id": str(uuid5(of, f"schedule:{i}")),
                "service_id": str(of),
                "freq": "WEEKLY",
                "byday": days,
                "opens_at": each.opens + _said(offset),
                "closes_at": closes + _said(offset),
                "timezone": _number(offset),
            }
        )
    return made


def read_schedules(
    records: Sequence[Mapping[str, Any]], *, zone: str, at: dt.datetime
) -> tuple[tuple[Hours, ...], str]:
    """The hours that schedules say and the zone they are in. Raises `Unreadable`."""
    found, zones = [], set()
    for record in records:
        read, offset = _read(record)
        found.append(read)
        zones.add(zone if offset is None else zone_of(offset, near=zone, at=at))
    if len(zones) > 1 or "" in zones:
        raise Unreadable("timezone")
    return tuple(found), zones.pop() if zones else ""


def zone_of(offset: dt.timedelta, *, near: str, at: dt.datetime) -> str:
    """The zone that an offset means; empty when there is none. `near`: the zone to prefer."""
    zone = ZoneInfo(near)
    months = (dt.datetime(at.year, month, 15, 12, tzinfo=zone).utcoffset() for month in (1, 7))
    if offset in months:
        return near
    whole, rest = divmod(offset, dt.timedelta(hours=1))
    name = f"Etc/GMT{-whole:+d}" if whole else "Etc/UTC"
    return name if not rest and hours.is_zone(name) else ""


def _read(record: Mapping[str, Any]) -> tuple[Hours, dt.timedelta | None]:
    for field in _UNREADABLE:
        if record.get(field):
            raise Unreadable(field)
    if record.get("freq") != "WEEKLY":
        raise Unreadable("freq")
    if record.get("interval") not in (None, 1):
        raise Unreadable("interval")
    days = str(record.get("byday") or "").replace(" ", "").split(",")
    if not set(days) <= set(DAYS):
        raise Unreadable("byday")
    opens, one = _clock(record, "opens_at")
    closes, other = _clock(record, "closes_at")
    if one != other:
        raise Unreadable("closes_at")
    return Hours(_rule(days), opens, "24:00" if closes == "00:00" else closes), one


def _rule(days: Sequence[str]) -> str:
    wanted = [day for day in DAYS if day in days]
    return "FREQ=DAILY" if len(wanted) == len(DAYS) else f"FREQ=WEEKLY;BYDAY={','.join(wanted)}"


def _clock(record: Mapping[str, Any], field: str) -> tuple[str, dt.timedelta | None]:
    match = _CLOCK.fullmatch(str(record.get(field) or ""))
    if match is None or (match[1] == "24" and match[2] != "00"):
        raise Unreadable(field)
    clock, said = f"{match[1]}:{match[2]}", match[3]
    if said is None:
        return clock, _offset(record)
    if said == "Z":
        return clock, dt.timedelta()
    digits = said[1:].replace(":", "").ljust(4, "0")
    away = dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return clock, -away if said[0] == "-" else away


def _offset(record: Mapping[str, Any]) -> dt.timedelta | None:
    number = record.get("timezone")
    if number is None:
        return None
    if isinstance(number, bool) or not isinstance(number, int | float) or not -24 < number < 24:
        raise Unreadable("timezone")
    return dt.timedelta(hours=number)


def _said(offset: dt.timedelta) -> str:
    minutes = int(offset.total_seconds() // 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _number(offset: dt.timedelta) -> int | float:
    number = offset.total_seconds() / 3600
    return int(number) if number.is_integer() else number
