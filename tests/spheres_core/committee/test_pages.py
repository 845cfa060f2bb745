"""Committees on pages: two clicks from signing in to the own brief; what is printed bears codes and nobody's name."""

from __future__ import annotations

from typing import Any

from tests.spheres_core.committee.conftest import HER_WISH, QUESTION, TODAY, Committee
from tests.spheres_core.committee.test_recommendations import SAID, TOLD, WHAT
from tests.spheres_core.followups.conftest import Person
from tests.spheres_core.plans.test_plan_pages import leads, page_of, send, went

ITEM = {"question": QUESTION, "asked": "said", "wants_said": HER_WISH, "told_on": TODAY, "shares": "needs_and_plan"}


def test_she_is_put_on_an_agenda_discussed_and_told_on_pages(
    committee: Committee, meeting: dict[str, Any], code: str
) -> None:
    file, pivot = f"/participants/{code}", committee.pivot
    assert leads(page_of(pivot, file), f"{file}/committee/new")
    form = page_of(pivot, f"{file}/committee/new?meeting={meeting['id']}")
    assert "What would be shared with whom" in form
    sent = {**ITEM, "meeting": meeting["id"], "act": "put"}
    wrong = send(pivot, f"{file}/committee/new", sent | {"told_on": "soon"})
    assert (wrong.status_code, 'id="told_on-problem"' in wrong.text) == (422, True)
    looked = send(pivot, f"{file}/committee/new", sent | {"act": "look"})
    assert (looked.status_code, "Dites-leur que je veux" in looked.text) == (200, True)
    assert "done=item" in went(send(pivot, f"{file}/committee/new", sent))
    (item,) = pivot.read(f"{file}/agenda-items")["items"]
    changed = {**ITEM, "question": "Autrement", "version": "1"}
    assert "done=item" in went(send(pivot, f"{file}/committee/items/{item['id']}", changed))

    member = committee.members["marie_vincent"]
    assert leads(page_of(member, "/committee"), f"/committee/meetings/{meeting['id']}")
    brief = page_of(member, f"/committee/meetings/{meeting['id']}")
    assert "Autrement" in brief
    assert code in brief
    assert brief.index("Dites-leur que je veux") < brief.index("Autrement") < brief.index("Elle dessine")

    chair = committee.chair
    path = f"/committee/meetings/{meeting['id']}/record"
    assert "Who is there" in page_of(chair, path)
    there = {"act": "present", "staff": chair.id}
    assert "done=present" in went(send(chair, path, there))
    posted = {"act": "recommend", "item": "1", "what": WHAT, "owner": chair.id, "due_on": "2026-12-10"}
    early = send(chair, path, posted | {"due_on": TODAY})
    assert (early.status_code, 'id="due_on-problem"' in early.text) == (422, True)
    assert "done=recommended" in went(send(chair, path, posted | {"contributed": chair.id}))
    assert "done=ended_meeting" in went(send(chair, path, {"act": "end", "to": "held", "version": "1"}))

    (made,) = pivot.read(f"{file}/recommendations")["items"]
    hers = f"{file}/committee/recommendations/{made['id']}"
    assert leads(page_of(pivot, f"{file}/committee"), hers)
    assert "Voir avec l’organisme" in page_of(pivot, hers)
    told = {"on": TODAY, "told": TOLD, "her_words": SAID, "version": "1"}
    assert 'id="on-problem"' in send(pivot, f"{hers}/told", told | {"on": "x"}).text
    assert "done=told_her" in went(send(pivot, f"{hers}/told", told))
    result = {"state": "done", "result": "Fait", "version": "2"}
    assert "done=result" in went(send(pivot, f"{hers}/result", result))
    assert "What stands there now" in send(pivot, f"{hers}/told", told).text
    assert TOLD.split("’")[0] in page_of(pivot, f"{file}/committee")


def test_what_a_member_prints_bears_codes_and_nobody_s_name(
    committee: Committee, meeting: dict[str, Any], code: str
) -> None:
    committee.put(code, meeting)
    member = Person(committee, "committee_member", organization="marie_vincent", name="Prunelle Ixe")
    committee.seat(member)
    for path in (f"/committee/meetings/{meeting['id']}", f"/committee/meetings/{meeting['id']}/screen"):
        page = page_of(member, path)
        main = page.partition("<main")[2].partition("</main>")[0]
        title = page.partition("<title>")[2].partition("</title>")[0]
        assert "SPHÈRES" not in title.partition("–")[0]
        assert not any(name in main for name in ("Prunelle", "Camille", "Dominique", "Marie"))
        assert (code in main) == (not path.endswith("screen")), "a screen that everybody sees shows numbers only"
        assert QUESTION.split("’")[0] not in main or not path.endswith("screen")


def test_a_member_stays_out_of_an_item_on_the_page(committee: Committee, meeting: dict[str, Any], code: str) -> None:
    committee.put(code, meeting)
    member, path = committee.members["marie_vincent"], f"/committee/meetings/{meeting['id']}"
    assert code in page_of(member, path)
    assert "done=recused" in went(send(member, f"{path}/recuse", {"item": "1"}))
    assert code not in page_of(member, path)


def test_a_member_says_that_she_does_not_come_and_who_comes_in_her_place(
    committee: Committee, meeting: dict[str, Any], code: str
) -> None:
    member, path = committee.members["marie_vincent"], f"/committee/meetings/{meeting['id']}"
    held = committee.coordinator.read("/committee-seats?committee=clinical")["items"]
    (seat,) = [each for each in held if each["staff"] == member.id]
    named, other = (Person(committee, "committee_member", organization="marie_vincent") for _ in range(2))
    nobody = Person(committee, "committee_member", organization="en_marge_12_17")
    seats = [committee.seat(each, substitute_for=seat["id"]) for each in (named, other)]
    committee.put(code, meeting)
    assert "I cannot come" not in page_of(nobody, path), "who has no seat there has nothing to say off"
    assert send(nobody, f"{path}/absence", {}).status_code == 404
    absences = f"/meetings/{meeting['id']}/absences"
    assert nobody.post(absences, {"seat": seat["id"]}).status_code == 403, "nor for somebody else"
    stranger = committee.seat(Person(committee, "committee_member", organization="anonyme"))
    refused = member.post(absences, {"seat": seat["id"], "substitute": stranger["id"]})
    assert (refused.status_code, refused.json()["code"]) == (422, "seat_invalid")

    form = page_of(member, path)
    assert "I cannot come" in form
    assert all(each["id"] in form for each in seats)
    assert "done=absent" in went(send(member, f"{path}/absence", {"substitute": seats[0]["id"]}))

    assert committee.brief(member, meeting) == []
    assert len(committee.brief(named, meeting)) == 1, "her organization may discuss it"
    assert committee.brief(other, meeting) == [], "who was not named does not come"
    assert "I cannot come" not in page_of(member, path)
    committee.pivot.do(f"/participants/{code}/exclusions", {"kind": "conflict_of_interest", "staff": named.id})
    assert committee.brief(named, meeting) == [], "her own rights decide, not the seat that she stands in for"


def test_a_meeting_and_seats_are_prepared_on_pages(committee: Committee) -> None:
    coordinator = committee.coordinator
    assert leads(page_of(coordinator, "/committee"), "/committee/new")
    planned = {"body": "clinical", "day": "2026-12-20", "hour": "13:30", "place": "Salle 1"}
    wrong = send(coordinator, "/committee/new", planned | {"hour": "noon"})
    assert (wrong.status_code, 'id="hour-problem"' in wrong.text) == (422, True)
    assert send(coordinator, "/committee/new", planned | {"day": "2020-01-01"}).status_code == 422
    assert "done=planned_meeting" in went(send(coordinator, "/committee/new", planned))
    new = Person(committee, "committee_member", organization="anonyme", name="Prunelle Ixe")
    seat = {"body": "clinical", "staff": new.id, "starts": TODAY}
    assert "done=seat" in went(send(coordinator, "/committee/seats", seat))
    assert send(coordinator, "/committee/seats", seat).status_code == 409
    assert "Prunelle Ixe" in page_of(coordinator, "/committee/seats")
    given = next(each for each in coordinator.read("/committee-seats")["items"] if each["staff"] == new.id)
    assert "done=seat_ended" in went(send(coordinator, f"/committee/seats/{given['id']}/end", {}))
    assert committee.members["anonyme"].get("/committee-seats").status_code == 403
