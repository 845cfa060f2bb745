"""Rules of RFC 5545 against an independent reckoning; clocks over midnight and over the change of the clocks."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given
from hypothesis import strategies as st
from icalendar import vRecur

from spheres_core.foundation.content.packs import ContentInvalid
from spheres_core.partners.directory_file import read_directory
from spheres_core.partners.hours import is_open, round_the_clock, why_unreadable
from spheres_core.partners.recurrence import DAYS, falls_on, problem_with
from spheres_core.partners.schemas.directory import Hours

BEGIN: Final = dt.date(2024, 1, 1)
days = st.dates(BEGIN, dt.date(2028, 12, 31))
names = st.lists(st.sampled_from(DAYS), min_size=1, max_size=4, unique=True)


def listed(values: Any) -> str:
    return ",".join(str(each) for each in values)


@st.composite
def rules(draw: Any) -> tuple[str, bool]:
    """A rule, and whether it counts from a first day."""
    often = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts, counts = [f"FREQ={often}"], False
    if often == "WEEKLY":
        parts.append(f"BYDAY={listed(draw(names))}")
    if often in ("MONTHLY", "YEARLY"):
        ordinal = draw(st.sampled_from(["", "1", "2", "-1"]))
        kind = draw(st.sampled_from(["BYDAY", "BYMONTHDAY", "BYDAY;BYSETPOS"]))
        if kind == "BYMONTHDAY":
            parts.append(f"BYMONTHDAY={listed(draw(st.lists(st.integers(1, 28), min_size=1, max_size=3)))}")
        else:
            chosen = draw(names)
            parts.append(f"BYDAY={listed(ordinal + each for each in chosen) if kind == 'BYDAY' else listed(chosen)}")
            if kind == "BYDAY;BYSETPOS":
                parts.append(f"BYSETPOS={draw(st.sampled_from(['1', '-1', '2']))}")
    if draw(st.booleans()):
        parts.append(f"BYMONTH={listed(draw(st.lists(st.integers(1, 12), min_size=1, max_size=3, unique=True)))}")
    if draw(st.booleans()):
        parts.append(f"INTERVAL={draw(st.integers(2, 5))}")
        counts = True
    end = draw(st.sampled_from(["", "UNTIL", "COUNT"]))
    if end == "UNTIL":
        parts.append(f"UNTIL={draw(days):%Y%m%d}")
    if end == "COUNT":
        parts.append(f"COUNT={draw(st.integers(1, 30))}")
        counts = True
    return ";".join(parts), counts


@given(rules(), st.lists(days, max_size=3), st.lists(days, max_size=3), days, st.booleans())
def test_a_day_is_one_of_the_rules_days(
    rule: tuple[str, bool], also: list[dt.date], without: list[dt.date], day: dt.date, anchored: bool
) -> None:
    """dateutil lays every day out from the beginning; ours is asked about one."""
    text, counts = rule
    first = BEGIN if counts or anchored else None
    hours = Hours(text, first_day=first, also=tuple(also), without=tuple(without))
    assume(problem_with(hours) is None)
    begin, end = dt.datetime(2024 if first else 2023, 1, 1), dt.datetime(2029, 1, 1)
    laid_out = {each.date() for each in rrulestr(text, dtstart=begin).between(begin, end, inc=True)}

    assert falls_on(hours, day) == (day not in without and (day in laid_out or day in also))


@given(rules())
def test_what_we_take_is_a_rule_for_other_readers_too(rule: tuple[str, bool]) -> None:
    parsed = vRecur.from_ical(rule[0])

    assert str(parsed["FREQ"][0]) in rule[0]
    assert problem_with(Hours(rule[0])) is None or rule[1] or "UNTIL" in rule[0]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("", "A rule is needed"),
        ("FREQ=HOURLY", "FREQ=HOURLY"),
        ("FREQ=WEEKLY;BYDAY=1MO", "BYDAY=1MO"),
        ("FREQ=WEEKLY;BYDAY=MO;BYMONTHDAY=3", "BYMONTHDAY"),
        ("FREQ=WEEKLY;BYDAY=MO;BYHOUR=9", "BYHOUR=9"),
        ("FREQ=WEEKLY;BYDAY=MO;BYDAY=TU", "BYDAY=TU"),
        ("FREQ=WEEKLY;BYDAY=MO;", "cannot be used"),
        ("BYDAY=MO", "how often"),
        ("FREQ=WEEKLY", "first_day"),
        ("FREQ=MONTHLY", "first_day"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "first_day"),
        ("FREQ=DAILY;COUNT=3", "first_day"),
        ("FREQ=DAILY;COUNT=3;UNTIL=20261231", "not by both"),
        ("FREQ=DAILY;UNTIL=20261331", "UNTIL=20261331"),
        ("FREQ=DAILY;INTERVAL=900", "too large"),
        ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "falls on no day"),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=9", "falls on no day"),
        ("FREQ=DAILY" + ";BYMONTH=1" * 100, "too long"),
        ("FREQ=DAILY;UNTIL=00010101", "cannot be used"),
    ],
)
def test_a_rule_that_cannot_be_used_says_why(rule: str, said: str) -> None:
    problem = problem_with(Hours(rule))

    assert problem is not None
    assert said in f"{problem.msgid} {problem.params}"


def test_exceptions_are_days_and_a_holiday_is_written_once() -> None:
    christmas = dt.date(2026, 12, 25)
    week = Hours("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "09:00", "17:00", without=(christmas,))
    evenings = Hours("FREQ=DAILY", "18:00", "22:00")
    special = Hours("", "10:00", "12:00", also=(christmas,))

    def at(text: str) -> bool | None:
        return is_open([week, evenings, special], dt.datetime.fromisoformat(f"2026-{text}"))

    assert (at("12-24T10:30"), at("12-24T19:00")) == (True, True)
    assert (at("12-25T09:30"), at("12-25T19:00"), at("12-25T10:30")) == (False, False, True)
    assert round_the_clock([Hours("FREQ=DAILY")])
    assert not round_the_clock([Hours("FREQ=DAILY", without=(christmas,))])
    assert why_unreadable(Hours("FREQ=DAILY", "9:00")) is not None


@pytest.mark.parametrize(
    ("moment", "is_it"),
    [
        ("2026-03-08T06:59:00+00:00", True),  # 01:59, an hour before the clocks go forward
        ("2026-03-08T07:30:00+00:00", True),  # 03:30: half past two does not exist that night
        ("2026-03-08T10:00:00+00:00", False),  # 06:00
        ("2026-11-01T05:30:00+00:00", True),  # 01:30, the first time
        ("2026-11-01T06:30:00+00:00", True),  # 01:30, the second time
        ("2026-11-01T11:00:00+00:00", False),  # 06:00
        ("2026-11-02T02:59:00+00:00", False),  # 21:59
        ("2026-11-02T03:00:00+00:00", True),  # 22:00
    ],
)
def test_a_night_is_open_by_local_time_when_the_clocks_change(moment: str, is_it: bool) -> None:
    nights = [Hours("FREQ=DAILY", "22:00", "06:00")]

    assert is_open(nights, dt.datetime.fromisoformat(moment).astimezone(ZoneInfo("America/Toronto"))) is is_it


def test_a_file_with_a_wrong_rule_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "partners.toml"
    path.write_text("""format = 1
coordination_to_confirm = {fr = "a", en = "a"}
[[areas]]
key = "town"
name = {fr = "a", en = "a"}
[[organizations]]
key = "house"
name = {fr = "a", en = "a"}
kind = "community"
status = "verified"
  [[organizations.services]]
  key = "beds"
  name = {fr = "a", en = "a"}
  about = {fr = "a", en = "a"}
  for = "public"
  areas = ["town"]
  hours = [{rule = "FREQ=MONTHLY;BYDAY=1MO", from = "09:00", to = "12:00", without = [2026-12-07]},
           {rule = "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"}]
  verified_on = 2026-01-01
  status = "verified"
[[emergency_contacts]]
key = "help"
areas = ["town"]
name = {fr = "a", en = "a"}
purpose = {fr = "a", en = "a"}
for = "listening"
phone = "418 555-0100"
verified_on = 2026-01-01
status = "verified"
""")
    with pytest.raises(ContentInvalid) as refused:
        read_directory([path], "town")

    assert [each.key for each in refused.value.findings] == ["organizations[0].services[0].hours[1]"]
    assert refused.value.findings[0].line in (17, 18)
