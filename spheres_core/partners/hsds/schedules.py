"""Opening hours as HSDS schedules (RFC 5545 rules with a UTC offset), and back.

HSDS knows weekly and monthly rules only, and an offset instead of a zone. An offset that the tenant's own zone has in
winter or in summer is read as that zone: whoever wrote it meant local time. Without an offset, too. Hours
that HSDS has no words for (months of the year, days of the year) are not exported in its fields: less is safer than
an office that is said to be open. Days of exception stand in `notes` as RFC 5545 writes them (`EXDATE:20261225`).
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from spheres_core.foundation.content.time_zones import is_time_zone
from spheres_core.partners.recurrence import DAYS, parts_of, problem_with
from spheres_core.partners.schemas.directory import Hours

_CLOCK = re.compile(r"([01]\d|2[0-4]):([0-5]\d)(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d(?::?\d\d)?)?")
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ].*)?")
_EXCEPT = re.compile(r"EXDATE:(\d{8}(?:,\d{8})*)")
_ONLY_IN = {"byweekno": "", "byyearday": "", "bymonthday": "MONTHLY"}
"""Fields that change the days on which a rule holds, and the rules in which they are understood. Guessing would send
someone to a closed office."""
_SAYABLE = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTHDAY"}


class ScheduleUnreadable(Exception):
    """A schedule says what is not understood here; `field` names where."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(field)


def make_schedules(given: Sequence[Hours], *, of: UUID, zone: str, at: dt.datetime) -> list[dict[str, Any]]:
    """Returns the schedules of a service. The offset is that of the zone at this moment."""
    offset = at.astimezone(ZoneInfo(zone)).utcoffset() or dt.timedelta()
    closed = sorted({day for each in given for day in each.without})
    notes = {"notes": f"EXDATE:{','.join(f'{day:%Y%m%d}' for day in closed)}"} if closed else {}
    made: list[dict[str, Any]] = []
    for each in given:
        closes = "00:00" if each.closes == "24:00" else each.closes
        for days, exceptions in _hsds_days(each, notes):
            made.append(
                {
                    "id": str(uuid5(of, f"schedule:{len(made)}")),
                    "service_id": str(of),
                    **days,
                    "opens_at": each.opens + _said(offset),
                    "closes_at": closes + _said(offset),
                    "timezone": _number(offset),
                    **exceptions,
                }
            )
    return made


def _hsds_days(each: Hours, notes: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yields the days of these hours in the words of HSDS, as far as it has any: the rule, then each day besides."""
    parts = parts_of(each.rule)
    often = parts.get("FREQ", "")
    daily = often == "DAILY" and not set(parts) - {"FREQ", "UNTIL", "WKST"}
    if daily or (often in ("WEEKLY", "MONTHLY") and set(parts) <= _SAYABLE):
        said: dict[str, Any] = {"freq": "WEEKLY" if daily else often}
        if often == "MONTHLY" and "BYMONTHDAY" in parts:
            said["bymonthday"] = parts["BYMONTHDAY"]
        if daily or "BYDAY" in parts:
            said["byday"] = parts.get("BYDAY") or ",".join(DAYS)
        said |= {name.lower(): int(parts[name]) for name in ("INTERVAL", "COUNT") if name in parts}
        if "WKST" in parts:
            said["wkst"] = parts["WKST"]
        if each.first_day:
            said["dtstart"] = each.first_day.isoformat()
        if until := parts.get("UNTIL"):
            said["until"] = f"{until[:4]}-{until[4:6]}-{until[6:]}"
        yield said, notes
    for day in each.also:
        one = day.isoformat()
        yield {"freq": "WEEKLY", "byday": DAYS[day.weekday()], "dtstart": one, "until": one}, {}


def read_schedules(
    records: Sequence[Mapping[str, Any]], *, zone: str, at: dt.datetime
) -> tuple[tuple[Hours, ...], str]:
    """Returns the hours that schedules say and the zone they are in. Raises `ScheduleUnreadable`."""
    found, zones = [], set()
    for record in records:
        read, offset = _read(record)
        found.append(read)
        zones.add(zone if offset is None else zone_of(offset, near=zone, at=at))
    if len(zones) > 1 or "" in zones:
        raise ScheduleUnreadable("timezone")
    return tuple(found), zones.pop() if zones else ""


def zone_of(offset: dt.timedelta, *, near: str, at: dt.datetime) -> str:
    """Returns the zone that an offset means; empty when there is none. `near`: the zone to prefer."""
    zone = ZoneInfo(near)
    months = (dt.datetime(at.year, month, 15, 12, tzinfo=zone).utcoffset() for month in (1, 7))
    if offset in months:
        return near
    whole, rest = divmod(offset, dt.timedelta(hours=1))
    name = f"Etc/GMT{-whole:+d}" if whole else "Etc/UTC"
    return name if not rest and is_time_zone(name) else ""


def _read(record: Mapping[str, Any]) -> tuple[Hours, dt.timedelta | None]:
    often = record.get("freq")
    if often not in ("WEEKLY", "MONTHLY"):
        raise ScheduleUnreadable("freq")
    for field, only_in in _ONLY_IN.items():
        if record.get(field) and often != only_in:
            raise ScheduleUnreadable(field)
    opens, one = _clock(record, "opens_at")
    closes, other = _clock(record, "closes_at")
    if one != other:
        raise ScheduleUnreadable("closes_at")
    rule, begins = _rule(record, str(often))
    closed = _EXCEPT.fullmatch(str(record.get("notes") or ""))
    without = tuple(_parsed(day, "notes") for day in closed[1].split(",")) if closed else ()
    read = Hours(rule, opens, "24:00" if closes == "00:00" else closes, first_day=begins, without=without)
    if problem_with(read) is not None:
        raise ScheduleUnreadable("byday")
    return read, one


def _rule(record: Mapping[str, Any], often: str) -> tuple[str, dt.date | None]:
    """Returns the rule and the day it begins.
    What counts from a first day is understood only where that day is given."""
    begins, from_, to = (_date(record, name) for name in ("dtstart", "valid_from", "valid_to"))
    until = _date(record, "until")
    counted = {name: _count(record, name) for name in ("interval", "count")}
    steps = {name: number for name, number in counted.items() if number and (name, number) != ("interval", 1)}
    for name in steps:
        if begins is None:
            raise ScheduleUnreadable(name)
        if from_ is not None and from_ > begins:
            raise ScheduleUnreadable("valid_from")
    if to is not None and "count" in steps:
        raise ScheduleUnreadable("valid_to")
    ends = min((day for day in (until, to) if day), default=None)
    if ends and "count" in steps:
        raise ScheduleUnreadable("count")
    parts = {name.upper(): str(number) for name, number in steps.items()}
    if ends:
        parts["UNTIL"] = f"{ends:%Y%m%d}"
    if record.get("wkst") and steps:
        parts["WKST"] = str(record["wkst"])
    first = max((day for day in (begins, from_) if day), default=None)
    return _days(record, often, begins, parts), first


def _days(record: Mapping[str, Any], often: str, begins: dt.date | None, parts: Mapping[str, str]) -> str:
    chosen = [each for each in str(record.get("byday") or "").replace(" ", "").split(",") if each]
    dates = str(record.get("bymonthday") or "").replace(" ", "")
    if not chosen and not dates and begins is not None:
        chosen = [DAYS[begins.weekday()]] if often == "WEEKLY" else []
        dates = str(begins.day) if often == "MONTHLY" else ""
    if not all(each[-2:] in DAYS and (len(each) == 2 or often == "MONTHLY") for each in chosen):
        raise ScheduleUnreadable("byday")
    if not chosen and not dates:
        raise ScheduleUnreadable("byday")
    if often == "WEEKLY":
        wanted: list[str] = [day for day in DAYS if day in chosen]
        if len(wanted) == len(DAYS) and not set(parts) - {"UNTIL"}:
            return ";".join(["FREQ=DAILY", *(f"{name}={value}" for name, value in parts.items())])
        chosen = wanted
    days = {"BYDAY": ",".join(chosen), "BYMONTHDAY": dates}
    said = {"FREQ": often} | {name: value for name, value in days.items() if value} | dict(parts)
    return ";".join(f"{name}={value}" for name, value in said.items())


def _count(record: Mapping[str, Any], field: str) -> int | None:
    number = record.get(field)
    if number is None:
        return None
    if isinstance(number, bool) or not isinstance(number, int | float) or number != int(number) or number < 1:
        raise ScheduleUnreadable(field)
    return int(number)


def _date(record: Mapping[str, Any], field: str) -> dt.date | None:
    if not record.get(field):
        return None
    if (match := _DATE.fullmatch(str(record[field]))) is None:
        raise ScheduleUnreadable(field)
    return _parsed(match[1].replace("-", ""), field)


def _parsed(text: str, field: str) -> dt.date:
    try:
        return dt.datetime.strptime(text, "%Y%m%d").date()
    except ValueError:
        raise ScheduleUnreadable(field) from None


def _clock(record: Mapping[str, Any], field: str) -> tuple[str, dt.timedelta | None]:
    match = _CLOCK.fullmatch(str(record.get(field) or ""))
    if match is None or (match[1] == "24" and match[2] != "00"):
        raise ScheduleUnreadable(field)
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
        raise ScheduleUnreadable("timezone")
    return dt.timedelta(hours=number)


def _said(offset: dt.timedelta) -> str:
    minutes = int(offset.total_seconds() // 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _number(offset: dt.timedelta) -> int | float:
    number = offset.total_seconds() / 3600
    return int(number) if number.is_integer() else number
