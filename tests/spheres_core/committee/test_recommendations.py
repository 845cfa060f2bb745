"""What a meeting recommends has an owner, a day and a later result; how members stood to it then never changes; she is
told."""

from __future__ import annotations

from typing import Any, Final

import psycopg
import pytest

from tests.spheres_core.committee.conftest import ORGANIZATIONS, Committee

WHAT: Final = "Voir avec l’organisme d’habitation dans son quartier"
TOLD: Final = "On va chercher un logement près de chez toi"
SAID: Final = "Ok, mais pas trop loin du métro"


@pytest.fixture
def held(committee: Committee, meeting: dict[str, Any], code: str) -> dict[str, Any]:
    """A meeting in which two members and the chair are, with her on its agenda."""
    committee.put(code, meeting)
    there = [committee.chair.id, *(committee.members[each].id for each in ORGANIZATIONS[:2])]
    committee.coordinator.do(f"/meetings/{meeting['id']}/presence", {"staff": there}, status=200)
    return meeting


def recommend(committee: Committee, meeting: dict[str, Any], *, status: int = 201, **changed: Any) -> Any:
    marie = committee.members["marie_vincent"].id
    against = [committee.members["anonyme"].id]
    posted = {"item": 1, "what": WHAT, "owner": marie, "due_on": "2026-12-10", "contributed": [marie],
              "dissented": against, "dissent": "Plutôt un hébergement", **changed}  # fmt: skip
    return committee.chair.do(f"/meetings/{meeting['id']}/recommendations", posted, status=status)


def test_a_recommendation_keeps_how_each_member_stood_to_it(
    committee: Committee, held: dict[str, Any], code: str
) -> None:
    made = recommend(committee, held)
    assert (made["what"], made["state"], made["organization"], made["participant"]) == (
        WHAT, "open", "marie_vincent", code
    )  # fmt: skip
    path = f"/participants/{code}/recommendations"
    (seen,) = committee.pivot.read(path)["items"]
    stood = {each["organization"]: each for each in seen["members"]}
    marie, anonyme, absent = (stood[each] for each in ORGANIZATIONS)
    assert (marie["present"], marie["entitled"], marie["contributed"], marie["dissented"]) == (True, True, True, False)
    assert (anonyme["present"], anonyme["dissented"], len(anonyme["entries"])) == (True, True, 1)
    assert (absent["present"], absent["entitled"], absent["entries"]) == (False, False, [])
    assert len(marie["entries"]) == 4

    committee.members["anonyme"].do(f"/meetings/{held['id']}/recuse", {"item": 1}, status=200)
    committee.lets(code, "en_marge_12_17")
    assert committee.pivot.read(path)["items"] == [seen], "later changes alter nothing"
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        committee.world.sql(
            "SET ROLE spheres_app; UPDATE recommendation_snapshots SET recused = true WHERE recommendation_id ="
            f" '{made['id']}'"
        )


def test_only_who_is_there_and_may_discuss_it_takes_part(
    committee: Committee, meeting: dict[str, Any], code: str
) -> None:
    committee.put(code, meeting)
    assert recommend(committee, meeting, status=409)["code"] == "nobody_noted"
    there = [committee.chair.id, committee.members["en_marge_12_17"].id]
    committee.coordinator.do(f"/meetings/{meeting['id']}/presence", {"staff": there}, status=200)
    for path, whom in (("contributed", "marie_vincent"), ("dissented", "en_marge_12_17")):
        changed = {"contributed": [], "dissented": [], path: [committee.members[whom].id]}
        assert recommend(committee, meeting, status=422, **changed)["errors"][0]["path"] == path
    early = recommend(committee, meeting, status=422, due_on="2026-12-03", contributed=[], dissented=[])
    assert early["errors"][0]["path"] == "due_on"
    assert recommend(committee, meeting, status=404, item=9)["code"] == "not_found"
    member = committee.members["marie_vincent"]
    assert member.post(f"/meetings/{meeting['id']}/recommendations", {}).status_code == 403
    nobody = committee.coordinator.post(f"/meetings/{meeting['id']}/presence", {"staff": [committee.pivot.id]})
    assert (nobody.status_code, nobody.json()["code"]) == (422, "not_a_member")


def test_she_is_told_in_her_words_and_it_waits_until_then(
    committee: Committee, held: dict[str, Any], code: str
) -> None:
    made = recommend(committee, held)
    waiting = {"name": "recommendations_to_tell", "participant": code}
    assert waiting in _day(committee)
    path = f"/participants/{code}/recommendations/{made['id']}/told"
    body = {"version": 1, "on": "2026-11-23", "told": TOLD, "her_words": SAID}
    told = committee.pivot.do(path, body, status=200)
    assert (told["told_on"], told["told"], told["her_words"]) == ("2026-11-23", TOLD, SAID)
    assert waiting not in _day(committee)
    again = committee.pivot.post(path, body)
    assert (again.status_code, again.json()["code"]) == (409, "changed_meanwhile")
    assert committee.chair.post(path, body).status_code == 404


def test_whom_nobody_could_ask_yet_waits_for_her_worker(
    committee: Committee, meeting: dict[str, Any], code: str
) -> None:
    item = committee.put(code, meeting, asked="not_reached", wants_said="", told_on=None)
    waiting = {"name": "committee_to_ask", "participant": code}
    assert waiting in _day(committee)
    said = {"version": 1, "question": "x", "asked": "nothing_to_say", "told_on": "2026-11-23"}
    assert committee.pivot.put(f"/participants/{code}/agenda-items/{item['id']}", said).status_code == 200
    assert waiting not in _day(committee)


def test_what_is_overdue_opens_the_next_agenda_and_is_closed_there(
    committee: Committee, held: dict[str, Any], code: str
) -> None:
    made = recommend(committee, held)
    committee.coordinator.do(f"/meetings/{held['id']}/end", {"to": "held", "version": 1}, status=200)
    soon = committee.plan("2026-12-09T14:00:00Z")
    assert committee.brief(committee.chair, soon) == [], "it is not due by then"
    later = committee.plan("2026-12-17T14:00:00Z")

    agenda = committee.chair.read(f"/meetings/{later['id']}/agenda")["items"]
    mine = [each for each in agenda if each["participant"] == code]
    assert mine == [{"number": mine[0]["number"], "participant": code, "carried": True, "overdue": 1}]
    brief = next(each for each in committee.brief(committee.chair, later) if each["participant"] == code)
    assert brief["parts"][0]["lines"][0]["text"] == WHAT
    others = committee.brief(committee.members["en_marge_12_17"], later)
    assert mine[0]["number"] not in [each["number"] for each in others]

    path = f"/meetings/{later['id']}/recommendations/{made['id']}/result"
    done = committee.chair.do(path, {"state": "done", "version": 1, "result": "Visite faite"}, status=200)
    assert (done["state"], done["result"], done["overdue"]) == ("done", "Visite faite", False)
    (seen,) = committee.pivot.read(f"/participants/{code}/recommendations")["items"]
    assert (seen["state"], seen["result"]) == ("done", "Visite faite")
    body = {"state": "dropped", "version": 2}
    closed = committee.pivot.post(f"/participants/{code}/recommendations/{made['id']}/result", body)
    assert (closed.status_code, closed.json()["code"]) == (409, "already_closed")
    committee.put(code, later)
    assert committee.brief(committee.chair, later)[0]["carried"] is True


def _day(committee: Committee) -> list[dict[str, str]]:
    more = committee.pivot.read("/my-day")["more"]
    return [{"name": part["name"], "participant": line["participant"]} for part in more for line in part["lines"]]
