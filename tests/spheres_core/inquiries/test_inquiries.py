"""Inquiries of organizations elsewhere: sealed, apart from referrals, and without a third party against spam."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Final

import psycopg
import pytest

from spheres_core.audit.events.delivery import deliver
from spheres_core.staff.operations import accounts
from spheres_core.testing import World, definition

NOW: Final = dt.datetime(2026, 11, 21, 15, 0, tzinfo=dt.UTC)
PAGE: Final = "/t/north/fr/inquire"
WORDS: Final = {
    "organization": "Maison des Possibles",
    "region": "Abitibi",
    "name": "Mireille Example",
    "email": "mireille@exemple.ca",
    "message": "Par où commencer?\nAvec qui?",
    "language": "fr-CA",
}


@pytest.fixture(scope="module")
def north_and_south(shared_world: World) -> World:
    settings = {"notifications": {"channel": "file"}}
    return shared_world.renew(
        definition("north", "quebec", "montreal", settings=settings), definition("south", "quebec")
    )


@pytest.fixture
def world(north_and_south: World) -> World:
    """The same world on a day of its own, with nothing asked yet."""
    north_and_south.now = NOW
    with psycopg.connect(north_and_south.urls.needed("owner")) as db:
        for table in ("inquiries", "sign_in_attempts", "deliveries", "trail_entries"):
            db.execute(f"DELETE FROM {table}")
    return north_and_south


def slip_of(world: World) -> str:
    found = re.search(r'name="_once" value="([\w-]{24})"', world.get(PAGE).text)
    assert found is not None
    return found[1]


def ask(world: World, slip: str, *, after: float = 60, **words: str) -> Any:
    assert world.now is not None
    world.now += dt.timedelta(seconds=after)
    return world.post(PAGE, data={**WORDS, "_once": slip, **words})


def listed(world: World, slug: str = "north") -> list[dict[str, Any]]:
    answer = world.get(f"/t/{slug}/api/inquiries", headers=world.bearer(slug, "coordinator"))
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_an_organization_asks_on_the_page_and_the_team_reads_it_and_notes_the_answer(world: World) -> None:
    sent = ask(world, slip_of(world))
    assert sent.status_code == 201
    assert "reçu" in sent.text
    (found,) = listed(world)
    assert {name: found[name] for name in WORDS} == WORDS
    assert (found["state"], found["phone"]) == ("open", "")
    moving = f"/t/north/api/inquiries/{found['id']}/state"
    admin = world.bearer("north", "administrator")
    assert world.post(moving, json={"to": "answered"}, headers=admin).json()["state"] == "answered"
    assert world.post(moving, json={"to": "answered"}, headers=admin).status_code == 409
    assert world.post(moving, json={"to": "elsewhere"}, headers=admin).status_code == 409
    assert world.post(moving, json={"to": "closed"}, headers=admin).json()["state"] == "closed"
    assert world.post(moving, json={"to": "open"}, headers=world.bearer("north", "liaison")).status_code == 403
    other = moving.replace("north", "south")
    assert world.post(other, json={"to": "open"}, headers=world.bearer("south", "administrator")).status_code == 404
    assert listed(world, "south") == []


def test_what_was_asked_is_sealed_and_the_trail_has_codes_only(world: World) -> None:
    ask(world, slip_of(world))
    listed(world)
    with psycopg.connect(world.urls.needed("owner")) as db:
        rows = db.execute("SELECT to_jsonb(i)::text FROM inquiries i").fetchall()
        trail = db.execute("SELECT to_jsonb(e)::text FROM trail_entries e").fetchall()
        verbs = {verb for (verb,) in db.execute("SELECT verb FROM trail_entries").fetchall()}
    told = "\n".join(row[0] for row in (*rows, *trail))
    assert [word for word in (*WORDS.values(), "Mireille", "Possibles") if word in told and word != "fr-CA"] == []
    assert {"inquiry.received", "inquiries.listed"} <= verbs


def test_the_same_form_sent_twice_is_one_inquiry(world: World) -> None:
    slip = slip_of(world)
    assert [ask(world, slip).status_code for _ in range(3)] == [201, 201, 201]
    assert len(listed(world)) == 1


def test_a_machine_that_is_too_quick_fills_the_trap_or_brings_no_slip_is_asked_again_and_nothing_is_kept(
    world: World,
) -> None:
    slip = slip_of(world)
    quick = ask(world, slip, after=1)
    assert quick.status_code == 422
    assert WORDS["organization"] in quick.text, "what was typed is still there"
    assert slip in quick.text
    assert ask(world, slip, website="https://spam.example").status_code == 422
    forged = slip[:-1] + ("A" if slip[-1] != "A" else "B")
    for each in ("", "x", forged, "é" * 24, slip * 2):
        assert ask(world, each).status_code == 422
    assert ask(world, slip, after=90_000).status_code == 422, "opened the day before"
    assert listed(world) == []
    assert ask(world, slip_of(world)).status_code == 201, "a person is not kept out"


def test_each_missing_or_wrong_answer_is_named_and_nothing_is_kept(world: World) -> None:
    body = {name: WORDS[name] for name in ("organization", "region", "name", "message")}
    address = "/t/north/api/inquiries"
    for change, paths in (
        ({}, ["email"]),
        ({"email": "nothing"}, ["email"]),
        ({"phone": " ", "name": " "}, ["name", "email"]),
        ({"phone": "1", "message": "x" * 4001}, ["message", "phone"]),
        ({"phone": "819 555-0100", "language": "tlh"}, ["language"]),
    ):
        answer = world.post(address, json={**body, **change})
        assert answer.status_code == 422, change
        assert [each["path"] for each in answer.json()["errors"]] == paths
    assert listed(world) == []
    assert world.post(address, json={**body, "phone": "514 555 0100", "language": "en"}).status_code == 201
    assert listed(world)[0]["language"] == "en-CA"


def test_who_chose_messages_is_told_without_words(world: World, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPHERES_HOME", str(tmp_path))
    for email, roles in (("a@exemple.ca", ["administrator", "coordinator"]), ("b@exemple.ca", ["liaison"])):
        world.act(
            "north",
            lambda ctx, email=email, roles=roles: accounts.create_account(
                ctx, email, name="X", roles=roles, password="un chat dort sous la lune", chooses_referral_mail=True
            ),
        )
    ask(world, slip_of(world))
    with psycopg.connect(world.urls.needed("owner")) as db:
        ((entry,),) = db.execute("SELECT id FROM trail_entries WHERE verb = 'inquiry.received'").fetchall()
    world.run(deliver(world.runtime, "north", entry))
    (letter,) = (tmp_path / "outgoing" / "north").glob("*.eml")
    text = letter.read_text()
    assert "a@exemple.ca" in text
    assert "Possibles" not in text
    with psycopg.connect(world.urls.needed("owner")) as db:
        db.execute("DELETE FROM staff")
