"""Whoever watches over private information is told who read and changed something about a participant, by her code."""

from __future__ import annotations

import html
import re
from typing import Any, Final

import pytest

from spheres_core.audit import operations as audit
from spheres_core.foundation.tenancy.context import Context
from spheres_core.safety.queries.access import whom_a_code_names
from tests.spheres_core.followups.conftest import Person, Team
from tests.spheres_core.plans.test_plan_pages import page_of
from tests.spheres_core.safety.conftest import PLAN, WORDS
from tests.spheres_core.safety.test_access_rate import ORGANIZATION

UNKNOWN: Final = "XXXX-XXXX-XXXX"


@pytest.fixture
def officer(team: Team) -> Person:
    return Person(team, "privacy_officer", name="Pascale Exemple")


def trail_of(officer: Person, code: str, **asked: str) -> dict[str, Any]:
    further = "".join(f"&{name}={value}" for name, value in asked.items())
    return officer.read(f"/file-trail?code={code}{further}")  # type: ignore[no-any-return]


def rows_of(page: str) -> list[list[str]]:
    """The cells of each line, as they are read; what is listed in one stands on lines."""
    body = page.partition("<tbody")[2].partition("</tbody>")[0]
    rows = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in body.split("<tr")[1:]]
    return [
        [html.unescape(re.sub(r"<[^>]+>", "", cell.replace("</li><li>", "\n"))).strip() for cell in row] for row in rows
    ]


def test_it_says_when_who_what_and_by_what_right_and_no_word_of_the_file(
    team: Team, officer: Person, code: str
) -> None:
    team.pivot.do(f"/participants/{code}/emergency-plan", PLAN)
    team.pivot.read(f"/participants/{code}")

    page = page_of(officer, f"/privacy/trail?code={code}")
    read = next(row for row in rows_of(page) if "A participant’s file was read" in row[2])
    assert read[1] == "Camille Roy"
    assert {"That she takes part", "Her emergency plan"} <= set(read[3].splitlines())
    assert "Follows her, as pivot worker or backup" in read[4].splitlines()
    assert [each for each in WORDS if each in page] == []
    assert [each for each in WORDS if each in str(trail_of(officer, code))] == []


def test_of_a_list_it_names_the_standing_to_her_and_that_it_was_looked_up_stands_there_too(
    team: Team, officer: Person, code: str
) -> None:
    team.begin(pivot=team.pivot.id)
    team.pivot.read("/participants")
    listed, *_ = [each for each in trail_of(officer, code)["items"] if each["verb"] == "participants.listed"]
    assert listed["standings"] == ["assignment"]
    assert listed["who"] == "Camille Roy"

    again = trail_of(officer, code)["items"][0]
    assert (again["verb"], again["who"]) == ("trail.read", "Pascale Exemple")


def test_a_standing_to_somebody_else_is_no_right_to_her_in_whatever_order_they_were_recorded(
    team: Team, officer: Person, code: str
) -> None:
    other = str(team.begin(pivot=team.pivot.id)["participant"])

    async def both_shown(ctx: Context) -> None:
        (hers, _), (others, _) = [await whom_a_code_names(ctx, each) for each in (code, other)]
        held = "SELECT id FROM standings WHERE participant_id = $1 AND kind = $2"
        ((assigned,),) = await ctx.db.sql(held, hers.id, "assignment")
        (coordinated,), *_ = await ctx.db.sql(held, others.id, "coordination")
        let_by = ([coordinated, assigned], [None, None])
        await audit.record(ctx, "meeting.brief_read", shown=[hers.id, others.id], let_by=let_by)

    team.act(both_shown)
    assert trail_of(officer, code)["items"][0]["standings"] == ["assignment"]
    assert trail_of(officer, other)["items"][0]["standings"] == ["coordination"]


def test_nobody_else_is_in_it(team: Team, officer: Person, code: str) -> None:
    other = str(team.begin(pivot=team.pivot.id)["participant"])
    before = {each["id"] for each in trail_of(officer, code)["items"]}
    for _ in range(3):
        team.pivot.read(f"/participants/{other}")
    added = [each for each in trail_of(officer, code)["items"] if each["id"] not in before]

    assert [each["verb"] for each in added] == ["trail.read"]


def test_a_long_one_has_pages_and_a_cursor_fits_her_alone(team: Team, officer: Person, code: str) -> None:
    for _ in range(30):
        team.pivot.read(f"/participants/{code}")
    first = trail_of(officer, code)
    assert len(first["items"]) == 50
    second = trail_of(officer, code, cursor=first["next"])
    assert {each["id"] for each in first["items"]}.isdisjoint(each["id"] for each in second["items"])
    assert [each["at"] for each in second["items"]] == sorted((each["at"] for each in second["items"]), reverse=True)
    page = page_of(officer, f"/privacy/trail?code={code}")
    (further,) = set(re.findall(r'href="[^"]*/privacy/trail(\?code=[^"]*cursor=[^"]*)"', page))
    assert rows_of(page_of(officer, f"/privacy/trail{html.unescape(further)}"))

    other = str(team.begin(pivot=team.pivot.id)["participant"])
    assert officer.get(f"/file-trail?code={other}&cursor={first['next']}").json()["code"] == "cursor_invalid"


def test_unknown_of_another_region_and_of_whom_the_officer_is_kept_away_are_answered_alike(
    team: Team, officer: Person, code: str
) -> None:
    assert rows_of(page_of(officer, f"/privacy/trail?code={code}"))
    south = Team(team.world, "south")
    foreign = str(south.begin(pivot=south.pivot.id)["participant"])
    assert rows_of(page_of(Person(south, "privacy_officer"), f"/privacy/trail?code={foreign}"))
    team.pivot.do(f"/participants/{code}/exclusions", {"kind": "conflict_of_interest", "staff": officer.id})

    answers = [officer.get(f"/file-trail?code={each}") for each in (UNKNOWN, code, foreign)]
    assert [each.status_code for each in answers] == [404] * 3
    kept = [{name: value for name, value in each.json().items() if name != "incident"} for each in answers]
    assert kept == [kept[0]] * 3
    pages = {
        page_of(officer, f"/privacy/trail?code={each}", status=404).replace(each, UNKNOWN)
        for each in (UNKNOWN, code, foreign)
    }
    assert len(pages) == 1
    assert "Nothing stands under this code" in pages.pop()
    assert rows_of(page_of(Person(team, "privacy_officer"), f"/privacy/trail?code={code}")), "another officer may"


def test_before_a_code_is_asked_for_there_is_the_form_and_nothing_is_looked_up(team: Team, officer: Person) -> None:
    before = team.count("trail_entries")
    page = page_of(officer, "/privacy/trail")
    assert 'name="code"' in page and "<table" not in page
    assert team.count("trail_entries") == before
    assert "/en/staff/privacy/trail" in page_of(officer, "/privacy")


@pytest.mark.parametrize("role", ["coordinator", "administrator", "on_call_partner", "pivot_worker"])
def test_no_other_role_looks_it_up(team: Team, role: str, code: str) -> None:
    other = Person(team, role, organization=ORGANIZATION if role == "on_call_partner" else None)
    page_of(other, f"/privacy/trail?code={code}", status=403)
    assert other.get(f"/file-trail?code={code}").status_code == 403
