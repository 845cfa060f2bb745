"""An emergency plan is written with her, hers once she agrees, sealed; its places and numbers are those of now."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from spheres_core.safety.coverage import asked_for
from spheres_core.safety.plan_sections import SECTIONS
from tests.spheres_core.followups.conftest import START, TODAY, Person, Team
from tests.spheres_core.safety.conftest import PLAN, WORDS

days = st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31))


def path_of(code: str, act: str = "") -> str:
    return f"/participants/{code}/emergency-plan{act}"


def write(team: Team, code: str, **changed: Any) -> dict[str, Any]:
    return team.pivot.do(path_of(code), PLAN | changed)  # type: ignore[no-any-return]


def agree(team: Team, code: str, version: int = 1, **changed: Any) -> Any:
    return team.pivot.post(path_of(code, "/agree"), {"version": version, **changed})


def test_a_draft_is_her_plan_once_she_agrees_and_earlier_versions_stay(team: Team, code: str) -> None:
    empty = team.pivot.read(path_of(code))
    assert (empty["version"], empty["agreed"], empty["draft"], empty["not_now"]) == (0, None, None, None)
    assert [each["code"] for each in empty["sections"]] == list(SECTIONS)

    draft = write(team, code)
    assert (draft["state"], draft["version"], draft["agreed_on"]) == ("draft", 1, None)
    assert [each["words"] for each in draft["sections"]] == list(PLAN["sections"].values()), "as she said it"
    assert team.pivot.read(path_of(code))["agreed"] is None

    agreed = agree(team, code).json()
    assert (agreed["state"], agreed["agreed_on"]) == ("agreed", TODAY)
    second = write(team, code, version=1, sections={"bring": "Mes papiers"}, people=[], places=[])
    found = team.pivot.read(path_of(code))
    assert (found["agreed"]["version"], found["draft"]["version"]) == (1, 2), "hers holds until she agrees to another"
    assert agree(team, code, 2).json()["id"] == second["id"]

    states = "SELECT version, state FROM emergency_plans WHERE id IN (%s, %s) ORDER BY version"
    assert team.world.sql(states, draft["id"], second["id"]) == [(1, "superseded"), (2, "agreed")]
    assert team.world.sql("SELECT count(*) FROM emergency_plan_texts WHERE plan_id = %s", draft["id"]) == [(5,)]


def test_nothing_of_it_is_readable_at_rest(team: Team, code: str) -> None:
    id = write(team, code)["id"]
    rows = team.world.sql("SELECT words FROM emergency_plan_texts WHERE plan_id = %s", id)
    assert len(rows) == 5
    stored = str(team.world.sql("SELECT p::text FROM emergency_plans p WHERE id = %s", id)) + str(
        [bytes(row[0]) for row in rows]
    )
    assert [word for word in WORDS if word in stored] == []
    trail = str(team.world.sql("SELECT details FROM trail_entries ORDER BY id DESC LIMIT 30"))
    assert [word for word in WORDS if word in trail] == []


def test_of_two_who_write_at_once_the_second_sees_both_sides(team: Team, code: str) -> None:
    first = write(team, code)
    refused = team.pivot.post(path_of(code), PLAN | {"sections": {"helps": "Marcher"}})
    assert refused.status_code == 409
    assert refused.json()["yours"]["sections"] == {"helps": "Marcher"}
    assert refused.json()["theirs"]["id"] == first["id"]
    stale = agree(team, code, 7)
    assert (stale.status_code, stale.json()["theirs"]["version"]) == (409, 1)
    agree(team, code)
    again = agree(team, code)
    assert (again.status_code, again.json()["code"]) == (409, "nothing_to_agree_to")


def test_what_nobody_can_use_is_refused_at_its_field(team: Team, code: str) -> None:
    wrong = {
        "plan_empty": {"sections": {"helps": "  "}, "people": [], "places": []},
        "language_unknown": {"language": "xx"},
        "day_passed": {"review_by": TODAY},
        "catalogue_code_unknown": {"sections": {"nowhere": "x"}},
    }
    for name, changed in wrong.items():
        answer = team.pivot.post(path_of(code), PLAN | changed)
        assert (answer.status_code, answer.json()["code"]) == (422, name)
    for changed in ({"places": ["nowhere"]}, {"community": "nowhere"}):
        assert team.pivot.post(path_of(code), PLAN | changed).json()["code"] == "catalogue_code_unknown"
    assert team.pivot.read(path_of(code))["version"] == 0
    write(team, code)
    assert agree(team, code, on="2026-11-24").json()["code"] == "day_to_come"


def test_places_and_numbers_are_those_of_the_directory_now_with_the_day_they_were_verified(
    team: Team, code: str
) -> None:
    plan = write(team, code)
    (place,) = plan["places"]
    assert (place["service"], place["open_now"]) == ("en_marge_shelter", True)
    assert place["hours"] == ["Day and night, every day"] or place["hours"]
    assert place["verified_on"]
    assert plan["numbers"], "those of her community"
    assert all(each["phone"] and each["verified_on"] for each in plan["numbers"])
    elsewhere = write(team, code, version=1, community="")
    assert elsewhere["numbers"] == [], "no number of a place where she is not"


def test_who_may_not_read_the_class_finds_nothing(team: Team) -> None:
    begun = team.begin(pivot=team.pivot.id)
    closed = str(begun["participant"])
    team.agree(closed, "encounters")
    answers = {
        person.get(path_of(known)).status_code
        for person in (team.pivot, team.coordinator, Person(team, "pivot_worker"))
        for known in (closed, "KH4T-7R3X-8WPD")
    }
    assert answers == {404}
    assert team.pivot.post(path_of(closed), PLAN).status_code == 404


def test_not_now_is_her_wish_and_is_asked_again(team: Team, code: str) -> None:
    assert team.pivot.post(path_of(code, "/not-now"), {"ask_again_on": TODAY}).json()["code"] == "day_passed"
    said = team.pivot.do(path_of(code, "/not-now"), {"ask_again_on": "2026-12-15"}, status=200)
    assert said["not_now"] == {"said_on": TODAY, "ask_again_on": "2026-12-15"}
    team.world.forward(minutes=1)
    write(team, code)
    assert team.pivot.read(path_of(code))["not_now"] is None, "she wanted to begin after all"


def lines_of(person: Person, path: str = "/my-day") -> list[str]:
    found = person.read(path)
    return [
        line["participant"] for part in found["more"] if part["name"] == "emergency_plans" for line in part["lines"]
    ]


def test_a_lack_is_a_line_in_the_day_and_closes_nothing(team: Team, code: str) -> None:
    """Invariant 20: within the region's days a plan to which she agreed, or her "not now"."""
    assert code not in lines_of(team.pivot)
    coordination = "/t/north/en/staff/coordination"
    cookie = {"cookie": team.coordinator.headers["cookie"]}

    def late(**days: int) -> bool:
        team.world.now = START + dt.timedelta(**days)
        for each in (team.pivot, team.coordinator):
            each.sign_in()
        cookie["cookie"] = team.coordinator.headers["cookie"]
        seen = code in lines_of(team.pivot)
        page = team.world.get(coordination, headers=cookie).text
        assert (code in page.partition("Emergency plans to talk about")[2].partition("</section>")[0]) == seen
        return seen

    assert not late(days=29)
    assert late(days=30)
    assert team.pivot.read(f"/participants/{code}/participations")["participations"][0]["state"] == "active"
    written = write(team, code)
    assert late(days=30, hours=1), "a draft is no plan yet"
    assert agree(team, code, written["version"]).status_code == 200
    assert not late(days=31)
    assert late(days=30 + 90), "looked at again"


def test_not_now_is_no_lack_until_its_day(team: Team, code: str) -> None:
    team.world.now = START + dt.timedelta(days=40)
    team.pivot.sign_in()
    assert code in lines_of(team.pivot)
    team.pivot.do(path_of(code, "/not-now"), {"ask_again_on": "2027-02-01"}, status=200)
    assert code not in lines_of(team.pivot)
    team.world.now = dt.datetime(2027, 2, 1, 15, tzinfo=dt.UTC)
    team.pivot.sign_in()
    assert code in lines_of(team.pivot)


@given(days, days, st.integers(1, 90), st.booleans(), st.none() | days, st.none() | days)
def test_whoever_agreed_or_said_not_now_is_asked_only_on_her_day(
    active_on: dt.date, today: dt.date, most: int, agreed: bool, review_by: dt.date | None, again: dt.date | None
) -> None:
    found = asked_for(
        active_on=active_on, today=today, days=most, agreed=agreed, review_by=review_by, ask_again_on=again
    )
    if agreed:
        assert found == ("review" if review_by and review_by <= today else None)
    elif again is not None:
        assert found == ("ask_again" if again <= today else None)
    else:
        assert (found == "missing") == ((today - active_on).days >= most)


def test_each_version_is_a_line_of_the_timeline_without_its_words(team: Team, code: str) -> None:
    write(team, code)
    agree(team, code)
    page = team.world.get(f"/t/north/en/staff/participants/{code}/timeline", headers=team.pivot.headers).text
    assert "An emergency plan was written with her; she agrees to it" in page
    assert [word for word in WORDS if word in page] == []
