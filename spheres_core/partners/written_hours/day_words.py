"""Days of the week and months of the year as people write them: `lu-ve`, `les lundis et jeudis`, `juin-août`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, TypeVar

from spheres_core.foundation.content.sheet_columns import normalized
from spheres_core.partners.hours import DAYS

_NAMES: Final = {
    "MO": ("mo", "mon", "monday", "mondays", "lu", "lun", "lundi", "lundis"),
    "TU": ("tu", "tue", "tues", "tuesday", "tuesdays", "ma", "mar", "mardi", "mardis"),
    "WE": ("we", "wed", "wednesday", "wednesdays", "me", "mer", "mercredi", "mercredis"),
    "TH": ("th", "thu", "thur", "thurs", "thursday", "thursdays", "je", "jeu", "jeudi", "jeudis"),
    "FR": ("fr", "fri", "friday", "fridays", "ve", "ven", "vendredi", "vendredis"),
    "SA": ("sa", "sat", "saturday", "saturdays", "sam", "samedi", "samedis"),
    "SU": ("su", "sun", "sunday", "sundays", "di", "dim", "dimanche", "dimanches"),
}
_SEVERAL: Final = {
    **dict.fromkeys(("daily", "every day", "each day", "tous les jours", "chaque jour", "7 jours", "7 days"), DAYS),
    **dict.fromkeys(("weekdays", "semaine", "en semaine", "jours de semaine", "jours ouvrables"), DAYS[:5]),
    **dict.fromkeys(("weekend", "weekends", "week end", "week ends", "fin de semaine", "fins de semaine"), DAYS[5:]),
}
_MONTHS: Final = (
    ("jan", "january", "janv", "janvier"), ("feb", "february", "fev", "fevr", "fevrier"), ("march", "mars"),
    ("apr", "april", "avr", "avril"), ("may", "mai"), ("jun", "june", "juin"), ("jul", "july", "juil", "juillet"),
    ("aug", "august", "aout"), ("sep", "sept", "september", "septembre"), ("oct", "october", "octobre"),
    ("nov", "november", "novembre"), ("dec", "december", "decembre"),
)  # fmt: skip
_DAY: Final = {name: day for day, names in _NAMES.items() for name in names}
_MONTH: Final = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_SHORT_DAYS: Final = {
    "en": ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"),
    "fr": ("lu", "ma", "me", "je", "ve", "sa", "di"),
}
_LONG_DAYS: Final = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
}
_EVERY_DAY: Final = {"en": "every day", "fr": "tous les jours"}
_TO: Final = {"en": " to ", "fr": " à "}
_SHORT_MONTHS: Final = {
    "en": ("Jan", "Feb", "March", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "fr": ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
           "décembre"),
}  # fmt: skip
_LIST: Final = re.compile(r"\s*(?:,|&|\bet\b|\band\b)\s*")
_RUN: Final = re.compile(r"\s*(?:-|–|—)\s*|\s+(?:à|a|au|aux|to|through)\s+")
_BEFORE: Final = re.compile(r"^(?:les?|du|de|des|the|on|en|from|every|chaque|tous les|d')\s*\b")
T = TypeVar("T")


def days_of(text: str) -> list[str] | None:
    """Returns the days that a text names, in the order of the week; every day when it names none. None when it says
    anything else."""
    if not text:
        return list(DAYS)
    wanted = _several(text, _DAY, DAYS)
    return [day for day in DAYS if day in wanted] if wanted else None


def months_of(text: str) -> list[int]:
    """Returns the months that a text names, from the first of the year; none when it says anything else."""
    return sorted(_several(text, _MONTH, tuple(range(1, 13))))


def write_days(days: Sequence[str], language: str, *, in_words: bool = False) -> str:
    """Returns `Mo-Fr` for days in a row, else each. `in_words`: `Monday to Friday`."""
    if not in_words:
        return _written(days, DAYS, _SHORT_DAYS[language])
    if len(days) == len(DAYS):
        return _EVERY_DAY[language]
    return _written(days, DAYS, _LONG_DAYS[language], run=_TO[language], between=", ")


def write_months(months: Sequence[int], language: str) -> str:
    """Returns `juin-août` for months in a row, over the turn of the year too; else each."""
    order = tuple(range(1, 13))
    for first in months:
        turned = order[first - 1 :] + order[: first - 1]
        if sorted(turned[: len(months)]) == list(months) and len(months) > 1:
            names = [_SHORT_MONTHS[language][number - 1] for number in (turned[0], turned[len(months) - 1])]
            return "-".join(names)
    return ",".join(_SHORT_MONTHS[language][number - 1] for number in months)


def _several(text: str, names: Mapping[str, T], order: Sequence[T]) -> set[T]:
    wanted: set[T] = set()
    for part in _LIST.split(text.strip()):
        if names is _DAY and (days := _SEVERAL.get(normalized(part))):
            wanted |= set(days)  # type: ignore[arg-type]
            continue
        written = [_BEFORE.sub("", each.strip()) for each in _RUN.split(_BEFORE.sub("", part.strip()))]
        ends = [names[normalized(each)] for each in written if normalized(each) in names]
        if len(written) > 2 or len(ends) < len(written):
            return set()
        first, last = order.index(ends[0]), order.index(ends[-1])
        wanted |= {order[(first + step) % len(order)] for step in range((last - first) % len(order) + 1)}
    return wanted


def _written(
    chosen: Sequence[str], order: Sequence[str], names: Sequence[str], *, run: str = "-", between: str = ","
) -> str:
    places = [order.index(each) for each in chosen]
    if len(places) > 2 and places == list(range(places[0], places[-1] + 1)):
        return f"{names[places[0]]}{run}{names[places[-1]]}"
    return between.join(names[place] for place in places)
