"""How plugins are found on a machine, and imported from there."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from spheres_core.foundation.isolation.plugin_import import load
from spheres_core.foundation.plugins.discovery import discover
from tests.plugins.planting import plant


def with_entry_point(site: Path, name: str, value: str) -> None:
    """An installed distribution that says where its plugin is."""
    info = site / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[spheres.plugins]\n{name} = {value}\n")


def test_a_plugin_is_found_in_a_folder_or_by_its_entry_point(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path / "folder", "in_a_folder")
    plant(tmp_path / "site", "in_a_package", "raise ValueError('never imported')")
    with_entry_point(tmp_path / "site", "distributed", "in_a_package")
    monkeypatch.syspath_prepend(tmp_path / "site")

    found = discover([tmp_path / "folder", tmp_path / "not there"])

    assert {"in_a_folder", "in_a_package"} <= set(found.plugins)
    assert found.plugins["in_a_package"].root == tmp_path / "site" / "in_a_package"
    assert "in_a_package" not in sys.modules


def test_an_entry_point_that_harms_when_it_is_looked_for_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    plant(elsewhere / "harmful", "within")
    (elsewhere / "harmful" / "__init__.py").write_text("raise SystemExit(9)")
    for name, value in (("harm", "harmful.within"), ("gone", "not_installed_anywhere"), ("odd", "a.b.c")):
        with_entry_point(tmp_path / "site", name, value)
    monkeypatch.syspath_prepend(tmp_path / "site")
    monkeypatch.syspath_prepend(elsewhere)

    assert not {"within", "not_installed_anywhere", "c"} & set(discover([]).plugins)


def test_a_plugin_among_its_distributions_files_is_found_without_running_what_is_around_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path / "spheres_plugins", "from_a_wheel")
    plant(tmp_path / "around", "beneath")
    (tmp_path / "around" / "__init__.py").write_text("raise SystemExit(9)")
    with_entry_point(tmp_path, "from_a_wheel", "spheres_plugins.from_a_wheel")
    with_entry_point(tmp_path, "beneath", "around.beneath")
    monkeypatch.syspath_prepend(tmp_path)

    assert {"from_a_wheel", "beneath"} <= set(discover([]).plugins)
    assert "around" not in sys.modules


def test_the_first_folder_wins_and_a_broken_one_does_not_hide_a_good_one(tmp_path: Path) -> None:
    first = plant(tmp_path / "one", "twice")
    plant(tmp_path / "two", "twice")
    (plant(tmp_path / "one", "half") / "plugin.toml").write_text("id = ")
    good = plant(tmp_path / "two", "half")

    found = discover([tmp_path / "one", tmp_path / "two"])

    assert found.plugins["twice"].root == first
    assert found.plugins["half"].root == good


def test_it_is_imported_under_one_name_wherever_it_lies(tmp_path: Path) -> None:
    root = plant(tmp_path, "one_name", "from . import words\n", files={"words.py": "SAID = object()"})

    hooks, words = load(root, "one_name", "hooks"), load(root, "one_name", "words")

    assert hooks is not None
    assert hooks.__name__ == "spheres_plugins.one_name.hooks"
    assert hooks.words is words is load(root, "one_name", "words")
    assert load(root, "one_name", "models") is None
