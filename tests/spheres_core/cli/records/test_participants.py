"""`spheres participant`: all that is kept about somebody who takes part is handed over, and erased, by her code."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from spheres_core.testing import World, definition
from tests.spheres_core.cli.conftest import Spheres
from tests.spheres_core.followups.conftest import START, Person, Team

NOBODY: Final = "XXXX-XXXX-XXXX"


@pytest.fixture
def team(shared_world: World) -> Team:
    return Team(shared_world.renew(definition("north", "quebec", "montreal"), now=START), "north")


def test_her_file_is_written_out_by_its_code_and_then_erased(
    team: Team, at: Callable[[World], Spheres], tmp_path: Path
) -> None:
    spheres = at(team.world)
    codes = [str(team.begin(pivot=team.pivot.id)["participant"]) for _ in range(3)]
    folder = tmp_path / "out"

    written = spheres("participant", "export", "--tenant", "north", "--to", folder, codes[0], "--json")
    assert written.code == 0, written
    assert {Path(each).relative_to(folder).as_posix() for each in written.json["files"]} == {
        f"{codes[0]}/spheres.json", f"{codes[0]}/referral-1/spheres.json",
    }  # fmt: skip
    assert json.loads((folder / codes[0] / "spheres.json").read_text())["participant"] == codes[0]

    refused = spheres("participant", "erase", "--tenant", "north", "--reason", "asked_for", "--yes", codes[0])
    assert (refused.code, "still takes part" in refused.err) == (1, True), refused
    team.world.sql("UPDATE participations SET state = 'closed'")
    asked = spheres("participant", "erase", "--tenant", "north", "--reason", "asked_for", codes[0])
    assert (asked.code, "--yes" in asked.err) == (2, True)
    assert team.count("participants") == 3
    done = spheres("participant", "erase", "--tenant", "north", "--reason", "asked_for", codes[0], "--json")
    assert [each["participant"] for each in done.json["files"]] == [codes[0]]
    assert done.json["files"][0]["rows"]["participants"] == 1
    told = spheres("participant", "erase", "--tenant", "north", "--reason", "schedule", codes[1].lower(), "--yes")
    assert (told.code, codes[1] in told.out, "participations" in told.out) == (0, True, True), told
    assert (team.count("participants"), team.count("referrals")) == (1, 1)

    ((referral,),) = team.world.sql("SELECT id FROM referrals")
    assert spheres("referral", "erase", "--tenant", "north", "--reason", "schedule", str(referral), "--yes").code == 0
    left = spheres("participant", "export", "--tenant", "north", "--to", folder, codes[2], "--json")
    assert [Path(each).relative_to(folder).as_posix() for each in left.json["files"]] == [f"{codes[2]}/spheres.json"]
    assert spheres("participant", "erase", "--tenant", "north", "--reason", "schedule", codes[2], "--yes").code == 0
    assert team.count("participants") == 0


def test_what_is_not_there_and_what_is_held_is_said(team: Team, at: Callable[[World], Spheres], tmp_path: Path) -> None:
    spheres = at(team.world)
    code = str(team.begin(pivot=team.pivot.id)["participant"])
    for act in (("export", "--to", tmp_path / "out"), ("erase", "--reason", "asked_for", "--yes")):
        refused = spheres("participant", *act, "--tenant", "north", NOBODY)
        assert refused.code == 1, refused
        assert refused.err
    held = {"participant": code, "reason": "Ordonnance de conservation", "review_on": "2027-01-20"}
    Person(team, "privacy_officer").do("/erasure-holds", held)
    refused = spheres("participant", "erase", "--tenant", "north", "--reason", "asked_for", code, "--yes")
    assert (refused.code, "Its erasing is held" in refused.err) == (1, True), refused
    ((referral,),) = team.world.sql("SELECT referral_id FROM participations")
    refused = spheres("referral", "erase", "--tenant", "north", "--reason", "asked_for", str(referral), "--yes")
    assert (refused.code, "Its erasing is held" in refused.err) == (1, True), refused
    assert (team.count("participants"), team.count("referrals")) == (1, 1)
