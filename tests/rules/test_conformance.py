"""Every plugin of this repository reaches the level that is stated here; and every rule is documented."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Final

import pytest

from spheres_core.conformance.assessment import assess
from spheres_core.conformance.config import read_config
from spheres_core.conformance.rules import RULES
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.postgres.cluster import Cluster

pytestmark = pytest.mark.usefixtures("short_hook_deadline_throughout", "unhurried_conformance")


ROOT: Final = Path(__file__).parents[2]
PLUGINS: Final = discover([ROOT / "plugins"])
STATED: Final[dict[str, str]] = {}
"""Plugins that reach less than Gold, with the level they reach."""


@pytest.mark.parametrize("id", sorted(PLUGINS.plugins))
def test_it_reaches_its_level(id: str, cluster: Cluster) -> None:
    assessed = assess(PLUGINS.plugins[id].root, PLUGINS, home=cluster.home, today=dt.date(2026, 11, 21))

    failed = {each.rule.id: [found.message for found in each.findings] for each in assessed.results
              if each.state == "failed"}  # fmt: skip
    assert (assessed.level, failed if id not in STATED else {}) == (STATED.get(id, "gold"), {})


def test_every_rule_is_documented_at_its_level_and_no_other() -> None:
    page = (ROOT / "docs" / "conformance.md").read_text()
    documented = re.findall(r"^\| ([BSG]\d+)(?: \*code\*)? \|", page, re.MULTILINE)

    assert documented == sorted(RULES, key=lambda id: ("BSG".index(id[0]), int(id[1:])))
    for id_, rule in RULES.items():
        assert (f"| {id_} *code* |" in page) == rule.code_only, id_


def test_the_ids_are_those_that_were_given_out() -> None:
    """An id is never used for another rule: this list only grows."""
    given = [f"B{n}" for n in range(1, 13)] + [f"S{n}" for n in range(1, 10)] + [f"G{n}" for n in range(1, 8)]

    assert set(RULES) == set(given)


def test_the_blocks_of_the_page_are_what_they_say(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "conformance.md").read_text()
    command, answer, trial = re.findall(r"^```\w+\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    (tmp_path / "conformance.toml").write_text(trial)

    said, findings = read_config(tmp_path, dt.date(2026, 11, 21))

    assert findings == []
    assert (said.settings, said.referral) == ({"travel_communities": ["pontiac"]}, {"community": "pontiac"})
    assert [each.rule for each in said.exemptions] == ["G4"]
    assert command.split()[:3] == ["spheres", "plugin", "check"]
    assert set(json.loads(answer)) == {"plugin", "level", "rules"}
