"""Who announced that a seat stays empty takes it back until the meeting begins; who would have come reads nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.spheres_core.committee.conftest import Committee
from tests.spheres_core.followups.conftest import Person
from tests.spheres_core.plans.test_plan_pages import page_of, send, went

TOLD = """SELECT DISTINCT subject_id::text FROM trail_entries WHERE verb = 'notification.sent'
AND details->>'cause' IN (SELECT id::text FROM trail_entries WHERE verb = 'meeting.absence_taken_back'
AND subject_id = %s)"""
TAKEN_BACK = "SELECT count(*) FROM trail_entries WHERE verb = 'meeting.absence_taken_back' AND subject_id = %s"


def _seat_of(committee: Committee, person: Person) -> dict[str, Any]:
    held = committee.coordinator.read("/committee-seats?committee=clinical")["items"]
    return next(each for each in held if each["staff"] == person.id)


def _may_act_on_item(person: Person, meeting: dict[str, Any]) -> int:
    """What an item of her brief answers to her, without changing it: somebody else's recusal is not hers to say."""
    posted = {"item": 1, "staff": person.id}
    return person.post(f"/meetings/{meeting['id']}/recuse", posted).status_code


def test_an_absence_taken_back_closes_the_brief_to_the_substitute_who_is_told_without_words(
    committee: Committee, meeting: dict[str, Any], code: str
) -> None:
    member, silent = committee.members["marie_vincent"], Person(committee, "committee_member")
    seat = _seat_of(committee, member)
    instead = Person(committee, "committee_member", organization="marie_vincent")
    committee.seat(instead, substitute_for=seat["id"])
    committee.world.sql("UPDATE staff SET chooses_referral_mail = true WHERE id IN (%s, %s)", instead.id, member.id)
    committee.put(code, meeting)
    absences = f"/meetings/{meeting['id']}/absences"
    member.do(absences, {"seat": seat["id"]}, status=200)
    assert len(committee.brief(instead, meeting)) == 1, "the control: she came in her place"
    assert committee.brief(member, meeting) == []

    for person, expected in ((silent, 403), (committee.coordinator, 403), (instead, 403)):
        refused = person.post(f"{absences}/take-back", {"seat": seat["id"]})
        assert refused.status_code == expected, "only who announced it"
    assert len(committee.brief(instead, meeting)) == 1
    for _ in range(2):
        assert member.do(f"{absences}/take-back", {"seat": seat["id"]}, status=200)["id"] == meeting["id"]

    assert committee.brief(instead, meeting) == []
    assert _may_act_on_item(instead, meeting) == 404, "an item that she had a moment ago is not there"
    assert len(committee.brief(member, meeting)) == 1
    committee.world.deliver(committee.slug)
    assert committee.world.sql(TOLD, meeting["id"]) == [(instead.id,)], "nobody else, and once"
    assert committee.world.sql(TAKEN_BACK, meeting["id"]) == [(1,)], "sent again, it was nothing more"
    member.do(absences, {"seat": seat["id"]}, status=200)
    assert len(committee.brief(instead, meeting)) == 1, "and may be announced anew"


def test_a_substitute_of_two_seats_keeps_what_the_other_one_opens(
    committee: Committee, meeting: dict[str, Any], code: str
) -> None:
    first, second = committee.members["marie_vincent"], Person(committee, "committee_member", organization="anonyme")
    seats = [_seat_of(committee, first), committee.seat(second)]
    instead = Person(committee, "committee_member", organization="marie_vincent")
    committee.seat(instead, substitute_for=seats[0]["id"])
    committee.put(code, meeting)
    absences = f"/meetings/{meeting['id']}/absences"
    for person, seat in zip((first, second), seats, strict=True):
        person.do(absences, {"seat": seat["id"]}, status=200)
    second.do(f"{absences}/take-back", {"seat": seats[1]["id"]}, status=200)
    assert len(committee.brief(instead, meeting)) == 1, "it was not her seat that counts again"


def test_once_the_meeting_begins_nobody_takes_an_absence_back(
    committee: Committee, meeting: dict[str, Any], code: str
) -> None:
    member, seat = committee.members["marie_vincent"], _seat_of(committee, committee.members["marie_vincent"])
    instead = Person(committee, "committee_member", organization="marie_vincent")
    committee.seat(instead, substitute_for=seat["id"])
    committee.put(code, meeting)
    path = f"/meetings/{meeting['id']}/absences"
    member.do(path, {"seat": seat["id"]}, status=200)
    committee.world.now = dt.datetime.fromisoformat(meeting["at"])
    member.sign_in()
    instead.sign_in()

    refused = member.post(f"{path}/take-back", {"seat": seat["id"]})

    assert (refused.status_code, refused.json()["code"]) == (409, "meeting_begun")
    assert len(committee.brief(instead, meeting)) == 1, "who is there stays there"
    assert "comes after all" not in page_of(member, f"/committee/meetings/{meeting['id']}")


def test_an_absence_is_taken_back_on_the_meeting_s_page(
    committee: Committee, meeting: dict[str, Any], code: str
) -> None:
    committee.put(code, meeting)
    member, path = committee.members["marie_vincent"], f"/committee/meetings/{meeting['id']}"
    seat = _seat_of(committee, member)
    assert "I come after all" not in page_of(member, path)
    assert "done=absent" in went(send(member, f"{path}/absence", {}))
    page = page_of(member, path)
    assert "I come after all" in page
    assert code not in page
    assert "done=comes" in went(send(member, f"{path}/absence/take-back", {"seat": seat["id"]}))
    page = page_of(member, path)
    assert code in page
    assert "I come after all" not in page
    refused = send(committee.members["anonyme"], f"{path}/absence/take-back", {"seat": seat["id"]})
    assert refused.status_code == 403
    other = Person(committee, "committee_member", organization="en_marge_12_17", name="Ariane Ixe")
    committee.seat(other)
    of_other = {"seat": _seat_of(committee, other)["id"]}
    committee.coordinator.do(f"/meetings/{meeting['id']}/absences", of_other, status=200)
    assert "Ariane Ixe comes after all" in page_of(committee.coordinator, path)
    assert "after all" not in page_of(other, path), "she did not say it herself"
