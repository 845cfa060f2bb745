"""`spheres x`: commands of plugins, listed without running anything, and run for regions that have the plugin."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from spheres_core.testing import write_plugin
from tests.documented import documented_code
from tests.plugins.planting import plant
from tests.spheres_core.cli.conftest import Spheres

REGION = """slug = "{slug}"
name = {{fr = "Nord", en = "North"}}
languages = ["fr-CA", "en-CA"]
time_zone = "America/Toronto"
hosts = []
illustrative = true
plugins = {plugins}
"""


def commands(page: str = "## Commands") -> dict[str, object]:
    return dict(tomllib.loads(documented_code("extension-points.md", page, "toml"))["provides"])


def test_a_command_runs_for_a_region_that_has_the_plugin_and_for_no_other(
    at_home: Spheres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = documented_code("extension-points.md", "## Commands").replace("night_bus", "counted_bus")
    plant(tmp_path / "plugins", "counted_bus", code, declares=("register_commands",), **commands())
    monkeypatch.setenv("SPHERES_PLUGINS", str(tmp_path / "plugins"))
    for slug, plugins in (("north", '["counted_bus"]'), ("south", "[]")):
        (tmp_path / f"{slug}.toml").write_text(REGION.format(slug=slug, plugins=plugins), encoding="utf-8")
    at_home("migrate")
    at_home("tenant", "apply", tmp_path / "north.toml", tmp_path / "south.toml", "--yes")

    ran = at_home("x", "counted_bus", "count", "--tenant", "north", "rue A")
    elsewhere = at_home("x", "counted_bus", "count", "--tenant", "south")
    made_up = at_home("x", "counted_bus", "drop", "--tenant", "north")

    assert (ran.code, ran.out.strip()) == (0, "north: rue A: 0")
    assert elsewhere.code == 1
    assert "counted_bus is not on for south" in elsewhere.err
    assert made_up.code == 2


def test_the_list_runs_nothing_of_a_plugin(spheres: Spheres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, "loud_bus", "raise ValueError('never imported')", declares=("register_commands",), **commands())
    write_plugin(tmp_path, "quiet_words", {})
    monkeypatch.setenv("SPHERES_PLUGINS", str(tmp_path))

    listed = spheres("x", "--json").json

    assert [(each["plugin"], each["command"]) for each in listed] == [("loud_bus", "count")]
