"""Pages of plugins: what of the core's templates they may use, and what is refused before anybody sees it."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from spheres_core import app
from spheres_core.app import page_files
from spheres_core.cli.plugin.page_kit_page import page_kit_page
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.plugins.plugin_set import PluginSet
from spheres_core.foundation.plugins.set_builder import build_set
from spheres_core.foundation.web import application, page_kit
from spheres_core.testing import MakeWorld, World, definition
from tests.plugins.planting import plant

ROOT: Final = Path(__file__).parents[4]
OURS: Final = ROOT / "plugins"
PAGE: Final = (ROOT / "docs" / "page-kit.md").read_text()
PO: Final = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Beds"
msgstr "Lits"

msgid "Free beds"
msgstr "Lits libres"

msgid "Save"
msgstr "Noter"
"""
REGISTERS: Final = """
@hookimpl
def register_permissions():
    return [Permission("my_plugin.update", {"fr": "Noter", "en": "Note"}, roles=("coordinator",))]

@hookimpl
def register_pages():
    return [show_beds, save_beds]
"""
REFUSED: Final = {
    "takes_anothers_page": ('{% include "my_plugin/beds.html" %}', "is neither its own nor of the page kit"),
    "takes_the_cores_page": ('{% extends "site/home.html" %}', "is neither its own nor of the page kit"),
    "takes_a_hidden_macro": ('{% import "macros/shapes.html" as s %}', "is neither its own nor of the page kit"),
    "takes_whatever_is_named": ("{% include name %}", "it uses a template whose name is not written out"),
    "takes_the_way_out": ('{% extends "base.html" %}{% block leave %}{% endblock %}', "the block leave is not for"),
    "takes_the_head": ('{% extends "staff.html" %}{% block head %}{% endblock %}', "the block head is not for"),
    "is_not_a_template": ("{% block %}", "takes_"),
}


def block(language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture(scope="module")
def world(make_module_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory) -> World:
    """A region with the example of docs/page-kit.md."""
    folder = tmp_path_factory.mktemp("kit")
    files = {"templates/my_plugin/beds.html": block("html"), "locales/fr_CA/LC_MESSAGES/my_plugin.po": PO}
    plant(folder, "my_plugin", block("python") + REGISTERS, declares=("register_permissions", "register_pages"),
          files=files, routes=True, permissions=["my_plugin.update"])  # fmt: skip
    made: World = make_module_world(definition("east", "quebec", "my_plugin"), on=discover([folder, OURS]))
    return made


def make_set(folder: Path, *wanted: str) -> PluginSet:
    build = partial(
        application.build_app, template_folders=page_files.template_folders(), static=page_files.static_files()
    )
    return build_set(discover([folder]), wanted, app.rooms(), app.catalog_folder(), build)


def test_the_page_says_what_the_kit_has() -> None:
    assert page_kit_page() == PAGE, "run `spheres hooks --page-kit > docs/page-kit.md`"
    assert [each.name for name in page_kit.MACROS for each in page_kit.macros(name) if not each.says] == []
    assert all(page_kit.core_blocks() >= set(blocks) for blocks in page_kit.LAYOUTS.values())


def test_the_example_shows_a_form_in_its_own_language_reads_it_and_leads_back(world: World) -> None:
    place, coordinator = "/t/east/fr/x/my_plugin/beds", world.bearer("east", "coordinator")

    shown = world.get(place, headers=coordinator)
    wrong = world.post(place, headers=coordinator, data={"free": "three"})
    right = world.post(place, headers=coordinator, data={"free": "3"})

    assert "Lits libres" in shown.text and 'name="_csrf"' in shown.text and "<h1>Lits</h1>" in shown.text
    assert wrong.status_code == 422
    assert "Écrivez un nombre entier de 0 à 99." in wrong.text and 'value="three"' in wrong.text
    assert (right.status_code, right.headers["location"]) == (303, place)
    assert world.get(place).status_code in (303, 401)


@pytest.mark.parametrize("id", REFUSED)
def test_a_template_that_uses_more_than_the_kit_leaves_its_plugin_out(tmp_path: Path, id: str) -> None:
    text, said = REFUSED[id]
    plant(tmp_path, id, files={f"templates/{id}/page.html": f"\n{text}\n"})

    reason: Any = make_set(tmp_path, id).left_out[id]

    words = reason.msgid.format(**reason.params)
    assert f"templates/{id}/page.html:2: " in words
    assert said in words or id == "is_not_a_template"
