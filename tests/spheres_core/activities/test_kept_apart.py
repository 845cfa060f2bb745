"""Two who must not meet never hold a seat on the same outing, and whoever plans learns nothing of it (invariant 23)."""

from __future__ import annotations

from typing import Any

import httpx

from tests.spheres_core.activities.conftest import ask, plan, somebody
from tests.spheres_core.followups.conftest import Person, Team


def refusal(answer: httpx.Response) -> tuple[int, bytes]:
    return answer.status_code, answer.content


class Scene:
    """Somebody whom the caller follows, two more of hers, and an outing where somebody of a colleague has a seat."""

    def __init__(self, team: Team, *, apart: bool, full: bool = False) -> None:
        self.team = team
        self.planner, self.colleague = Person(team, "pivot_worker"), Person(team, "pivot_worker")
        self.hers, self.second, self.third = (somebody(team, self.planner) for _ in range(3))
        self.there = somebody(team, self.colleague)
        self.outing = plan(team, seats=2 if full else 20)
        self.seat = ask(self.colleague, self.there, self.outing, answer="yes")
        ask(self.planner, self.second, self.outing, answer="yes")
        if apart:
            self.keep_apart(self.hers, self.there)

    def keep_apart(self, one: str, other: str) -> dict[str, Any]:
        """The pair is noted by somebody who follows both for a moment."""
        both = Person(self.team, "pivot_worker")
        for code in (one, other):
            self.team.coordinator.do(f"/participants/{code}/assignments", {"staff": both.id, "part": "backup"})
        return both.do(f"/participants/{one}/kept-apart", {"participant": other})  # type: ignore[no-any-return]

    def ask(self, code: str) -> httpx.Response:
        return self.planner.post(f"/participants/{code}/activities", {"outing": self.outing, "how": "encounter"})

    def page(self) -> bytes:
        """The outing as the planner sees it, but for what differs between any two outings."""
        read = self.planner.read(f"/activities/{self.outing}")
        names = {self.hers: "hers", self.second: "second", self.third: "third"}
        people = [(names[each["participant"]], each["answer"]) for each in read["people"]]
        return repr((people, read["others"], read["open"], read["state"], read["version"])).encode()


def test_who_must_not_meet_is_not_booked_together_and_nobody_can_tell_why(team: Team) -> None:
    apart, full = Scene(team, apart=True), Scene(team, apart=False, full=True)
    seen = []
    for scene in (apart, full):
        seen.append([
            refusal(scene.ask(scene.hers)), scene.page(),
            refusal(scene.ask(scene.third)), scene.page(), refusal(scene.ask(scene.hers)),
        ])  # fmt: skip

    assert seen[0] == seen[1], "kept apart and full are one answer, one page and one answer to each further try"
    assert (seen[0][0][0], b"no_seat_left" in seen[0][0][1]) == (409, True)
    rows = team.world.sql("SELECT count(*) FROM outing_invitations WHERE outing_id = %s", apart.outing)
    assert rows == [(2,)]
    assert apart.planner.read(f"/activities/{apart.outing}")["open"] is False


def test_the_control_without_the_pair_she_is_booked(team: Team) -> None:
    scene = Scene(team, apart=False)
    assert scene.ask(scene.hers).status_code == 201
    assert scene.planner.read(f"/activities/{scene.outing}")["open"] is True


def test_it_holds_from_either_side_and_when_she_changes_her_mind(team: Team) -> None:
    scene = Scene(team, apart=True)
    other = plan(team, seats=20)
    ask(scene.planner, scene.hers, other, answer="yes")
    refused = scene.colleague.post(f"/participants/{scene.there}/activities", {"outing": other, "how": "encounter"})
    assert (refused.status_code, refused.json()["code"]) == (409, "no_seat_left")

    third = plan(team, seats=20)
    path = f"/participants/{scene.hers}/activities"
    no = scene.planner.do(path, {"outing": third, "how": "encounter", "answer": "no"})
    ask(scene.colleague, scene.there, third, answer="later")
    yes = scene.planner.put(f"{path}/{no['id']}", {"version": 1, "answer": "yes"})
    assert (yes.status_code, yes.json()["code"]) == (409, "no_seat_left")


def test_once_a_seat_becomes_free_or_the_pair_has_ended_she_can_be_asked_again(team: Team) -> None:
    scene = Scene(team, apart=True)
    assert scene.ask(scene.hers).status_code == 409
    seat = f"/participants/{scene.there}/activities/{scene.seat['id']}"
    assert scene.colleague.put(seat, {"version": 1, "answer": "no"}).status_code == 200

    assert scene.planner.read(f"/activities/{scene.outing}")["open"] is True
    assert scene.ask(scene.hers).status_code == 201


def test_a_pair_is_known_to_whoever_may_open_both_files_and_to_nobody_else(team: Team) -> None:
    one, other, mine = somebody(team), somebody(team), Person(team, "pivot_worker")
    hidden = somebody(team, mine)
    outing = plan(team)
    for code in (one, other):
        ask(team.pivot, code, outing, answer="yes")
    path = f"/participants/{one}/kept-apart"
    unknown = team.pivot.post(path, {"participant": hidden})
    nobody = team.pivot.post(path, {"participant": "XXXX-XXXX-XXXX"})
    assert (unknown.status_code, unknown.content) == (422, nobody.content)
    assert team.pivot.post(path, {"participant": one}).status_code == 422

    made = team.pivot.do(path, {"participant": other})["items"]
    again = team.pivot.do(path, {"participant": other})["items"]

    assert [(each["participant"], each["shared"]) for each in made] == [(other, [outing])], "both are there already"
    assert again == made
    assert [each["participant"] for each in team.pivot.read(f"/participants/{other}/kept-apart")["items"]] == [one]
    backup = Person(team, "pivot_worker")
    team.coordinator.do(f"/participants/{one}/assignments", {"staff": backup.id, "part": "backup"})
    assert backup.read(path)["items"] == [], "she may not know of the other one"
    ended = team.pivot.do(f"{path}/{made[0]['id']}/end", status=200)
    assert ended["items"] == []
    assert team.pivot.post(f"{path}/{made[0]['id']}/end").status_code == 404
