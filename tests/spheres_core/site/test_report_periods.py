"""Periods of reports about persons: whatever is asked, no two answers can be compared until a small group shows."""

from __future__ import annotations

import datetime as dt
from itertools import permutations
from typing import Final, get_args

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from spheres_core.site.report_periods import Period, ended_periods, latest_period, period_around, whole_period
from spheres_core.site.settings import CalendarUnit

SMALLEST: Final = 5
UNITS: Final = get_args(CalendarUnit)
DAYS: Final = st.dates(dt.date(2024, 1, 1), dt.date(2026, 12, 31))
TODAY: Final = dt.date(2026, 11, 29)
ANY_DAYS: Final = st.tuples(DAYS, DAYS).map(sorted).map(lambda days: Period(*days))
PERIODS: Final = st.one_of(ANY_DAYS, st.builds(period_around, DAYS, st.sampled_from(UNITS)))
"""What somebody may ask: any two days, and whole periods, which random days hardly ever are."""


def shown(noted: list[dt.date], period: Period) -> int | None:
    """Returns the number that a report shows of a group, of whom something was noted on these days."""
    assert period.since is not None
    assert period.until is not None
    number = sum(1 for day in noted if period.since <= day <= period.until)
    return number if number >= SMALLEST else None


def revealed(noted: list[dt.date], one: Period, other: Period) -> bool:
    """Returns whether a report less one of a part of its days says how many are in a group that is small."""
    whole, part = shown(noted, one), shown(noted, other)
    return whole is not None and part is not None and within(other, one) and 0 < whole - part < SMALLEST


def within(part: Period, whole: Period) -> bool:
    assert part.since and part.until and whole.since and whole.until
    return whole.since <= part.since and part.until <= whole.until


def overlap(one: Period, other: Period) -> bool:
    assert one.since and one.until and other.since and other.until
    return one.since <= other.until and other.since <= one.until


@given(st.lists(DAYS, max_size=40), PERIODS, PERIODS, st.sampled_from(UNITS))
def test_no_difference_of_two_reports_that_are_answered_reveals_a_small_group(
    noted: list[dt.date], one: Period, other: Period, unit: CalendarUnit
) -> None:
    answered = [whole for each in (one, other) if (whole := whole_period(each, TODAY, unit))]

    for first, second in permutations(answered, 2):
        assert not revealed(noted, first, second)
        assert first == second or not overlap(first, second)
    for each in answered:
        assert each.until is not None
        assert each.until < TODAY, "what is noted tomorrow changes nothing"


def test_without_the_rule_there_is_such_a_difference() -> None:
    days = st.dates(dt.date(2026, 6, 1), dt.date(2026, 6, 30))
    four = st.lists(days, min_size=4, max_size=4).map(sorted)
    nested = four.map(lambda ordered: (Period(ordered[0], ordered[3]), Period(ordered[1], ordered[2])))
    asked = st.tuples(st.lists(days, min_size=20, max_size=40), nested).map(lambda drawn: (drawn[0], *drawn[1]))

    noted, one, other = find(
        asked, lambda tried: revealed(*tried), settings=settings(phases=[Phase.generate], max_examples=1_000)
    )

    assert whole_period(one, TODAY, "quarter") != one or whole_period(other, TODAY, "quarter") != other
    assert revealed(noted, one, other)


@given(DAYS, st.sampled_from(UNITS))
def test_every_day_lies_in_one_period_and_is_asked_for_by_its_first_day(day: dt.date, unit: CalendarUnit) -> None:
    period = period_around(day, unit)

    assert period.since is not None
    assert period.until is not None
    assert period.since <= day <= period.until
    later = period_around(period.until + dt.timedelta(days=1), unit)
    assert later.since == period.until + dt.timedelta(days=1)
    assert whole_period(Period(period.since), later.since, unit) == period
    assert whole_period(period, period.until, unit) is None, "it has not ended"


@pytest.mark.parametrize(
    ("unit", "latest"),
    [
        ("month", (dt.date(2026, 10, 1), dt.date(2026, 10, 31))),
        ("quarter", (dt.date(2026, 7, 1), dt.date(2026, 9, 30))),
        ("year", (dt.date(2025, 1, 1), dt.date(2025, 12, 31))),
        ("fiscal_year", (dt.date(2025, 4, 1), dt.date(2026, 3, 31))),
    ],
)
def test_the_latest_period_has_ended(unit: CalendarUnit, latest: tuple[dt.date, dt.date]) -> None:
    assert latest_period(TODAY, unit) == Period(*latest)
    assert list(ended_periods(dt.date(1902, 1, 1), unit))[-1].since is not None, "it ends in the past"
