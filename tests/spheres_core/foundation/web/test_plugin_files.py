"""Static files of plugins: at their hashed address, for regions that have the plugin, and from its folder only."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from spheres_core import app
from spheres_core.app import assembly
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.plugins.set_builder import build_set
from spheres_core.testing import MakeWorld, World, definition
from tests.documented import documented_code
from tests.plugins.planting import plant

PAGE = """
from litestar import Response
from spheres_core.plugin import Context, RequestScope, page

@get("/", guards=[requires("drawn_bus.read")])
async def shown(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await page(ctx, request_scope, "drawn_bus/bus.html", title={"fr": "Bus", "en": "Bus"})

@hookimpl
def register_pages():
    return [shown]

@hookimpl
def register_permissions():
    return [Permission("drawn_bus.read", {"fr": "Oui", "en": "Yes"}, ("coordinator",))]
"""
FILES = {"static/bus.svg": "<svg/>", "static/bus.css": '@font-face { src: url("bus.svg"); }'}


@pytest.fixture
def world(make_world: MakeWorld, tmp_path: Path) -> World:
    template = documented_code("extension-points.md", "## Static files", "jinja").replace("night_bus", "drawn_bus")
    plant(
        tmp_path, "drawn_bus", PAGE, declares=("register_pages", "register_permissions"), routes=True,
        permissions=["drawn_bus.read"], files={**FILES, "templates/drawn_bus/bus.html": template},
    )  # fmt: skip
    made: World = make_world(definition("north", "drawn_bus"), definition("south"), on=discover([tmp_path]))
    assert made.loaded("north").plugins.left_out == {}
    return made


def test_a_file_has_a_hashed_address_and_is_there_for_regions_that_have_the_plugin(world: World) -> None:
    shown = world.get("/t/north/en/x/drawn_bus", headers=world.bearer("north", "coordinator"))
    (address,) = re.findall(r'src="(/t/north/static/x/drawn_bus/bus\.svg\?v=[0-9a-f]+)"', shown.text)

    answer = world.get(address)

    assert (answer.status_code, answer.text) == (200, "<svg/>")
    assert "immutable" in answer.headers["cache-control"]
    assert world.get(address.partition("?")[0]).headers["cache-control"] == "no-store"
    assert "bus.svg?v=" in world.get("/t/north/static/x/drawn_bus/bus.css").text
    absent = world.get(address.replace("north", "south"))
    assert (absent.status_code, absent.text) == (404, world.get("/t/south/static/x/nowhere/bus.svg").text)


@pytest.mark.parametrize("path", ["../plugin.toml", "..%2Fplugin.toml", "%2e%2e/hooks.py", "/etc/passwd", "bus.svg/.."])
def test_nothing_outside_the_folder_is_served(world: World, path: str) -> None:
    assert world.get(f"/t/north/static/x/drawn_bus/{path}").status_code == 404


def link(folder: Path) -> None:
    os.symlink("/etc/passwd", folder / "words.json")


def page(folder: Path) -> None:
    (folder / "page.html").write_text("<script>alert(1)</script>")


def weight(folder: Path) -> None:
    (folder / "heavy.json").write_bytes(b" " * 3_000_000)


@pytest.mark.parametrize("harm", [link, page, weight])
def test_a_link_a_page_and_too_much_are_refused_when_the_plugin_is_loaded(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    id_ = f"static_{harm.__name__}"
    harm(plant(tmp_path, id_, files={"static/bus.svg": "<svg/>"}) / "static")

    made = build_set(discover([tmp_path]), [id_], app.rooms(), app.catalog_folder(), assembly.build_app)

    assert id_ in made.left_out
