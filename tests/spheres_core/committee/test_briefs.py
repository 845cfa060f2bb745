"""Each member's brief holds what she lets that organization discuss, and nothing else, until the meeting ends."""

from __future__ import annotations

from typing import Any

from spheres_core.committee.operations.item_access import SHAREABLE
from spheres_core.committee.schemas.agenda import Agenda, AgendaItem, Brief, BriefItem, BriefPart
from tests.spheres_core.activities.conftest import plan as plan_outing
from tests.spheres_core.committee.conftest import (
    ENDS,
    HER_WISH,
    ORGANIZATIONS,
    POLICE,
    QUESTION,
    TEAM_CLASSES,
    Committee,
)
from tests.spheres_core.followups.conftest import Person
from tests.spheres_core.safety.conftest import PLAN, WORDS


def test_each_organization_gets_what_she_lets_it_discuss_and_no_two_the_same(
    committee: Committee, meeting: dict[str, Any], code: str
) -> None:
    item = committee.put(code, meeting)
    assert (item["number"], item["question"], item["wants_said"]) == (1, QUESTION, HER_WISH)

    (full,) = committee.brief(committee.members["marie_vincent"], meeting)
    (bare,) = committee.brief(committee.members["anonyme"], meeting)

    assert (full["participant"], full["wants_said"], full["question"]) == (code, HER_WISH, QUESTION)
    assert [each["name"] for each in full["parts"]] == ["strengths", "needs"]
    assert full["parts"][0]["lines"] == [{"text": "Elle dessine", "label": ""}]
    assert bare == {"wants_said": None, "number": 1, "participant": None, "question": QUESTION, "carried": False,
                    "parts": [], "called": None}  # fmt: skip
    assert committee.brief(committee.chair, meeting) == [full]
    for nobody in (committee.members["en_marge_12_17"], committee.members[POLICE], committee.pivot):
        assert committee.brief(nobody, meeting) == []
        assert nobody.read(f"/meetings/{meeting['id']}/agenda")["items"] == []
    first = next(iter(full))
    assert first == "wants_said", "what she wants said stands on the first line"
    kept = "SELECT information FROM committee_texts WHERE about = %s AND part = 'wants_said'"
    assert committee.world.sql(kept, item["id"]) == [("own_words",)], "no query of any room finds it otherwise"


def test_activities_and_that_there_is_a_plan_stand_in_a_brief_as_far_as_its_reader_may_discuss_them(
    committee: Committee, meeting: dict[str, Any]
) -> None:
    drawn = ("activities", "emergency_plan")
    code = committee.followed(*TEAM_CLASSES, *drawn)
    pivot, path = committee.pivot, f"/participants/{code}"
    for id, felt in zip((plan_outing(committee), plan_outing(committee)), ("J’ai ri", ""), strict=True):
        asked = pivot.do(f"{path}/activities", {"outing": id, "how": "encounter", "answer": "yes"})
        if felt:
            committee.world.sql("UPDATE outings SET at = at - interval '9 days' WHERE id = %s", id)
            pivot.do(f"/activities/{id}/attendance", {"came": [code]}, status=200)
            assert pivot.put(f"{path}/activities/{asked['id']}",
                             {"version": 2, "answer": "yes", "felt": felt}).status_code == 200  # fmt: skip
    pivot.do(f"{path}/emergency-plan", PLAN | {"review_by": "2027-02-01"})
    pivot.do(f"{path}/emergency-plan/agree", {"version": 1}, status=200)
    committee.lets(code, "marie_vincent", "committee", "own_words", *drawn)
    committee.lets(code, "anonyme", "committee", "activities")
    committee.lets(code, "en_marge_12_17", "committee")
    committee.put(code, meeting, shares=[*drawn])

    by_member = {key: committee.brief(committee.members[key], meeting)[0]["parts"] for key in ORGANIZATIONS}

    assert [each["name"] for each in by_member["marie_vincent"]] == [*drawn]
    went, plan = by_member["marie_vincent"]
    assert [(each["text"], each["label"][:5]) for each in went["lines"]] == [("J’ai ri", "Musée")]
    assert len(plan["lines"]) == 1
    assert not any(words in str(by_member) for words in WORDS), "never what stands in her plan"
    (bare,) = by_member["anonyme"]
    assert [each["text"] for each in bare["lines"]] == [""], "what she did, without her words"
    assert by_member["en_marge_12_17"] == []


def test_what_she_takes_back_is_gone_from_the_next_brief(
    committee: Committee, meeting: dict[str, Any], code: str
) -> None:
    committee.put(code, meeting)
    given = committee.lets(code, "en_marge_12_17", "committee")
    member = committee.members["en_marge_12_17"]
    assert [each["number"] for each in committee.brief(member, meeting)] == [1], "a line given later counts at once"
    committee.pivot.do(f"/participants/{code}/consents/{given}/withdraw", status=200)
    assert committee.brief(member, meeting) == []


def test_what_a_member_is_shown_is_recorded_as_having_left_once(
    committee: Committee, meeting: dict[str, Any], code: str
) -> None:
    item = committee.put(code, meeting)
    for _ in range(2):
        committee.brief(committee.members["marie_vincent"], meeting)
        committee.brief(committee.chair, meeting)
    left = "SELECT recipient, information FROM disclosures WHERE left_by_id = %s ORDER BY 2"
    classes = ["committee", "needs_and_plan", "own_words", "participation"]
    assert committee.world.sql(left, item["id"]) == [("marie_vincent", each) for each in classes]
    read = "SELECT standings, entries FROM trail_entries WHERE verb = 'meeting.brief_read' AND actor_id = %s"
    standings, entries = committee.world.sql(read, committee.members["marie_vincent"].id)[-1]
    assert (len(standings), len(entries)) == (1, 4)


def test_a_meeting_that_ended_is_closed_to_everybody(committee: Committee, meeting: dict[str, Any], code: str) -> None:
    committee.put(code, meeting)
    member = committee.members["marie_vincent"]
    assert len(committee.brief(member, meeting)) == 1
    path = f"/meetings/{meeting['id']}/end"
    committee.coordinator.do(path, {"to": "held", "version": 1}, status=200)
    assert committee.brief(member, meeting) == []
    refused = committee.coordinator.post(path, {"to": "called_off", "version": 2})
    assert (refused.status_code, refused.json()["code"]) == (409, "meeting_over")

    later = committee.plan()
    committee.put(code, later)
    committee.world.now = ENDS
    for person in (member, committee.pivot):
        person.sign_in()
    assert committee.brief(member, later) == [], "by the clock, too"
    assert committee.put(code, later, status=409)["code"] == "meeting_over"


def test_nobody_is_put_on_an_agenda_without_being_asked_and_told(
    committee: Committee, meeting: dict[str, Any], code: str
) -> None:
    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({"told_on": None}, "told_on"), ({"wants_said": ""}, "wants_said"), ({"told_on": "2026-11-24"}, "told_on"),
        ({"asked": "nothing_to_say"}, "wants_said"), ({"shares": ["identity"]}, "shares"),
        ({"shares": ["safe_contact"]}, "shares"),
    )  # fmt: skip
    for changed, path in wrong:
        assert committee.put(code, meeting, status=422, **changed)["errors"][0]["path"] == path, changed
    nobody = committee.followed()
    assert committee.put(nobody, meeting, status=403)["code"] == "nobody_may_discuss"
    committee.put(code, meeting, asked="not_reached", wants_said="", told_on=None)
    assert committee.put(code, meeting, status=409)["code"] == "already_on_agenda"


def test_only_whoever_follows_her_puts_her_on_an_agenda(
    committee: Committee, meeting: dict[str, Any], code: str
) -> None:
    posted = {"participant": code, "question": QUESTION, "asked": "nothing_to_say"}
    for person in (committee.coordinator, committee.chair, committee.members["marie_vincent"]):
        assert person.post(f"/meetings/{meeting['id']}/agenda", posted).status_code == 404
    assert committee.members["marie_vincent"].get(f"/participants/{code}?purpose=committee").status_code == 404
    assert committee.pivot.post("/meetings", {"body": "clinical", "at": "2026-12-09T14:00:00Z"}).status_code == 403


def test_what_would_be_shared_with_whom_is_known_before(
    committee: Committee, meeting: dict[str, Any], code: str
) -> None:
    path = f"/participants/{code}/agenda-items/preview?meeting={meeting['id']}&shares=needs_and_plan"
    shown = {each["organization"]: each["classes"] for each in committee.pivot.read(path)["organizations"]}
    everything = ["committee", "needs_and_plan", "own_words", "participation"]
    assert shown == {"": everything, "marie_vincent": everything, "anonyme": ["committee"], "en_marge_12_17": [],
                     POLICE: []}  # fmt: skip


def test_an_item_is_written_anew_and_taken_off(committee: Committee, meeting: dict[str, Any], code: str) -> None:
    item = committee.put(code, meeting)
    path, member = f"/participants/{code}/agenda-items/{item['id']}", committee.members["marie_vincent"]
    changed = {"question": "Autrement ?", "asked": "nothing_to_say", "told_on": item["told_on"], "version": 1}
    answer = committee.pivot.put(path, changed)
    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    (seen,) = committee.brief(member, meeting)
    assert (seen["question"], seen["wants_said"], seen["parts"]) == ("Autrement ?", "", [])
    refused = committee.pivot.put(path, changed)
    assert (refused.status_code, refused.json()["code"]) == (409, "changed_meanwhile")
    assert refused.json()["theirs"]["question"] == "Autrement ?"

    committee.pivot.do(f"{path}/take-off", status=200)
    assert committee.brief(member, meeting) == []
    assert committee.put(code, meeting)["number"] == 1


def test_the_police_gets_an_item_only_where_she_says_so_for_this_meeting(
    committee: Committee, meeting: dict[str, Any], code: str
) -> None:
    police = committee.members[POLICE]
    committee.lets(code, POLICE)
    committee.put(code, meeting)
    assert committee.brief(police, meeting) == [], "a consent that does not end with the meeting opens nothing"
    later = committee.plan()
    assert committee.put(code, later, status=422, police=[POLICE])["code"] == "police_not_named"
    assert committee.put(code, later, status=422, police=["marie_vincent"])["code"] == "police_not_named"

    committee.lets(code, POLICE, "committee", until=later["at"][:10])
    committee.put(code, later, police=[POLICE])

    (seen,) = committee.brief(police, later)
    assert (seen["question"], seen["participant"], seen["wants_said"]) == (QUESTION, code, HER_WISH)
    assert committee.brief(police, meeting) == []
    third = committee.plan()
    committee.put(code, third)
    assert committee.brief(police, third) == [], "each time anew"
    for path in (f"/participants/{code}?purpose=committee", f"/participants/{code}"):
        assert police.get(path).status_code == 404


def test_a_substitute_takes_the_place_of_who_does_not_come(
    committee: Committee, meeting: dict[str, Any], code: str
) -> None:

    seats = committee.coordinator.read("/committee-seats?committee=clinical")["items"]
    member = committee.members["marie_vincent"]
    (seat,) = [each for each in seats if each["staff"] == member.id]
    other = Person(committee, "committee_member", organization="marie_vincent")
    committee.seat(other, substitute_for=seat["id"])
    committee.put(code, meeting)
    assert committee.brief(other, meeting) == []

    committee.coordinator.do(f"/meetings/{meeting['id']}/absences", {"seat": seat["id"]}, status=200)

    assert committee.brief(member, meeting) == []
    assert len(committee.brief(other, meeting)) == 1


def test_a_seat_opens_and_closes_meetings_to_come(committee: Committee, meeting: dict[str, Any], code: str) -> None:

    committee.put(code, meeting)
    new = Person(committee, "committee_member", organization="marie_vincent")
    assert committee.brief(new, meeting) == []
    seat = committee.seat(new)
    assert len(committee.brief(new, meeting)) == 1
    refused = committee.coordinator.post(
        "/committee-seats", {"body": "clinical", "staff": new.id, "starts": "2026-12-01"}
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "already_seated")
    committee.coordinator.do(f"/committee-seats/{seat['id']}/end", {"on": seat["starts"]}, status=200)
    assert committee.brief(new, meeting) == []


def test_no_struct_of_a_committee_can_hold_who_she_is() -> None:
    fields = {name for kind in (Agenda, AgendaItem, Brief, BriefItem, BriefPart) for name in kind.__struct_fields__}
    assert fields == {"meeting", "items", "number", "participant", "carried", "overdue", "wants_said",
                      "question", "parts", "name", "title", "lines", "called"}  # fmt: skip
    assert SHAREABLE.isdisjoint({"identity", "safe_contact", "legal", "meeting_name"})


def test_the_steering_committee_has_nobodys_file_on_its_agenda(committee: Committee, code: str) -> None:
    steering = committee.plan(body="steering")
    committee.seat(committee.members["marie_vincent"], body="steering")
    refused = committee.put(code, steering, status=409)
    assert refused["code"] == "nobody_discussed"
    looked = committee.pivot.get(f"/participants/{code}/agenda-items/preview?meeting={steering['id']}")
    assert looked.status_code == 409
    assert committee.brief(committee.members["marie_vincent"], steering) == []
    assert committee.put(code, committee.plan())["number"] == 1
