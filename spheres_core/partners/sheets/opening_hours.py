"""Opening hours as people write them: `Mo-Fr 09:00-17:00; Sa 10:00-12:00`, `24/7`, `lu-ve 9 h à 17 h`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from spheres_core.foundation.content import toml
from spheres_core.foundation.content.sheet_columns import normalized
from spheres_core.partners.hours import DAYS

EXAMPLE: Final = "Mo-Fr 09:00-17:00; Sa 10:00-12:00"
EXAMPLE_FR: Final = "lu-ve 09:00-17:00; sa 10:00-12:00"
_NAMES: Final = {
    "MO": ("mo", "mon", "monday", "lu", "lun", "lundi"),
    "TU": ("tu", "tue", "tues", "tuesday", "ma", "mar", "mardi"),
    "WE": ("we", "wed", "wednesday", "me", "mer", "mercredi"),
    "TH": ("th", "thu", "thur", "thurs", "thursday", "je", "jeu", "jeudi"),
    "FR": ("fr", "fri", "friday", "ve", "ven", "vendredi"),
    "SA": ("sa", "sat", "saturday", "sam", "samedi"),
    "SU": ("su", "sun", "sunday", "di", "dim", "dimanche"),
}
_DAY: Final = {name: day for day, names in _NAMES.items() for name in names}
_EVERY: Final = frozenset({"daily", "every day", "tous les jours", "chaque jour"})
_ALWAYS: Final = frozenset({"24 7", "24 h 24", "24h 24", "24 hours", "jour et nuit", "day and night", "24h 24 7j 7"})
_CLOCK: Final = r"(\d{1,2})(?:\s*(?:[:h])\s*(\d{2})?)?"
_SPAN: Final = re.compile(rf"{_CLOCK}\s*(?:-|–|—|à|a|to|au)\s*{_CLOCK}")
_SHORT: Final = {"en": ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"), "fr": ("lu", "ma", "me", "je", "ve", "sa", "di")}


def read_hours(text: str) -> list[dict[str, Any]] | None:
    """Returns the hours of a cell as `partners.toml` writes them; None when they are not understood whole."""
    if text.startswith("["):
        return _as_toml(text)
    found: list[dict[str, Any]] = []
    for part in re.split(r"[;\n]", text):
        if not part.strip():
            continue
        spans = list(_spans(part.strip().lower()))
        if not spans:
            return None
        found += spans
    return found or None


def write_hours(hours: Sequence[Any], language: str) -> str:
    """Returns a cell that reads back as these hours (plain values, as `partners.toml` has them)."""
    try:
        said = "; ".join(_said(each, "fr" if language.startswith("fr") else "en") for each in hours)
        if read_hours(said) == [{"from": "00:00", "to": "24:00", **each} for each in hours]:
            return said
    except (KeyError, ValueError, TypeError):
        pass
    return toml.value(list(hours))


def _as_toml(text: str) -> list[dict[str, Any]] | None:
    try:
        found = toml.read_value(text)
    except toml.TomlInvalid:
        return None
    return found if isinstance(found, list) else None


def _spans(part: str) -> Iterator[dict[str, Any]]:
    """Yields each span of hours on some days; nothing when the part says anything else."""
    if normalized(part) in _ALWAYS:
        yield {"rule": "FREQ=DAILY", "from": "00:00", "to": "24:00"}
        return
    first = _SPAN.search(part)
    rule = _rule(part[: first.start()].strip(" :,")) if first else None
    if first is None or rule is None:
        return
    read = []
    for written in re.split(r",|\bet\b|\band\b|&", part[first.start() :]):
        span = _SPAN.fullmatch(written.strip())
        opens, closes = (_clock(span[1], span[2]), _clock(span[3], span[4])) if span else ("", "")
        if not opens or not closes:
            return
        read.append({"rule": rule, "from": opens, "to": closes})
    yield from read


def _clock(hour: str, minute: str | None) -> str:
    at = f"{int(hour):02d}:{minute or '00'}"
    return at if at <= "24:00" and (minute or "00") <= "59" else ""


def _rule(days: str) -> str | None:
    """Returns the rule of `mo-fr`, `mo,we`, `lundi au vendredi`; every day when no day is named."""
    if not days or normalized(days) in _EVERY:
        return "FREQ=DAILY"
    wanted: set[str] = set()
    for part in re.split(r",|\bet\b|\band\b|&", days):
        ends = [_DAY.get(normalized(each)) for each in re.split(r"\s*(?:-|–|—)\s*|\s+(?:à|a|au|to)\s+", part.strip())]
        if None in ends or len(ends) > 2:
            return None
        first, last = DAYS.index(str(ends[0])), DAYS.index(str(ends[-1]))
        wanted |= {DAYS[(first + step) % 7] for step in range((last - first) % 7 + 1)}
    every = len(wanted) == len(DAYS)
    return "FREQ=DAILY" if every else f"FREQ=WEEKLY;BYDAY={','.join(day for day in DAYS if day in wanted)}"


def _said(hours: dict[str, Any], language: str) -> str:
    if set(hours) - {"rule", "from", "to"}:
        raise ValueError
    span = f"{hours['from']}-{hours['to']}"
    if hours["rule"] == "FREQ=DAILY":
        return "24/7" if span == "00:00-24:00" else f"{_days(list(DAYS), language)} {span}"
    days = hours["rule"].partition("BYDAY=")[2].split(",")
    return f"{_days(days, language)} {span}"


def _days(days: Sequence[str], language: str) -> str:
    """Returns `Mo-Fr` for days in a row, else each."""
    places = [DAYS.index(day) for day in days]
    names = [_SHORT[language][place] for place in places]
    if len(places) > 2 and places == list(range(places[0], places[-1] + 1)):
        return f"{names[0]}-{names[-1]}"
    return ",".join(names)
