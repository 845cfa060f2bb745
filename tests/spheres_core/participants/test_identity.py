"""The identity vault: opened with a reason, told to coordinators, sealed with a key of its own, joined to nothing."""

from __future__ import annotations

import ast
import datetime as dt
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

import spheres_core
from spheres_core.consents.operations import ledger
from spheres_core.consents.queries.reader import read_as_system
from spheres_core.foundation import deployment
from spheres_core.foundation.database.schema import Base
from spheres_core.foundation.database.statements import Statement
from spheres_core.foundation.encryption import Keyring, KeyTrouble, SealBroken
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.vault_keys import open_vault
from spheres_core.participants.operations.participants import NewParticipant
from spheres_core.participants.queries import identity as identity_queries
from spheres_core.testing import World, definition
from tests.spheres_core.participants.callers import Caller, add_participant, agree, assign

NOW: Final = dt.datetime(2026, 11, 21, 15, 0, tzinfo=dt.UTC)
REASON: Final = "She asked me to come along to the clinic kanariklinik"
WHO: Final[dict[str, Any]] = {
    "legal_name": "Kanarinom Exemple", "chosen_name": "Kanarisam", "pronouns": "kanarielle", "birthday": "2009-02-28",
    "languages": ["fr", "iu"], "interpreter": "iu",
}  # fmt: skip
CANARIES: Final = ("Kanarinom", "Kanarisam", "kanarielle", "kanariklinik", "2009-02-28")
VAULT: Final = frozenset({"identities", "identity_marks"})
MAY_JOIN: Final = VAULT | {"standings", "consent_entries", "exclusions", "tenant_vault_keys"}


class Region:
    """A region with a pivot worker, a coordinator and a participant."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.pivot = Caller(world, "pivot@example.org", "pivot_worker")
        self.coordinator = Caller(world, "coordinator@example.org", "coordinator")

    def add(self, *classes: str) -> NewParticipant:
        """Adds a participant whom the pivot worker follows, and whom the coordinator knows of."""
        her = add_participant(self.world)
        given = ("participation", "safe_contact", *(classes or ("identity",)))
        assign(self.world, self.pivot, her, classes=given)
        agree(self.world, her, classes=given)
        coordination: Any = {"purpose": "coordination", "classes": ("participation",)}
        assign(self.world, self.coordinator, her, kind="coordination", **coordination)
        agree(self.world, her, **coordination)
        return her


@pytest.fixture(scope="module")
def region(shared_world: World, key_file: Path) -> Region:
    return Region(shared_world.renew(definition("north", "quebec"), definition("south", "quebec"), now=NOW))


@pytest.fixture
def her(region: Region) -> NewParticipant:
    return region.add()


def write(caller: Caller, her: NewParticipant, version: int, **changed: Any) -> Any:
    body = {"identity": WHO | changed, "version": version, "reason": REASON}
    return caller.put(f"participants/{her.code}/identity", json=body)


def read(caller: Caller, her: NewParticipant, reason: str = REASON) -> Any:
    return caller.post(f"participants/{her.code}/identity", json={"reason": reason})


def test_who_she_is_is_opened_with_a_reason_that_coordinators_read(region: Region, her: NewParticipant) -> None:
    assert write(region.pivot, her, 0).status_code == 200

    opened = read(region.pivot, her)

    assert opened.status_code == 200, opened.text
    assert opened.json()["identity"] == WHO
    assert opened.json()["version"] == 1
    listed = region.coordinator.get("identity-openings").json()["items"][:2]
    assert [(each["participant"], each["act"], each["reason"]) for each in listed] == [
        (her.code, "read", REASON),
        (her.code, "write", REASON),
    ]
    assert {each["opened_by"] for each in listed} == {str(region.pivot.id)}
    assert read(region.coordinator, her).status_code == 404
    assert region.pivot.get("identity-openings").status_code == 403


def test_coordinators_get_a_message_without_words(region: Region, her: NewParticipant) -> None:
    region.world.sql("UPDATE staff SET chooses_referral_mail = true WHERE id = %s", region.coordinator.id)
    before = region.world.sql("SELECT count(*) FROM trail_entries WHERE verb = 'notification.sent'")

    assert read(region.pivot, her).status_code == 200
    region.world.deliver("north")

    sent = region.world.sql(
        "SELECT subject_id, details->>'notice' FROM trail_entries WHERE verb = 'notification.sent' ORDER BY id"
    )
    assert len(sent) > before[0][0]
    assert set(sent) == {(region.coordinator.id, "something_waits")}


@pytest.mark.parametrize("reason", ["", "for a visit", " " * 30, f"   {'x' * 19}   "])
def test_without_a_reason_that_says_something_it_stays_closed(region: Region, her: NewParticipant, reason: str) -> None:
    answer = read(region.pivot, her, reason)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == "reason"
    assert [each for each in region.coordinator.get("identity-openings").json()["items"]
            if each["participant"] == her.code] == []  # fmt: skip


def test_whoever_may_not_read_her_identity_gets_the_answer_of_an_unknown_code(region: Region) -> None:
    withheld, foreign = region.add("encounters"), add_participant(region.world, slug="south")
    nobody = NewParticipant(withheld.id, "AAAA-AAAA-AAAA")
    for call in (read, lambda caller, her: write(caller, her, 0)):
        answers = {
            (a.status_code, a.content) for a in (call(region.pivot, each) for each in (withheld, foreign, nobody))
        }
        assert len(answers) == 1
        assert next(iter(answers))[0] == 404


def test_who_may_read_and_not_write_changes_nothing(region: Region) -> None:
    her = add_participant(region.world)
    assign(region.world, region.pivot, her, acts=("read",))
    agree(region.world, her)

    assert write(region.pivot, her, 0).status_code == 404
    assert read(region.pivot, her).json()["version"] == 0


def test_of_two_who_write_at_once_the_second_sees_both_sides(region: Region, her: NewParticipant) -> None:
    assert write(region.pivot, her, 0).status_code == 200
    assert write(region.pivot, her, 1, chosen_name="Alix").json()["version"] == 2

    late = write(region.pivot, her, 1, chosen_name="Maxime")

    assert late.status_code == 409
    problem = late.json()
    assert (problem["code"], problem["version"]) == ("identity_changed", 2)
    assert problem["theirs"]["chosen_name"] == "Alix"
    assert problem["yours"]["chosen_name"] == "Maxime"
    assert read(region.pivot, her).json()["identity"]["chosen_name"] == "Alix"
    acts = [each["act"] for each in region.coordinator.get("identity-openings").json()["items"]
            if each["participant"] == her.code]  # fmt: skip
    assert acts == ["read", "write", "write", "write"], "what the second was shown is in the list"


def test_a_withdrawal_closes_it_at_once(region: Region) -> None:
    her = add_participant(region.world)
    assign(region.world, region.pivot, her)
    agree(region.world, her, classes=("participation",))
    consent = agree(region.world, her, classes=("identity",))
    assert read(region.pivot, her).status_code == 200

    region.world.act("north", lambda ctx: ledger.withdraw_consent(ctx, her.id, consent))

    assert read(region.pivot, her).status_code == 404


@pytest.mark.parametrize("birthday", ["1899-12-31", "2026-11-22"])
def test_a_day_that_cannot_be_a_birthday_is_refused(region: Region, her: NewParticipant, birthday: str) -> None:
    answer = write(region.pivot, her, 0, birthday=birthday)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == "identity.birthday"


def test_nothing_of_it_lies_open_and_the_first_key_does_not_open_it(region: Region, her: NewParticipant) -> None:
    assert write(region.pivot, her, 0).status_code == 200
    held = everything_kept(region.world)

    assert [each for each in CANARIES if each in held or each.encode().hex() in held] == []

    async def with_each_key(ctx: Context) -> tuple[bytes, int]:
        await read_as_system(ctx)
        ((id, content),) = await ctx.db.sql("SELECT id, content FROM identities WHERE participant_id = $1", her.id)
        with pytest.raises(SealBroken):
            ctx.keys.open("identities", id, "content", content)
        opened = (await open_vault(ctx)).open("identities", id, "content", content)
        return opened, len(list(await identity_queries.birthdays(ctx)))

    opened, known = region.world.act("north", with_each_key)
    assert b"Kanarinom" in opened, "the control: the second key does"
    assert known >= 1


def everything_kept(world: World) -> str:
    """Returns every row of every table as text."""
    tables = world.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return " ".join(
        world.sql(f'SELECT coalesce(string_agg(t::text, chr(10)), $q$$q$) FROM "{name}" t')[0][0] for (name,) in tables
    )


def test_without_the_second_key_file_the_vault_is_closed_and_the_rest_is_open(
    region: Region, her: NewParticipant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert write(region.pivot, her, 0).status_code == 200
    monkeypatch.setenv(deployment.VAULT_KEY_FILE, str(tmp_path / "lost.json"))
    assert read(region.pivot, her).status_code == 503
    assert region.pivot.get(f"participants/{her.code}").status_code == 200

    another = tmp_path / "another.json"
    Keyring.load(another, create=True)
    monkeypatch.setenv(deployment.VAULT_KEY_FILE, str(another))
    with pytest.raises(KeyTrouble):
        region.world.act("north", open_vault)


# ---- who reads the tables -------------------------------------------------------------------------------------------


def statements() -> Iterator[tuple[str, str]]:
    """Yields the module and the SQL of every prepared statement of the core."""
    for found in pkgutil.walk_packages(spheres_core.__path__, "spheres_core."):
        if ".migrations" in found.name:
            continue
        for value in vars(importlib.import_module(found.name)).values():
            held = value.values() if isinstance(value, dict) else [value]
            yield from ((found.name, each.compiled()[0]) for each in held if isinstance(each, Statement))


def tables_read(sql: str) -> set[str]:
    return set(re.findall(r"\b(?:FROM|JOIN|,)\s+(\w+)", sql)) | set(re.findall(r"\bINTO\s+(\w+)", sql))


def test_one_module_reads_the_vault_and_joins_nothing_to_it() -> None:
    touching = {(module, sql) for module, sql in statements() if VAULT & set(re.findall(r"\w+", sql))}
    reading = {module for module, sql in touching if not sql.startswith("INSERT INTO")}
    names = {each for _, sql in touching for each in tables_read(sql)}

    assert reading == {"spheres_core.participants.queries.identity"}
    assert {module for module, _ in touching} - reading == {"spheres_core.participants.operations.identity"}
    assert names & set(Base.metadata.tables) <= MAY_JOIN


NAMED: Final = re.compile(r"\bidentit(?:y_marks|ies)\b")


def test_no_plain_sql_names_the_vault() -> None:
    root = Path(spheres_core.__file__).parent
    found = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if "migrations" not in path.parts and NAMED.search(path.read_text(encoding="utf-8"))
        if NAMED.search(code_of(path))
    }
    assert found == {
        "consents/queries/policies.py",
        "participants/models.py",
        "participants/operations/identity.py",
        "participants/queries/identity.py",
    }


def code_of(path: Path) -> str:
    """Returns the strings and names of a module without its docstrings and comments."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            node.value = ast.Constant(value=None)
    return ast.unparse(tree)
