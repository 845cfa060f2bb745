"""Which plugins go together in a set, and in which order."""

from __future__ import annotations

from pathlib import Path

from spheres_core.foundation.plugins.discovery import Installed, Machine, discover
from spheres_core.foundation.plugins.set_builder import resolve
from tests.plugins.planting import plant


def machine(folder: Path, **said: str) -> Machine:
    """Plugins with these lines of `[requires]` or `[conflicts]` in their manifests."""
    for id_, lines in said.items():
        root = plant(folder, id_)
        with (root / "plugin.toml").open("a") as file:
            file.write(lines)
    return discover([folder])


def names(found: tuple[list[Installed], object]) -> list[str]:
    return [each.manifest.id for each in found[0]]


def test_what_is_required_comes_first(tmp_path: Path) -> None:
    found = machine(tmp_path, aaa='[requires]\nzzz = ">=1"\n', mmm='[requires]\naaa = ">=1"\n', zzz="")

    assert names(resolve(found, ["mmm", "aaa", "zzz"])) == ["zzz", "aaa", "mmm"]


def test_who_lacks_what_it_requires_is_left_out_with_all_that_require_it(tmp_path: Path) -> None:
    found = machine(tmp_path, aaa='[requires]\nzzz = ">=2"\n', mmm='[requires]\naaa = ">=1"\n', zzz="")

    kept, left_out = resolve(found, ["mmm", "aaa", "zzz", "nowhere"])

    assert names((kept, left_out)) == ["zzz"]
    assert set(left_out) == {"aaa", "mmm", "nowhere"}


def test_plugins_that_require_each_other_are_left_out_and_say_so(tmp_path: Path) -> None:
    needs_aaa = '[requires]\naaa = ">=1"\n'
    found = machine(tmp_path, aaa='[requires]\nbbb = ">=1"\n', bbb=needs_aaa, ccc=needs_aaa, ddd="")

    kept, left_out = resolve(found, ["aaa", "bbb", "ccc", "ddd", "nowhere"])

    assert names((kept, left_out)) == ["ddd"]
    assert set(left_out) == {"aaa", "bbb", "ccc", "nowhere"}
    assert left_out["aaa"].msgid == "It requires itself through other plugins."


def test_a_plugin_that_does_not_go_together_with_another_gives_way(tmp_path: Path) -> None:
    found = machine(tmp_path, aaa='[conflicts]\nbbb = ">=1"\n', bbb="", ccc='[conflicts]\nbbb = ">=2"\n')

    assert names(resolve(found, ["aaa", "bbb", "ccc"])) == ["bbb", "ccc"]
