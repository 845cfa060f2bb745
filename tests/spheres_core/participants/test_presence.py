"""Presence without locks: colleagues who have a form open are named, to each other alone, and for moments only."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from uuid import uuid4

import pytest

from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.operations import presence
from spheres_core.testing import World
from tests.spheres_core.followups.conftest import PHONE, START, Person, Team, region
from tests.spheres_core.followups.pages import Browser
from tests.spheres_core.plans.test_requests import lets, send

__all__ = ["region"]

GOALS = {"section": "goals"}


@pytest.fixture(scope="module")
def team(region: World) -> Team:
    region.now = START
    return Team(region, "north")


@pytest.fixture
def code(team: Team) -> str:
    """Somebody whose safe contact and plan are kept."""
    hers = str(team.begin(pivot=team.pivot.id)["participant"])
    team.agree(hers, "needs_and_plan", "safe_contact", "encounters", "activities")
    return hers


@pytest.fixture
def other(team: Team, code: str) -> Person:
    """Who stands in for her pivot worker."""
    person = Person(team, "pivot_worker", name="Alix Tremblay")
    team.coordinator.do(f"/participants/{code}/assignments", {"staff": person.id, "part": "backup"})
    return person


def say(person: Person, code: str, *, status: int = 200, **form: Any) -> Any:
    answer = person.put(f"/participants/{code}/presence", form or GOALS)
    assert answer.status_code == status, answer.text
    return answer.json()


def names(presence: Any) -> list[str]:
    return [each["name"] for each in presence["colleagues"]]


def keep_away(team: Team, code: str, person: Person) -> None:
    team.pivot.do(
        f"/participants/{code}/exclusions", {"kind": "refusal", "staff": person.id, "reason": "Elle le demande"}
    )


def test_two_who_have_a_form_open_see_each_other_and_whoever_leaves_is_gone_after_half_a_minute(
    team: Team, code: str, other: Person
) -> None:
    assert names(say(team.pivot, code)) == []
    team.world.forward(seconds=10)
    seen = say(other, code)
    assert names(seen) == ["Camille Roy"]
    assert seen["colleagues"][0]["since"].startswith("2026-11-23T15:")
    assert names(say(team.pivot, code)) == ["Alix Tremblay"]

    since = seen["colleagues"][0]["since"]
    for _ in range(3):
        team.world.forward(seconds=20)
        say(team.pivot, code)
    seen = team.pivot.read(f"/participants/{code}/presence?section=goals"), say(other, code)
    assert names(seen[0]) == [], "she said nothing for more than half a minute"
    assert seen[1]["colleagues"][0]["since"] == since, "whoever stays came when she came"


def test_each_record_and_each_section_has_its_own(team: Team, code: str, other: Person) -> None:
    goal = str(uuid4())
    say(team.pivot, code, section="goals", about=goal)
    assert names(say(other, code, section="goals", about=str(uuid4()))) == []
    assert names(say(other, code, section="safe_contact")) == []
    assert names(say(other, code, section="goals", about=goal)) == ["Camille Roy"]


def test_whoever_is_kept_away_sees_nobody_and_is_seen_by_nobody_at_once(team: Team, code: str, other: Person) -> None:
    say(other, code)
    assert names(say(team.pivot, code)) == ["Alix Tremblay"]
    keep_away(team, code, other)

    unknown = say(other, "AAAA-AAAA-AAAA", status=404)
    assert say(other, code, status=404) == unknown
    assert other.get(f"/participants/{code}/presence?section=goals").status_code == 404
    assert names(say(team.pivot, code)) == []
    rows = team.world.sql("SELECT writer FROM open_forms WHERE tenant_id = %s AND writer = %s", team.tenant, other.id)
    assert rows, "the row is there: it is the ledger that hides her"


def test_a_class_that_the_reader_does_not_reach_names_nobody(team: Team, code: str) -> None:
    say(team.pivot, code)
    assert say(team.coordinator, code, status=404) == say(team.coordinator, "AAAA-AAAA-AAAA", status=404)
    assert say(team.pivot, code, status=404, section="nothing_such")["status"] == 404
    say(team.coordinator, code, section="participation")
    assert names(say(team.pivot, code, section="participation")) == ["Camille Roy"]


def test_without_javascript_the_page_names_them_and_saving_works_as_before(
    team: Team, code: str, other: Person
) -> None:
    address = f"participants/{code}/safe-contact/channels/phone"
    first, second = Browser(team.pivot), Browser(other)
    assert 'data-name="' not in first.read(address)
    assert "Camille Roy has this form open too (since 10" in second.read(address)
    assert "Alix Tremblay has this form open too (since 10" in first.read(address)
    assert "a aussi ouvert ce formulaire (depuis 10" in Browser(other, "fr").read(address)
    another_channel = second.read(f"participants/{code}/safe-contact/channels/email")
    assert "Camille Roy has this form open too" in another_channel, "it is a part of the same record"

    body = {"safe_contact": {"channels": [PHONE]}, "version": 0}
    assert other.put(f"/participants/{code}/safe-contact", body).status_code < 300
    team.world.forward(minutes=5)
    assert "Camille Roy has this form" not in second.read(address)


def test_nothing_of_it_stands_in_the_trail_and_nothing_outlives_its_minutes(
    team: Team, code: str, other: Person
) -> None:
    entries = "SELECT count(*) FROM trail_entries WHERE tenant_id = %s"
    before = team.world.sql(entries, team.tenant)
    for person in (team.pivot, other, team.pivot):
        say(person, code)
    assert team.world.sql(entries, team.tenant) == before

    team.world.forward(minutes=5)

    async def moment(ctx: Context) -> dt.datetime:
        return ctx.now

    now = team.act(moment)
    kept = "SELECT count(*) FROM open_forms WHERE tenant_id = %s"
    assert team.world.sql(kept, team.tenant) >= [(2,)]
    team.world.run(presence.forget_closed(team.world.runtime.database, now - dt.timedelta(minutes=10)))
    assert team.world.sql(kept, team.tenant) >= [(2,)], "what holds still is left alone"
    team.world.run(presence.forget_closed(team.world.runtime.database, now))
    assert team.world.sql("SELECT 1 FROM open_forms WHERE tenant_id = %s", team.tenant) == []


def test_each_form_that_changes_something_with_versions_says_that_it_is_open(team: Team, code: str) -> None:
    hers, page = f"/participants/{code}", f"participants/{code}"
    encounter = {"kind": "phone", "state": "planned", "at": "2026-11-25T10:00:00-05:00"}
    accompaniment = {"kind": "clinic", "state": "planned", "at": "2026-11-25T10:00:00-05:00"}
    goal = team.pivot.do(f"{hers}/goals", {"words": "Ma clé", "proposed_by": "herself"})["id"]
    need = team.pivot.do(
        f"{hers}/needs",
        {"need": "housing", "identified_by": "herself", "urgency": "soon", "strength": "Elle dessine"},
    )["id"]
    strength = team.pivot.read(f"{hers}/strengths")["items"][0]["id"]
    team.agree(code, "service_requests")
    lets(team, code, "service_requests")
    send(team, code)
    met = team.pivot.do(f"{hers}/encounters", encounter)["id"]
    beside = team.pivot.do(f"{hers}/accompaniments", accompaniment)["id"]
    outing = {"activity": "museum", "at": "2026-11-25T10:00:00-05:00", "place": "Au coin", "seats": 3}
    to = team.pivot.do("/activities", outing)["items"][0]["id"]
    asked = team.pivot.do(f"{hers}/activities", {"outing": to, "how": "encounter"})["id"]
    browser = Browser(team.pivot)
    opened = {
        ("activities", asked): browser.read(f"{page}/activities/{asked}"),
        ("participation", None): browser.read(f"{page}/participation"),
        ("encounters", met): browser.read(f"{page}/encounters/{met}"),
        ("accompaniments", beside): browser.read(f"{page}/accompaniments/{beside}"),
        ("needs", need): browser.read(f"{page}/plan/need?need={need}"),
        ("strengths", strength): browser.read(f"{page}/plan/strength?strength={strength}"),
        ("requests", None): browser.read(f"{page}/requests"),
        ("goals", goal): browser.read(f"{page}/plan/goal?goal={goal}"),
        ("safe_contact", None): browser.read(f"{page}/safe-contact/around-her"),
    }
    for (section, about), text in opened.items():
        mark = re.search(
            r'data-presence="[^"]+" data-section="(\w+)" data-zone="[^"]+"(?: data-about="([^"]+)")?', text
        )
        assert mark, section
        assert (mark[1], mark[2]) == (section, about)
    assert "data-presence" not in browser.read(f"{page}/plan/need"), "there is nothing yet that two could change"
