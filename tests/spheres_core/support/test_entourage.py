"""Support for close ones: asked for with a code of one's own, given by who accompanies them, and leading to no file."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Final

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spheres_core.audit.events.delivery import deliver
from spheres_core.foundation.content.readable_codes import ALPHABET, new_readable_code
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.operations import accounts
from spheres_core.support.entourage_codes import new_entourage_code
from spheres_core.support.operations.retention import erase_due
from spheres_core.support.participant_codes import find_participant_codes
from spheres_core.testing import World, definition
from tests.spheres_core.consents.acts import add
from tests.spheres_core.support.planted_texts import MEASURED, clean
from tests.spheres_core.support.test_advice import everything_stored

NOW: Final = dt.datetime(2026, 11, 29, 15, 0, tzinfo=dt.UTC)
API: Final = "/t/north/api/entourage"
PAGE: Final = "/t/north/fr/entourage"
ASK: Final = "Je dors mal depuis des semaines et je ne sais plus quoi dire à la maison. Loutre mauve."
REACH: Final = {
    "way": "call",
    "contact": "514-555-0177",
    "when": "Le midi, jamais le soir. Héron rouge.",
    "message": False,
}
ASKED: Final = {"ask": ASK, "reach": REACH, "called": "Dominique Caillou", "language": "fr"}
NOTE: Final = {"day": "2026-11-29", "kind": "call", "words": "Nous avons parlé de repos. Blaireau vert."}
OFFER: Final = {"kind": "group", "words": "Un groupe de parents le mardi. Tortue bleue.", "day": "2026-12-08"}
TYPED: Final = ("Loutre mauve", "555-0177", "Héron rouge", "Dominique Caillou", "Blaireau vert", "Tortue bleue")


@pytest.fixture(scope="module")
def north_and_south(shared_world: World) -> World:
    settings = {"notifications": {"channel": "file"}}
    return shared_world.renew(
        definition("north", "quebec", "montreal", settings=settings), definition("south", "quebec")
    )


@pytest.fixture
def world(north_and_south: World) -> World:
    """The same world on a day of its own, with nobody who asked yet."""
    north_and_south.now = NOW
    with psycopg.connect(north_and_south.urls.needed("owner")) as db:
        for table in ("entourage_records", "sign_in_attempts", "deliveries", "trail_entries", "idempotency_answers"):
            db.execute(f"DELETE FROM {table}")
    return north_and_south


def ask(world: World, slug: str = "north", **more: Any) -> Any:
    return world.post(f"/t/{slug}/api/entourage", json={**ASKED, **more})


def worker(world: World, slug: str = "north") -> dict[str, str]:
    return world.bearer(slug, "clinical_support")


def only(world: World) -> dict[str, Any]:
    (found,) = world.get(f"{API}/records", headers=worker(world)).json()["items"]
    shown: dict[str, Any] = world.get(f"{API}/records/{found['id']}", headers=worker(world)).json()
    return shown


def act(world: World, name: str, **body: Any) -> Any:
    return world.post(f"{API}/records/{only(world)['line']['id']}/{name}", json=body, headers=worker(world))


def given_support(world: World) -> str:
    """Has somebody ask and be supported. Returns their code."""
    code = ask(world).json()["code"]
    assert act(world, "take", version=1).status_code == 200
    assert act(world, "notes", **NOTE).status_code == 201
    assert act(world, "offers", **OFFER).status_code == 201
    return str(code)


def test_a_close_person_asks_without_an_account_is_supported_and_answers_with_a_code(world: World) -> None:
    code = given_support(world)
    own = world.post(f"{API}/own", json={"code": code.lower()}).json()
    assert (own["state"], own["ask"], own["supported_on"]) == ("accompanied", ASK, ["2026-11-29"])
    assert "Blaireau" not in str(own), "what was noted is given by hand, so that a code that was seen tells less"
    offer = own["offers"][0]
    answered = {"code": code, "offer": offer["id"], "answer": "accepted"}
    assert world.post(f"{API}/own/answer", json=answered).json()["offers"][0]["state"] == "accepted"

    elsewhere = {"way": "only_here"}
    assert world.post(f"{API}/own/reach", json={"code": code, "reach": elsewhere}).json()["reach"]["contact"] == ""
    record = only(world)
    assert record["reach"]["way"] == "only_here"
    assert record["notes"][0]["words"] == NOTE["words"]
    assert record["line"]["code"] == code
    assert world.post(f"{API}/own/close", json={"code": code}).json()["state"] == "closed"
    assert act(world, "notes", **NOTE).status_code == 409
    assert world.post(f"{API}/own", json={"code": new_entourage_code()}).status_code == 404


def test_a_way_to_be_reached_needs_a_number_or_an_address(world: World) -> None:
    refused = ask(world, reach={"way": "text"})
    assert refused.status_code == 422
    assert [each["path"] for each in refused.json()["errors"]] == ["reach.contact"]


def test_codes_of_close_ones_are_no_codes_of_participants_and_neither_opens_the_other(world: World) -> None:
    code = ask(world).json()["code"]
    assert re.fullmatch(rf"(?:[{ALPHABET}]{{3}}-){{3}}[{ALPHABET}]{{3}}", code)
    assert len({new_entourage_code() for _ in range(2000)}) == 2000

    hers = world.act("north", add).code
    assert world.post(f"{API}/own", json={"code": hers}).status_code == 404
    coordinator = world.bearer("north", "coordinator")
    for typed in (code, code.replace("-", "")):
        assert world.get(f"/t/north/api/participants/{typed}", headers=coordinator).status_code == 404


@pytest.mark.parametrize("where", ["ask", "called", "reach", "note", "offer"])
@pytest.mark.parametrize("written", ["{}", "dossier {}.", "voir /staff/participants/{}/plan"])
def test_a_participants_code_is_refused_everywhere_with_its_place_and_cannot_be_confirmed(
    world: World, where: str, written: str
) -> None:
    code = new_readable_code()
    text = f"Bonjour, {written.format(code)}"
    if where in ("note", "offer"):
        ask(world)
        kept = {"note": NOTE, "offer": OFFER}[where]
        refused = act(world, f"{where}s", **{**kept, "words": text, "confirmed": True})
    else:
        value: Any = {**REACH, "when": text} if where == "reach" else text
        refused = ask(world, **{where: value, "confirmed": True})
    assert refused.status_code == 422
    problem = refused.json()
    assert problem["code"] == "participant_code_found"
    place = problem["places"][0]
    assert text[place["start"] : place["end"]] == code
    assert code not in everything_stored(world)


@given(st.lists(st.sampled_from(ALPHABET), min_size=12, max_size=12), st.sampled_from(["-", "–"]))
def test_a_code_as_it_is_printed_is_always_found(letters: list[str], between: str) -> None:
    code = between.join("".join(letters[at : at + 4]) for at in (0, 4, 8))
    found = [*find_participant_codes(f"Elle: {code}, dit-on.")]
    assert len(found) == (0 if "".join(letters).isdecimal() else 1)


def test_codes_are_found_however_they_are_typed_and_sentences_are_not_codes() -> None:
    codes = [new_readable_code() for _ in range(2000)]
    ways = [lambda c: c, str.lower, lambda c: c.replace("-", " "), lambda c: c.replace("-", "")]
    missed = [way(code) for code in codes for way in ways if not [*find_participant_codes(way(code))]]
    assert len(missed) <= 0.02 * len(codes) * len(ways)
    assert not [code for code in codes if code in missed], "as it is printed, each is found"
    plain = [
        *clean(MEASURED, 7, 500),
        "They care that much",
        "ELLE DORT MAL CHEZ MOI TOUT LE TEMPS",
        "THEY HATE THAT",
        "well-kept-home",
    ]
    assert [text for text in plain if [*find_participant_codes(text)]] == []
    assert not [code for code in (new_entourage_code() for _ in range(2000)) if [*find_participant_codes(code)]]


def test_what_names_the_young_person_is_pointed_out_and_nothing_is_kept_until_decided(world: World) -> None:
    text = "Ma fille Maëlle Tremblay, née le 3 mai 2010, ne rentre plus."
    refused = ask(world, ask=text)
    assert refused.status_code == 409
    kinds = {(text[each["start"] : each["end"]], each["kind"]) for each in refused.json()["places"]}
    assert ("Maëlle Tremblay", "name") in kinds
    assert world.get(f"{API}/records", headers=worker(world)).json()["items"] == []
    assert ask(world, ask=text, confirmed=True).status_code == 201
    note = act(world, "notes", **{**NOTE, "words": text})
    assert (note.status_code, note.json()["code"]) == (409, "identifiers_found")


def test_only_those_who_accompany_read_records_and_another_region_does_not_know_them(world: World) -> None:
    code = ask(world).json()["code"]
    id = only(world)["line"]["id"]
    for role in ("liaison", "administrator", "pivot_worker", "privacy_officer", "committee_member"):
        assert world.get(f"{API}/records", headers=world.bearer("north", role)).status_code == 403
        assert world.get(f"{API}/records/{id}", headers=world.bearer("north", role)).status_code == 403
    assert world.get(f"{API}/records").status_code == 401
    assert world.get(f"/t/south/api/entourage/records/{id}", headers=worker(world, "south")).status_code == 404
    assert world.post("/t/south/api/entourage/own", json={"code": code}).status_code == 404


def test_all_words_are_sealed_and_a_closed_record_is_erased_when_its_time_is_over(world: World) -> None:
    given_support(world)
    kept = str(only(world))
    assert all(typed in kept for typed in TYPED), "the control: who accompanies them reads all of it"
    stored = everything_stored(world)
    assert not [typed for typed in (*TYPED, only(world)["line"]["code"]) if typed in stored]

    closed = act(world, "close", version=only(world)["line"]["version"]).json()
    assert closed["erased_on"] == "2027-11-29"
    world.now = NOW + dt.timedelta(days=364)
    assert world.act("north", erase_due) == 0
    world.now = NOW + dt.timedelta(days=365, hours=1)
    assert world.act("north", erase_due) == 1
    assert [world.sql(f"SELECT count(*) FROM {each}") for each in TABLES] == [[(0,)]] * 3
    assert world.sql("SELECT count(*) FROM trail_entries WHERE verb = 'entourage.erased'") == [(1,)]


TABLES: Final = ("entourage_records", "entourage_notes", "entourage_offers")


def test_a_second_writer_is_refused_with_both_sides(world: World) -> None:
    ask(world)
    id = only(world)["line"]["id"]
    changed = {"version": 1, "ask": "Autrement.", "reach": REACH}
    assert world.request("PUT", f"{API}/records/{id}", json=changed, headers=worker(world)).status_code == 200
    refused = world.request("PUT", f"{API}/records/{id}", json=changed, headers=worker(world))
    assert refused.status_code == 409
    assert refused.json()["theirs"]["ask"] == "Autrement."
    assert refused.json()["yours"]["ask"] == "Autrement."


def test_each_reading_and_act_is_in_the_trail_without_words(world: World) -> None:
    code = given_support(world)
    world.post(f"{API}/own", json={"code": code})
    verbs = {verb for (verb,) in world.sql("SELECT verb FROM trail_entries")}
    assert {
        f"entourage.{each}" for each in ("received", "listed", "read", "taken", "supported", "offered", "looked_up")
    } <= verbs
    assert not [typed for typed in TYPED if typed in str(world.sql("SELECT details FROM trail_entries"))]


def test_the_public_pages_work_without_javascript_and_their_titles_say_nothing(world: World) -> None:
    opened = world.get(PAGE)
    assert opened.status_code == 200
    assert "<title>Information – Soutien</title>" in opened.text
    hidden = dict(re.findall(r'name="(_once)" value="([^"]*)"', opened.text))
    typed = {**hidden, "ask": ASK, "called": "Dominique", "reach.way": "call", "reach.contact": "", "language": "fr-CA"}
    missing = world.post(PAGE, data=typed)
    assert missing.status_code == 422 and "Loutre mauve" in missing.text
    typed |= {"reach.contact": "514-555-0177"}
    named = world.post(PAGE, data={**typed, "ask": "Maëlle est partie."})
    assert named.status_code == 409 and "<mark>Maëlle</mark>" in named.text
    coded = world.post(PAGE, data={**typed, "ask": f"Voir {new_readable_code()}", "_confirmed": "yes"})
    assert coded.status_code == 422 and "<mark>" in coded.text
    sent = world.post(PAGE, data=typed)
    assert sent.status_code == 201, sent.text
    code = "-".join(re.findall(r"<span>([A-Z0-9]{3})</span>", sent.text))
    assert act(world, "offers", **OFFER).status_code == 201
    own = world.post(f"{PAGE}/own", data={"code": code})
    assert own.status_code == 200 and "Tortue bleue" in own.text
    offer = re.search(r'name="offer" value="([^"]+)"', own.text)
    assert offer is not None
    accepted = world.post(f"{PAGE}/own", data={"code": code, "offer": offer[1], "act": "accepted"})
    assert accepted.status_code == 200 and "Accepté" in accepted.text
    unreachable = world.post(f"{PAGE}/own", data={"code": code, "act": "reach", "reach.way": "text"})
    assert unreachable.status_code == 422
    assert world.post(f"{PAGE}/own", data={"code": "AAA-AAA-AAA-AAA"}).status_code == 404
    assert world.post(f"{PAGE}/own", data={"code": code, "act": "close"}).status_code == 200


def test_who_accompanies_works_on_pages(world: World) -> None:
    password = "un chat dort sous la lune"
    world.act(
        "north",
        lambda ctx: accounts.create_account(
            ctx, "soutien@exemple.ca", name="Andrée", roles=["clinical_support"], password=password
        ),
    )
    world.post("/t/north/fr/sign-in", data={"email": "soutien@exemple.ca", "password": password})
    new = world.get(f"{PAGE}/records/new").text
    csrf = re.search(r'name="_csrf" value="([^"]+)"', new)
    assert csrf is not None
    sent = {"_csrf": csrf[1], "ask": ASK, "called": "Dominique", "reach.way": "only_here", "language": "fr-CA"}
    assert world.post(f"{PAGE}/records/new", data={**sent, "ask": " "}).status_code == 422
    opened = world.post(f"{PAGE}/records/new", data=sent)
    assert opened.status_code == 201, opened.text
    assert len(re.findall(r"<span>([A-Z0-9]{3})</span>", opened.text)) == 4
    id = only(world)["line"]["id"]
    place = f"{PAGE}/records/{id}"
    assert id in world.get(f"{PAGE}/records").text

    def send(name: str, **more: str) -> Any:
        version = str(only(world)["line"]["version"])
        return world.post(place, data={"_csrf": csrf[1], "act": name, "version": version, **more})

    assert send("note", day="2026-11-29", kind="call", words=NOTE["words"]).status_code == 303
    assert send("note", day="hier", kind="call", words="x").status_code == 422
    named = send("note", day="2026-11-29", kind="call", words="Maëlle était là.")
    assert named.status_code == 409 and "<mark>Maëlle</mark>" in named.text
    assert send("offer", kind="tool", words=OFFER["words"]).status_code == 303
    change = {"ask": "Autrement.", "reach.way": "text", "reach.contact": "514-555-0100"}
    assert send("change", **change).status_code == 303
    copy = world.get(f"{place}/copy")
    assert "Blaireau vert" in copy.text and "Tortue bleue" in copy.text and "Autrement." in copy.text
    assert copy.headers["content-disposition"].startswith("attachment")
    assert send("close").status_code == 303
    assert "Noter ce qui" not in world.get(place).text
    world.http.cookies.clear()
    with psycopg.connect(world.urls.needed("owner")) as db:
        db.execute("DELETE FROM staff")


def test_who_may_accompany_and_chose_messages_is_told_without_words(
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
    ((entry,),) = world.sql("SELECT id FROM trail_entries WHERE verb = 'entourage.received'")
    world.run(deliver(world.runtime, "north", entry))
    (letter,) = (tmp_path / "outgoing" / "north").glob("*.eml")
    text = letter.read_text()
    assert "a@exemple.ca" in text
    assert not [typed for typed in TYPED if typed in text]
    with psycopg.connect(world.urls.needed("owner")) as db:
        db.execute("DELETE FROM staff")
