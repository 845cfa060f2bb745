"""Each form of her file in which words are typed: kept for later, offered, taken back, and ended by its act."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final
from urllib.parse import parse_qsl

import pytest

from tests.journeys.page_forms import PageForm, ReadPage
from tests.spheres_core.followups.conftest import TODAY, Person, Team
from tests.spheres_core.plans.conftest import put
from tests.spheres_core.plans.test_needs import CHANGED, NEED, STRENGTH
from tests.spheres_core.plans.test_requests import REQUEST, SERVICE, lets

WORDS: Final = "Elle n’a pas fini\nde le dire"
ENCOUNTER: Final = {"state": "held", "kind": "phone", "at": "2026-11-23T14:30:00Z", "note": "La première"}
GOING: Final = {"kind": "clinic", "state": "planned", "at": "2026-11-23T14:00:00Z", "who_goes": ["pivot"]}
OUTING: Final = {"activity": "museum", "at": "2026-11-30T14:00:00Z", "place": "Au coin", "seats": 3}
FORMS: Final[dict[str, tuple[str, str, dict[str, str]]]] = {
    "encounter": ("encounters/new", "note", {}),
    "addendum": ("encounters/{encounter}", "text", {}),
    "accompaniment": (
        "accompaniments", "what",
        {"kind": "clinic", "state": "planned", "day": "2026-11-30", "time": "10:00"},
    ),
    "accompaniment of a record": ("accompaniments/{accompaniment}", "how_it_went", {"state": "held"}),
    "legal_step": (
        "legal-steps", "wish_words", {"kind": "court", "state": "planned", "day": "2026-11-30", "time": "10:00"},
    ),
    "outing_invitation": ("activities", "expects", {"outing": "{outing}", "how": "encounter", "answer": "yes"}),
    "outing_answer": ("activities/{invitation}", "expects", {"answer": "later"}),
    "strength_found": ("activities/{invitation}", "what", {"identified_by": "both"}),
    "participation_step_closing": ("participation", "note", {}),
    "vulnerable_date": ("dates", "note", {"on": "2027-01-01"}),
    "reporting_decision": (
        "reporting-decisions", "reason",
        {"decision": "not_reported", "recipient": "police", "told": "before", "decided_on": TODAY},
    ),
    "strength": ("plan/strength", "what", {"identified_by": "herself"}),
    "strength of a record": ("plan/strength?strength={strength}", "what", {}),
    "need": ("plan/need#{strength}", "met_by", {"need": str(NEED["need"]), "identified_by": "both"}),
    "need of a record": ("plan/need?need={need}", "met_by", {}),
    "goal": ("plan/goal", "words", {"proposed_by": "herself"}),
    "goal of a record": ("plan/goal?goal={goal}", "words", {}),
    "goal_stage": ("plan/goal?goal={goal}", "note", {"placed_by": "herself", "stage": "preparation"}),
    "cycle_stage": ("cycle-stages", "note", {"stage": "crisis"}),
    "emergency_plan": ("emergency-plan/write", "section_signs", {"language": "fr-CA"}),
    "agenda_item": ("committee/new", "question", {"meeting": "{next}", "asked": "nothing_to_say", "told_on": TODAY}),
    "meeting_name": ("committee/name", "called", {}),
    "recommendation_told": ("committee/recommendations/{recommendation}", "told", {"on": TODAY}),
    "recommendation_result": ("committee/recommendations/{recommendation}", "result", {"state": "done"}),
    "service_request": ("requests/new", "what", {"service": SERVICE, "need": str(REQUEST["need"]), "act": "send"}),
    "request_answer": ("requests#{request}", "words", {"to": "acknowledged"}),
    "safe_contact_phone": ("safe-contact/channels/phone", "value", {}),
    "safe_contact_around": ("safe-contact/around-her", "around.0.instruction", {"around.0.relation": "parent"}),
    "consent_research": (
        "consents/new?kind=research", "words",
        {"until": "none", "giver": "herself", "age": "19", "how": "spoken", "given_on": TODAY},
    ),
}  # fmt: skip
"""By form: its address below her file, a field in which words are typed, and what else its act needs."""
ONE_LINE: Final = {"safe_contact_phone", "accompaniment", "meeting_name"}


class Records(dict[str, str]):
    """Ids of records of one file, each written when it is first asked for."""

    def __init__(self, team: Team, code: str) -> None:
        self.team, self.code, self.do = team, code, team.pivot.do
        self.file = f"/participants/{code}"

    def __missing__(self, name: str) -> str:
        self[name] = str(getattr(self, f"_{name}")())
        return self[name]

    def _strength(self) -> Any:
        return self.do(f"{self.file}/strengths", {"what": STRENGTH, "identified_by": "both"})["id"]

    def _need(self) -> Any:
        return self.do(f"{self.file}/needs", NEED)["id"]

    def _goal(self) -> Any:
        return self.do(f"{self.file}/goals", {"words": "Dormir chez moi", "proposed_by": "herself"})["id"]

    def _encounter(self) -> Any:
        return self.do(f"{self.file}/encounters", ENCOUNTER)["id"]

    def _accompaniment(self) -> Any:
        return self.do(f"{self.file}/accompaniments", GOING)["id"]

    def _request(self) -> Any:
        return self.do(f"{self.file}/requests", REQUEST)["id"]

    def _outing(self) -> Any:
        return self.do("/activities", OUTING)["items"][0]["id"]

    def _invitation(self) -> Any:
        return self.do(f"{self.file}/activities", {"outing": self._outing(), "how": "encounter"})["id"]

    def _next(self) -> Any:
        return self._meeting("2027-01-07T14:00:00Z")

    @cached_property
    def chair(self) -> Person:
        """Somebody who sits in the committee."""
        chair = Person(self.team, "coordinator", "committee_member", name="Dominique Roy")
        self.team.coordinator.do("/committee-seats", {"body": "clinical", "staff": chair.id, "starts": TODAY})
        return chair

    def _meeting(self, at: str) -> Any:
        assert self.chair
        return self.team.coordinator.do("/meetings", {"body": "clinical", "at": at, "place": "Salle 3"})["id"]

    def _recommendation(self) -> Any:
        """Puts her on the agenda of a meeting that recommends something."""
        by, chair = self.team.coordinator, self.chair
        meeting = self._meeting("2026-12-03T14:00:00Z")
        item = {"participant": self.code, "question": "Où dormir ?", "asked": "nothing_to_say", "told_on": TODAY}
        self.do(f"/meetings/{meeting}/agenda", item)
        by.do(f"/meetings/{meeting}/presence", {"staff": [chair.id]}, status=200)
        made = {"item": 1, "what": "Un logement près de chez elle", "owner": chair.id, "due_on": "2026-12-10",
                "contributed": [chair.id]}  # fmt: skip
        return chair.do(f"/meetings/{meeting}/recommendations", made)["id"]


class Desk:
    """The pivot worker at the forms of one file."""

    def __init__(self, team: Team) -> None:
        self.team = team
        self.code = str(team.begin(pivot=team.pivot.id)["participant"])
        team.agree(self.code, "encounters", "needs_and_plan", "stages", "own_words", "service_requests", "safe_contact")
        team.agree(self.code, "legal", "emergency_plan", "activities", "committee", "meeting_name")
        lets(team, self.code, "service_requests")
        lines = [
            {"recipient": "*team", "information": each, "purpose": "committee", "act": "discuss"}
            for each in ("committee", "participation")
        ]
        given = {"kind": "information", "given_on": TODAY, "how": "spoken", "giver": "herself", "age": 19}
        team.pivot.do(f"/participants/{self.code}/consents", given | {"lines": lines})
        self.records = Records(team, self.code)

    def page(self, address: str) -> str:
        if not address.startswith("/t/"):
            address = f"/t/{self.team.slug}/en/staff/participants/{self.code}/{address.format_map(self.records)}"
        answer = self.team.world.get(address, headers={"cookie": self.team.pivot.headers["cookie"]})
        assert answer.status_code == 200, answer.text
        return answer.text

    def form(self, name: str, address: str) -> PageForm:
        """The form of this name on a page."""
        named = ("_draft_form", name.removesuffix(" of a record"))
        (found,) = [each for each in ReadPage(self.page(address), is_open=True).forms if named in each.fields]
        return found

    def press(self, form: PageForm, button: tuple[str, str], **values: str) -> str:
        """Posts a form as a browser would with these values; returns where it leads."""
        fields = [each for each in form.fields if each[0] not in values]
        body = dict_of([*fields, *values.items(), *([button] if button[0] else [])])
        headers = {"cookie": self.team.pivot.headers["cookie"]}
        answer = self.team.world.post(form.action, data=body, headers=headers)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    def drafts(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.team.pivot.read(f"/participants/{self.code}/drafts")["drafts"]
        return found


def dict_of(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


@pytest.fixture
def desk(team: Team) -> Desk:
    return Desk(team)


@pytest.mark.parametrize("name", FORMS)
def test_it_is_kept_offered_taken_back_and_ended_by_its_act(desk: Desk, name: str) -> None:
    address, field, needed = FORMS[name]
    needed = {key: value.format_map(desk.records) for key, value in needed.items()}
    typed = WORDS.replace("\n", " ") if name in ONE_LINE else WORDS
    if name == "addendum":
        assert desk.records["encounter"]
        desk.team.world.forward(days=1)
        desk.team.pivot.sign_in()
    desk.press(desk.form(name, address), ("_draft_keep", "yes"), **needed, **{field: typed})
    (draft,) = desk.drafts()
    assert draft["form"] == name.removesuffix(" of a record")
    assert draft["values"][field] == typed

    offered = ReadPage(desk.page(address))
    (onward,) = [each.value for each in offered.stops if each.element == "a" and str(draft["copy"]) in each.value]
    assert typed not in dict(desk.form(name, address).fields).get(field, ""), "it is put in only when she says so"
    again = desk.form(name, onward)
    assert (field, typed) in again.fields

    act = dict(parse_qsl("act=send")) if "act" in needed else {}
    desk.press(again, ("", ""), **needed | act)
    assert desk.drafts() == []


def test_each_form_that_the_rooms_declare_is_tried_here(desk: Desk) -> None:
    plugins = desk.team.world.loaded(desk.team.slug).plugins
    declared = {form.name for section in plugins.file_sections for form in section.drafts}
    alike = ("safe_contact_", "consent_", "participation_step_")
    tried = {name.removesuffix(" of a record") for name in FORMS}
    assert {each for each in declared - tried if not each.startswith(alike)} == set()
    assert tried <= declared


def test_what_was_typed_of_one_channel_or_consent_is_never_offered_for_another(desk: Desk) -> None:
    desk.press(desk.form("safe_contact_phone", "safe-contact/channels/phone"), ("_draft_keep", "yes"), value="514")
    assert "You began this" in desk.page("safe-contact/channels/phone")
    assert "You began this" not in desk.page("safe-contact/channels/text")
    research = desk.form("consent_research", "consents/new?kind=research")
    desk.press(research, ("_draft_keep", "yes"), words=WORDS)
    assert "You began this" in desk.page("consents/new?kind=research")
    assert "You began this" not in desk.page("consents/new?kind=care")


def test_boxes_that_are_ticked_come_back_all_and_alone(desk: Desk) -> None:
    form = desk.form("goal", "plan/goal")
    needs = {str(NEED["need"]), "food"}
    headers = {"cookie": desk.team.pivot.headers["cookie"]}
    body = dict_of([*form.fields, ("words", WORDS), *(("needs", each) for each in needs), ("_draft_keep", "yes")])
    assert desk.team.world.post(form.action, data=body, headers=headers).status_code == 303
    (draft,) = desk.drafts()
    again = desk.form("goal", f"plan/goal?draft={draft['copy']}")
    assert {value for name, value in again.fields if name == "needs"} == needs


def test_a_draft_of_something_that_was_written_anew_shows_both_sides(desk: Desk) -> None:
    address = "plan/need?need={need}"
    desk.press(desk.form("need", address), ("_draft_keep", "yes"), met_by=WORDS)
    (draft,) = desk.drafts()
    path = f"/participants/{desk.code}/needs/{desk.records['need']}"
    changed = put(desk.team.pivot, path, {**CHANGED, "version": 1, "met_by": "Chez sa tante"})
    assert changed.status_code == 200, changed.text
    page = desk.page(f"{address}&draft={draft['copy']}")
    assert "What stands there now" in page
    assert "Chez sa tante" in page
    assert ("version", "2") in desk.form("need", f"{address}&draft={draft['copy']}").fields


def test_my_day_says_of_each_draft_in_which_form_about_whom_and_when_and_leads_back_to_it(desk: Desk) -> None:
    for name in ("need", "goal_stage"):
        address, field, needed = FORMS["need of a record" if name == "need" else name]
        desk.press(desk.form(name, address), ("_draft_keep", "yes"), **needed, **{field: WORDS})
        desk.team.world.forward(minutes=1)
    day = desk.team.pivot.read("/my-day", **{"accept-language": "en"})
    (part,) = [each for each in day["more"] if each["name"] == "drafts"]
    lines = [each for each in part["lines"] if each["participant"] == desk.code]
    assert [each["text"].partition(",")[0] for each in lines] == ["Where she stands with a goal", "Need"]
    assert lines[0]["text"] != lines[1]["text"]

    page = ReadPage(desk.page(f"/t/{desk.team.slug}/en/staff/my-day"))
    copies = {each["copy"] for each in desk.drafts()}
    onward = [each.value for each in page.stops if each.element == "a" and any(copy in each.value for copy in copies)]
    assert len(onward) == 2
    assert all(WORDS in desk.page(each).replace("&#39;", "’") for each in onward)
