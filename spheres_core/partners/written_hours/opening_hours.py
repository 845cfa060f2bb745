"""Opening hours as people write them: `Mo-Fr 09:00-17:00; Sa 10:00-12:00`, `24/7`, `lu-ve 8 h 30 à 16 h 30`,
`juin-août lu-ve 9 h à 17 h`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from spheres_core.facts import Message, msg
from spheres_core.foundation.content import toml
from spheres_core.foundation.content.sheet_columns import normalized
from spheres_core.partners.hours import DAYS
from spheres_core.partners.written_hours.clock_times import ClockUnclear, read_span, write_clock
from spheres_core.partners.written_hours.day_words import days_of, months_of, write_days, write_months

EXAMPLE: Final = "Mo-Fr 09:00-17:00; Sa 10:00-12:00"
EXAMPLE_FR: Final = "lu-ve 9 h à 17 h; sa 10 h à 12 h"
_ALWAYS: Final = frozenset(
    {"24 7", "24 h 24", "24h 24", "24h", "24 h", "24 hours", "24 hours a day", "24 heures", "24 heures sur 24",
     "24 h sur 24", "24h sur 24", "jour et nuit", "day and night", "24 hours a day 7 days a week"}
)  # fmt: skip
_ALWAYS_AFTER: Final = re.compile(
    r"(?<=[\s,:])(?:24\s*h(?:eures)?\s*(?:/|sur)\s*24|24 hours(?: a day)?|jour et nuit|day and night)$"
)
_EVERY_DAY: Final = re.compile(r"\s*,?\s*\b7\s*(?:(?:j(?:ours)?|days)\s*(?:/|sur|out of)|/)\s*7\b\s*")
_CLOCK: Final = r"(?:\d{1,2}(?:\s*(?::|h|heures?)\s*(?:\d{2})?)?(?:\s*[ap]\.?\s?m\b\.?)?|midi|minuit|noon|midnight)"
_SPAN: Final = re.compile(
    rf"(?:\b(?:de|from)\s+)?(?P<opens>{_CLOCK})\s*(?:-|–|—|\bà\b|\ba\b|\bto\b|\bau\b|\bjusqu.à\b|\buntil\b)\s*(?P<closes>{_CLOCK})"
)
_HYPHENS: Final = re.compile("[\u2010-\u2012\u2212]")
"""Characters that word processors and web pages write for a hyphen."""
_BETWEEN: Final = re.compile(r"\s*(?:,|&|\bet\b|\band\b|\bpuis\b)\s*")
_MONTHS_AFTER: Final = re.compile(
    r"(?P<rest>.*\d\S*(?:\s*h\b\.?)?|.*\b(?:midi|minuit|noon|midnight))[\s,(]+(?P<months>[^\W\d].*?)\)?\s*"
)


class HoursUnclear(ValueError):
    """A cell is not understood whole; `message` says why."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(message.msgid)


def read_hours(text: str) -> list[dict[str, Any]] | None:
    """Returns the hours of a cell as `partners.toml` writes them; None when they are not understood whole."""
    try:
        return _read(text)
    except HoursUnclear:
        return None


def hours_problem(text: str, language: str) -> Message | None:
    """Returns why the hours of a cell are not understood, with what may be meant or an example; None when they are."""
    try:
        _read(text)
    except HoursUnclear as unclear:
        if unclear.message.msgid != _UNREADABLE:
            return unclear.message
        example = EXAMPLE_FR if language.partition("-")[0] == "fr" else EXAMPLE
        return msg("“{value}” cannot be read as hours. An example: {example}", value=text, example=example)
    return None


def write_hours(hours: Sequence[Any], language: str, *, in_words: bool = False) -> str:
    """Returns a cell that reads back as these hours (plain values, as `partners.toml` has them).

    `in_words`: `lundi à vendredi, 8 h 30 à 16 h 30`, a line for each; else `lu-ve 8 h 30 à 16 h 30`.
    """
    try:
        said = ("\n" if in_words else "; ").join(
            _said(each, "fr" if language.startswith("fr") else "en", in_words=in_words) for each in hours
        )
        if read_hours(said) == [{"from": "00:00", "to": "24:00", **each} for each in hours]:
            return said
    except (KeyError, ValueError, TypeError):
        pass
    return toml.value(list(hours))


_ALWAYS_SAID: Final = {"fr": "jour et nuit", "en": "day and night"}
_UNREADABLE: Final = "These hours cannot be read."


def _read(text: str) -> list[dict[str, Any]]:
    if text.startswith("["):
        return _as_toml(text)
    found: list[dict[str, Any]] = []
    for part in re.split(r"[;\n]", text):
        if part.strip():
            found += _spans(part.strip())
    if not found:
        raise HoursUnclear(msg("These hours cannot be read."))
    return found


def _as_toml(text: str) -> list[dict[str, Any]]:
    try:
        found = toml.read_value(text)
    except toml.TomlInvalid:
        found = None
    if not isinstance(found, list):
        raise HoursUnclear(msg("These hours cannot be read."))
    return found


def _spans(written: str) -> Iterator[dict[str, Any]]:
    """Yields each span of hours on some days of some months."""
    part = _HYPHENS.sub("-", written.lower().replace("’", "'"))
    part = re.sub(r"\s+", " ", _EVERY_DAY.sub(" ", f" {part} ").strip())  # empty for `7j/7`: days alone, at no hours
    if normalized(part) in _ALWAYS or part in ("24/7", "24 / 7"):
        yield {"rule": "FREQ=DAILY", "from": "00:00", "to": "24:00"}
        return
    months: list[int] = []
    if (after := _MONTHS_AFTER.fullmatch(part)) and (months := months_of(after["months"])):
        part = after["rest"]
    always = _ALWAYS_AFTER.search(part)
    first = always or _SPAN.search(part)
    if first is None:
        raise HoursUnclear(msg("These hours cannot be read."))
    before = part[: first.start()].strip(" :,")
    if not months:
        months, before = _months_before(before)
    days = days_of(before)
    if days is None:
        raise HoursUnclear(msg("“{words}” is not understood as days, in “{value}”.", words=before, value=written))
    if always is not None:
        yield {"rule": _rule(days, months), "from": "00:00", "to": "24:00"}
        return
    for each in _BETWEEN.split(part[first.start() :].strip()):
        span = _SPAN.fullmatch(each)
        if span is None:
            raise HoursUnclear(msg("“{words}” is not understood as hours, in “{value}”.", words=each, value=written))
        opens, closes = _clocks(span["opens"], span["closes"], written, each)
        yield {"rule": _rule(days, months), "from": opens, "to": closes}


def _clocks(opens: str, closes: str, written: str, span: str) -> tuple[str, str]:
    try:
        return read_span(opens, closes)
    except ClockUnclear as unclear:
        if unclear.meant:
            proposal = re.sub(re.escape(span), unclear.meant, written, count=1, flags=re.IGNORECASE)
            sentence = msg("“{value}” would be open through the night. Is it “{close}”?", value=written, close=proposal)
        elif unclear.same:
            sentence = msg("“{value}” closes when it opens. Write both times, or 24/7.", value=written)
        else:
            sentence = msg("“{words}” is not understood as hours, in “{value}”.", words=span, value=written)
        raise HoursUnclear(sentence) from None


def _months_before(text: str) -> tuple[list[int], str]:
    """Returns the months that stand before the days, and the days."""
    words = text.split(" ")
    for end in range(len(words), 0, -1):
        if months := months_of(" ".join(words[:end])):
            return months, " ".join(words[end:]).strip(" :,")
    return [], text


def _rule(days: Sequence[str], months: Sequence[int]) -> str:
    rule = "FREQ=DAILY" if len(days) == len(DAYS) else f"FREQ=WEEKLY;BYDAY={','.join(days)}"
    return f"{rule};BYMONTH={','.join(map(str, months))}" if months else rule


def _said(hours: dict[str, Any], language: str, *, in_words: bool = False) -> str:
    if set(hours) - {"rule", "from", "to"}:
        raise ValueError
    rule, _, months = hours["rule"].partition(";BYMONTH=")
    days = list(DAYS) if rule == "FREQ=DAILY" else rule.partition("BYDAY=")[2].split(",")
    always = (hours["from"], hours["to"]) == ("00:00", "24:00")
    if always and rule == "FREQ=DAILY" and not months:
        return _ALWAYS_SAID[language] if in_words else "24/7"
    season = write_months([int(each) for each in months.split(",")], language) if months else ""
    if in_words:
        named = f"{write_days(days, language, in_words=True)},"
    else:
        named = "" if rule == "FREQ=DAILY" and language == "fr" else write_days(days, language)
    opens, closes = (write_clock(hours[name], language) for name in ("from", "to"))
    span = f"{opens} à {closes}" if language == "fr" else f"{opens}-{closes}"
    if language == "fr" and not named:
        span = f"de {span}"
    return " ".join(filter(None, (season, named, span)))
