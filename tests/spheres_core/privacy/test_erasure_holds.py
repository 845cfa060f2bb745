"""A hold beats an erasure: who watches over private information places it, looks at it again and lifts it."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from uuid import UUID

import psycopg
import pytest

from spheres_core.foundation.content.readable_codes import new_readable_code
from spheres_core.referrals.operations import subject_data
from spheres_core.referrals.queries.erasure_holds import ErasureHeld
from spheres_core.testing import World, definition
from tests.spheres_core.privacy.test_incidents import NOW, Office
from tests.spheres_core.support.test_advice import everything_stored

WHY: Final = "Ordonnance de conservation du 25 novembre. Loutre grise."
HOLDS: Final = "../erasure-holds"


@pytest.fixture
def office(shared_world: World) -> Any:
    world = shared_world.renew(definition("north", "quebec", "montreal"), now=NOW)
    yield Office(world)
    world.http.cookies.clear()
    with psycopg.connect(world.urls.needed("owner")) as db:
        db.execute("DELETE FROM staff")


@pytest.fixture
def referral(office: Office) -> str:
    assert office.world.refer("north").status_code == 201
    ((id,),) = office.world.sql("SELECT id FROM referrals")
    return str(id)


def erase(office: Office, referral: str) -> None:
    world = office.world
    world.run(subject_data.erase(world.runtime, world.loaded("north"), UUID(referral), reason="schedule"))


def test_while_it_is_held_nothing_is_erased_and_once_lifted_it_is(office: Office, referral: str) -> None:
    posted = {"referral": referral, "reason": WHY, "review_on": "2026-12-20"}
    held = office.post(f"/{HOLDS}", **posted).json()
    assert (held["reason"], held["placed_by"], held["to_review"]) == (WHY, "Une privacy_officer", False)
    assert "Loutre grise" not in everything_stored(office.world)

    with pytest.raises(ErasureHeld):
        erase(office, referral)
    assert office.world.sql("SELECT count(*) FROM referrals") == [(1,)]
    assert office.world.sql("SELECT count(*) FROM trail_entries WHERE verb = 'referral.erasure_begun'") == [(0,)]

    office.world.now = NOW + dt.timedelta(days=30)
    office.be("privacy_officer")
    (due,) = office.get(f"/{HOLDS}").json()["items"]
    assert due["to_review"], "its day has come"
    with pytest.raises(ErasureHeld):
        erase(office, referral)
    on = {"version": 1, "review_on": "2027-03-01"}
    assert office.post(f"/{HOLDS}/{held['id']}/review", **on).json()["review_on"] == "2027-03-01"
    stale = office.post(f"/{HOLDS}/{held['id']}/lift", version=1)
    assert (stale.status_code, stale.json()["code"]) == (409, "changed_meanwhile")
    lifted = office.post(f"/{HOLDS}/{held['id']}/lift", version=2).json()
    assert lifted["lifted_by"] == "Une privacy_officer"
    assert office.post(f"/{HOLDS}/{held['id']}/lift", version=3).json()["code"] == "erasure_hold_lifted"

    erase(office, referral)

    assert office.world.sql("SELECT count(*) FROM referrals") == [(0,)]
    assert office.world.sql("SELECT count(*) FROM erasure_holds") == [(0,)], "its words go along"
    verbs = {row[0] for row in office.world.sql("SELECT verb FROM trail_entries WHERE subject_id = %s", referral)}
    assert {"erasure_hold.placed", "erasure_hold.reviewed", "erasure_hold.lifted", "referral.erased"} <= verbs


@pytest.mark.parametrize("role", ["coordinator", "administrator", "pivot_worker"])
def test_nobody_else_holds_an_erasure_or_sees_what_is_held(office: Office, referral: str, role: str) -> None:
    posted = {"referral": referral, "reason": WHY, "review_on": "2026-12-20"}
    assert office.post(f"/{HOLDS}", **posted).status_code == 201
    assert office.get(f"/{HOLDS}", role).status_code == 403
    assert office.post(f"/{HOLDS}", role, **posted).status_code == 403
    assert office.page("/erasure-holds").status_code == 403
    machine = office.world.bearer("north", "privacy_officer")
    office.world.http.cookies.clear()
    assert office.world.post("/t/north/api/erasure-holds", json=posted, headers=machine).status_code == 403


def test_what_does_not_fit_is_said_and_words_about_somebody_are_pointed_out(office: Office, referral: str) -> None:
    posted = {"referral": referral, "reason": WHY, "review_on": "2026-12-20"}
    today = office.post(f"/{HOLDS}", **{**posted, "review_on": "2026-11-29"})
    assert (today.status_code, today.json()["errors"][0]["path"]) == (422, "review_on")
    nobody = office.post(f"/{HOLDS}", **{**posted, "referral": "0199a0de-0000-7000-8000-000000000000"})
    assert nobody.status_code == 404
    named = office.post(f"/{HOLDS}", **{**posted, "reason": "Pour Maëlle Tremblay."})
    assert (named.status_code, named.json()["code"]) == (409, "identifiers_found")
    coded = office.post(f"/{HOLDS}", **{**posted, "reason": new_readable_code(), "confirmed": True})
    assert (coded.status_code, coded.json()["code"]) == (422, "participant_code_found")


def test_the_page_places_looks_again_and_lifts(office: Office, referral: str) -> None:
    office.be("privacy_officer")
    form = {"act": "place", "which": referral, "reason": WHY, "review_on": "2026-12-20"}
    for wrong, place in (
        ({"which": "x"}, "which"),
        ({"which": " "}, "which"),
        ({"which": "0199a0de-0000-7000-8000-000000000000"}, "which"),
        ({"which": "XXXX-XXXX-XXXX"}, "which"),
        ({"review_on": "soon"}, "review_on"),
        ({"reason": " "}, "reason"),
    ):
        refused = office.page("/erasure-holds", "en", **{**form, **wrong})
        assert (refused.status_code, f'id="q-{place}-problem"' in refused.text) == (422, True), place
    assert office.page("/erasure-holds", "en", **form).status_code == 303
    shown = office.page("/erasure-holds", "en").text
    assert WHY in shown
    assert "by Une privacy_officer" in shown
    first_page = office.page("/privacy", "en").text
    assert "Held erasures" in first_page
    ((id,),) = office.world.sql("SELECT id FROM erasure_holds")
    again = {"act": "review", "hold": str(id), "version": "1"}
    assert office.page("/erasure-holds", "en", **again, review_on="").status_code == 422
    assert office.page("/erasure-holds", "en", **again, review_on="2027-01-15").status_code == 303
    lift = {"act": "lift", "hold": str(id), "version": "1"}
    assert office.page("/erasure-holds", "en", **lift).status_code == 409
    assert office.page("/erasure-holds", "en", **{**lift, "version": "2"}).status_code == 303
    assert "Lifted" in office.page("/erasure-holds", "en").text
