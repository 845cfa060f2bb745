"""Age on the referral date in the region's own day, and what follows: an opinion with its reason, never a decision."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spheres_core.facts import AgeRange, ReferralFacts
from spheres_core.foundation.content.ages import completed_years
from spheres_core.referrals.eligibility import BANDS, age_of, assess_age
from spheres_core.referrals.settings import Settings
from spheres_core.testing import World
from tests.spheres_core.referrals.conftest import Office

days = st.dates(dt.date(1950, 1, 1), dt.date(2090, 12, 31))
leap_days = st.builds(lambda year: dt.date(year * 4, 2, 29), st.integers(490, 520))


def birthdays(born: dt.date, on: dt.date, leap_day: str) -> int:
    """Count them one by one."""
    count = 0
    for year in range(born.year + 1, on.year + 1):
        if (born.month, born.day) == (2, 29) and not calendar.isleap(year):
            month, day = map(int, leap_day.split("-"))
        else:
            month, day = born.month, born.day
        count += dt.date(year, month, day) <= on
    return count


@given(born=days | leap_days, on=days, leap_day=st.sampled_from(["02-28", "03-01"]))
def test_age_is_the_number_of_birthdays_lived(born: dt.date, on: dt.date, leap_day: str) -> None:
    if on >= born:
        assert completed_years(born, on, leap_day_birthday=leap_day) == birthdays(born, on, leap_day)


@given(born=days | leap_days, on=days)
def test_twelve_fits_and_twenty_five_does_not_on_the_very_day(born: dt.date, on: dt.date) -> None:
    told = assess_age(facts(age=completed_years(born, on)), Settings())
    inside = 12 <= completed_years(born, on) < 25
    assert told.outcome == ("fits" if inside else "does_not_fit")
    assert told.code == ("age_fits" if inside else "age_below" if completed_years(born, on) < 12 else "age_above")


def facts(**values: Any) -> ReferralFacts:
    return ReferralFacts(UUID(int=1), "referral", "v", "fr-CA", dt.date(2026, 11, 21), **values)


@given(least=st.integers(0, 120), length=st.integers(0, 40))
def test_a_range_fits_only_when_all_of_it_does_and_a_person_decides_between(least: int, length: int) -> None:
    band = AgeRange(least, least + length)
    inside = [12 <= age <= 24 for age in range(band.least, band.most + 1)]
    wanted = "fits" if all(inside) else "a_person_decides" if any(inside) else "does_not_fit"
    assert assess_age(facts(age_band=band), Settings()).outcome == wanted


def test_an_age_that_nobody_knows_goes_to_a_person() -> None:
    for meanings in ({}, {"age_band": "unknown"}, {"age_band": None}, {"age": None}, {"birth_date": ""}):
        assert age_of(meanings, dt.date(2026, 11, 21), Settings()) == (None, None)
    told = assess_age(facts(), Settings())
    assert (told.outcome, told.code) == ("a_person_decides", "age_unknown")


def test_bands_leave_no_age_out_and_share_none() -> None:
    ages = [age for band in BANDS.values() for age in range(band.least, band.most + 1)]
    assert sorted(ages) == list(range(121))


def born(office: Office, birthday: dt.date) -> dict[str, Any]:
    """The referral of somebody born on that day, as the coordinator reads it."""
    _, id = office.refer(age_known="birth_date", age=None, about__birth_date=birthday.isoformat())
    return office.read(id)


@pytest.mark.parametrize(
    ("moment", "birthday", "age", "outcome"),
    [
        # Midnight in Montréal is at five o'clock UTC in winter and at four in summer.
        ("2026-11-22T04:59:59+00:00", "2014-11-22", 11, "does_not_fit"),
        ("2026-11-22T05:00:00+00:00", "2014-11-22", 12, "fits"),
        ("2026-11-22T04:59:59+00:00", "2001-11-22", 24, "fits"),
        ("2026-11-22T05:00:00+00:00", "2001-11-22", 25, "does_not_fit"),
        ("2026-07-02T03:59:59+00:00", "2014-07-02", 11, "does_not_fit"),
        ("2026-07-02T04:00:00+00:00", "2014-07-02", 12, "fits"),
        ("2027-03-01T04:59:59+00:00", "2015-02-28", 12, "fits"),
        # Born on 29 February: twelve on 29 February 2028, twenty-five on 1 March 2029.
        ("2028-02-29T04:59:00+00:00", "2016-02-29", 11, "does_not_fit"),
        ("2028-02-29T05:00:00+00:00", "2016-02-29", 12, "fits"),
        ("2029-03-01T04:59:00+00:00", "2004-02-29", 24, "fits"),
        ("2029-03-01T05:00:00+00:00", "2004-02-29", 25, "does_not_fit"),
    ],
)
def test_the_day_is_the_regions_own_day(
    north_and_south: World, moment: str, birthday: str, age: int, outcome: str
) -> None:
    office = Office(north_and_south)
    north_and_south.now = dt.datetime.fromisoformat(moment)
    office.token = north_and_south.bearer("north", "coordinator")
    read = born(office, dt.date.fromisoformat(birthday))
    assert read["age"] == age
    (opinion,) = [each for each in read["opinions"] if each["by"] == "referrals"]
    assert opinion["outcome"] == outcome
    assert opinion["reason"], "with its reason in words"


def test_eligibility_is_that_of_the_referral_date_for_good(office: Office) -> None:
    """Who was twenty-four when she was referred is not turned away because it took a while."""
    read = born(office, dt.date(2001, 11, 22))
    office.wait(days=60)
    again = office.read(read["id"])
    assert (again["age"], again["opinions"]) == (24, read["opinions"])


def test_an_unknown_age_is_received_and_an_opinion_refuses_nobody(office: Office) -> None:
    unknown = office.read(office.refer(age_known="age_band", age=None, about__age_band="unknown")[1])
    assert unknown["opinions"][0]["outcome"] == "a_person_decides"
    old = office.read(office.refer(age=31)[1])
    assert old["opinions"][0]["outcome"] == "does_not_fit"
    assert old["state"] == "received"
    assert set(old["steps"]) == {"in_review", "duplicate", "withdrawn", "entered_in_error"}
