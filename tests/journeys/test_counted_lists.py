"""Each number on a page is the length of the list that it counts, for the same reader: U5 of the evidence.

A few worlds here; `python -m tests.journeys.counted_lists --worlds 1000` for as many as the promise says.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from babel.messages.pofile import read_po

from spheres_core.foundation import deployment
from spheres_core.foundation.encryption import Keyring
from spheres_core.testing import World
from tests.journeys.counted_lists import COUNTED, NO_LIST, Told, compare, run_block
from tests.journeys.histories.region import Region

WORLDS: Final = 2
CATALOG: Final = Path(__file__).parents[2] / "locales" / "spheres.pot"
ON_PAGES: Final = re.compile(r"/(templates|views)/")


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    home = tmp_path_factory.mktemp("home")
    Keyring.load(home / "vault-key.json", create=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(deployment.VAULT_KEY_FILE, str(home / "vault-key.json"))
        patch.setenv(deployment.HOME, str(home))
        yield


@pytest.mark.usefixtures("vault")
def test_in_random_worlds_each_number_is_the_length_of_its_list_for_whoever_reads_both(shared_world: World) -> None:
    told = Told()

    run_block(shared_world, 1, 0, WORLDS, told)
    shared_world.sql("DROP SCHEMA kept CASCADE")

    print(told.line())
    assert told.wrong == []
    assert told.worlds == WORLDS
    assert told.numbers > 20 * WORLDS


@pytest.mark.usefixtures("vault")
def test_who_is_kept_away_from_two_classes_is_one_person(shared_world: World) -> None:
    region, told = Region(shared_world, random.Random(2)), Told()
    pivot, hers = region.team.pivot, f"/participants/{region.participants[0].code}"
    for information in ("legal", "stages"):
        pivot.do(f"{hers}/exclusions", {"kind": "her_wish", "staff": region.backup.id, "information": information})

    compare(region, pivot, told, "kept away twice")
    shared_world.sql("DROP SCHEMA kept CASCADE")

    assert told.wrong == []


@pytest.mark.usefixtures("vault")
def test_a_number_that_counts_what_its_reader_may_not_read_is_found(
    shared_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a page that counts more than the list that its reader sees."""
    region, told = Region(shared_world, random.Random(3)), Told()
    monkeypatch.setitem(COUNTED, "{n} persons", lambda _: ([2], [1]))

    compare(region, region.team.pivot, told, "a number too high")
    shared_world.sql("DROP SCHEMA kept CASCADE")

    assert [each.rpartition(": ")[0].partition(": ")[2] for each in told.wrong] == ["{n} persons"]


def test_each_number_that_a_page_tells_is_compared_or_counts_no_list() -> None:
    with CATALOG.open("rb") as file:
        counting = [
            each.id[1]
            for each in read_po(file)
            if isinstance(each.id, tuple) and any(ON_PAGES.search(place) for place, _ in each.locations)
        ]

    assert set(counting) - set(COUNTED) - set(NO_LIST) == set(), "name its list in tests/journeys/counted_lists.py"
    assert set(NO_LIST) <= set(counting)
