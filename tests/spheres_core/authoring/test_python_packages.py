"""Packages of Python that a plugin needs: in its wheel, and without them it is left out."""

from __future__ import annotations

import tomllib
import zipfile
from pathlib import Path

from spheres_core import app
from spheres_core.authoring import wheels
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.plugins.set_builder import build_set
from spheres_core.testing import write_plugin
from tests.documented import documented_code


def test_they_are_dependencies_of_the_wheel_and_a_plugin_without_them_is_left_out(tmp_path: Path) -> None:
    needs = tomllib.loads(documented_code("extension-points.md", "## Packages of Python", "toml"))["requires"]
    write_plugin(tmp_path, "packs_much", {}, requires=needs)
    write_plugin(tmp_path, "wants_more", {}, requires={"python": {"no-such-package-of-python": ">=1"}})
    machine = discover([tmp_path])

    made = build_set(machine, ["packs_much", "wants_more"], app.rooms(), app.catalog_folder())
    wheel = wheels.build(tmp_path / "packs_much", tmp_path / "dist")

    assert set(made.plugins) == {"packs_much"}
    assert made.left_out["wants_more"].params["name"] == "no-such-package-of-python"
    with zipfile.ZipFile(wheel) as opened:
        (name,) = [each for each in opened.namelist() if each.endswith("METADATA")]
        metadata = opened.read(name).decode()
    assert "Requires-Dist: packaging>=23" in metadata
    assert "Author: " in metadata
