"""A region makes roles of permissions that there are: given and used as any role, and never a second administrator."""

from __future__ import annotations

from pathlib import Path

import pytest

from spheres_core import app
from spheres_core.foundation.content.packs import ContentInvalid
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.plugins.plugin_set import PluginSet
from spheres_core.foundation.plugins.set_builder import build_set
from spheres_core.staff.role_file import read_roles
from spheres_core.testing import World, definition
from tests.plugins.planting import plant

ROLE = """\
[[roles]]
key = "night_team"
title = {fr = "Équipe de nuit", en = "Night team"}
purpose = {fr = "La nuit.", en = "At night."}
permissions = ["partners.edit"]
"""


def built(folder: Path, text: str) -> PluginSet:
    root = plant(folder, "region")
    (root / "roles.toml").write_text(f"format = 1\n{text}", encoding="utf-8")
    return build_set(discover([folder]), ["region"], app.rooms(), app.catalog_folder())


def test_a_role_carries_its_permissions_and_no_other_in_its_set_only(tmp_path: Path) -> None:
    made = built(tmp_path, ROLE)
    other = build_set(discover([]), [], app.rooms(), app.catalog_folder())

    allowed = {name for name in made.permissions if made.permits({"region.night_team"}, name)}
    assert allowed == {"partners.edit", "staff.own_account", "support.log_trainings", "support.take_part"}
    assert made.role_title("region.night_team") == {"fr": "Équipe de nuit", "en": "Night team"}
    assert "region.night_team" not in other.roles
    assert not other.permits({"region.night_team"}, "partners.edit")


@pytest.mark.parametrize(
    "permission", ["partners.edti", "staff.manage", "site.packs", "site.plugins", "staff.own_account", "*", ""]
)
def test_a_permission_that_is_none_or_an_administrator_s_only_is_refused_at_its_line(
    tmp_path: Path, permission: str
) -> None:
    made = built(tmp_path, ROLE.replace("partners.edit", permission))

    assert [(each.line, each.key) for each in made.findings["region"]] == [(6, "roles[0].permissions")]
    assert "region.night_team" not in made.roles


@pytest.mark.parametrize(
    "text",
    [ROLE * 2, ROLE.replace("night_team", "Night team"), ROLE.replace('["partners.edit"]', "[]"), ROLE + "may = 1\n"],
)
def test_what_is_no_role_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "roles.toml").write_text(f"format = 1\n{text}", encoding="utf-8")

    with pytest.raises(ContentInvalid):
        read_roles([tmp_path / "roles.toml"], "x")


def test_who_has_it_opens_what_it_opens_and_nothing_else(shared_world: World) -> None:
    world = shared_world.renew(definition("coast", "quebec", "nunavik"), definition("south", "quebec"))
    keeper = world.bearer("coast", "nunavik.directory_keeper")

    assert world.get("/t/coast/fr/directory", headers=keeper).status_code == 200
    assert world.get("/t/coast/fr/referrals", headers=keeper).status_code == 403
    assert world.get("/t/coast/fr/administration", headers=keeper).status_code == 403
    with pytest.raises(Invalid):
        world.bearer("south", "nunavik.directory_keeper")
