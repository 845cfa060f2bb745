"""`spheres plugin check`: the level, each rule, and an exit code that a script can go by."""

from __future__ import annotations

from pathlib import Path

import pytest

from spheres_core.conformance import assessment
from tests.plugins.planting import plant
from tests.spheres_core.cli.conftest import Spheres

README = "For a region that tries things: it does nothing at all, and says so plainly here."


@pytest.fixture(autouse=True)
def few_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that need no database; what the others say is tested beside them."""
    few = [rule for rule in assessment.rules_up_to("gold") if rule.id in ("B1", "B2", "B11", "S7", "G6")]
    monkeypatch.setattr(assessment, "rules_up_to", lambda _: few)


def manifest(root: Path, **values: str) -> Path:
    path = root / "plugin.toml"
    lines = "".join(f'{name} = "{value}"\n' for name, value in values.items())
    path.write_text(lines + path.read_text())
    return root


def test_a_plugin_that_holds_all_is_told_its_level_and_exits_well(spheres: Spheres, tmp_path: Path) -> None:
    root = manifest(plant(tmp_path, "holds_all", files={"README.md": README}), security="security@example.org")

    said = spheres("plugin", "check", root, "--json")

    assert said.code == 0
    assert (said.json["plugin"], said.json["level"]) == ("holds_all", "gold")
    assert [(each["id"], each["level"], each["state"]) for each in said.json["rules"]] == [
        ("B1", "bronze", "held"), ("B2", "bronze", "held"), ("B11", "bronze", "held"),
        ("S7", "silver", "not_applicable"), ("G6", "gold", "not_applicable"),
    ]  # fmt: skip
    assert said.json["rules"][0]["findings"] == []


def test_below_bronze_it_exits_with_one_and_names_what_is_missing(spheres: Spheres, tmp_path: Path) -> None:
    root = plant(tmp_path, "lacks_things")

    said = spheres("plugin", "check", root, "--json")
    told = spheres("plugin", "check", root, "--language", "fr")

    assert (said.code, said.json["level"]) == (1, "none")
    found = {each["id"]: each for each in said.json["rules"]}["B11"]
    assert found["state"] == "failed"
    assert {("README.md", None), ("plugin.toml", "security")} == {
        (each["file"], each.get("key")) for each in found["findings"]
    }
    assert "lacks_things\xa0: aucun niveau" in told.out
    assert "✗ B11" in told.out


def test_an_installed_plugin_is_named_by_its_id_and_nonsense_is_refused(spheres: Spheres) -> None:
    said = spheres("plugin", "check", "quebec", "--json")

    assert (said.code, said.json["plugin"]) == (0, "quebec")
    assert "neither a folder nor a plugin" in spheres("plugin", "check", "no_such_thing").err
