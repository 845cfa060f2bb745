"""The inbox: what a list shows, what is found, who takes care of what, and that nobody else's words get there."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.encryption import Keyring
from spheres_core.referrals.duplicates import searched_marks
from spheres_core.referrals.queries.inbox import list_statement
from spheres_core.referrals.references import read_reference, reference_of
from spheres_core.testing import World
from tests.spheres_core.referrals.conftest import Office

BORN: dict[str, Any] = {"age_known": "birth_date", "age": None, "about__birth_date": "2009-05-06"}


def search(office: Office, text: str, **more: str) -> list[str]:
    """Ids that a search finds."""
    found = office.world.post(
        f"/t/{office.slug}/api/referrals/search", json={"text": text, **more}, headers=office.token
    )
    assert found.status_code == 200, found.text
    return [each["id"] for each in found.json()["items"]]


def assign(office: Office, id: str, assignee: str | None) -> Any:
    body = {"assignee": assignee}
    return office.world.post(f"/t/{office.slug}/api/referrals/{id}/assignee", json=body, headers=office.token)


def test_a_list_shows_by_what_colleagues_know_a_referral(office: Office) -> None:
    _, id = office.refer(name="Maïka", referrer_name="Dominique", referrer_organization="CLSC", phone="450 555-0231")
    office.wait(days=3)
    line = office.list()[0]

    assert line["reference"] == f"{id[-6:-3]}-{id[-3:]}".upper() == office.read(id)["reference"]
    assert (line["called"], line["referrer"], line["organization"]) == ("Maïka", "Dominique", "CLSC")
    assert (line["days_waiting"], line["assignee_id"], line["likely_duplicate"]) == (3, None, False)


def test_the_words_of_a_list_lie_sealed(office: Office) -> None:
    _, id = office.refer(name="Kanarika", referrer_name="Kanariku", phone="450 555-0232")
    ((row,),) = office.sql("SELECT to_jsonb(r)::text FROM referrals r WHERE id = %s", id)

    assert json.loads(row)["summary"]
    assert "Kanari" not in row


def test_settled_referrals_are_shown_when_asked_for(office: Office) -> None:
    _, id = office.refer(phone="450 555-0233")
    office.go(id, "entered_in_error")

    assert id not in [each["id"] for each in office.list()]
    assert id in [each["id"] for each in office.list(state="all")]
    settled = office.list(state="entered_in_error")
    assert settled[0]["id"] == id
    assert settled[0]["days_waiting"] is None


def test_the_oldest_come_first_when_asked_and_the_pages_do_not_overlap(office: Office) -> None:
    for _ in range(3):
        office.refer()
    newest, oldest = office.list(state="all"), office.list(state="all", sort="oldest")
    ids = [each["id"] for each in oldest]

    assert ids == sorted(ids)
    assert newest[0]["id"] > newest[-1]["id"]
    cursor = office.get("/api/referrals", params={"state": "all", "sort": "oldest"}).json()["next"]
    if cursor:
        assert office.get("/api/referrals", params={"sort": "newest", "cursor": cursor}).status_code == 422


def test_two_that_may_be_of_one_person_are_both_marked(office: Office) -> None:
    _, first = office.refer(phone="450 555-0234")
    assert not office.list()[0]["likely_duplicate"]
    _, second = office.refer(phone="(450) 555-0234 poste 2")
    marked = {each["id"]: each["likely_duplicate"] for each in office.list()}

    assert marked[first]
    assert marked[second]


def test_the_same_name_alone_makes_nobody_a_duplicate(office: Office) -> None:
    office.refer(name="Maude Roy", phone="450 555-0235")
    _, second = office.refer(name="Maude Roy", phone="450 555-0236")

    assert not office.list()[0]["likely_duplicate"]
    assert office.read(second)["likely_duplicates"] == []


@pytest.mark.parametrize(
    ("answers", "typed"),
    [
        ({"name": "Lætitia L'Heureux", "phone": "450 555-0241"}, "lheureux laetitia"),
        ({"name": "Lætitia L’Heureux", "phone": "450 555-0242"}, "L'HEUREUX, Lætitia"),
        ({"name": "Sacha", "phone": "450 555-0243"}, "(450) 555.0243 #4"),
        ({"name": "Sacha", "phone": "450 555-0244"}, "+1 450 555 0244"),
        ({"name": "Sacha", "phone": "450 555-0245", "referrer_name": "Noémie Côté"}, "cote noemie"),
        ({"name": "Sacha", "phone": "450 555-0246", "referrer_email": "noemie@example.org"}, " Noemie@Example.org"),
    ],
)
def test_an_exact_name_number_or_address_finds_its_referral(
    office: Office, answers: dict[str, str], typed: str
) -> None:
    _, id = office.refer(**answers)

    assert id in search(office, typed)


def test_a_reference_finds_its_referral_in_any_state(office: Office) -> None:
    _, id = office.refer(phone="450 555-0251")
    office.go(id, "entered_in_error")
    reference = office.read(id)["reference"]

    assert search(office, reference) == search(office, reference.lower().replace("-", " ")) == [id]
    assert search(office, reference, state="received") == []


def test_the_letters_of_a_reference_are_nobodys_initial() -> None:
    keys = Keyring(b"k" * 32).unwrap(UUID(int=5), Keyring(b"k" * 32).new_tenant_key(UUID(int=5)))

    assert searched_marks(keys, "4A1-352") == []
    assert {kind for kind, _ in searched_marks(keys, "A.")} == {"name", "referrer_name"}


@pytest.mark.parametrize("typed", ["Zoé", "Zoe Roi", "450 555-0299", "000-000", "%", "' OR 1=1", "zoe@", "\x00"])
def test_what_is_not_exact_finds_nothing(office: Office, typed: str) -> None:
    office.refer(name="Zoé Roy", phone="450 555-0252")

    assert search(office, typed) == []


def test_a_search_finds_nothing_of_another_region_and_leaves_no_words(north_and_south: World) -> None:
    north, south = Office(north_and_south), Office(north_and_south, "south")
    _, id = north.refer(name="Kanarina", phone="450 555-0253")

    assert (
        search(south, "Kanarina") == search(south, "450 555-0253") == search(south, north.read(id)["reference"]) == []
    )
    assert search(north, "Kanarina") == [id]
    written = north.sql("SELECT string_agg(to_jsonb(e)::text, ' ') FROM trail_entries e WHERE tenant_id = %s",
                        north.tenant_id)  # fmt: skip
    assert "Kanarina" not in str(written)


def test_who_may_not_read_referrals_may_not_search_them(office: Office) -> None:
    stranger = office.world.bearer(office.slug, "administrator")
    asked = office.world.post(f"/t/{office.slug}/api/referrals/search", json={"text": "x"}, headers=stranger)

    assert asked.status_code == 403


def test_a_referral_is_given_to_somebody_who_works_with_referrals_and_to_nobody_else(office: Office) -> None:
    _, id = office.refer(phone="450 555-0254")
    assert assign(office, id, str(uuid7())).status_code == 422
    assert assign(office, id, None).json()["assignee_id"] is None
    assert id in [each["id"] for each in office.list(assignee="nobody")]
    assert office.list(assignee="not an id") == []


@given(st.uuids())
def test_a_reference_is_read_however_it_is_typed(id: Any) -> None:
    reference = reference_of(id)

    for typed in (reference, reference.lower(), reference.replace("-", ""), f" {reference.replace('-', ' ')} "):
        assert read_reference(typed) == id.hex[-6:]
    assert read_reference(reference + "0") == ""


@pytest.mark.parametrize("asked", [set(), {"states"}, {"states", "unassigned"}])
def test_a_page_reads_the_newest_referrals_and_does_not_sort_all_of_a_region(office: Office, asked: set[str]) -> None:
    """By the plan that is kept for every page. In one statement for all filters, those left open made it sort."""
    office.refer(phone="450 555-0299")
    statement, _, _ = list_statement("newest", frozenset(asked)).compiled()
    named = "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute WHERE attrelid = 'referrals'::regclass"
    ((columns,),) = office.sql(f"{named} AND attnum > 0 AND NOT attisdropped AND attname NOT IN ('id', 'receipt_mark')")
    with psycopg.connect(office.world.urls.needed("owner")) as db:
        db.execute(
            f"INSERT INTO referrals (id, receipt_mark, {columns}) SELECT gen_random_uuid(),"
            f" uuid_send(gen_random_uuid()), {columns} FROM (SELECT * FROM referrals LIMIT 1) AS one,"
            " generate_series(1, 1500)"
        )
        db.execute("ANALYZE referrals")
        plan = "\n".join(row[0] for row in db.execute(f"EXPLAIN (GENERIC_PLAN) {statement}"))
        db.rollback()

    assert "Index Scan Backward using pk_referrals" in plan, plan
    assert "Sort" not in plan
