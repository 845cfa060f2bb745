"""Concurrent edits at full length, for which the suite has no time. Not collected by itself:

python -m pytest -q -s tests/spheres_core/plans/at_length.py
"""

from __future__ import annotations

import random
from typing import Final

import pytest

from tests.spheres_core.followups.conftest import Team
from tests.spheres_core.participants.conftest import key_file
from tests.spheres_core.plans.concurrent_edits import Pairs

__all__ = ["key_file"]

PAIRS: Final = 10_000
SEED: Final = 1


@pytest.mark.usefixtures("key_file")
def test_ten_thousand_pairs_of_edits_at_once_write_nothing_over_in_silence(team: Team) -> None:
    pairs, chance = Pairs(team), random.Random(SEED)
    names = list(pairs.edited)
    for number in range(PAIRS):
        pairs.send_pair(names[number % len(names)], chance)
        if number % 100 == 99:
            print(f"\r{number + 1} of {PAIRS} pairs, none written over in silence", end="", flush=True)
    print(f"\n{dict(sorted(pairs.seen.items()))}")
