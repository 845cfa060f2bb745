"""After any history, no output holds what no standing and no consent lets its reader read; controls would be found.

A few histories here; `python -m tests.journeys.histories --histories 10000` for as many as the promise says.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

import pytest

from spheres_core.consents.queries.policies import EXEMPT, TABLES
from spheres_core.consents.queries.readable import Permitted
from spheres_core.consents.schemas import CLASSES
from spheres_core.foundation import deployment
from spheres_core.foundation.database.statements import Statement
from spheres_core.foundation.encryption import Keyring
from spheres_core.testing import World
from tests.journeys.histories.counts import differences
from tests.journeys.histories.kept import NOBODY, WITHOUT_WORDS, sealed_columns
from tests.journeys.histories.outputs import routes
from tests.journeys.histories.reading import ON_CALL, Total, is_list, read_as, read_messages, run_histories
from tests.journeys.histories.region import PARTNERS, Region
from tests.spheres_core.followups.conftest import TODAY

HISTORIES: Final = 2
SHOWN_NOWHERE: Final = {
    ("identities", "content"): "by an opening with a reason only",
    ("identity_links", "content"): "kept in the vault alone",
    ("participation_moves", "note"): "kept on record",
    ("duplicate_decisions", "undone_reason"): "kept on record",
    ("consents", "words"): "kept on record",
    ("consents", "benefit"): "kept on record",
}
"""Fields that no route shows when it is only read."""
IN_EMERGENCY: Final = ("emergency_plan", "safe_contact")
ONLY_WHILE_ONE_WAITS: Final = {"/{language:str}/staff/participants/{participant:str}/consents/{id:uuid}/agree"}
"""Leads back to the list of consents where none waits for a parent or tutor."""
ABOUT_ONE_FORM: Final = {
    "/api/participants/{participant:str}/presence",
    "/api/participants/{participant:str}/agenda-items/preview",
}
"""Answer only to whoever names a form, or a meeting; they hold names of colleagues and classes, and nothing of hers."""


@pytest.fixture(scope="module")
def region(shared_world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    home = tmp_path_factory.mktemp("home")
    Keyring.load(home / "vault-key.json", create=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(deployment.VAULT_KEY_FILE, str(home / "vault-key.json"))
        patch.setenv(deployment.HOME, str(home))
        yield Region(shared_world, random.Random(2026))
        shared_world.sql("DROP SCHEMA kept CASCADE")


def test_in_each_sealed_field_a_word_is_written_and_none_lies_open(region: Region) -> None:
    written = {(held.table, held.column) for found in region.everything().values() for held in found}
    sealed = {(table, column) for table in (*TABLES, *EXEMPT) for column in sealed_columns(table)}
    total = Total()

    read_messages(region, total, "the beginning")

    assert sealed - written - WITHOUT_WORDS.keys() == set(), "write a word there in tests/journeys/histories/region.py"
    assert WITHOUT_WORDS.keys() <= sealed
    assert total.leaked == []


def test_who_may_read_everything_finds_a_word_of_each_field_by_every_address_of_her_file(region: Region) -> None:
    """The other way: a test that is shown nothing would find no leak either."""
    region.begin_again()
    her, pivot = region.participants[0], region.team.pivot
    region.team.agree(her.code, *CLASSES)
    read, total = [each for each in routes(region.world, region.slug) if each.method == "GET"], Total()

    read_as(region, [each for each in read if each.is_file or is_list(each)], pivot, her, None, total, "her worker")
    read_as(region, [each for each in read if is_list(each)], region.team.coordinator, her, None, total, "coordinator")

    came = region.participants[2]
    region.team.coordinator.do(f"/participants/{came.code}/assignments", {"staff": pivot.id, "part": "pivot"})
    region.team.agree(came.code, *CLASSES)
    read_as(region, [each for each in read if each.path.endswith("/brought")], pivot, came, None, total, "who came")
    reviewed = [each for each in read if each.path.endswith("emergency-accesses")]
    read_as(region, reviewed, region.office, her, None, total, "who looks at accesses")
    opened = [each for each in read if ON_CALL in each.path]
    lines = [{"recipient": PARTNERS[0], "information": each, "purpose": "emergency"} for each in IN_EMERGENCY]
    given = {"kind": "information", "given_on": TODAY, "how": "spoken", "giver": "herself", "age": 19, "lines": lines}
    pivot.do(f"/participants/{her.code}/consents", given)
    region.partners[0].do(f"/participants/{her.code}/emergency-access", {"reason": "Somebody is at the door now"})
    before = total.permitted
    read_as(region, opened, region.partners[0], her, None, total, "somebody on call")
    assert total.permitted - before >= 3, "words of her plan"

    written = {(held.table, held.column) for found in region.everything().values() for held in found
               if held.information != NOBODY and held.column != "id"}  # fmt: skip
    assert total.leaked == []
    assert written - total.shown == SHOWN_NOWHERE.keys()
    assert {each.path for each in read if each.is_file} - total.opened == ONLY_WHILE_ONE_WAITS | ABOUT_ONE_FORM


def test_no_output_holds_what_nothing_lets_its_reader_read(region: Region) -> None:
    total = Total()

    run_histories(region, HISTORIES, total, "the suite")
    read_messages(region, total, "the suite")

    assert total.leaked == []
    assert total.miscounted == []
    assert min(total.answered, total.numbers) > 20
    assert not +total.missing


@pytest.fixture
def without_predicate(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(Permitted, "enforced", False)
    Statement.forget_compiled()
    yield
    monkeypatch.undo()
    Statement.forget_compiled()


@pytest.fixture
def without_policies(region: Region) -> Iterator[None]:
    """Every table about participants lets the application read every row of the region."""
    policies = region.world.sql("SELECT tablename, qual FROM pg_policies WHERE policyname = 'participant_select'")
    assert {name for name, _ in policies} >= TABLES.keys()
    for name, _ in policies:
        region.world.sql(f"ALTER POLICY participant_select ON {name} USING (true)")
    yield
    for name, condition in policies:
        region.world.sql(f"ALTER POLICY participant_select ON {name} USING ({condition})")


@pytest.mark.usefixtures("without_predicate")
def test_policies_hold_back_alone_what_queries_no_longer_do(region: Region) -> None:
    assert leaked_in(region) == []
    assert miscounted_in(region) == []


@pytest.mark.usefixtures("without_policies")
def test_queries_hold_back_alone_what_policies_no_longer_do(region: Region) -> None:
    assert leaked_in(region) == []


@pytest.mark.usefixtures("without_predicate", "without_policies")
def test_without_both_it_leaks_and_numbers_are_no_longer_those_of_their_lists(region: Region) -> None:
    assert len(leaked_in(region)) > 0
    assert len(miscounted_in(region)) > 0


def leaked_in(region: Region) -> list[str]:
    """What lists tell of her to somebody who was offered her file, has no standing any more, and follows another."""
    region.begin_again()
    (her, other, _), reader, total = region.participants, region.backup, Total()
    for each in (her, other):
        region.team.agree(each.code, *CLASSES)
    region.team.coordinator.do(f"/participants/{other.code}/assignments", {"staff": reader.id, "part": "backup"})
    region.world.sql("DELETE FROM standings WHERE participant_id = %s AND staff_id = %s", her.id, reader.id)
    lists = [each for each in routes(region.world, region.slug) if each.method == "GET" and is_list(each)]
    read_as(region, lists, reader, her, None, total, "controls")
    assert total.permitted > 0
    return total.leaked


def miscounted_in(region: Region) -> list[str]:
    """Which numbers are wrong for a coordinator who knows of one of two whom somebody follows."""
    region.begin_again()
    her, coordinator = region.participants[0], region.team.coordinator
    region.world.sql("DELETE FROM standings WHERE participant_id = %s AND staff_id = %s", her.id, coordinator.id)
    told, wrong = differences(region, coordinator)
    assert told > 0
    return wrong
