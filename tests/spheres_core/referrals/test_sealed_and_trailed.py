"""A dump shows no story, a moved ciphertext does not open, and nothing of a person is read without an entry."""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import random
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

import psycopg
import pytest

from spheres_core.foundation.encryption import SealBroken
from spheres_core.staff.operations import accounts, tokens
from spheres_core.testing import World
from tests.spheres_core.referrals.conftest import Office

WORDS: Final = ("name", "when", "care", "her_words", "referrer_name", "referrer_organization")
SEALED: Final = {
    ("referrals", "answers"), ("referrals", "summary"), ("referral_moves", "reason"), ("idempotency_answers", "answer"),
    ("referral_questions", "question"), ("referral_questions", "answer"),
}  # fmt: skip


def canaries(seed: int) -> Iterator[str]:
    """Words that stand nowhere else, with letters that each way of writing writes otherwise."""
    chance = random.Random(seed)
    while True:
        yield "Kanari" + "".join(chance.choices("abcdefghijk", k=7)) + chance.choice(["é", "ç<", "œ&", '"', "\\"])


def tell(office: Office, words: Iterator[str], number: int) -> tuple[list[str], str]:
    """A referral full of words, triaged with more of them: the words, and its id."""
    said = {name: next(words) for name in WORDS}
    mail, phone = f"kanari{number}@example.org", f"514 55{number % 10} 7788"
    body = _body(office, {**said, "referrer_email": mail, "phone": phone})
    sent = office.world.post(
        f"/t/{office.slug}/api/referrals", json=body, headers={"Idempotency-Key": f"kanarikey{number}"}
    )
    assert sent.status_code == 201, sent.text
    id = office.list()[0]["id"]
    reason = next(words)
    office.go(id, "in_review")
    assert office.move(id, "redirected", reason).status_code == 200
    receipt = sent.json()["receipt"]
    bare = phone.replace(" ", "")
    return [*said.values(), mail, phone, bare, reason, f"kanarikey{number}", receipt, receipt.replace("-", "")], id


def _body(office: Office, values: dict[str, str]) -> dict[str, Any]:
    answers = json.loads(json.dumps(office.answers))
    for group in answers.values():
        for name in values.keys() & group.keys():
            group[name] = values[name]
    return {"answers": answers, "language": "fr"}


def written(word: str) -> list[bytes]:
    """A word in every way in which it could lie on a disk."""
    plain = word.encode()
    encoded = base64.b64encode(plain).rstrip(b"=")[:-1]
    ways = [plain, plain.hex().encode(), plain.hex().upper().encode(), encoded, json.dumps(word)[1:-1].encode()]
    return [
        *ways,
        word.encode("utf-16-le"),
        word.encode("latin-1", "replace"),
        word.lower().encode(),
        word.upper().encode(),
    ]


def dump(office: Office) -> bytes:
    """All rows of all tables as the backup role reads them, as text and with byte columns as they are."""
    kept = []
    with psycopg.connect(office.world.urls.needed("backup")) as db:
        tables = [name for (name,) in db.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        assert {"referrals", "idempotency_answers", "trail_entries", "procrastinate_jobs", "staff"} <= set(tables)
        for table in tables:
            for row in db.execute(f"SELECT t.*, t::text FROM {table} AS t"):  # type: ignore[arg-type]
                for value in row:
                    kept.append(value if isinstance(value, bytes) else str(value).encode())
    return b"\n".join(kept)


def test_a_dump_of_the_database_holds_no_word_of_anybody(office: Office) -> None:
    words = canaries(1)
    told = list(itertools.chain(*(tell(office, words, number)[0] for number in range(6))))
    name, mail = next(words), "kanari.staff@example.org"
    office.world.act(
        "north",
        lambda ctx: accounts.create_account(
            ctx, mail, name=name, roles=("coordinator",), password="trois rivières au printemps"
        ),
    )
    label = next(words)
    token = office.world.act("north", lambda ctx: tokens.create_token(ctx, roles=("coordinator",), label=label, days=1))
    told += [name, mail, label, token, token.removeprefix("sph_"), "trois rivières au printemps"]
    assert len(told) >= 50
    office.get("/api/referrals")
    kept = dump(office)

    assert [word for word in told if any(way in kept for way in written(word))] == []
    assert b"in_review" in kept, "codes stand in the clear, to be counted"


def test_the_search_for_words_does_find_what_is_not_sealed(office: Office) -> None:
    """The control: a word that somebody stored in the clear, in each way of writing, would be found."""
    for way in written("Kanariabcdefgé"):
        with psycopg.connect(office.world.urls.needed("owner")) as db:
            db.execute("CREATE TABLE IF NOT EXISTS careless (word bytea)")
            db.execute("GRANT SELECT ON careless TO spheres_backup")
            db.execute("INSERT INTO careless VALUES (%s)", [way])
        assert way in dump(office)
        office.sql("DROP TABLE careless")


def sealed_values(office: Office) -> list[tuple[str, str, UUID, UUID, bytes]]:
    """Every sealed value of the world: table, column, tenant, row, ciphertext."""
    found = []
    for table, column in sorted(SEALED):
        rows = office.sql(f"SELECT tenant_id, id, {column} FROM {table} WHERE {column} IS NOT NULL")
        found += [(table, column, tenant, id, bytes(value)) for tenant, id, value in rows]
    return found


def test_a_ciphertext_that_is_moved_or_changed_does_not_open(north_and_south: World) -> None:
    north, south = Office(north_and_south), Office(north_and_south, "south")
    for office, number in ((north, 7), (north, 8), (south, 9)):
        tell(office, canaries(number), number)
    values = sealed_values(north)
    keys = {each.tenant_id: north_and_south.loaded(each.slug).keys for each in (north, south)}
    chance = random.Random(5)
    assert len(values) >= 9

    for table, column, tenant, id, sealed in values:
        assert keys[tenant].open(table, id, column, sealed)
        for at in chance.sample(range(len(sealed)), 12):
            flipped = bytearray(sealed)
            flipped[at] ^= 1 << chance.randrange(8)
            with pytest.raises(SealBroken):
                keys[tenant].open(table, id, column, bytes(flipped))
        for cut in (0, 1, 12, 13, 28, len(sealed) - 1):
            with pytest.raises(SealBroken):
                keys[tenant].open(table, id, column, sealed[:cut])
    swaps = 0
    for (table, column, tenant, id, _), (*place, other) in itertools.permutations(values, 2):
        if swaps < 1_000 and (table, column, tenant, id) != tuple(place):
            swaps += 1
            with pytest.raises(SealBroken):
                keys[tenant].open(table, id, column, other)
    assert swaps >= 50


def test_answers_swapped_in_the_database_are_not_shown_as_somebody_elses(office: Office) -> None:
    words = canaries(3)
    (told, one), (_, other) = tell(office, words, 10), tell(office, words, 11)
    office.sql(
        "UPDATE referrals SET answers = (SELECT answers FROM referrals WHERE id = %s) WHERE id = %s RETURNING 1",
        one,
        other,
    )
    read = office.get(f"/api/referrals/{other}")
    assert read.status_code == 500
    assert not any(word in read.text for word in told)


# ---- the trail -----------------------------------------------------------------------------------------------------


def entries(office: Office) -> list[tuple[Any, ...]]:
    return office.sql(
        "SELECT verb, subject_id, shown, details, actor_kind FROM trail_entries WHERE tenant_id = %s ORDER BY id",
        office.tenant_id,
    )


def test_each_act_and_each_reading_leaves_its_entry_and_no_words(office: Office) -> None:
    before = len(entries(office))
    receipt, id = office.refer(her_words="Kanari")
    office.read(id)
    office.move(id, "redirected", "Kanari")
    office.go(id, "in_review")
    office.move(id, "redirected", "Kanari")
    office.ask(receipt)
    office.withdraw(receipt)
    office.get(f"/fr/referrals/{id}")
    office.get("/fr/referrals")
    office.get(f"/api/trail?subject={id}")
    new = entries(office)[before:]

    verbs = [verb for verb, *_ in new]
    assert verbs[:2] == ["referral.received", "referral.listed"]
    for verb, times in (("referral.read", 4), ("referral.moved", 2), ("receipt.looked_up", 1), ("access.refused", 1),
                        ("referral.listed", 2), ("trail.read", 1)):  # fmt: skip
        assert verbs.count(verb) >= times, (verb, verbs)
    assert all(subject == UUID(id) for verb, subject, *_ in new if verb in ("referral.read", "referral.moved"))
    everything = json.dumps(new, default=str)
    assert "Kanari" not in everything
    assert receipt not in everything


def test_a_list_is_one_entry_with_the_ids_it_showed(office: Office) -> None:
    for _ in range(3):
        office.refer()
    before = len(entries(office))
    shown = office.list(state="received")
    (entry,) = entries(office)[before:]
    assert entry[0] == "referral.listed"
    assert [str(each) for each in entry[2]] == [each["id"] for each in shown]


def test_a_page_of_the_list_names_those_on_it_and_no_others(office: Office) -> None:
    for _ in range(53):
        assert office.send().status_code == 201
    before = len(entries(office))
    answer = office.get("/api/referrals").json()
    assert len(answer["items"]) == 50
    (entry,) = entries(office)[before:]
    assert [str(each) for each in entry[2]] == [each["id"] for each in answer["items"]]
    following = office.get("/api/referrals", params={"cursor": answer["next"]}).json()
    assert {each["id"] for each in following["items"]}.isdisjoint(each["id"] for each in answer["items"])
    assert len(following["items"]) >= 3


def test_a_refusal_to_somebody_known_is_recorded_although_all_else_is_undone(office: Office) -> None:
    _, id = office.refer()
    absent = "0199a0de-0000-7000-8000-000000000000"
    before = len(entries(office))
    assert office.get(f"/api/referrals/{absent}").status_code == 404
    assert office.move(id, "agreed").status_code == 409
    evaluator = office.world.bearer("north", "evaluator")
    assert office.world.get(f"/t/north/api/referrals/{id}", headers=evaluator).status_code == 403
    refused = [entry for entry in entries(office)[before:] if entry[0] == "access.refused"]
    assert [entry[3]["status"] for entry in refused] == [404, 409, 403]
    assert refused[0][3]["ids"] == {"id": absent}
    assert all(entry[4] == "token" for entry in refused)


@contextlib.contextmanager
def trail_that_takes_nothing(office: Office) -> Iterator[None]:
    """A trail to which nothing can be added: its disk is full, or somebody took the right away."""
    with psycopg.connect(office.world.urls.needed("owner"), autocommit=True) as db:
        db.execute("REVOKE INSERT ON trail_entries FROM spheres_app")
        try:
            yield
        finally:
            db.execute("GRANT INSERT ON trail_entries TO spheres_app")


def test_without_an_entry_there_is_no_reading_and_no_act(office: Office) -> None:
    receipt, id = office.refer(her_words="Kanari")
    before = office.count("referrals"), office.read(id)["state"]
    with trail_that_takes_nothing(office):
        tried = [
            office.get(f"/api/referrals/{id}"),
            office.get("/api/referrals"),
            office.get(f"/fr/referrals/{id}"),
            office.get("/en/referrals"),
            office.get(f"/api/trail?subject={id}"),
            office.move(id, "in_review"),
            office.world.post("/t/north/api/receipts", json={"receipt": receipt}),
            office.withdraw(receipt),
            office.send(),
        ]
    for answer in tried:
        assert answer.status_code == 500, answer.text
        assert "Kanari" not in answer.text
        assert id not in answer.text
        assert '"state"' not in answer.text
        assert "receipt" not in answer.text
    assert (office.count("referrals"), office.read(id)["state"]) == before
    assert office.ask(receipt) == "received"
