"""Both languages of the core are whole, and each stays itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from spheres_core import app
from spheres_core.cli.locale import catalogs
from spheres_core.foundation.languages import extraction
from spheres_core.foundation.languages.localization import REGISTRY, CatalogKey, Language

ROOT = Path(__file__).parents[2]
FRENCH = REGISTRY["fr-CA"]
ENGLISH = REGISTRY["en-CA"]
SAME_IN_BOTH = {
    "Administration", "Arguments", "Code", "Contact", "Date", "Description", "Invitations", "Licence", "Menu",
    "Message", "Minutes", "Options", "Page", "Pages", "Permissions", "Police", "Questions", "Routes",
    "SPHÈRES , Python", "Service", "Services", "Session", "Tables", "Type", "Version", "Versions", "pages", "date",
    "immigration", "Questionnaires", "plugin.toml", "question", "version", "JavaScript", "Question",
    "Parent", "Urgent", "Note", "Coordination",
}  # fmt: skip
"""Words that are written alike."""


@pytest.fixture(scope="module")
def texts() -> dict[CatalogKey, extraction.ExtractedText]:
    return catalogs.core_texts()


def catalog(language: Language) -> dict[CatalogKey, tuple[str, ...]]:
    return extraction.read(extraction.catalog_path(app.catalog_folder(), language, "spheres"))


@pytest.mark.parametrize("language", [FRENCH, ENGLISH], ids=lambda each: each.tag)
def test_every_text_of_the_code_is_in_each_language_and_nothing_else(
    language: Language, texts: dict[CatalogKey, extraction.ExtractedText]
) -> None:
    known = catalog(language)

    assert {key: found.files for key, found in texts.items() if key not in known} == {}, "run `make messages`"
    assert sorted(known.keys() - texts.keys()) == []


def test_english_is_itself_but_for_its_apostrophes(texts: dict[CatalogKey, extraction.ExtractedText]) -> None:
    known = catalog(ENGLISH)

    assert {
        key: forms for key, forms in known.items() if forms != tuple(map(extraction.english, texts[key].forms))
    } == {}
    assert [forms for forms in known.values() if re.search(r"\w'\w", re.sub(r"`[^`]*`", "", " ".join(forms)))] == []


def test_placeholders_are_the_same_in_french(texts: dict[CatalogKey, extraction.ExtractedText]) -> None:
    known = catalog(FRENCH)

    assert [key for key, found in texts.items() if extraction.wrong_placeholders(found, known[key])] == []


def test_numbered_texts_have_two_forms_in_french(texts: dict[CatalogKey, extraction.ExtractedText]) -> None:
    known = catalog(FRENCH)

    assert [key for key, found in texts.items() if len(known[key]) != len(found.forms)] == []


def test_french_keeps_its_apostrophes_and_spaces() -> None:
    said = [text for forms in catalog(FRENCH).values() for text in forms]

    assert [text for text in said if extraction.french(text) != text] == []
    assert [text for text in said if re.search(r"\w\s?[;?!]", text) and re.search(r"\s[;?!]", text)] == []
    assert [text for text in said if re.search(r"(?<![-\w])[ldnjmstcLDNJMSTC] [aeiouhéèê]", text)] == []


def test_no_english_is_left_in_the_french(texts: dict[CatalogKey, extraction.ExtractedText]) -> None:
    known = catalog(FRENCH)
    same = {bare for key, found in texts.items() if (bare := _bare(found.forms[0])) == _bare(known[key][0])}
    english = re.compile(r"\b(the|and|of|with|this|that|your|you|is|are|was|which|from|please|not)\b", re.IGNORECASE)
    left = [text for forms in known.values() for text in forms if english.search(re.sub(r"`[^`]*`", "", text))]

    assert {text for text in same if len(text) > 2 and not text.isupper()} - SAME_IN_BOTH == set()
    assert left == []


def _bare(text: str) -> str:
    """A text without placeholders and what stands around its words."""
    return re.sub(r"\{\w*\}", "", text).strip(" \u00a0.:[]()%")


@pytest.mark.parametrize("language", [FRENCH, ENGLISH], ids=lambda each: each.tag)
def test_catalogs_are_as_they_would_be_written_again(
    language: Language, texts: dict[CatalogKey, extraction.ExtractedText]
) -> None:
    path = extraction.catalog_path(app.catalog_folder(), language, "spheres")

    written = extraction.catalog_text(texts.values(), catalog(language), language, "spheres")
    assert path.read_text(encoding="utf-8") == written
    assert "fuzzy" not in path.read_text(encoding="utf-8")
    assert "\n#~" not in path.read_text(encoding="utf-8")


def test_plugins_are_whole_in_the_languages_they_declare() -> None:
    rows = [row for row in catalogs.coverage() if row["catalog"] != "spheres" and row["required"]]

    assert {row["catalog"]: row["missing"] for row in rows if row["missing"] or row["placeholders"]} == {}


def test_texts_are_found_in_nested_calls_over_lines_and_in_templates(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text('x = say(f(""), 1)\ny = msg(\n  "One "\n  "sentence {n}.", n=msg("Inside"))\n')
    (tmp_path / "a.html").write_text('{{ _("A page") }}{{ ngettext("{n} one", "{n} many", 2) }}{{ term("case") }}')

    found = extraction.extract(tmp_path, tmp_path)

    assert set(found) == {("", "One sentence {n}."), ("", "Inside"), ("", "A page"), ("", "{n} one"), ("term", "case")}
    assert found["", "{n} one"].forms == ("{n} one", "{n} many")
    (tmp_path / "b.py").write_text('z = plural("{n} bed", "{n} beds", 2, domain="beds")\n')
    assert extraction.extract(tmp_path, tmp_path)["", "{n} bed"].forms == ("{n} bed", "{n} beds")


def test_an_untranslated_text_is_noticed(texts: dict[CatalogKey, extraction.ExtractedText], tmp_path: Path) -> None:
    """The control: the checks above fail when something is missing."""
    short = {key: forms for key, forms in catalog(FRENCH).items() if key != ("", "Language")}
    path = extraction.catalog_path(tmp_path, FRENCH, "spheres")
    path.parent.mkdir(parents=True)
    path.write_text(extraction.catalog_text(texts.values(), short, FRENCH, "spheres"), encoding="utf-8")

    assert texts.keys() - extraction.read(path).keys() == {("", "Language")}
    assert extraction.wrong_placeholders(extraction.ExtractedText("", ("Hello {name}.",), ()), ("Bonjour {nom}.",))
    assert extraction.french("l'aide : « oui »") == "l’aide\u00a0: «\u00a0oui\u00a0»"


def test_no_template_puts_a_colon_between_two_texts_itself() -> None:
    """Languages differ in what stands before a colon: it belongs to a text that is translated."""
    joined = re.compile(r"\}\}: ?\{\{")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in ("spheres_core", "plugins")
        for path in sorted((ROOT / folder).rglob("*.html"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if joined.search(line)
    ]
    assert joined.search("{{ state }}: {{ number }}")
    assert not found
