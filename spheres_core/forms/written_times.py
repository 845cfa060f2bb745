"""Reads days, months, years and times as clients and pages write them, and puts them together from fields of their own.

They are kept without a zone: a person answers in the time of where she is, and what is kept says what she wrote.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Final

from spheres_core.forms.schemas import DAY_PARTS, TIME_PARTS

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH: Final = re.compile(r"([0-9]{4}-[0-9]{2})(?:-01)?")
_YEAR: Final = re.compile(r"([0-9]{4})(?:-01-01)?")
_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?")


def is_written_as_day(text: str) -> bool:
    """Returns whether a text has the form of a day, even if there is none such."""
    return bool(_DAY.fullmatch(text))


def day_in(text: str) -> str | None:
    """Returns a day, such as `2026-11-21`; None when the text is none."""
    if not _DAY.fullmatch(text):
        return None
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return None
    return text


def month_in(text: str) -> str | None:
    """Returns a month as its first day: `2026-11-01` for `2026-11`."""
    written = _MONTH.fullmatch(text)
    return day_in(f"{written[1]}-01") if written else None


def year_in(text: str) -> str | None:
    """Returns a year as its first day: `2026-01-01` for `2026`."""
    written = _YEAR.fullmatch(text)
    return day_in(f"{written[1]}-01-01") if written else None


def time_in(text: str) -> str | None:
    """Returns a time of day, such as `14:30`, with seconds where they are written."""
    return text if _TIME.fullmatch(text) else None


def date_time_in(text: str) -> str | None:
    """Returns a day with a time, such as `2026-11-21T14:30`."""
    day, _, time = text.partition("T")
    return text if day_in(day) and time_in(time) else None


def joined(parts: Mapping[str, str], asked: Sequence[str]) -> str:
    """Returns the text of a day or a time whose fields are filled in as `parts`; what is incomplete stays so, and is
    none of the above."""
    day = [parts.get(name, "") for name in DAY_PARTS if name in asked]
    time = [parts.get(name, "") for name in TIME_PARTS if name in asked]
    return "T".join(mark.join(_padded(each)) for mark, each in (("-", day), (":", time)) if each)


def split(text: str, asked: Sequence[str]) -> dict[str, str]:
    """Returns the fields of a text that `joined` made, as they were filled in; a text that is none stands in the first
    of them."""
    day, _, time = text.partition("T") if "hour" in asked and "year" in asked else (text, "", text)
    written: dict[str, str] = {}
    for names, mark_between, part in ((DAY_PARTS, "-", day), (TIME_PARTS, ":", time)):
        wanted = [name for name in names if name in asked]
        written |= dict(zip(wanted, part.split(mark_between), strict=False))
    return {name: written.get(name, "") for name in asked}


def _padded(parts: Sequence[str]) -> list[str]:
    """Returns figures with their zeros once all are there; until then as they were written."""
    if not all(parts):
        return list(parts)
    return [parts[0], *(f"{each:0>2}" for each in parts[1:])] if len(parts) != 2 else [f"{each:0>2}" for each in parts]
