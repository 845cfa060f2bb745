"""Roles that a plugin brings: given like the core's, and good for the plugin's own permissions only."""

from __future__ import annotations

from pathlib import Path

import pytest

from spheres_core import app
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.plugins.set_builder import build_set
from spheres_core.testing import MakeWorld, World, definition
from tests.documented import documented_code
from tests.plugins.planting import plant

ROUTE = """
@get("/stops", guards=[requires("driven_bus.read")])
async def stops() -> list[str]:
    return []

@hookimpl
def register_controllers():
    return [stops]
"""
PROVIDES = {
    "declares": ("register_roles", "register_permissions", "register_controllers"),
    "routes": True,
    "permissions": ["driven_bus.read"],
    "roles": {"driven_bus.driver": {"fr": "Conductrice du bus de nuit", "en": "Night bus driver"}},
}
STOPS = "/t/north/api/x/driven_bus/stops"


@pytest.fixture(scope="module")
def world(make_module_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("plugins")
    plant(
        folder,
        "driven_bus",
        documented_code("extension-points.md", "## Roles of your own").replace("night_bus", "driven_bus") + ROUTE,
        **PROVIDES,
    )
    made: World = make_module_world(definition("north", "driven_bus"), on=discover([folder]))
    assert made.loaded("north").plugins.left_out == {}
    return made


def test_a_driver_may_what_the_plugin_says_and_nothing_of_the_cores(world: World) -> None:
    driver = world.bearer("north", "driven_bus.driver")

    assert world.get(STOPS, headers=driver).status_code == 200
    assert world.get("/t/north/api/referrals", headers=driver).status_code == 403
    assert world.get("/t/north/api/admin/staff", headers=driver).status_code == 403
    assert world.get(STOPS, headers=world.bearer("north", "evaluator")).status_code == 403


def test_an_administrator_finds_it_among_the_roles_she_can_give(world: World) -> None:
    administrator = world.bearer("north", "administrator")

    page = world.get("/t/north/en/administration/staff/invite", headers=administrator)
    given = world.post(
        "/t/north/api/admin/invitations", headers=administrator,
        json={"email": "d@example.org", "name": "D. Exemple", "roles": ["driven_bus.driver"], "language": "fr-CA"},
    )  # fmt: skip

    assert "Night bus driver" in page.text
    assert "Drives the bus and sees its stops." in page.text
    assert given.status_code == 201, given.text


def test_a_role_that_is_none_cannot_be_given(world: World) -> None:
    given = world.post(
        "/t/north/api/admin/invitations", headers=world.bearer("north", "administrator"),
        json={"email": "d@example.org", "name": "D. Exemple", "roles": ["driven_bus.queen"], "language": "fr-CA"},
    )  # fmt: skip

    assert given.status_code == 422
    assert "driven_bus.queen" in given.text


@pytest.mark.parametrize(
    ("id_", "permission", "why"),
    [
        ("greedy_one", "Permission('referrals.read', {'en': 'x'}, (MINE,))", "does not begin with"),
        ("greedy_two", "Permission('greedy_two.read', {'en': 'x'}, ('driven_bus.driver',))", "is no role"),
    ],
)
def test_a_role_that_reaches_for_more_than_its_own_is_refused(
    tmp_path: Path, id_: str, permission: str, why: str
) -> None:
    plant(
        tmp_path, id_,
        f"MINE = '{id_}.all'\n@hookimpl\ndef register_roles():\n    return []\n"
        f"@hookimpl\ndef register_permissions():\n    return [{permission}]\n",
        declares=("register_roles", "register_permissions"),
    )  # fmt: skip

    made = build_set(discover([tmp_path]), [id_], app.rooms(), app.catalog_folder())

    said = made.left_out[id_]
    assert why in said.msgid
