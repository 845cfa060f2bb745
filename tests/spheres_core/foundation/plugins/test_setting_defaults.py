"""Settings that a pack proposes: the tenant's own win, one by one, and a proposal that fits nothing is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from spheres_core import app
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.plugins.plugin_set import PluginSet
from spheres_core.foundation.plugins.set_builder import build_set
from spheres_core.referrals.settings import Settings
from spheres_core.testing import MakeWorld, definition
from tests.plugins.planting import plant


def planted(folder: Path, text: str, id: str = "region", *, requires: str = "") -> Path:
    root = plant(folder, id)
    (root / "settings.toml").write_text(f"format = 1\n\n{text}\n", encoding="utf-8")
    if requires:
        with (root / "plugin.toml").open("a", encoding="utf-8") as file:
            file.write(f'\n[requires]\n{requires} = ">=0"\n')
    return folder


def built(folder: Path, *ids: str) -> PluginSet:
    return build_set(discover([folder]), ids or ("region",), app.rooms(), app.catalog_folder())


def test_the_tenant_s_own_values_come_before_the_pack_s(tmp_path: Path, make_world: MakeWorld) -> None:
    planted(tmp_path, "[settings.referrals]\nminimum_age = 13\nmaximum_age = 21")
    own = {"referrals": {"maximum_age": 22}}
    regions = definition("north", "region", settings=own), definition("south", "region"), definition("east")
    world = make_world(*regions, on=discover([tmp_path]))

    found = {slug: world.loaded(slug).settings["referrals"] for slug in ("north", "south", "east")}
    ages = {slug: (s.minimum_age, s.maximum_age) for slug, s in found.items() if isinstance(s, Settings)}
    assert ages == {"north": (13, 22), "south": (13, 21), "east": (Settings().minimum_age, Settings().maximum_age)}


def test_of_two_packs_the_later_one_s_proposal_holds(tmp_path: Path) -> None:
    planted(tmp_path, "[settings.referrals]\nminimum_age = 13\nmaximum_age = 21", "ground")
    planted(tmp_path, "[settings.referrals]\nminimum_age = 14", requires="ground")

    made = built(tmp_path, "ground", "region")
    assert made.setting_defaults == {"referrals": {"minimum_age": 14, "maximum_age": 21}}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('[settings.referrals]\nminimum_age = "twelve"', (4, "settings.referrals.minimum_age")),
        ("[settings.referrals]\nminimum_age = 25", (3, "settings.referrals.maximum_age")),
        ("[settings.referrals]\nminimal_age = 12", (4, "settings.referrals.minimal_age")),
        ("[settings.nobody]\nx = 1", (3, "settings.nobody")),
        ("[settings.other]\nx = 1", (3, "settings.other")),
    ],
)
def test_a_proposal_that_fits_nothing_leaves_the_pack_out_with_its_place(
    tmp_path: Path, text: str, place: tuple[int, str]
) -> None:
    planted(tmp_path, text)
    plant(tmp_path, "other")

    made = built(tmp_path, "other", "region")
    assert [(each.line, each.key) for each in made.findings["region"]] == [place]
    assert list(made.plugins) == ["other"]
