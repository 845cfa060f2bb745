"""All that is kept about somebody who takes part is handed over whole, and erased whole, wherever it is kept."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest

from spheres_core.consents.queries.policies import EXEMPT, TABLES
from spheres_core.foundation import deployment
from spheres_core.foundation.encryption import Keyring
from spheres_core.privacy.operations.file_erasure import erase_file
from spheres_core.privacy.operations.file_export import LEFT_OUT, export_file
from spheres_core.testing import World
from tests.journeys.histories.kept import WORD, Held
from tests.journeys.histories.region import Participant, Region

STAYS: Final = frozenset({"trail_entries", "erasures"})
"""Tables that keep that there was somebody: ids, codes of acts and numbers."""
NOT_HANDED_OVER: Final = frozenset({*LEFT_OUT, "identity_marks"})


@pytest.fixture(scope="module")
def region(shared_world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    """Where a word of each participant stands in every sealed field."""
    home = tmp_path_factory.mktemp("home")
    Keyring.load(home / "vault-key.json", create=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(deployment.VAULT_KEY_FILE, str(home / "vault-key.json"))
        patch.setenv(deployment.HOME, str(home))
        yield Region(shared_world, random.Random(2026))
        shared_world.sql("DROP SCHEMA kept CASCADE")


@pytest.fixture
def her(region: Region) -> Participant:
    region.begin_again()
    return region.participants[0]


def hers(region: Region, files: set[UUID]) -> dict[str, Held]:
    """Her words, codes and ids of rows, each with a place where it stands."""
    return {value: held[0] for value, held in region.everything().items() if held[0].participant in files}


def files_of(region: Region, her: Participant) -> set[UUID]:
    asked = "SELECT participant_id, other_id FROM duplicate_decisions WHERE same AND undone_at IS NULL"
    files = {her.id}
    for _ in range(2):
        files |= {id for pair in region.world.sql(asked) if files & set(pair) for id in pair}
    return files


def export(region: Region, code: str, folder: Path) -> str:
    world = region.world
    written = world.run(export_file(world.runtime, world.loaded(region.slug), code, folder=folder))
    assert all(each.stat().st_mode & 0o077 == 0 for each in (folder, *folder.rglob("*")))
    return "".join(each.read_text() for each in written if each.suffix == ".json")


def erase(region: Region, code: str) -> Any:
    world = region.world
    return world.run(erase_file(world.runtime, world.loaded(region.slug), code, reason="asked_for"))


def rows_that_name(world: World, values: set[str]) -> dict[str, int]:
    """How many rows of each table hold one of these as a whole value or inside a list or document."""
    names = [name for (name,) in world.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    found = {}
    for name in names:
        asked = f"SELECT count(*) FROM {name} t WHERE t::text ~ %s"
        ((number,),) = world.sql(asked, "|".join(sorted(values)))
        if number:
            found[name] = number
    return found


def test_every_word_of_hers_is_handed_over_and_none_of_anybody_else(
    region: Region, her: Participant, tmp_path: Path
) -> None:
    files = files_of(region, her)
    others = {value for value, held in region.everything().items() if held[0].participant not in files}
    expected = {value for value, held in hers(region, files).items() if held.table not in NOT_HANDED_OVER}

    said = export(region, her.code, tmp_path / "out")

    assert {value for value in expected if value not in said} == set()
    assert len([value for value in expected if WORD.fullmatch(value)]) > 30
    assert {value for value in others if value in said} == set()
    ((exported,),) = region.world.sql("SELECT count(*) FROM trail_entries WHERE verb = 'participant.exported'")
    assert exported == len(files)


def test_every_table_about_participants_is_handed_over_or_left_out_for_a_reason(
    region: Region, her: Participant, tmp_path: Path
) -> None:
    told: set[str] = set()
    for each in region.participants:
        export(region, each.code, tmp_path / each.code)
    for path in tmp_path.rglob("spheres.json"):
        told |= set(json.loads(path.read_text()).get("records", ()))

    assert told <= {*TABLES, *EXEMPT}
    assert not told & NOT_HANDED_OVER
    filled = {
        name
        for name in {*TABLES, *EXEMPT} - {"participants", *NOT_HANDED_OVER}
        if region.world.sql(f"SELECT 1 FROM {name} WHERE tenant_id = %s LIMIT 1", region.tenant)
    }
    assert told == filled | {"participants"}
    assert len(filled) > 40


def test_after_an_erasure_nothing_of_her_is_left_but_that_it_was_so(region: Region, her: Participant) -> None:
    files = files_of(region, her)
    region.world.sql("UPDATE participations SET state = 'closed' WHERE participant_id = ANY(%s)", list(files))
    referrals = {id for (id,) in region.world.sql(
        "SELECT referral_id FROM participations WHERE participant_id = ANY(%s) AND referral_id IS NOT NULL",
        list(files))}  # fmt: skip
    everything = region.everything()
    theirs = {value for value, held in everything.items() if held[0].participant not in files}
    before = rows_that_name(region.world, {str(each) for each in files | referrals})
    assert before.keys() > STAYS - {"erasures"}
    assert referrals

    done = erase(region, her.code)

    after = rows_that_name(region.world, {str(each) for each in files | referrals})
    assert after.keys() == STAYS
    left = region.everything()
    assert {held[0].participant for held in left.values()} & files == set()
    assert theirs <= left.keys(), "nothing of anybody else went along"
    assert {each.participant for each in done} == codes_of(everything, files)
    assert sum(each.referrals for each in done) == len(referrals)
    kept = region.world.sql("SELECT details FROM trail_entries WHERE verb = 'participant.erased'")
    assert {each["reason"] for (each,) in kept} == {"asked_for"}
    assert not any(WORD.search(str(details)) for (details,) in kept)
    assert region.office.get(f"/file-trail?code={her.code}").status_code == 404


def codes_of(everything: dict[str, list[Held]], files: set[UUID]) -> set[str]:
    return {
        value
        for value, (held, *_) in everything.items()
        if (held.table, held.column) == ("participants", "code") and held.participant in files
    }
