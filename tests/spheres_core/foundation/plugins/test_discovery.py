"""How plugins are found on a machine, and imported from there."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from spheres_core.foundation.isolation.plugin_import import load
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.testing import write_plugin
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


def test_a_plugin_in_two_places_is_in_neither_and_both_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for id_ in ("twice", "half", "installed"):
        plant(tmp_path / "one", id_)
    plant(tmp_path / "two", "twice")
    (plant(tmp_path / "two", "half") / "plugin.toml").write_text("id = ")
    plant(tmp_path / "site", "installed")
    with_entry_point(tmp_path / "site", "distributed", "installed")
    monkeypatch.syspath_prepend(tmp_path / "site")

    found = discover([tmp_path / "one", tmp_path / "two"])

    assert not {"twice", "half", "installed"} & set(found.plugins)
    for id_, places in (("twice", ("one", "two")), ("half", ("one", "two")), ("installed", ("one", "site"))):
        assert {(each.file, each.line) for each in found.broken[id_].findings} == {
            (str(tmp_path / place / id_ / "plugin.toml"), 1) for place in places
        }


def test_one_folder_that_is_named_twice_or_by_a_link_holds_each_plugin_once(tmp_path: Path) -> None:
    root = plant(tmp_path / "one", "once")
    (tmp_path / "link").symlink_to(tmp_path / "one")

    found = discover([tmp_path / "one", tmp_path / "link", tmp_path / "one"])

    assert (found.plugins["once"].root, found.broken) == (root, {})


def test_it_is_imported_under_one_name_wherever_it_lies(tmp_path: Path) -> None:
    root = plant(tmp_path, "one_name", "from . import words\n", files={"words.py": "SAID = object()"})

    hooks, words = load(root, "one_name", "hooks"), load(root, "one_name", "words")

    assert hooks is not None
    assert hooks.__name__ == "spheres_plugins.one_name.hooks"
    assert hooks.words is words is load(root, "one_name", "words")
    assert load(root, "one_name", "models") is None


def test_a_code_plugin_whose_tables_would_bear_anothers_name_is_not_used_and_both_are_named(tmp_path: Path) -> None:
    for id_ in ("base", "base_plug", "baseline"):
        plant(tmp_path, id_)
    write_plugin(tmp_path, "base_words", {})

    found = discover([tmp_path])

    assert {"base", "baseline", "base_words"} <= set(found.plugins)
    (said,) = found.broken["base_plug"].findings
    assert said.file == str(tmp_path / "base_plug" / "plugin.toml")
    assert str(tmp_path / "base") in said.message.params.values()
