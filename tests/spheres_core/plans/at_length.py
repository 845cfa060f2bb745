"""Concurrent edits at full length, 10,000 pairs in blocks, for which the suite has no time. Not collected by itself:

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

BLOCKS: Final = 20
PAIRS: Final = 500
"""Of each block, so that none lasts as long as a test may."""


@pytest.mark.usefixtures("key_file")
@pytest.mark.parametrize("block", range(BLOCKS))
def test_five_hundred_pairs_of_edits_at_once_write_nothing_over_in_silence(team: Team, block: int) -> None:
    pairs, chance = Pairs(team), random.Random(block)
    names = list(pairs.edited)
    for number in range(PAIRS):
        pairs.send_pair(names[number % len(names)], chance)
    print(
        f"\nblock {block}: {PAIRS} pairs, none written over in silence: {dict(sorted(pairs.seen.items()))}", flush=True
    )
