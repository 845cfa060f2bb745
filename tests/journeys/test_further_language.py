"""A region's pack speaks Spanish in part: a visitor reads it where it is, and the next language, marked, where not."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import httpx
import pytest

from spheres_core import app
from spheres_core.authoring import pseudo_locale
from spheres_core.authoring.public_texts import public_texts
from spheres_core.authoring.text_passages import passages
from spheres_core.cli.locale.catalogs import core_texts
from spheres_core.foundation.languages import extraction
from spheres_core.foundation.languages.registry import REGISTRY
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.testing import MakeWorld, World, definition
from tests.journeys.conftest import ROOT
from tests.plugins.region_files import all_text

PSEUDO: Final = "qps-ploc"
VISITED: Final = (
    "", "youth", "family", "professionals", "privacy", "partners", "partners/find", "refer", "contact", "receipt",
    "inquire", "advice", "advice/receipt", "tools", "tools/first_call",
)  # fmt: skip
PAGE: Final = "# Para jóvenes\n\nNo es tu culpa. Puedes llamar cuando quieras.\n"


@pytest.fixture
def world(make_world: MakeWorld, tmp_path: Path) -> World:
    """A region whose pack has one page and one name of an area in Spanish, and a catalog of what visitors read."""
    for id_ in ("quebec", "montreal"):
        shutil.copytree(ROOT / "plugins" / id_, tmp_path / id_, ignore=shutil.ignore_patterns("__pycache__"))
    manifest = tmp_path / "montreal" / "plugin.toml"
    text = manifest.read_text(encoding="utf-8")
    line = 'languages = ["fr-CA", "en-CA"]'
    manifest.write_text(text.replace(line, f'{line}\nlanguages_in_part = ["es"]'), encoding="utf-8")
    (tmp_path / "montreal" / "pages" / "es").mkdir()
    (tmp_path / "montreal" / "pages" / "es" / "youth.md").write_text(PAGE, encoding="utf-8")
    pseudo_locale.write_pack(tmp_path, "pseudo_public", {"spheres": public_texts(core_texts(), app.CORE.parent)})
    languages = ("fr-CA", "en-CA", "es", PSEUDO)
    return make_world(
        definition("montreal", "quebec", "montreal", "pseudo_public", languages=languages), on=discover([tmp_path])
    )


def texts_of(answer: httpx.Response, folder: Path) -> list[tuple[str, str]]:
    """Returns the texts of a page by the language that they are marked with."""
    file = folder / "page.html"
    file.write_text(answer.text, encoding="utf-8")
    return [(each.language, " ".join(each.text.split())) for each in passages(file, "")]


def visitors_pages(world: World, home: str) -> Iterator[httpx.Response]:
    """Opens every page for visitors, sends every form of theirs wrongly, and follows a referral to its end."""
    for page in VISITED:
        answer = world.get(home + page)
        assert answer.status_code == 200, page
        yield answer
    code = world.refer("montreal").json()["receipt"]
    for page, sent, status in (
        ("refer", {"version": ""}, 422),
        ("contact", {"version": ""}, 422),
        ("inquire", {"name": ""}, 422),
        ("advice", {"version": ""}, 422),
        ("receipt", {"receipt": "nothing"}, 404),
        ("receipt", {"receipt": code}, 200),
        ("receipt/withdraw", {"receipt": code}, 422),
        ("receipt/withdraw", {"receipt": code, "confirm": "yes"}, 200),
        ("receipt", {"receipt": code}, 200),
        ("advice/receipt", {"receipt": "nothing"}, 404),
        ("partners/find", {"when": "now", "age": "16", "language": "en", "area": "montreal"}, 200),
        ("partners/find", {"when": "other", "age": "many", "day": "soon"}, 422),
    ):
        answer = world.post(home + page, data=sent)
        assert answer.status_code == status, (page, sent, answer.status_code)
        yield answer


def test_a_page_in_spanish_is_read_and_what_lacks_is_marked_with_its_language(world: World, tmp_path: Path) -> None:
    own = texts_of(world.get("/t/montreal/es/youth"), tmp_path)
    other = texts_of(world.get("/t/montreal/es/professionals"), tmp_path)

    assert ("es", "No es tu culpa. Puedes llamar cuando quieras.") in own
    assert "es" in world.get("/t/montreal/es/youth").headers["content-language"]
    # The region's other languages, one of which is made up here, say that the page is not translated.
    assert {language for language, text in other if len(text.split()) > 6} <= {"fr-CA", "en-CA", "fr", "en", PSEUDO}
    assert re.search(r'<article[^>]* lang="(fr|en)', world.get("/t/montreal/es/professionals").text)


def test_whoever_translates_what_visitors_read_leaves_no_text_of_a_public_page_behind(
    world: World, tmp_path: Path
) -> None:
    texts = [extraction.read(extraction.catalog_path(ROOT / "locales", each, "spheres")) for each in REGISTRY.values()]
    files = {text: core_texts()[key].files for found in texts for key, forms in found.items() for text in forms}

    said_by_packs = all_text("quebec") + all_text("montreal")

    forgotten = {
        text: files[text]
        for answer in visitors_pages(world, "/t/montreal/qps/")
        for language, text in texts_of(answer, tmp_path)
        if language in REGISTRY and text in files and text not in said_by_packs
    }

    assert forgotten == {}, "\n".join(f"{text}: {' '.join(where)}" for text, where in forgotten.items())
