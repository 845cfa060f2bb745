"""A catalog goes out as a sheet and comes back the same; a sheet with anything wrong changes nothing."""

from __future__ import annotations

import tempfile
from pathlib import Path

import msgspec
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spheres_core.authoring import pseudo_locale
from spheres_core.authoring.accepted_texts import as_accepted
from spheres_core.authoring.translation_sheets import (
    Row,
    SheetChanges,
    catalog_and_language,
    check_sheet,
    read_sheet,
    rows_of,
    write_catalog,
    write_sheet,
)
from spheres_core.foundation.content.packs import ContentInvalid
from spheres_core.foundation.languages import extraction
from spheres_core.foundation.languages.extraction import ExtractedText
from spheres_core.foundation.languages.localization import placeholders
from spheres_core.foundation.languages.registry import CORE, REGISTRY, Language
from tests.examples import examples

FRENCH = REGISTRY["fr-CA"]
FOUND = {
    each.key: each
    for each in (
        ExtractedText("", ("Water",), ("spheres_core/x.py",)),
        ExtractedText("", ("Hello {name}",), ("spheres_core/x.py",)),
        ExtractedText("", ("{n} day", "{n} days"), ("spheres_core/y.py",)),
        ExtractedText("term", ("case",), ()),
    )
}
KNOWN = {("", "Water"): ("De l’eau",), ("", "{n} day"): ("{n} jour", "{n} jours")}
TEXT = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Cn", "Co"), blacklist_characters="\ufeff\ufffe{}") | st.just("\n"),
    min_size=1,
    max_size=30,
).filter(str.strip)


def sheet(folder: Path, suffix: str = ".xlsx", rows: list[Row] | None = None) -> Path:
    path = folder / f"sheet{suffix}"
    write_sheet(path, rows or rows_of("trial", FRENCH, FOUND, KNOWN, {("", "Water"): "À boire"}), FRENCH)
    return path


def with_cell(path: Path, row: int, column: str, text: str | None) -> Path:
    """Write into one cell, as a translator would."""
    book = openpyxl.load_workbook(path)
    page = book.active
    assert page is not None
    headers = [cell.value for cell in page[1]]
    page.cell(row, headers.index(column) + 1).value = text
    book.save(path)
    return path


def taken(path: Path, language: Language = FRENCH) -> SheetChanges:
    read = read_sheet(path)
    assert catalog_and_language(read) == ("trial", language.tag)
    return check_sheet(read, language, FOUND, KNOWN, {("", "Water"): "À boire"})


def refused(path: Path) -> list[tuple[int | None, str | None, str]]:
    with pytest.raises(ContentInvalid) as caught:
        taken(path)
    return [(each.row, each.column, each.message.msgid) for each in caught.value.findings]


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_a_sheet_that_nobody_touched_changes_nothing(tmp_path: Path, suffix: str) -> None:
    assert taken(sheet(tmp_path, suffix)) == SheetChanges({}, {})


def test_what_a_translator_writes_comes_back_and_only_that(tmp_path: Path) -> None:
    path = with_cell(with_cell(sheet(tmp_path), 3, "translation", "Bonjour {name}"), 3, "note", "Tu ou vous?")

    assert taken(path) == SheetChanges(
        {("", "Hello {name}"): ("Bonjour {name}",)}, {("", "Hello {name}"): "Tu ou vous?"}
    )


def test_an_empty_cell_erases_nothing(tmp_path: Path) -> None:
    assert taken(with_cell(sheet(tmp_path), 2, "translation", None)) == SheetChanges({}, {})


@pytest.mark.parametrize(
    ("row", "column", "text", "told"),
    [
        (3, "translation", "Bonjour {nom}", "placeholders"),
        (2, "translation", "De l eau", "apostrophe"),
        (2, "translation", "De lâ€™eau", "encoding"),
        (2, "source", "Waters", "No text of the code"),
        (4, "source_many", "{n} weeks", "No text of the code"),
        (5, "form", "3", "no plural form"),
        (5, "form", "1", "already"),
        (5, "form", "x", "whole number"),
        (2, "existing", "Eau", "translated anew"),
    ],
)
def test_what_is_wrong_is_said_with_row_and_column(
    tmp_path: Path, row: int, column: str, text: str | None, told: str
) -> None:
    path = with_cell(sheet(tmp_path), 2, "translation", "Eau fraîche") if column == "existing" else sheet(tmp_path)

    found = refused(with_cell(path, row, column, text))
    assert [at for at, _, said in found if told in said], found
    assert all(at for at, _, _ in found)


def test_a_text_that_seems_to_be_in_another_language_is_a_warning_and_is_taken(tmp_path: Path) -> None:
    path = with_cell(sheet(tmp_path), 2, "translation", "We are here for you and with you")

    doubtful = taken(path)
    accepted = check_sheet(read_sheet(path), FRENCH, FOUND, KNOWN, {}, frozenset(map(as_accepted, doubtful.doubted)))

    assert [(each.row, each.column, each.severity) for each in doubtful.warnings] == [(2, "translation", "warning")]
    assert "We are here for you and with you" in str(doubtful.texts)
    assert (accepted.warnings, accepted.texts) == ((), doubtful.texts)


def test_a_plural_that_is_half_translated_is_refused(tmp_path: Path) -> None:
    path = sheet(tmp_path, rows=rows_of("trial", FRENCH, FOUND, {}, {}))
    read = read_sheet(with_cell(path, 4, "translation", "{n} jour"))

    with pytest.raises(ContentInvalid) as caught:
        check_sheet(read, FRENCH, FOUND, {}, {})
    assert [(each.row, each.column) for each in caught.value.findings] == [(4, "translation")]


def test_everything_wrong_is_said_in_one_go(tmp_path: Path) -> None:
    path = with_cell(with_cell(sheet(tmp_path), 3, "translation", "{x}"), 2, "source", "?")

    assert {(row, column) for row, column, _ in refused(path)} == {(3, "translation"), (2, "source")}


def test_a_sheet_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("source,translation\nWater,Eau\n")
    (tmp_path / "b.xlsx").write_bytes(b"not a sheet")

    for name in ("a.csv", "b.xlsx"):
        with pytest.raises(ContentInvalid):
            read_sheet(tmp_path / name)


def test_two_languages_in_one_sheet_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentInvalid):
        catalog_and_language(read_sheet(with_cell(sheet(tmp_path), 3, "language", "en-CA")))


def test_a_sheet_with_semicolons_is_read_too(tmp_path: Path) -> None:
    path = sheet(tmp_path, ".csv")
    path.write_text(path.read_text(encoding="utf-8-sig").replace(",", ";"), encoding="utf-8")

    assert len(read_sheet(path).rows) == 5


def test_a_cell_is_never_a_formula(tmp_path: Path) -> None:
    rows = [msgspec.structs.replace(row, note="=1+1") for row in rows_of("trial", FRENCH, FOUND, KNOWN, {})]

    assert "'=1+1" in sheet(tmp_path, ".csv", rows).read_text(encoding="utf-8-sig")
    book = openpyxl.load_workbook(sheet(tmp_path, ".xlsx", rows))
    assert {cell.data_type for page in book for line in page for cell in line} <= {"s", "n", "inlineStr"}


def test_a_language_from_the_right_has_its_sheet_from_the_right_and_a_row_per_form(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_sheet(path, rows_of("trial", pseudo_locale.MIRRORED, FOUND, {}, {}), pseudo_locale.MIRRORED)

    page = openpyxl.load_workbook(path).active
    assert page is not None
    assert page.sheet_view.rightToLeft is True
    forms = [row.row for row in read_sheet(path).rows if row.row.source_many]
    assert [(row.form, row.numbers.split(",")[0]) for row in forms] == [
        (1, "0"), (2, "1"), (3, "2"), (4, "3"), (5, "11"), (6, "100"),
    ]  # fmt: skip


@settings(max_examples=examples(25), suppress_health_check=list(HealthCheck))
@given(
    st.dictionaries(st.tuples(st.sampled_from(("", "term")), TEXT), st.tuples(TEXT, TEXT, TEXT, TEXT), max_size=5),
    st.sampled_from(["fr-CA", "ar", "iu"]),
    st.sampled_from([".xlsx", ".csv"]),
)
def test_out_and_back_is_the_same(
    texts: dict[tuple[str, str], tuple[str, str, str, str]], tag: str, suffix: str
) -> None:
    """Whatever a catalog holds: sentences and numbered texts, quotes, line breaks, what looks like a formula."""
    language = CORE[tag]
    found, known, notes = {}, {}, {}
    for number, (key, (many, one, other, note)) in enumerate(texts.items()):
        numbered = number % 2 == 0
        found[key] = ExtractedText(key[0], (key[1], many) if numbered else (key[1],), ("spheres_core/x.py",))
        known[key] = (one, *[other] * (language.forms - 1)) if numbered else (one,)
        notes[key] = note
    with tempfile.TemporaryDirectory() as folder:
        path, catalog = Path(folder) / f"a{suffix}", Path(folder) / "a.po"
        rows = rows_of("trial", language, found, known, notes)
        write_sheet(path, rows, language)
        read = read_sheet(path)
        assert [placed.row for placed in read.rows] == rows
        assert check_sheet(read, language, found, known, notes) == SheetChanges({}, {})
        write_catalog(catalog, language, "trial", found, SheetChanges(known, {}))
        assert extraction.read(catalog) == known


def test_what_else_stands_in_a_catalog_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.po"
    path.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        '# À boire\n#, fuzzy\nmsgid "Water"\nmsgstr "Eau"\n\n'
        'msgid "Only there"\nmsgstr "Là seulement"\n\n#~ msgid "Old"\n#~ msgstr "Vieux"\n'
    )
    write_catalog(
        path, FRENCH, "trial", FOUND, SheetChanges({("", "Water"): ("De l’eau",)}, {("term", "case"): "Un mot"})
    )

    text = path.read_text()
    for kept in ("# À boire", "Là seulement", '#~ msgid "Old"', "De l’eau", "# Un mot", 'msgctxt "term"'):
        assert kept in text
    assert "fuzzy" not in text


# ---- the pseudo-locale ----------------------------------------------------------------------------------------------


@given(TEXT, st.booleans())
def test_a_pseudo_text_is_bracketed_longer_and_keeps_its_placeholders(text: str, mirrored: bool) -> None:
    whole = f"{text} {{name}} `spheres check` {{n}}"
    said = pseudo_locale.pseudo(whole, mirrored=mirrored)

    assert (said[0], said[-1]) == ("[", "]")
    assert placeholders(said) == placeholders(whole)
    assert len(said) >= len(whole) * 1.35
    assert "`spheres check`" in said or "`" in text
