"""Hours as HSDS schedules and back: the same doors are open at the same moments."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spheres_core.partners.hours import DAYS, is_open
from spheres_core.partners.hsds.schedules import Unreadable, make_schedules, read_schedules
from spheres_core.partners.schemas import Hours

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
def test_hours_come_back_with_the_same_doors_open(
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
        ({"freq": "MONTHLY", "byday": "2MO"}, "freq"),
        ({"byday": "2MO"}, "byday"),
        ({"byday": ""}, "byday"),
        ({"interval": 2}, "interval"),
        ({"until": "2026-12-31"}, "until"),
        ({"valid_to": "2026-12-31"}, "valid_to"),
        ({"count": 3}, "count"),
        ({"bymonthday": "1"}, "bymonthday"),
        ({"opens_at": None}, "opens_at"),
        ({"closes_at": "25:00"}, "closes_at"),
        ({"opens_at": "10:00Z"}, "closes_at"),
        ({"timezone": "east"}, "timezone"),
        ({"timezone": 5.25}, "timezone"),
    ],
)
def test_what_weekly_hours_cannot_say_is_named(change: dict[str, Any], field: str) -> None:
    with pytest.raises(Unreadable) as unreadable:
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
