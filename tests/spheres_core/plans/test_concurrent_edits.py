"""Whoever changes what somebody else changed at the same moment is shown both sides, and writes nothing over."""

from __future__ import annotations

import random
from typing import Final

import pytest

from spheres_core.app import ROOMS
from spheres_core.foundation.database.schema import Base
from tests.spheres_core.followups.conftest import Team
from tests.spheres_core.participants.conftest import key_file
from tests.spheres_core.plans.concurrent_edits import Pairs

__all__ = ["key_file"]

PAIRS: Final = 3
"""Of each thing. `python -m pytest -s tests/spheres_core/plans/at_length.py` sends 10,000."""
NEVER_CHANGED: Final = {
    "accompaniment_texts": "words in one version of an accompaniment",
    "encounter_texts": "words in one version of an encounter",
    "outing_texts": "her words in one version of an invitation",
    "plan_moves": "one act in codes",
    "plan_texts": "words in one version",
    "committee_texts": "words in one version of an item or a recommendation",
    "participant_extra_answers": "answers that belong to one version of a record",
}
"""Tables whose version is that of something else."""
STEPS_ONLY: Final = {
    "transfers": "whoever takes a step of an offer that has moved is refused; nobody writes words into it"
}
"""Tables in which nothing is written anew."""


@pytest.mark.usefixtures("key_file")
def test_of_two_edits_at_once_one_is_kept_and_the_other_is_shown_both_sides(team: Team) -> None:
    pairs, chance = Pairs(team), random.Random(1)
    for name in pairs.edited:
        for _ in range(PAIRS):
            pairs.send_pair(name, chance)
    assert pairs.seen.total() == PAIRS * len(pairs.edited)


@pytest.mark.usefixtures("key_file")
def test_each_thing_with_versions_in_her_file_is_tried(team: Team) -> None:
    rooms = ROOMS[ROOMS.index("participants") :]
    versioned = {
        table.name
        for mapper in Base.registry.mappers
        if mapper.class_.__module__.split(".")[1] in rooms
        for table in [mapper.local_table]
        if "version" in table.c and "participant_id" in table.c
    }
    tried = {each.table for each in Pairs(team).edited.values()}
    assert versioned - set(NEVER_CHANGED) - set(STEPS_ONLY) == tried
    assert {*NEVER_CHANGED, *STEPS_ONLY} <= versioned
