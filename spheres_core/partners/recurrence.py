"""On which days a rule of RFC 5545 falls, and why one that is written down cannot be used.

Rules say days only: the clock stands beside them (`from`, `to`), in the service's own zone. What counts from a first
day (every other week, ten times) needs that day; nothing is counted from a day that nobody wrote.
"""

import datetime as dt
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from dateutil.rrule import rrule, rrulestr

from spheres_core.facts import Message, msg
from spheres_core.partners.schemas.directory import Hours

DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LONGEST: Final = 300
"""Characters of a rule."""
MOST_STEPS: Final = 100
"""Of `INTERVAL` and, times ten, of `COUNT`: what a person would write."""
_CYCLE: Final = 400
"""Years after which the calendar is the same again, weekdays included."""
_ORDINAL: Final = r"[+-]?(?:[1-9]|[1-4]\d|5[0-3])"
_PARTS: Final[Mapping[str, re.Pattern[str]]] = {
    name: re.compile(f"{each}(?:,{each})*" if listed else each)
    for name, each, listed in (
        ("FREQ", "DAILY|WEEKLY|MONTHLY|YEARLY", False),
        ("INTERVAL", r"[1-9]\d{0,2}", False),
        ("COUNT", r"[1-9]\d{0,3}", False),
        ("UNTIL", r"(?:19|2\d)\d{6}", False),
        ("WKST", "MO|TU|WE|TH|FR|SA|SU", False),
        ("BYDAY", f"(?:{_ORDINAL})?(?:MO|TU|WE|TH|FR|SA|SU)", True),
        ("BYMONTH", r"(?:[1-9]|1[0-2])", True),
        ("BYMONTHDAY", r"[+-]?(?:[1-9]|[12]\d|3[01])", True),
        ("BYYEARDAY", r"[+-]?(?:[1-9]|[1-9]\d|[12]\d\d|3[0-5]\d|36[0-6])", True),
        ("BYWEEKNO", _ORDINAL, True),
        ("BYSETPOS", r"[+-]?(?:[1-9]|[1-9]\d|[12]\d\d|3[0-5]\d|36[0-6])", True),
    )
}
_ONLY_IN: Final[Mapping[str, tuple[str, ...]]] = {
    "BYMONTHDAY": ("DAILY", "MONTHLY", "YEARLY"),
    "BYYEARDAY": ("YEARLY",),
    "BYWEEKNO": ("YEARLY",),
    "BYSETPOS": ("WEEKLY", "MONTHLY", "YEARLY"),
}
"""As the specification has it: elsewhere these parts mean nothing."""
_SIMPLE: Final = re.compile(r"FREQ=DAILY|FREQ=WEEKLY;BYDAY=((?:MO|TU|WE|TH|FR|SA|SU)(?:,(?:MO|TU|WE|TH|FR|SA|SU))*)")


def problem_with(hours: Hours) -> Message | None:
    """Returns why nobody could say on which days this falls, or None."""
    given = (hours.rule, hours.first_day, hours.also)
    return _problem(*given)


def falls_on(hours: Hours, day: dt.date) -> bool:
    """Returns whether it begins on this day. Exceptions count before the rule: `without` is closed, `also` is open."""
    if day in hours.without:
        return False
    if day in hours.also:
        return True
    if hours.first_day is not None and day < hours.first_day:
        return False
    if simple := _SIMPLE.fullmatch(hours.rule):
        return simple[1] is None or DAYS[day.weekday()] in simple[1].split(",")
    return bool(hours.rule) and _occurs(hours.rule, hours.first_day, day)


def is_every_day(hours: Hours) -> bool:
    """Returns whether it is every day, without a beginning, an end or an exception."""
    return hours.rule == "FREQ=DAILY" and not hours.first_day and not hours.without


def parts_of(rule: str) -> dict[str, str]:
    """Returns the parts of a rule that is written well."""
    return dict(part.split("=", 1) for part in rule.split(";") if "=" in part)


@lru_cache(maxsize=4096)
def _problem(rule: str, first_day: dt.date | None, also: tuple[dt.date, ...]) -> Message | None:
    if not rule:
        return None if also else msg("A rule is needed, such as FREQ=WEEKLY;BYDAY=MO, or days (also).")
    if _SIMPLE.fullmatch(rule):
        return None
    if len(rule) > LONGEST:
        return msg("This rule is too long to be meant.")
    parts: dict[str, str] = {}
    for part in rule.split(";"):
        name, _, value = part.partition("=")
        if name not in _PARTS or name in parts or not _PARTS[name].fullmatch(value):
            return msg("This part of the rule cannot be used: {part}.", part=part or ";")
        parts[name] = value
    return _problem_between(parts, first_day) or (None if _ever(rule, first_day) else msg("This rule falls on no day."))


def _problem_between(parts: Mapping[str, str], first_day: dt.date | None) -> Message | None:
    """Returns what is wrong with parts that are each written well, together."""
    often = parts.get("FREQ")
    if often is None:
        return msg("A rule says how often: FREQ=DAILY, WEEKLY, MONTHLY or YEARLY.")
    for name in parts:
        if often not in _ONLY_IN.get(name, (often,)):
            return msg("{part} means nothing in a rule that is {often}.", part=name, often=often)
    ordinal = any(len(each) > 2 for each in parts.get("BYDAY", "").split(","))
    if ordinal and (often in ("DAILY", "WEEKLY") or "BYWEEKNO" in parts):
        return msg("{part} means nothing in a rule that is {often}.", part="BYDAY=1MO", often=often)
    if "UNTIL" in parts and "COUNT" in parts:
        return msg("A rule ends by UNTIL or by COUNT, not by both.")
    if "UNTIL" in parts and _day(parts["UNTIL"]) is None:
        return msg("This part of the rule cannot be used: {part}.", part=f"UNTIL={parts['UNTIL']}")
    if int(parts.get("INTERVAL", 1)) > MOST_STEPS or int(parts.get("COUNT", 1)) > 10 * MOST_STEPS:
        return msg("INTERVAL and COUNT are too large to be meant.")
    if "BYSETPOS" in parts and not any(name.startswith("BY") and name != "BYSETPOS" for name in parts):
        return msg("BYSETPOS chooses among the days of another part, such as BYDAY.")
    if first_day is None and _counts_from_a_day(parts):
        return msg("This rule counts from a first day: first_day is needed.")
    return None


def _counts_from_a_day(parts: Mapping[str, str]) -> bool:
    """Returns whether its days depend on the day it begins."""
    if int(parts.get("INTERVAL", 1)) > 1 or "COUNT" in parts:
        return True
    chosen = {
        "DAILY": ("",),
        "WEEKLY": ("BYDAY",),
        "MONTHLY": ("BYDAY", "BYMONTHDAY"),
        "YEARLY": ("BYDAY", "BYMONTHDAY", "BYYEARDAY"),
    }[parts["FREQ"]]
    return parts["FREQ"] != "DAILY" and not any(name in parts for name in chosen)


def _day(text: str) -> dt.date | None:
    try:
        return dt.datetime.strptime(text, "%Y%m%d").date()
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def _occurs(rule: str, first_day: dt.date | None, day: dt.date) -> bool:
    """Rules that count from no day are looked at from the year before on."""
    begins = first_day or dt.date(day.year - 1, 1, 1)
    midnight = _midnight(day)
    return bool(_rule(rule, begins).between(midnight, midnight, inc=True))


def _ever(rule: str, first_day: dt.date | None) -> bool:
    """Returns whether it falls on any day: asked in the last centuries that the calendar knows, where a search has an
    end."""
    ends = _day(parts_of(rule).get("UNTIL", ""))
    begins = first_day or (dt.date(ends.year - 1, 1, 1) if ends else dt.date(2000, 1, 1))
    years = (9999 - 100 - begins.year) // _CYCLE * _CYCLE
    later = begins.replace(year=begins.year + years)
    if ends is not None:
        until = ends.replace(year=ends.year + years) if ends.year + years <= dt.MAXYEAR else dt.date.max
        rule = rule.replace(f"UNTIL={ends:%Y%m%d}", f"UNTIL={until:%Y%m%d}")
    return next(iter(_rule(rule, later)), None) is not None


def _rule(rule: str, begins: dt.date) -> rrule:
    made = rrulestr(rule, dtstart=_midnight(begins))
    assert isinstance(made, rrule)
    return made


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time())
