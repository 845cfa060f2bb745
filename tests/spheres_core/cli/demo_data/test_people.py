"""Who takes part in the demo: always the same, within the program's ages, and nobody."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from spheres_core.cli.demo_data import people, words

NOW = dt.datetime(2026, 11, 23, 15, 0, tzinfo=dt.UTC)
BANKS = [bank for name, bank in vars(words).items() if name.isupper()]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_sixty_people_over_three_years_are_within_the_ages_and_each_their_own(language: str) -> None:
    found = list(people.people(NOW, language))

    assert len(found) == len({each.name for each in found}) == len({each.phone for each in found}) == 60
    assert all(12 <= each.age_on(each.referred.date()) <= 24 for each in found)
    assert all(re.fullmatch(r"514-555-01\d\d", each.phone) for each in found)
    assert all(each.legal_name.split()[-1] in ("Exemple", "Example") for each in found)
    assert (NOW - found[0].referred).days > 2.8 * 365
    assert [each.referred for each in found[:-2]] == sorted(each.referred for each in found[:-2])


def test_they_are_the_same_at_each_start_and_every_course_is_taken() -> None:
    assert list(people.people(NOW, "fr")) == list(people.people(NOW, "fr"))
    assert {each.course for each in people.people(NOW, "fr")} == {"followed", *people.UNLIKE_MOST}


def test_fewer_are_some_of_the_sixty() -> None:
    everybody = list(people.people(NOW, "fr"))
    assert list(people.people(NOW, "fr", many=12)) == everybody[::5]


def test_what_is_written_is_there_in_both_languages() -> None:
    assert len(BANKS) > 5
    assert all(len(bank["fr"]) == len(bank["en"]) for bank in BANKS)
