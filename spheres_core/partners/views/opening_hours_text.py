"""Opening hours in words: whether it is open now and until when, and on which days at which times."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from spheres_core.facts import Message, msg
from spheres_core.foundation.languages.localization import Locale, Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners import hours as rules
from spheres_core.partners.recurrence import DAYS, parts_of
from spheres_core.partners.schemas.directory import Hours

SOON: Final = dt.timedelta(days=60)
"""How long before a day on which it is closed that is said."""
_ORDINALS: Final[Mapping[str, Message]] = {
    "1": msg("the first {day} of the month"),
    "2": msg("the second {day} of the month"),
    "3": msg("the third {day} of the month"),
    "4": msg("the fourth {day} of the month"),
    "-1": msg("the last {day} of the month"),
}
_FEW: Final = 3
"""Days that are named one by one."""


class OpeningText(Struct, frozen=True):
    """Hours as a page shows them."""

    now: Text | None
    """Whether it is open and until when, or when it opens; None when that cannot be said."""
    is_open: bool | None
    lines: tuple[Text, ...]
    """`lundi à vendredi, 18 h à 22 h`, one for each set of days."""


def opening_text(ctx: Context, hours: Sequence[Hours], time_zone: str = "") -> OpeningText | None:
    """Returns hours in words, by the clock of their own zone or the tenant's; None when no hours are stated."""
    if not hours:
        return None
    locale = ctx.locale.speaking("every day")
    local = ctx.now.astimezone(ZoneInfo(time_zone) if time_zone else ctx.zone)
    if rules.round_the_clock(hours):
        return OpeningText(locale.say("Day and night, every day"), True, ())
    lines = [*_lines(locale, hours, local.date()), *_exceptions(locale, hours, local.date())]
    if time_zone and time_zone != ctx.tenant.time_zone:
        place = time_zone.rpartition("/")[2].replace("_", " ")
        lines.append(locale.say("local time of {place}", place=place))
    return OpeningText(_now(locale, hours, local), rules.is_open(hours, local), tuple(lines))


def _now(locale: Locale, hours: Sequence[Hours], local: dt.datetime) -> Text:
    say = locale.say
    if rules.is_open(hours, local):
        until = rules.open_until(hours, local)
        return say("open now, until {time}", time=until.time()) if until else say("open now")
    opens = rules.opens_next(hours, local)
    if opens is None:
        return say("closed now")
    days = (opens.date() - local.date()).days
    if days == 0:
        return say("opens at {time}", time=opens.time())
    if days == 1:
        return say("opens tomorrow at {time}", time=opens.time())
    return say("opens on {day} at {time}", day=locale.weekday(opens.weekday()), time=opens.time())


def _lines(locale: Locale, hours: Sequence[Hours], today: dt.date) -> Iterator[Text]:
    for (rule, first_day), group in groupby(hours, key=lambda each: (each.rule, each.first_day)):
        if not rule:
            continue
        spans = locale.listed([_span(locale, each) for each in group])
        days = ", ".join([_days(locale, parts_of(rule)), *_dates(locale, parts_of(rule), first_day, today)])
        yield locale.say("{days}, {hours}", days=days, hours=spans)


def _span(locale: Locale, each: Hours) -> Text:
    if (each.opens, each.closes) == ("00:00", "24:00"):
        return locale.say("day and night")
    opens, closes = (dt.time.fromisoformat(clock.replace("24:", "00:")) for clock in (each.opens, each.closes))
    return locale.say("{first} to {last}", first=opens, last=closes)


def _days(locale: Locale, parts: Mapping[str, str]) -> str:
    """Returns on which days a rule falls, as far as it can be said shortly."""
    often, chosen = parts.get("FREQ", ""), [each for each in parts.get("BYDAY", "").split(",") if each]
    if often == "DAILY" and not set(parts) - {"FREQ", "BYMONTH", "UNTIL", "WKST"}:
        return locale.say("every day")
    if often == "WEEKLY" and chosen and not set(parts) - {"FREQ", "BYDAY", "BYMONTH", "UNTIL", "WKST", "INTERVAL"}:
        named = _run(locale, sorted(DAYS.index(each) for each in chosen))
        if (weeks := int(parts.get("INTERVAL", 1))) > 1:
            return locale.say("{days} every {weeks} weeks", days=named, weeks=weeks)
        return named
    ordinals = [(each[:-2], each[-2:]) for each in chosen]
    if often == "MONTHLY" and ordinals and not set(parts) - {"FREQ", "BYDAY", "BYMONTH", "UNTIL", "WKST"}:
        said = [
            locale.say(Message(_ORDINALS[ordinal].msgid, {"day": locale.weekday(DAYS.index(day))}))
            for ordinal, day in ordinals
            if ordinal in _ORDINALS
        ]
        if len(said) == len(ordinals):
            return locale.listed(said)
    return locale.say("on certain days")


def _run(locale: Locale, numbers: Sequence[int]) -> str:
    names = [locale.weekday(number) for number in numbers]
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return locale.say("{first} to {last}", first=names[0], last=names[-1])
    return locale.listed(names)


def _dates(locale: Locale, parts: Mapping[str, str], first_day: dt.date | None, today: dt.date) -> Iterator[str]:
    """Yields the months of a rule, and the days on which it begins and ends."""
    if months := sorted(int(each) for each in parts.get("BYMONTH", "").split(",") if each):
        yield _season(locale, months)
    if first_day is not None and first_day > today:
        yield locale.say("from {date} on", date=first_day)
    if until := parts.get("UNTIL"):
        yield locale.say("until {date} included", date=dt.datetime.strptime(until, "%Y%m%d").date())


def _season(locale: Locale, months: Sequence[int]) -> str:
    order = list(range(1, 13))
    for first in months:
        turned = order[first - 1 :] + order[: first - 1]
        if len(months) > 1 and sorted(turned[: len(months)]) == list(months):
            ends = locale.month(first), locale.month(turned[len(months) - 1])
            return locale.say("{first} to {last}", first=ends[0], last=ends[1])
    return locale.listed([locale.month(number) for number in months])


def _exceptions(locale: Locale, hours: Sequence[Hours], today: dt.date) -> Iterator[Text]:
    """Yields the next days on which it is open besides, and those on which it is closed."""
    also = sorted({day for each in hours for day in each.also if day >= today})[:_FEW]
    closed = sorted({day for each in hours for day in each.without if today <= day <= today + SOON})[:_FEW]
    if also:
        yield locale.say("also on {dates}", dates=locale.listed([locale.date(day) for day in also]))
    if closed:
        yield locale.say("closed on {dates}", dates=locale.listed([locale.date(day) for day in closed]))
