"""A partner is asked for what fits and for what she agreed to, sees that and nothing else, and only while it lasts."""

from __future__ import annotations

from typing import Any, Final, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spheres_core.plans.request_states import ENDED, LEADS_TO, OURS, refusal, steps_from
from spheres_core.plans.schemas.requests import RequestState
from tests.spheres_core.followups.conftest import TODAY, Person, Team
from tests.spheres_core.plans.test_needs import NEED

ORGANIZATION: Final = "marie_vincent"
SERVICE: Final = "marie_vincent_psychotherapy"
WHAT: Final = "Elle aimerait parler à quelqu’un, pas un homme"
REQUEST: Final = {"service": SERVICE, "need": "mental_health", "what": WHAT, "age": 19, "language": "fr",
                  "area": "montreal"}  # fmt: skip
states = st.sampled_from(get_args(RequestState))


def lets(team: Team, code: str, *classes: str, recipient: str = ORGANIZATION) -> str:
    """She lets a partner see these classes for the service; returns the consent."""
    lines = [{"recipient": recipient, "information": each, "purpose": "service"} for each in classes]
    given = {"kind": "information", "given_on": TODAY, "how": "spoken", "giver": "herself", "age": 19, "lines": lines}
    return str(team.pivot.do(f"/participants/{code}/consents", given)["id"])


@pytest.fixture(scope="module")
def liaison(team_of_module: Team) -> Person:
    return Person(team_of_module, "liaison", organization=ORGANIZATION)


@pytest.fixture
def code(team: Team) -> str:
    """Somebody whom the pivot worker follows, who lets services be asked for."""
    begun = team.begin(pivot=team.pivot.id)
    team.agree(begun["participant"], "service_requests", "needs_and_plan", "own_words")
    return str(begun["participant"])


def send(team: Team, code: str, **changed: Any) -> dict[str, Any]:
    return team.pivot.do(f"/participants/{code}/requests", REQUEST | changed)  # type: ignore[no-any-return]


def answer(person: Person, request: dict[str, Any], to: str, *, status: int = 200, **more: Any) -> Any:
    body = {"to": to, "version": request["version"], **more}
    return person.do(f"/requests/{request['id']}/answer", body, status=status)


def asked_of(liaison: Person, *made: dict[str, Any]) -> list[dict[str, Any]]:
    """Which of these requests a liaison reads."""
    ids = {each["id"] for each in made}
    return [each for each in liaison.read("/requests")["items"] if each["id"] in ids]


def test_nothing_leaves_that_she_did_not_agree_to(team: Team, code: str, liaison: Person) -> None:
    path = f"/participants/{code}/requests"
    before = liaison.read("/requests")["items"]
    refused = team.pivot.post(path, REQUEST)
    assert (refused.status_code, refused.json()["code"]) == (403, "disclosure_not_covered")
    assert team.pivot.read(path)["items"] == []

    lets(team, code, "service_requests")
    refused = team.pivot.post(path, REQUEST | {"shares": ["needs_and_plan"]})
    assert (refused.status_code, refused.json()["information"]) == (403, "needs_and_plan")
    assert team.pivot.post(path, REQUEST | {"shares": ["identity"]}).json()["code"] == "not_shareable"
    assert liaison.read("/requests")["items"] == before

    made = send(team, code)
    assert (made["state"], made["organization"], made["what"]) == ("sent", ORGANIZATION, WHAT)
    assert team.pivot.read(f"{path}/{made['id']}") == made
    assert team.pivot.read(f"/participants/{code}")["classes"]["service_requests"]["requests"]["items"] == [made]
    ((left,),) = team.world.sql("SELECT count(*) FROM disclosures WHERE left_by_id = %s", made["id"])
    assert left == 1


def test_the_liaison_sees_what_the_consent_lets_through_and_nothing_else(
    team: Team, code: str, liaison: Person
) -> None:
    lets(team, code, "service_requests")
    team.pivot.do(f"/participants/{code}/needs", NEED)
    made = send(team, code, exception="Note pour l’équipe seulement")

    (seen,) = asked_of(liaison, made)

    assert seen == {
        "id": made["id"], "version": 1, "service": SERVICE, "need": "mental_health", "what": WHAT, "age": 19,
        "language": "fr", "area": "montreal", "state": "sent", "answer": "", "bypasses_waiting_list": True,
        "on": TODAY, "steps": ["acknowledged", "accepted", "waitlisted", "declined"], "participant": None, "extra": {},
    }  # fmt: skip
    nowhere = liaison.get("/participants/XXXX-XXXX-XXXX")
    for path in ("", "/needs", "/requests", "/timeline", "/safe-contact"):
        answered = liaison.get(f"/participants/{code}{path}")
        assert (answered.status_code, answered.content) == (404, nowhere.content)
    assert liaison.read("/participants")["items"] == []


def test_no_other_organization_sees_it_nor_answers_it(team: Team, code: str, liaison: Person) -> None:
    lets(team, code, "service_requests", "participation")
    lets(team, code, "service_requests", "participation", recipient="spvm")
    made = send(team, code)
    theirs = send(team, code, service="les_survivantes", shares=["participation"])
    police = Person(team, "liaison", organization="spvm")
    answer(police, theirs, "accepted")

    assert [each["id"] for each in asked_of(police, made, theirs)] == [theirs["id"]]
    assert [each["id"] for each in police.read(f"/participants/{code}/requests")["items"]] == [theirs["id"]]
    assert police.get(f"/participants/{code}/requests/{made['id']}").status_code == 404
    nobody = Person(team, "liaison").get("/requests")
    assert (nobody.status_code, nobody.json()["items"]) == (200, []), "who works for no organization is asked nothing"
    for person in (police, Person(Team(team.world, "south"), "liaison", organization=ORGANIZATION)):
        assert person.post(f"/requests/{made['id']}/answer", {"to": "accepted", "version": 1}).status_code == 404
    for path, body in (("requests", REQUEST), ("service-gaps", {"need": "food"})):
        assert liaison.post(f"/participants/{code}/{path}", body).status_code == 404, "partners ask for nothing"
    cancelled = {"to": "cancelled", "version": 1}
    assert liaison.post(f"/participants/{code}/requests/{made['id']}/answer", cancelled).status_code == 404
    assert liaison.get(f"/participants/{code}/service-gaps").status_code == 404


def test_an_accepted_request_opens_what_is_shared_and_its_end_closes_it(team: Team, code: str, liaison: Person) -> None:
    lets(team, code, "service_requests", "participation", "needs_and_plan")
    team.pivot.do(f"/participants/{code}/needs", NEED)
    made = send(team, code, shares=["participation", "needs_and_plan"])
    assert liaison.get(f"/participants/{code}/needs").status_code == 404, "it was not accepted yet"

    seen = answer(liaison, made, "acknowledged")
    seen = answer(liaison, seen, "accepted", words="Première rencontre mardi")

    assert (seen["state"], seen["answer"]) == ("accepted", "Première rencontre mardi")
    (need,) = liaison.read(f"/participants/{code}/needs")["items"]
    assert (need["what"], need["her_words"]) == (NEED["what"], None)
    assert liaison.post(f"/participants/{code}/strengths", {"what": "x", "identified_by": "worker"}).status_code == 404
    assert asked_of(liaison, made)[0]["participant"] == code
    mine = team.pivot.read(f"/participants/{code}/requests/{made['id']}")
    assert (mine["state"], mine["answer"], mine["version"]) == ("accepted", "Première rencontre mardi", 3)
    left = team.world.sql("SELECT information FROM disclosures WHERE left_by_id = %s ORDER BY 1", made["id"])
    assert [each for (each,) in left] == ["needs_and_plan", "participation", "service_requests"]

    seen = answer(liaison, seen, "in_service")
    assert answer(liaison, seen, "completed", status=422)["errors"][0]["path"] == "outcome"
    assert answer(liaison, seen, "completed", outcome="met")["steps"] == []

    assert asked_of(liaison, made) == []
    for path in ("", "/needs", "/requests"):
        assert liaison.get(f"/participants/{code}{path}").status_code == 404
    assert team.pivot.read(f"/participants/{code}/requests/{made['id']}")["outcome"] == "met"


def test_what_she_takes_back_is_closed_to_the_partner_at_once(team: Team, code: str, liaison: Person) -> None:
    asked = lets(team, code, "service_requests")
    shared = lets(team, code, "participation", "needs_and_plan")
    made = send(team, code, shares=["participation", "needs_and_plan"])
    team.pivot.do(f"/participants/{code}/consents/{shared}/withdraw", status=200)
    seen = answer(liaison, made, "accepted")
    assert seen["participant"] is None
    assert liaison.get(f"/participants/{code}/needs").status_code == 404, "taken back before it was accepted"
    ((opened,),) = team.world.sql("SELECT count(*) FROM standings WHERE opened_by_id = %s", made["id"])
    assert opened == 1

    team.pivot.do(f"/participants/{code}/consents/{asked}/withdraw", status=200)

    assert asked_of(liaison, made) == []
    assert answer(liaison, seen, "in_service", status=404)["code"] == "not_found"


def test_an_excluded_organization_is_asked_for_nothing_and_sees_nothing(team: Team, code: str, liaison: Person) -> None:
    lets(team, code, "service_requests")
    made = send(team, code)
    team.pivot.do(f"/participants/{code}/exclusions", {"kind": "refusal", "organization": ORGANIZATION})
    assert asked_of(liaison, made) == []
    assert answer(liaison, made, "accepted", status=404)["code"] == "not_found"
    assert team.pivot.post(f"/participants/{code}/requests", REQUEST).status_code == 403


def test_a_service_fits_or_somebody_says_why_it_is_asked_for(team: Team, code: str) -> None:
    lets(team, code, "service_requests")
    path = f"/participants/{code}/requests"
    age = "UPDATE services SET content = jsonb_set(content, '{ages}', %s) WHERE key = %s"
    team.world.sql(age, "[12, 17]", SERVICE)
    found = team.pivot.read(f"{path}/services?age=19&language=fr&area=montreal", **{"accept-language": "en"})
    of = {each["service"]: each for each in found["services"]}
    assert of[SERVICE]["verdict"] == "no"
    assert ("age", "against", "For ages 12 to 17, not 19.") in [tuple(each.values()) for each in of[SERVICE]["reasons"]]
    refused = team.pivot.post(path, REQUEST, **{"accept-language": "en"})
    assert (refused.status_code, refused.json()["code"]) == (422, "service_does_not_fit")
    assert refused.json()["reasons"] == ["For ages 12 to 17, not 19."]

    assert send(team, code, exception="Elle a été suivie là à 17 ans")["exception"] == "Elle a été suivie là à 17 ans"

    team.world.sql(age, "[12, 24]", SERVICE)
    assert send(team, code)["exception"] == ""
    assert team.pivot.post(path, REQUEST | {"service": "no_such_service"}).json()["code"] == "service_unknown"
    conflict = team.pivot.post(path, REQUEST | {"service": "en_marge_shelter", "exception": "quand même"})
    assert (conflict.status_code, conflict.json()["code"]) == (409, "conflict_of_interest")


def test_whoever_takes_part_does_not_wait_where_the_agreement_says_so(team: Team, code: str) -> None:
    lets(team, code, "service_requests")
    lets(team, code, "service_requests", recipient="spvm")
    assert send(team, code)["bypasses_waiting_list"]
    assert not send(team, code, service="les_survivantes")["bypasses_waiting_list"]


def test_of_two_who_answer_at_once_the_second_sees_both_sides(team: Team, code: str, liaison: Person) -> None:
    lets(team, code, "service_requests")
    made = send(team, code)
    answer(liaison, made, "acknowledged")
    told = answer(liaison, made, "accepted", status=409)
    assert (told["yours"]["to"], told["theirs"]["state"]) == ("accepted", "acknowledged")
    mine = team.pivot.post(f"/participants/{code}/requests/{made['id']}/answer", {"to": "cancelled", "version": 1})
    assert (mine.status_code, mine.json()["theirs"]["state"]) == (409, "acknowledged")
    taken_back = {"to": "cancelled", "version": 2}
    done = team.pivot.do(f"/participants/{code}/requests/{made['id']}/answer", taken_back, status=200)
    assert (done["state"], asked_of(liaison, made)) == ("cancelled", [])


def test_that_nobody_can_is_recorded_for_who_plans_services(team: Team, code: str) -> None:
    path = f"/participants/{code}/service-gaps"
    gap = {"need": "housing", "age": 19, "language": "en", "area": "montreal", "note": "Aucune place avant mars"}
    made = team.pivot.do(path, gap)
    assert {name: made[name] for name in gap} == gap
    assert team.pivot.read(path)["items"] == [made]
    assert team.pivot.post(path, gap | {"need": "no_such_need"}).status_code == 422
    ((need, area),) = team.world.sql("SELECT need, area FROM service_gaps WHERE id = %s", made["id"])
    assert (need, area) == ("housing", "montreal")


@given(states, states, st.booleans(), st.sampled_from([None, "full"]), st.sampled_from([None, "met"]))
def test_a_request_goes_only_where_the_table_says(
    state: Any, to: Any, partner: bool, reason: Any, outcome: Any
) -> None:
    refused = refusal(state, to, partner=partner, reason=reason, outcome=outcome)
    assert (refused == "step_forbidden") == (to not in LEADS_TO[state] or (partner and to in OURS))
    if refused is None:
        assert (reason is not None) == (to == "declined")
        assert (outcome is not None) == (to in ("completed", "ended_early"))
    assert (steps_from(state, partner=False) == ()) == (state in ENDED)
