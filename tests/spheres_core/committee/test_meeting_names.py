"""How she may be called at a meeting: a name that she chose, heard by the organizations that she lets, and no other."""

from __future__ import annotations

from typing import Any, Final

import pytest

from tests.spheres_core.committee.conftest import ENDS, POLICE, TEAM_CLASSES, Committee
from tests.spheres_core.followups.conftest import TODAY, Person
from tests.spheres_core.participants.conftest import key_file

__all__ = ["key_file"]

NAME: Final = "Marguerite"
OF_THE_VAULT: Final = "Nom-de-la-voute"
MEMBER: Final = "marie_vincent"


@pytest.fixture
def named(committee: Committee) -> str:
    """Somebody with a name for meetings, another one in the vault, and two organizations that discuss her situation."""
    code = committee.followed(*TEAM_CLASSES, "meeting_name", "identity")
    for organization in (MEMBER, "anonyme", "*team"):
        committee.lets(code, organization)
    assert write(committee, code, NAME)["called"] == NAME
    return code


def write(committee: Committee, code: str, called: str, version: int = 0, *, status: int = 200) -> dict[str, Any]:
    answer = committee.pivot.put(f"/participants/{code}/meeting-name", {"called": called, "version": version})
    assert answer.status_code == status, answer.text
    return answer.json()  # type: ignore[no-any-return]


def called_in(committee: Committee, person: Person, meeting: dict[str, Any]) -> str | None:
    (item,) = committee.brief(person, meeting)
    assert ("called" in item) and (NAME in str(item)) == (item["called"] == NAME)
    return item["called"]  # type: ignore[no-any-return]


def page_of(committee: Committee, person: Person, path: str, *, status: int = 200) -> str:
    answer = committee.world.get(f"/t/north/en/staff/{path}", headers={"cookie": person.headers["cookie"]})
    assert answer.status_code == status, answer.text
    return answer.text


def test_only_the_organization_with_a_line_of_its_own_hears_the_name(
    committee: Committee, meeting: dict[str, Any], named: str
) -> None:
    committee.put(named, meeting)
    everybody = (committee.members[MEMBER], committee.members["anonyme"], committee.chair)
    assert [called_in(committee, each, meeting) for each in everybody] == [None, None, None]

    consent = committee.lets(named, MEMBER, "meeting_name")

    assert [called_in(committee, each, meeting) for each in everybody] == [NAME, None, None]
    assert NAME in page_of(committee, committee.members[MEMBER], f"committee/meetings/{meeting['id']}")
    for nobody in (committee.members["anonyme"], committee.chair):
        assert NAME not in page_of(committee, nobody, f"committee/meetings/{meeting['id']}")
    committee.pivot.do(f"/participants/{named}/consents/{consent}/withdraw", status=200)
    assert [called_in(committee, each, meeting) for each in everybody] == [None, None, None], "gone at once"


def test_the_name_is_neither_on_the_screen_for_everybody_nor_on_paper_nor_kept_with_what_was_recommended(
    committee: Committee, meeting: dict[str, Any], named: str
) -> None:
    committee.lets(named, MEMBER, "meeting_name")
    committee.put(named, meeting)
    member = committee.members[MEMBER]
    assert called_in(committee, member, meeting) == NAME
    shown = page_of(committee, member, f"committee/meetings/{meeting['id']}")
    (line,) = [each for each in shown.splitlines() if NAME in each]
    assert 'class="no-print"' in line
    assert NAME not in page_of(committee, member, f"committee/meetings/{meeting['id']}/screen")
    assert NAME not in str(member.read(f"/meetings/{meeting['id']}/agenda"))
    there = [committee.chair.id, member.id]
    committee.coordinator.do(f"/meetings/{meeting['id']}/presence", {"staff": there}, status=200)
    posted = {"item": 1, "what": "Un logement", "owner": member.id, "due_on": "2026-12-10", "contributed": [member.id]}
    made = committee.chair.do(f"/meetings/{meeting['id']}/recommendations", posted)
    assert NAME not in page_of(committee, committee.chair, f"committee/meetings/{meeting['id']}/record")
    lines = "SELECT id FROM consent_entries WHERE information = 'meeting_name'"
    of_name = {row[0] for row in committee.world.sql(lines)}
    kept = "SELECT entries, s::text FROM recommendation_snapshots s WHERE recommendation_id = %s"
    rows = committee.world.sql(kept, made["id"])
    assert rows
    assert all(of_name.isdisjoint(entries) and NAME not in text for entries, text in rows)


@pytest.mark.usefixtures("key_file")
def test_a_brief_holds_the_name_that_she_chose_and_never_the_one_of_the_vault(
    committee: Committee, meeting: dict[str, Any], named: str
) -> None:
    identity = {"legal_name": OF_THE_VAULT, "chosen_name": OF_THE_VAULT}
    written = {"identity": identity, "version": 0, "reason": "Pour ses papiers, à sa demande"}
    assert committee.pivot.put(f"/participants/{named}/identity", written).status_code == 200
    committee.lets(named, MEMBER, "meeting_name")
    committee.put(named, meeting)
    member = committee.members[MEMBER]
    assert called_in(committee, member, meeting) == NAME
    assert OF_THE_VAULT not in str(committee.brief(member, meeting))
    assert write(committee, named, "", version=1)["called"] == ""
    assert called_in(committee, member, meeting) is None, "no other name takes its place"


def test_the_police_hears_it_in_the_one_meeting_with_which_the_line_ends(
    committee: Committee, meeting: dict[str, Any], named: str
) -> None:
    day, police = meeting["at"][:10], committee.members[POLICE]
    line = {"recipient": POLICE, "information": "meeting_name", "purpose": "committee", "act": "discuss"}
    given = {"kind": "information", "given_on": TODAY, "how": "spoken", "giver": "herself", "age": 19, "lines": [line]}
    refused = committee.pivot.post(f"/participants/{named}/consents", given)
    assert (refused.status_code, refused.json()["code"]) == (422, "consent_name_not_for_them")
    assert [each["path"] for each in refused.json()["errors"]] == ["lines.0.until"]
    committee.lets(named, POLICE, "committee", until=day)
    committee.put(named, meeting, police=[POLICE])
    assert called_in(committee, police, meeting) is None, "that it discusses her opens no name"

    long = committee.lets(named, POLICE, "meeting_name", until="2027-01-31")
    (item,) = committee.pivot.read(f"/participants/{named}/agenda-items")["items"]
    path, anew = f"/participants/{named}/agenda-items/{item['id']}", {
        "question": "Encore ?", "asked": "nothing_to_say", "told_on": TODAY, "police": [POLICE], "version": 1
    }  # fmt: skip
    answer = committee.pivot.put(path, anew)
    assert (answer.status_code, answer.json()["code"]) == (422, "name_beyond_meeting")
    assert answer.json()["errors"][0]["path"] == "police"
    assert called_in(committee, police, meeting) is None
    new = Person(committee, "committee_member", organization=POLICE)
    committee.seat(new)
    assert called_in(committee, new, meeting) is None, "whoever joins the meeting hears none by such a line either"
    committee.pivot.do(f"/participants/{named}/consents/{long}/withdraw", status=200)

    committee.lets(named, POLICE, "meeting_name", until=day)
    assert committee.pivot.put(path, anew).status_code == 200
    assert called_in(committee, police, meeting) == NAME
    later = committee.plan(at="2026-12-17T14:00:00Z")
    committee.lets(named, POLICE, "committee", until="2026-12-17")
    committee.put(named, later, police=[POLICE], status=201)
    committee.world.now = ENDS
    for person in (police, committee.pivot):
        person.sign_in()
    assert committee.brief(police, meeting) == []
    committee.world.forward(days=1)
    police.sign_in()
    assert called_in(committee, police, later) is None, "each time anew"


def test_who_stays_out_hears_nothing(committee: Committee, meeting: dict[str, Any], named: str) -> None:
    committee.lets(named, MEMBER, "meeting_name")
    committee.put(named, meeting)
    member = committee.members[MEMBER]
    before = committee.brief(committee.members["en_marge_12_17"], meeting)
    assert called_in(committee, member, meeting) == NAME
    member.do(f"/meetings/{meeting['id']}/recuse", {"item": 1}, status=200)
    assert committee.brief(member, meeting) == before == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"recipient": "*team"}, "recipient"),
        ({"recipient": "*committee"}, "recipient"),
        ({"purpose": "service"}, "purpose"),
        ({"act": "read"}, "act"),
        ({"act": "forward", "onward": True}, "act"),
        ({"recipient": "*team", "purpose": "coordination", "act": "read"}, "purpose"),
    ],
)
def test_a_line_is_for_one_organization_to_discuss_it_and_says_so_at_its_field(
    committee: Committee, named: str, changed: dict[str, Any], field: str
) -> None:
    line = {"recipient": MEMBER, "information": "meeting_name", "purpose": "committee", "act": "discuss", **changed}
    given = {"kind": "information", "given_on": TODAY, "how": "spoken", "giver": "herself", "age": 19,
             "lines": [{"recipient": MEMBER, "information": "committee", "purpose": "service"}, line]}  # fmt: skip
    refused = committee.pivot.post(f"/participants/{named}/consents", given)
    assert (refused.status_code, refused.json()["code"]) == (422, "consent_name_not_for_them")
    assert [each["path"] for each in refused.json()["errors"]] == [f"lines.1.{field}"]


def test_the_form_of_a_consent_says_so_at_the_field(committee: Committee, named: str) -> None:
    sent = {"kind": "information", "recipient": "*team", "information": "meeting_name", "act": "discuss",
            "purpose": "committee", "until": "none", "giver": "herself", "age": "19", "how": "spoken",
            "given_on": TODAY, "_once": "a" * 32}  # fmt: skip
    page = page_of(committee, committee.pivot, f"participants/{named}/consents/new?kind=information")
    csrf = page.split('name="_csrf" value="')[1].split('"')[0]
    answer = committee.world.post(
        f"/t/north/en/staff/participants/{named}/consents/new", data=sent | {"_csrf": csrf},
        headers={"cookie": committee.pivot.headers["cookie"]},
    )  # fmt: skip
    assert answer.status_code == 422
    wrong = [each for each in answer.text.split('<div class="question wrong"') if 'for="recipient"' in each[:60]]
    assert "one organization at a time" in wrong[0]


def test_her_worker_writes_it_with_her_and_nobody_else_reads_it(
    committee: Committee, meeting: dict[str, Any], named: str
) -> None:
    committee.lets(named, MEMBER, "meeting_name")
    committee.put(named, meeting)
    pivot, path = committee.pivot, f"/participants/{named}/meeting-name"
    assert pivot.read(path) == {
        "version": 1, "called": NAME, "on": TODAY, "heard_by": [{"organization": MEMBER, "until": None}]
    }  # fmt: skip
    office = Person(committee, "administrator", "evaluator", "privacy_officer", "content_editor")
    for nobody in (committee.coordinator, committee.chair, committee.members[MEMBER], office):
        assert nobody.get(path).status_code in (403, 404)
        assert nobody.put(path, {"called": "Autre", "version": 1}).status_code in (403, 404)
    for where in (f"/participants/{named}?purpose=coordination", f"/participants?search={NAME}", f"/meetings?q={NAME}"):
        assert NAME not in committee.coordinator.get(where).text
    unwritten = committee.followed()
    assert pivot.get(f"/participants/{unwritten}/meeting-name").status_code == 404, "not before she agrees to that"


def test_of_two_who_write_it_the_second_is_shown_both_sides_and_no_earlier_name_is_kept(
    committee: Committee, named: str
) -> None:
    refused = write(committee, named, "Ondine", status=409)
    assert refused["code"] == "changed_meanwhile"
    assert (refused["yours"]["called"], refused["theirs"]["called"]) == ("Ondine", NAME)
    assert write(committee, named, "Ondine", version=1)["version"] == 2
    kept = "SELECT count(*) FROM meeting_names n JOIN participants p ON p.id = n.participant_id"
    all_of_them = committee.world.sql(f"{kept} GROUP BY p.id HAVING count(*) > 1")
    assert all_of_them == []


def test_the_trail_and_the_disclosures_say_who_heard_it_and_under_which_line(
    committee: Committee, meeting: dict[str, Any], named: str
) -> None:
    committee.lets(named, MEMBER, "meeting_name")
    item = committee.put(named, meeting)
    for person in (committee.members[MEMBER], committee.members["anonyme"]):
        committee.brief(person, meeting)
    left = "SELECT recipient FROM disclosures WHERE left_by_id = %s AND information = 'meeting_name'"
    assert committee.world.sql(left, item["id"]) == [(MEMBER,)]
    read = (
        "SELECT details, entries FROM trail_entries WHERE verb = 'meeting.brief_read' AND actor_id = %s ORDER BY at, id"
    )
    heard, entries = committee.world.sql(read, committee.members[MEMBER].id)[-1]
    assert heard["called"] == [item["id"]]
    assert len(entries) == 5
    assert "called" not in committee.world.sql(read, committee.members["anonyme"].id)[-1][0]
    hers = "SELECT participant_id FROM agenda_items WHERE id = %s"
    verbs = f"SELECT DISTINCT verb FROM trail_entries WHERE verb LIKE 'meeting_name.%%' AND subject_id = ({hers})"
    assert committee.world.sql(verbs, item["id"]) == [("meeting_name.written",)]


def test_she_reads_that_line_like_any_other(committee: Committee, named: str) -> None:
    committee.lets(named, MEMBER, "meeting_name")
    shown = page_of(committee, committee.pivot, f"participants/{named}/consents")
    assert "The name that they call you at their meeting" in shown
    together = committee.pivot.read(f"/participants/{named}/together")["open_to"]
    assert (MEMBER, "meeting_name", "discuss") in {(i["recipient"], i["information"], i["act"]) for i in together}
    (line,) = [each for each in together if (each["recipient"], each["information"]) == (MEMBER, "meeting_name")]
    why = committee.pivot.read(f"/participants/{named}/consents")["items"]
    assert line["id"] in str(why)


def test_the_page_keeps_the_name_and_says_who_may_hear_it(committee: Committee, named: str) -> None:
    committee.lets(named, MEMBER, "meeting_name")
    assert "committee/name" in page_of(committee, committee.pivot, f"participants/{named}/committee")
    page = page_of(committee, committee.pivot, f"participants/{named}/committee/name")
    assert f'value="{NAME}"' in page
    assert "Marie-Vincent" in page
    for nobody in (committee.coordinator, committee.members[MEMBER]):
        page_of(committee, nobody, f"participants/{named}/committee/name", status=404)
    unwritten = committee.followed()
    assert "committee/name" not in page_of(committee, committee.pivot, f"participants/{unwritten}/committee")
