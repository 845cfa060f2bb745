"""A file in one line for each act, and a day that says what waits: each cut to who reads."""

from __future__ import annotations

from typing import Any

from tests.spheres_core.followups.conftest import Person, Team
from tests.spheres_core.followups.test_encounters import HELD


def kinds(found: dict[str, Any]) -> list[str]:
    return [each["kind"] for each in found["items"]]


def file(team: Team) -> str:
    code = str(team.begin(pivot=team.pivot.id)["participant"])
    team.agree(code, "encounters", "own_words", "safe_contact")
    team.reach(code)
    team.pivot.do(f"/participants/{code}/encounters", HELD)
    team.pivot.do(f"/participants/{code}/contact-attempts", {"channel": "phone", "outcome": "voicemail_left"})
    return code


def without_pivot(coordinator: Person) -> set[str]:
    return {each["participant"] for each in coordinator.read("/my-day")["without_pivot"]}


def test_each_act_is_one_readable_line_without_words_of_hers(team: Team) -> None:
    code = file(team)
    found = team.pivot.read(f"/participants/{code}/timeline", **{"accept-language": "en"})

    assert kinds(found) == ["contact_attempt", "encounter", "participation", "assignment"]
    assert [each["line"] for each in found["items"]] == [
        "Telephone call: Left a message on voicemail", "An encounter took place (in person)",
        "Her participation: Under way",
        "Somebody follows her as pivot worker from now on",
    ]  # fmt: skip
    assert HELD["note"] not in str(found)
    french = team.pivot.read(f"/participants/{code}/timeline", **{"accept-language": "fr"})
    assert not {each["line"] for each in french["items"]} & {each["line"] for each in found["items"]}


def test_it_is_cut_to_what_the_reader_may_read(team: Team) -> None:
    code = file(team)
    assert kinds(team.coordinator.read(f"/participants/{code}/timeline")) == ["participation", "assignment"]
    stranger = Person(team, "pivot_worker").get(f"/participants/{code}/timeline")
    nowhere = team.pivot.get("/participants/XXXX-XXXX-XXXX/timeline")
    assert (stranger.status_code, stranger.content) == (404, nowhere.content)


def test_kinds_are_chosen_and_what_is_new_is_told(team: Team) -> None:
    code = file(team)
    path = f"/participants/{code}/timeline"
    assert kinds(team.pivot.read(f"{path}?kind=encounter")) == ["encounter"]
    assert team.pivot.get(f"{path}?kind=risk").status_code == 422
    team.world.forward(minutes=1)
    first = team.pivot.read(f"{path}?since=last")
    assert first["items"] == []
    team.world.forward(minutes=1)
    team.pivot.do(f"/participants/{code}/contact-attempts", {"channel": "phone", "outcome": "reached"})
    team.world.forward(minutes=1)
    assert kinds(team.pivot.read(f"{path}?since=last")) == ["contact_attempt"]
    assert [each["new"] for each in team.pivot.read(path)["items"]] == [False] * 5
    other = team.coordinator.read(path)
    assert other["last_looked_at"] is None
    assert all(each["new"] for each in other["items"])


def test_it_goes_on_by_pages(team: Team) -> None:
    code = str(team.begin(pivot=team.pivot.id)["participant"])
    team.agree(code, "encounters", "safe_contact")
    team.reach(code)
    for _ in range(55):
        team.pivot.do(f"/participants/{code}/contact-attempts", {"channel": "phone", "outcome": "no_answer"})
    first = team.pivot.read(f"/participants/{code}/timeline")
    second = team.pivot.read(f"/participants/{code}/timeline?cursor={first['next']}")
    assert (len(first["items"]), len(second["items"]), second["next"]) == (50, 7, None)
    assert len({each["id"] for each in first["items"] + second["items"]}) == 57


def test_a_day_says_what_waits_and_for_coordinators_who_has_nobody(team: Team) -> None:
    code = file(team)
    assert team.pivot.read("/my-day")["files"] == [{"participant": code, "part": "pivot", "state": "active"}]
    assert code not in without_pivot(team.coordinator)
    ((assignment,),) = ((each["id"],) for each in team.pivot.read(f"/participants/{code}/assignments")["assignments"])
    team.world.forward(minutes=1)
    left = team.coordinator.do(f"/participants/{code}/assignments/{assignment}/end", status=200)

    assert left["pivot_missing"]
    assert code in without_pivot(team.coordinator)
    assert not any(team.pivot.read("/my-day").values()), "nothing of hers is left"


def test_steps_are_taken_with_their_reasons_and_she_comes_back_under_the_same_code(team: Team) -> None:
    begun = team.begin(pivot=team.pivot.id)
    code = begun["participant"]
    path = f"/participants/{code}/participations/steps"

    def step(to: str, status: int = 200, **more: Any) -> Any:
        version = team.coordinator.read(f"/participants/{code}/participations")["participations"][0]["version"]
        return team.coordinator.do(path, {"to": to, "version": version, **more}, status=status)

    assert step("paused", 422)["errors"][0]["path"] == "reason"
    assert team.pivot.do(path, {"to": "paused", "version": 2, "reason": "quiet"}, status=200)["state"] == "paused"
    assert team.pivot.post(path, {"to": "active", "version": 2}).status_code == 409, "an old version"
    step("active")
    step("closing")
    assert step("closed", 422, reason="goals_reached_for_now")["errors"][0]["path"] == "conversation_on"
    closed = step(
        "closed", reason="goals_reached_for_now", conversation_on="2026-11-23", note="Elle sait où nous trouver"
    )
    assert (closed["state"], closed["steps"]) == ("closed", [])
    team.world.forward(days=200)
    for person in (team.pivot, team.coordinator):
        person.sign_in()
    assert team.pivot.get(f"/participants/{code}/timeline").status_code == 404
    assert step("active", 409)["code"] == "step_forbidden"

    _, referral = team.refer("in_review", "contact_planned", "in_contact", "agreed")
    old = {"agreement": {"on": "2026-11-20", "how": "spoken"}, "participant": code}
    assert team.coordinator.post(f"/referrals/{referral}/participation", old).json()["code"] == "agreement_old"
    fresh = {"agreement": {"on": team.world.now.date().isoformat(), "how": "written"}, "participant": code}
    back = team.coordinator.do(f"/referrals/{referral}/participation", fresh)

    assert (back["participant"], back["state"]) == (code, "proposed")
    first, second = team.coordinator.read(f"/participants/{code}/participations")["participations"]
    assert (first["previous"], second["state"]) == (begun["participation"], "closed")
