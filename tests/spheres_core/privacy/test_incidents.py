"""The register of incidents: sealed words about nobody, a judgment by a person, and nobody else reads it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Final

import httpx
import psycopg
import pytest

from spheres_core.foundation.content.readable_codes import new_readable_code
from spheres_core.privacy.operations.incident_retention import count_due_incidents, erase_incidents
from spheres_core.staff.operations import accounts
from spheres_core.testing import World, definition
from tests.spheres_core.support.test_advice import everything_stored

NOW: Final = dt.datetime(2026, 11, 29, 15, 0, tzinfo=dt.UTC)
API: Final = "/t/north/api/incidents"
PAGES: Final = "/t/north/{}/staff"
PASSWORD: Final = "un chat dort sous la lune"
LOST: Final[dict[str, Any]] = {
    "kind": "lost_device", "found_on": "2026-11-27", "happened_on": "2026-11-26", "persons": 12,
    "happened": "Un téléphone verrouillé est resté au restaurant. Lynx argenté.",
    "done": "Effacé à distance. Martre grise.",
}  # fmt: skip
JUDGED: Final = {**LOST, "risk": "no", "risk_reason": "Rien ne se lit sans le mot. Renard polaire."}
PEOPLE: Final = ("privacy_officer", "administrator", "coordinator", "pivot_worker", "evaluator")


class Office:
    """Members of staff, who act one at a time, each signed in."""

    def __init__(self, world: World) -> None:
        self.world = world
        for role in PEOPLE:
            world.act(
                "north",
                lambda ctx, role=role: accounts.create_account(
                    ctx, f"{role}@exemple.ca", name=f"Une {role}", roles=[role], password=PASSWORD
                ),
            )
        self._csrf, self._now = "", ""

    def be(self, role: str) -> httpx.Response:
        self.world.http.cookies.clear()
        entered = self.world.post("/t/north/fr/sign-in", data={"email": f"{role}@exemple.ca", "password": PASSWORD})
        assert entered.status_code == 303, entered.text
        found = re.search(r'name="_csrf" value="([^"]+)"', self.world.get("/t/north/fr/account").text)
        assert found is not None
        self._csrf, self._now = found[1], role
        return entered

    def get(self, path: str = "", role: str = "privacy_officer") -> httpx.Response:
        if self._now != role:
            self.be(role)
        return self.world.get(f"{API}{path}")

    def post(self, path: str = "", role: str = "privacy_officer", **body: Any) -> httpx.Response:
        if self._now != role:
            self.be(role)
        return self.world.post(f"{API}{path}", json=body, headers={"x-csrf-token": self._csrf})

    def page(self, path: str, language: str = "fr", **fields: str) -> httpx.Response:
        address = f"{PAGES.format(language)}{path}"
        if fields:
            return self.world.post(address, data={"_csrf": self._csrf, **fields})
        return self.world.get(address)


@pytest.fixture
def office(shared_world: World) -> Any:
    world = shared_world.renew(definition("north", "quebec", "montreal"), now=NOW)
    yield Office(world)
    world.http.cookies.clear()
    with psycopg.connect(world.urls.needed("owner")) as db:
        for table in ("incidents", "staff"):
            db.execute(f"DELETE FROM {table}")


def recorded(office: Office, **more: Any) -> dict[str, Any]:
    made = office.post(**{**LOST, **more})
    assert made.status_code == 201, made.text
    found: dict[str, Any] = made.json()
    return found


def test_an_incident_is_written_down_judged_told_of_and_closed_and_then_stays(office: Office) -> None:
    made = recorded(office)
    id = made["line"]["id"]
    assert (made["line"]["state"], made["line"]["risk"], made["recorded_by"]) == (
        "open", "not_yet", "Une privacy_officer",
    )  # fmt: skip
    early = office.post(f"/{id}/close", version=1)
    assert (early.status_code, early.json()["code"]) == (409, "risk_not_judged")
    told = {"commission_told_on": "2026-11-28", "persons_told_on": "2026-11-29"}
    judged = office.post(f"/{id}", version=1, **{**JUDGED, **told}).json()
    assert judged["judged_by"] == "Une privacy_officer"
    assert {name: judged["line"][name] for name in told} == told
    stale = office.post(f"/{id}", version=1, **JUDGED)
    assert (stale.status_code, stale.json()["code"]) == (409, "changed_meanwhile")
    assert office.post(f"/{id}/close", version=2).json()["line"]["state"] == "closed"
    late = office.post(f"/{id}", version=3, **JUDGED)
    assert (late.status_code, late.json()["code"]) == (409, "incident_closed")
    assert [each["id"] for each in office.get().json()["items"]] == [id]
    verbs = [row[0] for row in office.world.sql("SELECT verb FROM trail_entries WHERE subject_kind = 'incident'")]
    assert {"incident.recorded", "incident.changed", "incident.closed", "incident.read"} <= set(verbs)


def test_an_incident_is_under_investigation_until_its_end_is_written_and_closes_only_then(office: Office) -> None:
    goes_on = {"investigated_by": "La direction des enquêtes de l’est.", "investigated_since": "2026-11-28"}
    id = recorded(office, **JUDGED, **goes_on)["line"]["id"]
    (line,) = office.get().json()["items"]
    assert (line["investigated_since"], line["investigated_until"]) == ("2026-11-28", None)
    assert office.get(f"/{id}").json()["investigated_by"] == goes_on["investigated_by"]
    assert "enquêtes de l’est" not in everything_stored(office.world)
    for page in ("/incidents", f"/incidents/{id}"):
        assert "Under investigation" in office.page(page, "en").text, page
    assert "Under investigation: 1" in office.page("/privacy", "en").text
    early = office.post(f"/{id}/close", version=1)
    assert (early.status_code, early.json()["code"]) == (409, "investigation_goes_on")
    ended = office.post(f"/{id}", version=1, **JUDGED, **goes_on, investigated_until="2026-11-29").json()
    assert ended["line"]["investigated_until"] == "2026-11-29"
    assert "Under investigation" not in office.page("/incidents", "en").text
    assert "Under investigation" not in office.page("/privacy", "en").text
    assert office.post(f"/{id}/close", version=2).json()["line"]["state"] == "closed"


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ({"investigated_by": "Un corps de police"}, "investigated_since"),
        ({"investigated_since": "2026-11-28"}, "investigated_by"),
        ({"investigated_by": "Un corps de police", "investigated_since": "2026-12-01"}, "investigated_since"),
        ({"investigated_by": "Un corps de police", "investigated_since": "2026-11-28",
          "investigated_until": "2026-11-27"}, "investigated_until"),
    ],
)  # fmt: skip
def test_an_investigation_has_an_office_and_days_that_fit(office: Office, said: dict[str, str], path: str) -> None:
    refused = office.post(**{**LOST, **said})
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, path)


def test_its_words_are_sealed_at_rest_and_stand_in_no_trail(office: Office) -> None:
    id = recorded(office, **JUDGED)["line"]["id"]
    words = ("Lynx argenté", "Martre grise", "Renard polaire")
    opened = office.get(f"/{id}").text
    assert all(each in opened for each in words), "the control: who keeps the register reads them"
    stored = everything_stored(office.world)
    assert [each for each in words if each in stored] == []


@pytest.mark.parametrize("role", PEOPLE[1:])
def test_no_other_role_reads_or_writes_the_register(office: Office, role: str) -> None:
    id = recorded(office)["line"]["id"]
    answers = [office.get("", role), office.get(f"/{id}", role), office.post("", role, **LOST)]
    answers += [office.post(f"/{id}", role, version=1, **LOST), office.post(f"/{id}/close", role, version=1)]
    answers += [office.page("/incidents"), office.page(f"/incidents/{id}"), office.page("/privacy")]
    answers += [office.page("/privacy/openings")]
    assert {each.status_code for each in answers} == {403}
    assert "Lynx" not in "".join(each.text for each in answers)


def test_an_unknown_incident_is_not_there_and_a_machine_judges_nothing(office: Office) -> None:
    assert office.get("/01890000-0000-7000-8000-000000000000").status_code == 404
    machine = office.world.bearer("north", "privacy_officer")
    office.world.http.cookies.clear()
    assert office.world.post(API, json=LOST, headers=machine).status_code == 403


def test_a_code_is_refused_and_what_identifies_is_pointed_out_before_anything_is_kept(office: Office) -> None:
    for field in ("happened", "done", "risk_reason"):
        coded = office.post(**{**JUDGED, field: f"À propos de {new_readable_code()}.", "confirmed": True})
        assert (coded.status_code, coded.json()["code"]) == (422, "participant_code_found"), field
        named = office.post(**{**JUDGED, field: "Le message à Maëlle Tremblay."})
        assert (named.status_code, named.json()["code"]) == (409, "identifiers_found"), field
    assert office.get().json()["items"] == []
    assert office.post(**{**LOST, "done": "Le message à Maëlle Tremblay.", "confirmed": True}).status_code == 201


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"found_on": "2026-12-01"}, "found_on"),
        ({"happened_on": "2026-11-28"}, "happened_on"),
        ({"commission_told_on": "2026-12-24"}, "commission_told_on"),
        ({"risk": "yes"}, "risk_reason"),
        ({"happened": "  "}, "happened"),
    ],
)
def test_days_to_come_and_judgments_without_a_reason_are_refused_at_their_field(
    office: Office, wrong: dict[str, str], path: str
) -> None:
    refused = office.post(**{**LOST, **wrong})
    assert (refused.status_code, refused.json()["code"]) == (422, "incident_invalid")
    assert [each["path"] for each in refused.json()["errors"]] == [path]


@pytest.mark.parametrize(("language", "closes"), [("fr", "Fermer l’incident"), ("en", "Close the incident")])
def test_the_register_works_on_pages(office: Office, language: str, closes: str) -> None:
    office.be("privacy_officer")
    page = lambda path, **fields: office.page(path, language, **fields)  # noqa: E731
    form = {name: str(value) for name, value in {**LOST, "risk": "not_yet"}.items()}
    assert page("/incidents/new", **{**form, "kind": "", "persons": "douze"}).status_code == 422
    named = page("/incidents/new", **{**form, "happened": "Envoyé à Maëlle Tremblay."})
    assert named.status_code == 409 and "<mark>Maëlle Tremblay</mark>" in named.text
    made = page("/incidents/new", **form)
    assert made.status_code == 303
    id = office.get().json()["items"][0]["id"]
    assert id in page("/incidents").text
    shown = page(f"/incidents/{id}").text
    assert "Lynx argenté" in shown and closes in shown
    assert page(f"/incidents/{id}", act="close", version="1").status_code == 409
    judged = {**form, "risk": "no", "risk_reason": "Verrouillé."}
    assert page(f"/incidents/{id}", act="change", version="1", **judged).status_code == 303
    assert page(f"/incidents/{id}", act="change", version="1", **judged).status_code == 409
    assert page(f"/incidents/{id}", act="close", version="2").status_code == 303
    assert closes not in page(f"/incidents/{id}").text


def test_they_are_kept_without_limit_unless_the_region_says_how_long(office: Office) -> None:
    id = recorded(office, **JUDGED)["line"]["id"]
    still = recorded(office)["line"]["id"]
    assert office.post(f"/{id}/close", version=1).status_code == 200
    office.world.forward(days=40 * 366)
    assert office.world.act("north", erase_incidents) == 0
    office.be("privacy_officer")
    assert {each["id"] for each in office.get().json()["items"]} == {id, still}


def test_a_region_may_say_after_how_many_years_a_closed_one_is_erased(shared_world: World) -> None:
    settings = {"privacy": {"incident_years": 5}}
    world = shared_world.renew(definition("north", "quebec", "montreal", settings=settings), now=NOW)
    office = Office(world)
    id, still = (recorded(office, **JUDGED)["line"]["id"] for _ in range(2))
    assert office.post(f"/{id}/close", version=1).status_code == 200
    within = dt.timedelta(days=5 * 366)
    assert world.act("north", lambda ctx: count_due_incidents(ctx, within)) == 1
    assert world.act("north", lambda ctx: count_due_incidents(ctx, dt.timedelta(days=30))) == 0
    erased = []
    for days in (5 * 365 - 10, 5 * 366):
        world.now = NOW + dt.timedelta(days=days)
        erased.append(world.act("north", erase_incidents))
    assert erased == [0, 1]
    assert [str(row[0]) for row in world.sql("SELECT id FROM incidents")] == [still]
    told = "SELECT subject_id FROM trail_entries WHERE verb = 'incident.erased'"
    assert [str(row[0]) for row in world.sql(told)] == [id]
    world.now = NOW
    world.http.cookies.clear()
    with psycopg.connect(world.urls.needed("owner")) as db:
        for table in ("incidents", "staff"):
            db.execute(f"DELETE FROM {table}")
