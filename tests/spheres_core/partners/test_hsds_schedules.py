"""Hours as HSDS schedules and back: the same services are open at the same moments."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spheres_core.partners.hours import DAYS, is_open
from spheres_core.partners.hsds.schedules import ScheduleUnreadable, make_schedules, read_schedules
from spheres_core.partners.schemas.directory import Hours

ZONES: Final = ("America/Toronto", "America/St_Johns", "America/Halifax", "Asia/Kolkata", "Etc/UTC")
OF: Final = UUID(int=1)
WEEKLY: Final = {"freq": "WEEKLY", "byday": "MO", "opens_at": "10:00", "closes_at": "18:00"}
NOW: Final = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)

clocks = st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
rules = st.one_of(
    st.just("FREQ=DAILY"),
    st.sets(st.sampled_from(DAYS), min_size=1).map(lambda days: "FREQ=WEEKLY;BYDAY=" + ",".join(sorted(days))),
)
hours = st.builds(Hours, rules, clocks, st.one_of(clocks, st.just("24:00")))
moments = st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2035, 1, 1)).map(lambda each: each.replace(tzinfo=dt.UTC))


@given(st.lists(hours, max_size=3), st.sampled_from(ZONES), moments, moments)
def test_hours_come_back_as_they_were_exported(
    given_hours: list[Hours], zone: str, written: dt.datetime, asked: dt.datetime
) -> None:
    records = make_schedules(given_hours, of=OF, zone=zone, at=written)

    read, read_zone = read_schedules(records, zone=zone, at=written)

    assert read_zone == (zone if given_hours else "")
    local = asked.astimezone(ZoneInfo(zone))
    assert is_open(read, local) == is_open(given_hours, local)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"freq": "YEARLY", "byday": "2MO"}, "freq"),
        ({"freq": "MONTHLY", "byday": "2XX"}, "byday"),
        ({"freq": "MONTHLY", "byday": ""}, "byday"),
        ({"byweekno": "3"}, "byweekno"),
        ({"byyearday": "3"}, "byyearday"),
        ({"byday": "2MO"}, "byday"),
        ({"byday": ""}, "byday"),
        ({"interval": 2}, "interval"),
        ({"until": "soon"}, "until"),
        ({"valid_to": "2026-13-31"}, "valid_to"),
        ({"interval": 2, "dtstart": "2026-01-05", "valid_from": "2026-02-01"}, "valid_from"),
        ({"count": 3, "dtstart": "2026-01-05", "until": "2026-12-31"}, "count"),
        ({"interval": 0.5}, "interval"),
        ({"count": 3}, "count"),
        ({"bymonthday": "1"}, "bymonthday"),
        ({"opens_at": None}, "opens_at"),
        ({"closes_at": "25:00"}, "closes_at"),
        ({"opens_at": "10:00Z"}, "closes_at"),
        ({"timezone": "east"}, "timezone"),
        ({"timezone": 5.25}, "timezone"),
    ],
)
def test_what_is_not_understood_is_named(change: dict[str, Any], field: str) -> None:
    with pytest.raises(ScheduleUnreadable) as unreadable:
        read_schedules([WEEKLY | change], zone="America/Toronto", at=NOW)

    assert unreadable.value.field == field


@pytest.mark.parametrize(
    ("change", "zone"),
    [
        ({}, "America/Toronto"),
        ({"timezone": -5}, "America/Toronto"),
        ({"timezone": -4}, "America/Toronto"),
        ({"opens_at": "10:00-04:00", "closes_at": "18:00-04:00"}, "America/Toronto"),
        ({"timezone": -8}, "Etc/GMT+8"),
        ({"opens_at": "10:00Z", "closes_at": "18:00Z"}, "Etc/UTC"),
    ],
)
def test_an_offset_is_read_as_the_zone_it_means(change: dict[str, Any], zone: str) -> None:
    assert read_schedules([WEEKLY | change], zone="America/Toronto", at=NOW)[1] == zone


@pytest.mark.parametrize(
    ("change", "opened", "closed"),
    [
        ({"freq": "MONTHLY", "byday": "1MO"}, ["2026-12-07", "2027-01-04"], ["2026-12-14"]),
        ({"freq": "MONTHLY", "byday": None, "bymonthday": "-1"}, ["2026-11-30", "2026-12-31"], ["2026-12-07"]),
        ({"interval": 2, "dtstart": "2026-11-02"}, ["2026-11-16", "2026-11-30"], ["2026-11-23"]),
        ({"dtstart": "2026-12-07", "until": "2026-12-14"}, ["2026-12-07", "2026-12-14"], ["2026-11-30", "2026-12-21"]),
        ({"valid_from": "2026-12-07", "valid_to": "2026-12-20"}, ["2026-12-14"], ["2026-11-30", "2026-12-21"]),
        ({"count": 2, "dtstart": "2026-12-07"}, ["2026-12-14"], ["2026-12-21"]),
        ({"notes": "EXDATE:20261207"}, ["2026-12-14"], ["2026-12-07"]),
    ],
)
def test_rules_that_are_more_than_weekly_are_understood(
    change: dict[str, Any], opened: list[str], closed: list[str]
) -> None:
    read, _ = read_schedules([WEEKLY | change], zone="America/Toronto", at=NOW)

    for day in (*opened, *closed):
        noon = dt.datetime.fromisoformat(f"{day}T12:00")
        assert is_open(read, noon) == (day in opened), day
