"""Dates that make need rise stand in a worker's day early enough to offer help."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spheres_core.followups.vulnerable_dates import DAYS_AHEAD, is_near, next_day
from tests.spheres_core.followups.conftest import Person, Team

RENT: Final = {"kind": "rent", "on": "2026-10-31", "repeats": "monthly", "note": "Il lui manque souvent un peu"}


@pytest.fixture
def code(team: Team) -> str:
    begun = team.begin(pivot=team.pivot.id)
    team.agree(begun["participant"], "needs_and_plan")
    return str(begun["participant"])


def ahead(person: Person) -> list[tuple[str, str]]:
    return [(each["kind"], each["on"]) for each in person.read("/my-day")["dates"]]


def test_rent_day_stands_in_her_workers_day_a_week_before_until_help_was_offered(team: Team, code: str) -> None:
    path = f"/participants/{code}/dates"
    made = team.pivot.do(path, RENT)
    assert (made["next_on"], made["note"]) == ("2026-11-30", RENT["note"])
    assert ahead(team.pivot) == [("rent", "2026-11-30")]
    assert ahead(team.coordinator) == []
    (row,) = team.world.sql("SELECT note FROM vulnerable_dates WHERE id = %s", made["id"])
    assert b"manque" not in bytes(row[0])

    (left,) = team.pivot.do(f"{path}/{made['id']}/offered", status=200)["dates"]
    assert left["help_offered_for"] == "2026-11-30"
    assert ahead(team.pivot) == []
    team.world.forward(days=32)
    team.pivot.sign_in()
    assert ahead(team.pivot) == [("rent", "2026-12-31")]

    assert team.pivot.do(f"{path}/{made['id']}/end", status=200) == {"dates": []}
    assert ahead(team.pivot) == []
    assert team.pivot.post(f"{path}/{made['id']}/end").status_code == 404


def test_what_is_far_away_waits_and_what_has_passed_is_refused(team: Team, code: str) -> None:
    path = f"/participants/{code}/dates"
    team.pivot.do(path, {"kind": "court", "on": "2026-12-20"})
    team.pivot.do(path, {"kind": "leaving_placement", "on": "2027-01-15"})
    assert ahead(team.pivot) == [("leaving_placement", "2027-01-15")]
    refused = team.pivot.post(path, {"kind": "court", "on": "2026-11-20"})
    assert (refused.status_code, refused.json()["code"], refused.json()["errors"][0]["path"]) == (
        422, "date_passed", "on",
    )  # fmt: skip
    assert [each["kind"] for each in team.pivot.read(path)["dates"]] == ["court", "leaving_placement"]


def test_without_her_consent_to_needs_there_is_no_date(team: Team) -> None:
    code = str(team.begin(pivot=team.pivot.id)["participant"])
    nowhere = team.pivot.post("/participants/XXXX-XXXX-XXXX/dates", RENT)
    refused = team.pivot.post(f"/participants/{code}/dates", RENT)
    assert (refused.status_code, refused.content) == (404, nowhere.content)


days = st.dates(dt.date(2020, 1, 1), dt.date(2040, 12, 31))


@given(first=days, repeats=st.sampled_from(["never", "monthly", "yearly"]), today=days)
def test_the_next_day_is_the_first_that_has_not_passed(first: dt.date, repeats: Any, today: dt.date) -> None:
    found = next_day(first, repeats, today)
    if repeats == "never" or found is None:
        assert found == (first if first >= today else None)
        return
    assert found >= max(first, today)
    assert found - max(first, today) <= dt.timedelta(days=31 if repeats == "monthly" else 366)
    assert found.day == first.day or (found + dt.timedelta(days=1)).day == 1, "a short month has it on its last day"
    assert repeats == "monthly" or found.month == first.month


@given(today=days, kind=st.sampled_from(sorted(DAYS_AHEAD)), off=st.integers(-5, 100))
def test_help_is_offered_before_and_never_after(today: dt.date, kind: Any, off: int) -> None:
    assert is_near(kind, today + dt.timedelta(days=off), today) == (0 <= off <= DAYS_AHEAD[kind])
