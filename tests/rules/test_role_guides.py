"""The page of each role says what pages say: in its own language, in words that stand on a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import polib
import pytest
from PIL import Image

from tests import docs_pictures
from tests.spheres_core.cli.demo_data.guide_pages import plain, steps_of

DOCS: Final = Path(__file__).parents[2] / "docs"
CATALOGS: Final = DOCS.parent / "locales"
GUIDES: Final = {
    "pivot-worker": "intervention-pivot",
    "backup": "releve",
    "coordinator": "coordination",
    "liaison": "liaison",
    "committee-member": "comite",
    "on-call-partner": "partenaire-de-garde",
    "clinical-support": "soutien-clinique",
    "privacy-officer": "protection-des-renseignements",
    "content-editor": "edition",
    "evaluator": "evaluation",
}
"""Each role's page, and the same in French."""
PICTURES: Final = DOCS / "pictures"
PICTURE: Final = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")
LARGEST: Final = 60_000
"""Bytes of a picture: a page with two of them still comes quickly over a slow line."""
PAGES: Final = [(f"roles/{english}.md", "en_CA") for english in GUIDES] + [
    (f"fr/roles/{french}.md", "fr_CA") for french in GUIDES.values()
]


@pytest.fixture(scope="module")
def in_french() -> Mapping[str, set[str]]:
    """By each English text of the core, what stands for it in French: several where one English text means several."""
    english, french = (
        {(each.msgid, each.msgctxt): plain(each.msgstr) for each in polib.pofile(str(file))}
        for file in (CATALOGS / language / "LC_MESSAGES" / "spheres.po" for language in ("en_CA", "fr_CA"))
    )
    found: dict[str, set[str]] = {}
    for text, said in english.items():
        found.setdefault(said, set()).add(french[text])
    return found


@pytest.fixture(scope="module")
def said() -> dict[str, set[str]]:
    """By language, all texts of the core."""
    return {
        language: {each.msgstr for each in polib.pofile(str(CATALOGS / language / "LC_MESSAGES" / "spheres.po"))}
        for language in ("en_CA", "fr_CA")
    }


@pytest.mark.parametrize(("guide", "language"), PAGES)
def test_what_a_page_of_a_role_calls_something_is_what_the_pages_call_it(
    guide: str, language: str, said: dict[str, set[str]]
) -> None:
    named = re.findall(r"\*\*([^*]+)\*\*", (DOCS / guide).read_text(encoding="utf-8"))

    assert len(named) > 1
    assert set(named) - said[language] == set()


@pytest.mark.parametrize("english", GUIDES)
def test_each_step_calls_the_same_things_by_name_in_both_languages(
    english: str, in_french: Mapping[str, set[str]]
) -> None:
    """What stands in English on the page that a step opens (`demo_data/test_files.py`) so stands there in French."""
    places = (f"roles/{english}.md", f"fr/roles/{GUIDES[english]}.md")
    steps = [steps_of((DOCS / place).read_text(encoding="utf-8")) for place in places]

    for ours, theirs in zip(*steps, strict=True):
        assert set(theirs) <= {said for each in ours for said in in_french[each]}
        assert [each for each in ours if not in_french[each] & set(theirs)] == []


def test_each_role_has_its_page_in_both_languages_with_the_same_parts() -> None:
    listed = (DOCS / "README.md").read_text(encoding="utf-8")
    for english, french in GUIDES.items():
        pages = [
            (DOCS / place).read_text(encoding="utf-8") for place in (f"roles/{english}.md", f"fr/roles/{french}.md")
        ]
        parts = [(page.count("\n## "), page.count("\n- ")) for page in pages]
        assert parts[0] == parts[1] and parts[0][0] == 5, english
        assert f"(roles/{english}.md)" in listed and f"(fr/roles/{french}.md)" in listed
    assert {each.stem for each in (DOCS / "roles").glob("*.md")} == set(GUIDES)
    assert {each.stem for each in (DOCS / "fr" / "roles").glob("*.md")} == set(GUIDES.values())


@pytest.mark.parametrize(("guide", "language"), PAGES)
def test_a_page_of_a_role_shows_pages_in_its_language_and_says_what_one_sees(guide: str, language: str) -> None:
    role = {f"fr/roles/{french}.md": english for english, french in GUIDES.items()}.get(guide, Path(guide).stem)
    shown = PICTURE.findall((DOCS / guide).read_text(encoding="utf-8"))

    assert 1 <= len(shown) <= 2
    for number, (said, path) in enumerate(shown, start=1):
        file = (DOCS / guide).parent / path
        assert file.resolve() == PICTURES / f"{role}-{number}.{language[:2]}.webp"
        assert len(said.split()) > 10, path
        with Image.open(file) as picture:
            assert picture.format == "WEBP" and picture.width == docs_pictures.WIDTH and picture.height > 100, path
        assert file.stat().st_size <= LARGEST, path


def test_every_picture_is_one_that_is_made_and_shown() -> None:
    shown = {Path(path).name for guide, _ in PAGES for _, path in PICTURE.findall((DOCS / guide).read_text("utf-8"))}
    made = {
        f"{role}-{number}.{language}.webp"
        for role, pictures in docs_pictures.PICTURES_OF.items()
        for number in range(1, len(pictures) + 1)
        for language in docs_pictures.LANGUAGES
    }

    assert {each.name for each in PICTURES.iterdir()} == shown == made
    assert set(docs_pictures.PICTURES_OF) == set(GUIDES)
