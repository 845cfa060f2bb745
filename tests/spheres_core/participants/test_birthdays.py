"""Birthdays at 14, 18 and 25 raise what is to be looked at, months ahead and on the day, once; and end nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spheres_core.foundation import deployment
from spheres_core.foundation.content.ages import completed_years
from spheres_core.foundation.encryption import Keyring
from spheres_core.participants.birthdays import CHECKS, DueStep, birthday_at, due_steps, months_before
from spheres_core.participants.operations import birthdays
from spheres_core.participants.operations.participants import NewParticipant
from spheres_core.testing import World, definition
from tests.spheres_core.participants.callers import Caller, add_participant, agree, assign

MONTHS: Final = {14: 6, 18: 12, 25: 12}
DAY: Final = dt.timedelta(days=1)
LEAP: Final = dt.date(2012, 2, 29)
REASON: Final = "She told me when she was born, and wants it written down"


def steps(born: dt.date, today: dt.date, leap: str = "03-01") -> list[DueStep]:
    return list(due_steps(born, today, months_ahead=MONTHS, leap_day_birthday=leap))


@given(
    born=st.dates(dt.date(1995, 1, 1), dt.date(2020, 12, 31)),
    age=st.sampled_from(sorted(CHECKS)),
    leap=st.sampled_from(("02-28", "03-01")),
)
def test_on_her_birthday_and_not_the_day_before_she_is_that_old(born: dt.date, age: int, leap: str) -> None:
    birthday = birthday_at(born, age, leap_day_birthday=leap)
    ages = [completed_years(born, day, leap_day_birthday=leap) for day in (birthday - DAY, birthday)]
    assert ages == [age - 1, age]

    begins = months_before(birthday, MONTHS[age])
    assert DueStep(age, "prepare") not in steps(born, begins - DAY, leap)
    assert DueStep(age, "prepare") in steps(born, begins, leap)
    assert DueStep(age, "prepare") in steps(born, birthday - DAY, leap)
    assert steps(born, birthday, leap).count(DueStep(age, "decide")) == 1
    assert DueStep(age, "prepare") not in steps(born, birthday, leap)


@pytest.mark.parametrize(
    ("leap", "eighteenth", "begins"), [("03-01", "2030-03-01", "2029-03-01"), ("02-28", "2030-02-28", "2029-02-28")]
)
def test_who_was_born_on_a_leap_day_has_her_birthday_where_the_region_says(
    leap: str, eighteenth: str, begins: str
) -> None:
    assert birthday_at(LEAP, 18, leap_day_birthday=leap).isoformat() == eighteenth
    assert months_before(dt.date.fromisoformat(eighteenth), 12).isoformat() == begins
    assert birthday_at(LEAP, 16, leap_day_birthday=leap) == dt.date(2028, 2, 29)


def test_months_before_the_end_of_a_month_is_the_end_of_a_shorter_one() -> None:
    assert months_before(dt.date(2026, 8, 31), 6) == dt.date(2026, 2, 28)
    assert months_before(dt.date(2028, 8, 31), 6) == dt.date(2028, 2, 29)
    assert months_before(dt.date(2027, 1, 15), 1) == dt.date(2026, 12, 15)


# ---- through time ---------------------------------------------------------------------------------------------------


class Region:
    """A region with a pivot worker whose participants have birthdays."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.pivot = Caller(world, "pivot@example.org", "pivot_worker")

    def add(self, born: str) -> NewParticipant:
        """Adds a participant who was born on a day."""
        self.pivot.sign_in()
        her = add_participant(self.world)
        assign(self.world, self.pivot, her)
        agree(self.world, her)
        body = {"identity": {"birthday": born}, "version": 0, "reason": REASON}
        assert self.pivot.put(f"participants/{her.code}/identity", json=body).status_code == 200
        return her

    def on(self, day: dt.date, hour: int = 12) -> int:
        """Lets the worker do its work on a day, at an hour of the region; returns how many tasks it raised."""
        self.world.now = dt.datetime(day.year, day.month, day.day, hour + 5, tzinfo=dt.UTC)
        return self.world.act("north", birthdays.raise_due)

    def tasks(self, her: NewParticipant) -> list[dict[str, Any]]:
        self.pivot.sign_in()
        file = self.pivot.get(f"participants/{her.code}").json()
        tasks: list[dict[str, Any]] = file["classes"]["participation"]["birthday_tasks"]["tasks"]
        return tasks


@pytest.fixture(scope="module")
def shared(shared_world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    path: Path = tmp_path_factory.mktemp("vault") / "vault-key.json"
    Keyring.load(path, create=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(deployment.VAULT_KEY_FILE, str(path))
        now = dt.datetime(2025, 1, 15, 15, tzinfo=dt.UTC)
        yield Region(shared_world.renew(definition("north", "quebec"), now=now))


@pytest.fixture
def region(shared: Region) -> Region:
    shared.world.now = dt.datetime(2025, 1, 15, 15, tzinfo=dt.UTC)
    shared.pivot.sign_in()
    shared.world.sql("DELETE FROM participants")
    return shared


@pytest.mark.parametrize("age", sorted(CHECKS))
def test_it_is_prepared_months_ahead_and_looked_at_on_the_day_once(region: Region, age: int) -> None:
    birthday = dt.date(2026, 6, 30)
    her = region.add(birthday.replace(year=birthday.year - age).isoformat())
    begins = months_before(birthday, MONTHS[age])

    assert region.on(begins - DAY) == 0
    assert [region.on(begins), region.on(begins), region.on(begins + DAY)] == [1, 0, 0]
    assert region.on(birthday - DAY, hour=18) == 0
    assert [region.on(birthday), region.on(birthday), region.on(birthday + DAY)] == [1, 0, 0]

    assert [(each["age"], each["step"], each["raised_on"]) for each in region.tasks(her)] == [
        (age, "decide", birthday.isoformat()),
        (age, "prepare", begins.isoformat()),
    ]
    assert all(each["checks"] for each in region.tasks(her))


def test_on_a_leap_day_birthday_the_region_s_day_counts_and_not_the_day_of_the_server(region: Region) -> None:
    region.add("2007-02-28")
    region.world.now = dt.datetime(2025, 2, 28, 4, 59, tzinfo=dt.UTC)
    assert region.world.act("north", birthdays.raise_due) == 1, "to be prepared: it is the 27th there"
    region.world.now = dt.datetime(2025, 2, 28, 5, 0, tzinfo=dt.UTC)
    assert region.world.act("north", birthdays.raise_due) == 1, "her day"

    region.add("2008-02-29")
    assert [region.on(dt.date(2026, 2, 28)), region.on(dt.date(2026, 3, 1)), region.on(dt.date(2026, 3, 2))] == [
        1,
        1,
        0,
    ]


def test_after_a_time_without_a_worker_it_is_caught_up(region: Region) -> None:
    region.add("2011-03-10")

    assert region.on(dt.date(2025, 4, 9)) == 1
    region.add("2011-03-10")
    assert region.on(dt.date(2025, 4, 11)) == 0, "too long ago to be news"


def test_a_birthday_closes_nothing_and_changes_nothing(region: Region) -> None:
    her = region.add("2007-06-30")
    kept = {
        table: region.world.sql(f'SELECT t::text FROM "{table}" t ORDER BY 1')
        for table in ("participants", "standings", "consents", "consent_entries", "exclusions", "identities")
    }

    for day in (dt.date(2025, 6, 29), dt.date(2025, 6, 30), dt.date(2025, 7, 1)):
        region.on(day)

    for table, before in kept.items():
        assert region.world.sql(f'SELECT t::text FROM "{table}" t ORDER BY 1') == before, table
    assert region.tasks(her)


def test_what_was_looked_at_is_done_once(region: Region) -> None:
    her = region.add("2007-06-30")
    region.on(dt.date(2025, 6, 30))
    (task,) = region.tasks(her)
    done = f"participants/{her.code}/birthday-tasks/{task['id']}/done"

    answer = region.pivot.post(done)

    assert answer.status_code == 200, answer.text
    assert answer.json()["tasks"][0]["done_by"] == str(region.pivot.id)
    assert region.pivot.post(done).status_code == 404
    other = region.add("2007-06-30")
    assert region.pivot.post(f"participants/{other.code}/birthday-tasks/{task['id']}/done").status_code == 404


def test_a_region_says_how_many_months_ahead(shared_world: World, shared: Region) -> None:
    settings = {"participants": {"prepare_18_months": 3}}
    shared.world.apply(definition("north", "quebec", settings=settings))
    shared.world.now = dt.datetime(2025, 1, 15, 15, tzinfo=dt.UTC)
    shared.pivot.sign_in()
    shared.world.sql("DELETE FROM participants")
    shared.add("2007-06-30")

    assert [shared.on(dt.date(2025, 3, 29)), shared.on(dt.date(2025, 3, 30))] == [0, 1]
