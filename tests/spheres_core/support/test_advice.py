"""The advice desk: asked without an account or an identity, answered by code, deleted when closed."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Final

import psycopg
import pytest

from spheres_core.audit.events.delivery import deliver
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.operations import accounts
from spheres_core.support.operations.closed_requests import close_due
from spheres_core.testing import World, definition

NOW: Final = dt.datetime(2026, 11, 29, 15, 0, tzinfo=dt.UTC)
PAGE: Final = "/t/north/fr/advice"
API: Final = "/t/north/api/advice"
SITUATION: Final = "Une jeune de 15 ans de notre foyer reçoit des cadeaux d’un ami plus âgé. Zibeline mauve."
ANSWERS: Final = {
    "situation": SITUATION,
    "question": "Comment ouvrir la conversation? Pastille orange.",
    "age_band": "14-17",
    "equipped": 3,
    "you": {
        "requester_organization": "Foyer du Vieux-Moulin",
        "requester_name": "Solange Untel",
        "requester_phone": "514-555-0199",
        "requester_email": "solange@exemple.ca",
    },
}
TYPED: Final = ("Zibeline mauve", "Pastille orange", "Vieux-Moulin", "Solange Untel", "555-0199", "solange@exemple.ca")
REPLY: Final = "Parlez d’abord de ce qui compte pour elle. Girafe turquoise."


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
        for table in ("advice_requests", "sign_in_attempts", "deliveries", "trail_entries", "idempotency_answers"):
            db.execute(f"DELETE FROM {table}")
    return north_and_south


def ask(world: World, slug: str = "north", *, answers: dict[str, Any] | None = None, **more: Any) -> Any:
    return world.post(f"/t/{slug}/api/advice", json={"language": "fr", "answers": answers or ANSWERS, **more})


def desk(world: World, slug: str = "north") -> dict[str, str]:
    return world.bearer(slug, "clinical_support")


def only(world: World) -> dict[str, Any]:
    (found,) = world.get(API, headers=desk(world)).json()["items"]
    shown: dict[str, Any] = world.get(f"{API}/{found['id']}", headers=desk(world)).json()
    return shown


def answer(world: World, reply: str = REPLY) -> dict[str, Any]:
    line = only(world)["line"]
    sent = {"version": line["version"], "how": "answer", "reply": reply}
    answered = world.post(f"{API}/{line['id']}/answer", json=sent, headers=desk(world))
    assert answered.status_code == 200, answered.text
    shown: dict[str, Any] = answered.json()
    return shown


def words_kept(world: World) -> list[str]:
    """Returns what is kept of every request's words, as whoever holds the key file reads it."""

    async def opening(ctx: Context) -> list[str]:
        rows = await ctx.db.sql("SELECT id, answers, reply FROM advice_requests")
        return [
            ctx.keys.open("advice_requests", id, column, sealed).decode()
            for id, answers, reply in rows
            for column, sealed in (("answers", answers), ("reply", reply))
            if sealed is not None
        ]

    return world.act("north", opening)


def everything_stored(world: World) -> str:
    """Returns every row of every table as text, sealed columns too."""
    with psycopg.connect(world.urls.needed("owner")) as db:
        tables = db.execute(
            "SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) FROM information_schema.tables"
            " WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'"
        ).fetchall()
        return "\n".join(
            str(row) for (table,) in tables for (row,) in db.execute(f"SELECT t::text FROM {table} AS t").fetchall()
        )


def test_a_professional_asks_without_an_account_and_reads_the_answer_with_the_code(world: World) -> None:
    sent = ask(world)
    assert sent.status_code == 201, sent.text
    receipt = {"receipt": sent.json()["receipt"]}
    assert world.post(f"{API}/receipts", json=receipt).json()["state"] == "received"

    line = only(world)["line"]
    assert (line["equipped_before"], line["state"], line["language"]) == (3, "received", "fr-CA")
    taken = world.post(f"{API}/{line['id']}/take", json={"version": line["version"]}, headers=desk(world)).json()
    assert taken["line"]["state"] == "assigned"
    assert next(each["answer"] for each in taken["answers"]) == SITUATION
    answer(world)

    read = world.post(f"{API}/receipts", json=receipt).json()
    assert (read["state"], read["reply"], read["answered_how"]) == ("answered", REPLY, "answer")
    rated = world.post(f"{API}/receipts/equipped", json={**receipt, "equipped": 7}).json()
    assert (rated["equipped_before"], rated["equipped_after"]) == (3, 7)
    assert world.post(f"{API}/receipts", json={"receipt": "AAAA-AAAA-AAAA"}).status_code == 404


def test_identifiers_are_named_with_their_places_and_nothing_is_stored_until_decided(world: World) -> None:
    told: dict[str, Any] = {**ANSWERS, "situation": "Maëlle Tremblay, née le 3 mai 2010, vit au foyer. Zibeline mauve."}
    refused = ask(world, answers=told)
    assert refused.status_code == 409
    problem = refused.json()
    assert problem["code"] == "identifiers_found"
    assert [(each["question"], each["kind"]) for each in problem["places"]] == [
        ("situation", "name"),
        ("situation", "birth_date"),
    ]
    first = problem["places"][0]
    assert told["situation"][first["start"] : first["end"]] == "Maëlle Tremblay"
    assert words_kept(world) == []
    assert "Zibeline" not in everything_stored(world)
    assert world.get(API, headers=desk(world)).json()["items"] == []

    assert ask(world, answers=told, confirmed=True).status_code == 201
    assert len(words_kept(world)) == 1


@pytest.mark.parametrize("by", ["desk", "receipt", "time"])
def test_after_closing_no_row_holds_what_was_typed(world: World, by: str) -> None:
    receipt = {"receipt": ask(world).json()["receipt"]}
    shown = answer(world)
    kept = "\n".join(words_kept(world))
    assert all(typed in kept for typed in (*TYPED, "Girafe turquoise")), "the control: an open request holds them"

    if by == "desk":
        closing = {"version": shown["line"]["version"]}
        closed = world.post(f"{API}/{shown['line']['id']}/close", json=closing, headers=desk(world))
        assert closed.json()["answers"] == []
    elif by == "receipt":
        assert world.post(f"{API}/receipts/close", json=receipt).json()["state"] == "closed"
    else:
        assert world.act("north", close_due) == 0
        world.now = NOW + dt.timedelta(days=31)
        assert world.act("north", close_due) == 1

    assert words_kept(world) == []
    stored = everything_stored(world)
    assert not [typed for typed in (*TYPED, "Girafe turquoise") if typed in stored]
    read = world.post(f"{API}/receipts", json=receipt).json()
    assert (read["state"], read["reply"], read["equipped_before"]) == ("closed", "", 3)
    assert world.post(f"{API}/receipts/referral", json=receipt).status_code == 409


def test_while_a_request_is_open_its_words_are_sealed(world: World) -> None:
    ask(world)
    answer(world)
    stored = everything_stored(world)
    assert not [typed for typed in (*TYPED, "Girafe turquoise") if typed in stored]


def test_a_referral_is_begun_with_what_was_typed_and_nothing_is_sent(world: World) -> None:
    receipt = ask(world).json()["receipt"]
    drafted = world.post(f"{API}/receipts/referral", json={"receipt": receipt}).json()["answers"]
    assert drafted["referrer"]["referrer_name"] == "Solange Untel"
    assert drafted["referrer"]["referrer_phone"] == "514-555-0199"
    assert drafted["about"]["age_band"] == "14-17"
    assert only(world)["line"]["state"] == "referral_drafted"
    assert (
        world.get("/t/north/api/referrals?state=all", headers=world.bearer("north", "coordinator")).json()["items"]
        == []
    )

    page = world.post("/t/north/fr/advice/receipt/referral", data={"receipt": receipt})
    assert page.status_code == 200
    assert 'value="Solange Untel"' in page.text and "Zibeline" not in page.text
    assert 'action="/t/north/fr/refer"' in page.text


def test_a_second_writer_is_refused_with_both_sides_and_a_closed_request_stays_closed(world: World) -> None:
    ask(world)
    line = answer(world)["line"]
    stale = {"version": line["version"] - 1, "how": "call", "reply": "Autre chose."}
    refused = world.post(f"{API}/{line['id']}/answer", json=stale, headers=desk(world))
    assert refused.status_code == 409
    assert refused.json()["code"] == "changed_meanwhile"
    assert refused.json()["theirs"]["reply"] == REPLY
    world.post(f"{API}/{line['id']}/close", json={"version": line["version"]}, headers=desk(world))
    again = {"version": line["version"] + 1, "how": "call", "reply": "Autre chose."}
    assert world.post(f"{API}/{line['id']}/answer", json=again, headers=desk(world)).status_code == 409


def test_only_the_desk_reads_requests_and_another_region_does_not_know_them(world: World) -> None:
    receipt = {"receipt": ask(world).json()["receipt"]}
    id = only(world)["line"]["id"]
    assert world.get(API, headers=world.bearer("north", "liaison")).status_code == 403
    assert world.get(API).status_code == 401
    assert world.get(f"/t/south/api/advice/{id}", headers=desk(world, "south")).status_code == 404
    assert world.post("/t/south/api/advice/receipts", json=receipt).status_code == 404


def test_the_page_asks_without_javascript_shows_what_was_found_and_sends_it_when_confirmed(world: World) -> None:
    opened = world.get(PAGE)
    assert opened.status_code == 200
    hidden = dict(re.findall(r'name="(_once|_version)" value="([^"]*)"', opened.text))
    typed = {**hidden, "situation": "Maëlle vit au foyer.", "question": "Que faire?", "equipped": "2"}
    found = world.post(PAGE, data=typed)
    assert found.status_code == 409
    assert "<mark>Maëlle</mark>" in found.text and "un nom" in found.text
    assert "Que faire?" in found.text
    sent = world.post(PAGE, data={**typed, "_confirmed": "yes"})
    assert sent.status_code == 201, sent.text
    code = "-".join(re.findall(r"<span>([A-Z0-9]{4})</span>", sent.text))
    answer(world)
    read = world.post(f"{PAGE}/receipt", data={"receipt": code.lower()})
    assert "Girafe turquoise" in read.text
    unchosen = world.post(f"{PAGE}/receipt/equipped", data={"receipt": code})
    assert unchosen.status_code == 422
    assert world.post(f"{PAGE}/receipt/equipped", data={"receipt": code, "equipped": "8"}).status_code == 200
    closed = world.post(f"{PAGE}/receipt/close", data={"receipt": code})
    assert closed.status_code == 200 and "Girafe turquoise" not in closed.text
    assert only(world)["line"]["equipped_after"] == 8


def test_the_desk_works_on_its_pages(world: World) -> None:
    ask(world)
    id = only(world)["line"]["id"]
    password = "un chat dort sous la lune"
    world.act(
        "north",
        lambda ctx: accounts.create_account(
            ctx, "desk@exemple.ca", name="Andrée", roles=["clinical_support"], password=password
        ),
    )
    entered = world.post("/t/north/fr/sign-in", data={"email": "desk@exemple.ca", "password": password})
    assert entered.headers["location"] == "/t/north/fr/advice/requests"
    place = f"/t/north/fr/advice/requests/{id}"
    assert id in world.get("/t/north/fr/advice/requests").text
    shown = world.get(place).text
    assert "Zibeline mauve" in shown
    csrf = re.search(r'name="_csrf" value="([^"]+)"', shown)
    assert csrf is not None

    def act(name: str, version: int, **more: str) -> Any:
        return world.post(place, data={"_csrf": csrf[1], "act": name, "version": str(version), **more})

    assert act("take", 1).status_code == 303
    missing = act("answer", 2, how="call", reply=" ")
    assert missing.status_code == 422 and "Zibeline mauve" in missing.text
    assert act("answer", 2, reply=REPLY).status_code == 422
    assert act("answer", 1, how="call", reply="Autre chose.").status_code == 409
    assert act("answer", 2, how="call", reply=REPLY).status_code == 303
    assert act("close", 3).status_code == 303
    assert "Zibeline mauve" not in world.get(place).text
    world.http.cookies.clear()
    with psycopg.connect(world.urls.needed("owner")) as db:
        db.execute("DELETE FROM staff")


def test_who_may_answer_and_chose_messages_is_told_without_words(
    world: World, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPHERES_HOME", str(tmp_path))

    async def employ(ctx: Context) -> None:
        for email, roles in (("a@exemple.ca", ["clinical_support"]), ("b@exemple.ca", ["liaison"])):
            await accounts.create_account(
                ctx, email, name="X", roles=roles, password="un chat dort sous la lune", chooses_referral_mail=True
            )

    world.act("north", employ)
    ask(world)
    with psycopg.connect(world.urls.needed("owner")) as db:
        ((entry,),) = db.execute("SELECT id FROM trail_entries WHERE verb = 'advice.received'").fetchall()
    world.run(deliver(world.runtime, "north", entry))
    (letter,) = (tmp_path / "outgoing" / "north").glob("*.eml")
    text = letter.read_text()
    assert "a@exemple.ca" in text
    assert not [typed for typed in TYPED if typed in text]
    with psycopg.connect(world.urls.needed("owner")) as db:
        db.execute("DELETE FROM staff")
