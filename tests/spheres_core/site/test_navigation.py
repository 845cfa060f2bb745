"""A region's own pages in the menu: in their order, in each language, and only those that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from spheres_core import app
from spheres_core.foundation.content.packs import ContentInvalid
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.plugins.plugin_set import PluginSet
from spheres_core.foundation.plugins.set_builder import build_set
from spheres_core.site.navigation_file import MOST, read_navigation
from spheres_core.testing import World, definition
from tests.plugins.planting import plant


def built(folder: Path, text: str) -> PluginSet:
    root = plant(folder, "region")
    for language, title in (("fr", "La nuit"), ("en", "At night")):
        page = root / "pages" / language / "night.md"
        page.parent.mkdir(parents=True)
        page.write_text(f"# {title}\n\ntext\n", encoding="utf-8")
    (root / "navigation.toml").write_text(f"format = 1\n{text}", encoding="utf-8")
    return build_set(discover([folder]), ["region"], app.rooms(), app.catalog_folder())


def menu(made: PluginSet) -> list[tuple[str, object]]:
    return [(item.path, item.title) for item in made.navigation() if item.audience == "public"]


def test_a_page_stands_at_its_place_under_its_own_title(tmp_path: Path) -> None:
    made = built(tmp_path, '[[items]]\npage = "night"\norder = 12\n')

    paths = [path for path, _ in menu(made)]
    assert paths.index("youth") < paths.index("night") < paths.index("family")
    assert dict(menu(made))["night"] == {"fr": "La nuit", "en": "At night"}


def test_an_entry_for_a_page_of_the_program_moves_it_and_keeps_its_word(tmp_path: Path) -> None:
    made = built(tmp_path, '[[items]]\npage = "partners"\norder = 1\n')

    paths = [path for path, _ in menu(made)]
    assert paths.index("partners") == 1 and paths.count("partners") == 1
    assert "msgid='Our partners'" in repr(dict(menu(made))["partners"])


def test_a_page_that_nobody_brings_leaves_the_pack_out_with_its_place(tmp_path: Path) -> None:
    made = built(tmp_path, '[[items]]\npage = "night"\n[[items]]\npage = "inbox"\n')

    assert list(made.left_out) == ["region"]
    assert [(each.file, each.line, each.message.params) for each in made.findings["region"]] == [
        ("navigation.toml", 5, {"page": "inbox"})
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('[[items]]\npage = "a"\n[[items]]\npage = "a"\n', 5),
        ('[[items]]\npage = "a"\ntitle = {fr = "' + "long" * 8 + '", en = "x"}\n', 4),
        ('[[items]]\npage = "a"\nurl = "https://example.org"\n', 4),
        ("".join(f'[[items]]\npage = "p{n}"\n' for n in range(MOST + 1)), 2 + 2 * MOST),
    ],
)
def test_what_makes_no_menu_is_refused_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    (tmp_path / "navigation.toml").write_text(f"format = 1\n{text}", encoding="utf-8")

    with pytest.raises(ContentInvalid) as invalid:
        read_navigation([tmp_path / "navigation.toml"], "x")

    assert [each.line for each in invalid.value.findings] == [line]


def test_people_meet_it_in_each_language_and_in_that_region_only(shared_world: World) -> None:
    world = shared_world.renew(definition("west", "quebec", "outaouais"), definition("north", "quebec", "montreal"))

    def words(path: str) -> str:
        return " ".join(re.findall(r'<span class="capital">([^<]*)', world.get(path).text))

    assert "À propos" in words("/t/west/fr/") and "About" in words("/t/west/en/")
    assert "À propos" not in words("/t/north/fr/")
