"""A file that people write is read right, or what is wrong with it is said with its file and line."""

from __future__ import annotations

import io
import json
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import polib
import pytest
from babel.messages.pofile import read_po

from spheres_core import app
from spheres_core.foundation.content.json_documents import read_json
from spheres_core.foundation.content.packs import ContentInvalid, read_content, read_toml
from spheres_core.foundation.content.po import change_catalog_file, read_catalog_file
from spheres_core.foundation.languages.registry import CORE
from spheres_core.foundation.plugins.manifest import FILE, read_manifest
from spheres_core.foundation.tenancy import tenants
from spheres_core.site.content_pages import read_pages
from tests.mutated_copies import COPIES, mutated_copies

ROOT: Final = Path(__file__).parents[4]
SAMPLES: Final = ROOT / "tests" / "assets" / "field_reports"
HEADER: Final = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    '"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n'
)
EXCERPT: Final = 40
"""Entries of a large catalog that one copy has at least; all copies together go through the whole of it."""


def files(suffix: str) -> list[str]:
    places = [
        path
        for place in ("locales", "plugins", "tenants", "spheres_core", "tests")
        for path in (ROOT / place).rglob(f"*{suffix}")
    ]
    found = {path.relative_to(ROOT).as_posix() for path in [*places, *ROOT.glob(f"*{suffix}")]}
    return sorted(name for name in found if "node_modules" not in name and "field_reports" not in name)


CATALOGS: Final = [*files(".po"), *files(".pot")]


def found_in(read: Callable[[Path], Any], path: Path) -> list[tuple[int | None, str]]:
    """Returns the lines and sentences with which a file is refused."""
    with pytest.raises(ContentInvalid) as refused:
        read(path)
    return [(each.line, each.message.msgid) for each in refused.value.findings]


def placed(invalid: ContentInvalid, file: str) -> str:
    """Returns that a file was refused. Raises `AssertionError` when a finding does not say where."""
    assert all(each.file == file and each.line for each in invalid.findings), str(invalid)
    return "refused"


def written(path: Path, data: str | bytes) -> Path:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


# ---- PO ---------------------------------------------------------------------------------------------------------


def by_babel(data: bytes) -> dict[tuple[str, str], tuple[str, ...]]:
    found = {}
    for each in read_po(io.BytesIO(data.removeprefix(b"\xef\xbb\xbf")), ignore_obsolete=True):
        if each.id:
            msgid = each.id if isinstance(each.id, str) else each.id[0]
            texts = (each.string,) if isinstance(each.string, str) else tuple(each.string or ())
            found[(each.context or "", msgid)] = texts
    return found


def by_polib(path: Path) -> dict[tuple[str, str], tuple[str, ...]]:
    return {
        (each.msgctxt or "", each.msgid): tuple(each.msgstr_plural.values()) or (each.msgstr,)
        for each in polib.pofile(str(path), encoding="utf-8")
        if not each.obsolete
    }


def ours(path: Path) -> dict[tuple[str, str], tuple[str, ...]]:
    return {each.key: each.texts for each in read_catalog_file(path).entries}


@pytest.mark.parametrize("name", CATALOGS)
def test_a_catalog_is_read_as_two_libraries_read_it(name: str) -> None:
    path = ROOT / name
    assert ours(path) == by_babel(path.read_bytes()) == by_polib(path)


def excerpts(catalog: str) -> list[str]:
    """Returns a catalog as parts that each have its header."""
    header, *entries = catalog.rstrip("\n").split("\n\n")
    size = max(EXCERPT, -(-len(entries) // COPIES))
    return ["\n\n".join([header, *entries[at : at + size]]) + "\n" for at in range(0, len(entries), size)]


@pytest.mark.parametrize("name", CATALOGS)
def test_no_mutated_catalog_loses_a_text_in_silence(name: str, tmp_path: Path) -> None:
    parts = excerpts((ROOT / name).read_text(encoding="utf-8"))
    original = ours(ROOT / name)
    path = tmp_path / "catalog.po"
    outcomes = []
    for kind, data in mutated_copies(*parts, seed=name):
        path.write_bytes(data)
        try:
            found = ours(path)
        except ContentInvalid as invalid:
            outcomes.append(placed(invalid, "catalog.po"))
            continue
        outcomes.append("read")
        ends_in_a_comment = data.rstrip().splitlines()[-1].startswith(b"#")  # polib loses the entry before it
        assert found == (by_babel(data) if ends_in_a_comment else by_polib(path)), kind
        if kind in ("bom", "line ends"):
            assert found in [by_babel(part.encode()) for part in parts], kind
        elif kind != "twice":
            assert found.items() <= original.items(), kind
    assert {each: outcomes.count(each) > 3 for each in outcomes} == {"read": True, "refused": True}


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ('msgid "a"\nmsgstr "un\ndeux"\n', 7, "This text does not end on its line"),
        ('msgid "a\nb"\nmsgstr "un"\n', 6, "This text does not end on its line"),
        ('msgid "a"\nmsgstr ""\n"un\n', 8, "This text does not end on its line"),
        ('msgid "a" "b"\nmsgstr "un"\n', 6, "This text does not end on its line"),
        ('msgid "a"\nmsgstr "un"\n\nmsgid "b"\n', 9, "This entry is cut"),
        ('msgid "a"\n\nmsgid "b"\nmsgstr "deux"\n', 6, "This entry is cut"),
        ('msgctxt "term"\n# said\nmsgid "b"\nmsgstr "deux"\n', 6, "This entry is cut"),
        ('msgid "{n} day"\nmsgid_plural "{n} days"\nmsgstr[0] "{n} jour"\n', 6, "plural forms"),
        ('msgid "{n} day"\nmsgid_plural "{n} days"\nmsgstr[1] "{n} jours"\n', 8, "{part} is not expected here."),
        ('msgstr "un"\n', 6, "{part} is not expected here."),
        (
            'msgid "a"\nmsgstr "un"\n\nmsgid "b"\nmsgstr "deux"\n\nmsgid "a"\nmsgstr "trois"\n',
            12,
            "stands in line {line}",
        ),
        ('msgid ""\nmsgstr "Language: fr\\n"\n', 6, "stands in line {line}"),
        ('<<<<<<< HEAD\nmsgid "a"\nmsgstr "un"\n=======\n', 6, "Two versions were merged"),
        ('msgid "a"\nmsgstr "un"\n>>>>>>> theirs\n', 8, "Two versions were merged"),
        ('msgid "a"\nmsgstr "un"\nmsgst\n', 8, "This is not a line of a PO file"),
        ('msgid "a\\nb\\n"\nmsgstr ""\n"un\\n"\n"deux"\n', 6, "with a line break"),
        ('msgid "a"\nmsgstr "u\x00n"\n', 7, "a character that no text has"),
    ],
)
def test_what_an_editor_a_download_or_a_merge_did_to_a_catalog_is_said_with_its_line(
    text: str, line: int, sentence: str, tmp_path: Path
) -> None:
    path = written(tmp_path / "fr_CA.po", HEADER + text)

    (found,) = found_in(read_catalog_file, path)

    assert found[0] == line
    assert sentence in found[1]


@pytest.mark.parametrize("charset", ["CHARSET", "UTF8-8", "rot13", "unicode_escape", "utf-16"])
def test_a_catalog_in_a_character_set_that_is_none_is_refused_at_its_header(charset: str, tmp_path: Path) -> None:
    path = written(tmp_path / "fr_CA.po", HEADER.replace("UTF-8", charset) + 'msgid "a"\nmsgstr "un"\n')

    assert [(line, "character set" in said) for line, said in found_in(read_catalog_file, path)] == [(3, True)]


def test_a_catalog_is_read_in_the_character_set_that_its_header_names(tmp_path: Path) -> None:
    text = HEADER.replace("UTF-8", "ISO-8859-1") + 'msgid "a"\nmsgstr "été"\n'

    assert ours(written(tmp_path / "latin.po", text.encode("latin-1"))) == {("", "a"): ("été",)}
    for wrong in (text.encode(), text.replace("ISO-8859-1", "UTF-8").encode("latin-1")):
        assert len(found_in(read_catalog_file, written(tmp_path / "wrong.po", wrong))) == 1


def test_comments_obsolete_entries_and_flags_of_translators_tools_are_no_damage(tmp_path: Path) -> None:
    path = written(
        tmp_path / "fr_CA.po",
        "# A catalog of ours\n#, fuzzy\n" + HEADER + "# said on the door\n#. extracted\n#: a.py:3\n#, python-format\n"
        '#| msgid "old"\nmsgctxt "term"\nmsgid "a"\nmsgstr ""\n  "un "\n"deux"\n\n#, fuzzy\nmsgid "b"\nmsgstr "deux"\n'
        '\n#~ msgid "gone"\n#~ msgstr "parti"\n',
    )

    found = read_catalog_file(path)

    assert found.translations() == {("term", "a"): ("un deux",)}
    assert found.notes() == {("term", "a"): "said on the door"}
    assert found.header["Plural-Forms"] == "nplurals=2; plural=(n > 1);"
    assert ours(path) == by_polib(path)


def test_a_catalog_that_ends_in_a_comment_keeps_its_last_entry_when_it_is_changed(tmp_path: Path) -> None:
    path = written(
        tmp_path / "fr_CA.po", HEADER + 'msgid "a"\nmsgstr "un"\n\nmsgid "b"\nmsgstr "deux"\n\n# to be continued\n'
    )

    change_catalog_file(path, {("", "a"): ("Un",), ("", "c"): ("Trois",)}, {}, {("", "c"): (("c",), ("c.py",))})

    assert ours(path) == {("", "a"): ("Un",), ("", "b"): ("deux",), ("", "c"): ("Trois",)}
    assert path.read_text(encoding="utf-8").endswith("# to be continued\n")


def test_the_samples_from_the_field_are_read_or_refused_with_their_line() -> None:
    assert ours(SAMPLES / "catalog_bom.po") == {("", "She is far from services."): ("Elle est loin des services.",)}
    assert [line for line, _ in found_in(read_catalog_file, SAMPLES / "catalog_raw_newline.po")] == [7]
    assert [line for line, _ in found_in(read_catalog_file, SAMPLES / "catalog_charset_placeholder.po")] == [4]
    assert read_toml(SAMPLES / "plugin_bom.toml")[0]["id"] == "far_shore"
    assert read_json((SAMPLES / "hsds_bom.json").read_bytes(), "x")[0][0]["name"] == "Maison Exemple"


# ---- TOML and JSON ----------------------------------------------------------------------------------------------


def is_part_of(found: Any, whole: Any) -> bool:
    """Returns whether everything that was found stands in the whole: nothing is shortened, changed or made up."""
    if isinstance(found, dict):
        return isinstance(whole, dict) and all(name in whole and is_part_of(found[name], whole[name]) for name in found)
    if isinstance(found, list):
        return isinstance(whole, list) and len(found) <= len(whole) and all(map(is_part_of, found, whole))
    return type(found) is type(whole) and found == whole


def on_one_line(value: Any) -> Any:
    """Returns a value without the line breaks of its texts."""
    if isinstance(value, dict):
        return {name: on_one_line(each) for name, each in value.items()}
    if isinstance(value, list):
        return [on_one_line(each) for each in value]
    return value.replace("\n", "") if isinstance(value, str) else value


@pytest.mark.parametrize("name", files(".toml"))
def test_no_mutated_toml_file_loses_a_value_in_silence(name: str, tmp_path: Path) -> None:
    whole = (ROOT / name).read_text(encoding="utf-8")
    original = tomllib.loads(whole)
    path = tmp_path / "file.toml"
    outcomes = []
    for kind, data in mutated_copies(whole, seed=name):
        path.write_bytes(data)
        try:
            found = read_toml(path)[0]
        except ContentInvalid as invalid:
            outcomes.append(placed(invalid, "file.toml"))
            continue
        outcomes.append("read")
        assert found == tomllib.loads(data.decode("utf-8-sig"))
        if kind in ("bom", "line ends"):
            assert found == original, kind
        elif kind == "raw newline":  # may stand in a text over several lines, or end a comment
            assert is_part_of(on_one_line(original), on_one_line(found)), kind
        elif kind != "twice":
            assert is_part_of(found, original), kind
    assert {each: outcomes.count(each) > 3 for each in outcomes} == {"read": True, "refused": True}


@pytest.mark.parametrize("name", files(".json"))
def test_no_mutated_json_file_loses_a_value_in_silence(name: str) -> None:
    whole = (ROOT / name).read_text(encoding="utf-8")
    original = json.loads(whole)
    outcomes = []
    for kind, data in mutated_copies(whole, seed=name):
        try:
            found, _ = read_json(data, "file.json")
        except ContentInvalid as invalid:
            outcomes.append(placed(invalid, "file.json"))
            continue
        outcomes.append("read")
        assert found == json.loads(data.decode("utf-8-sig"))
        assert found == original or kind == "twice", kind
    assert {each: outcomes.count(each) > 3 for each in outcomes} == {"read": True, "refused": True}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('{"name": "a",\n "name": "b"}', 2),
        ('[{"id": 1},\n {"id": 2, "phones": [{"n": 1,\n "n": 1}]}]', 3),
        ('{"name": "a",\n', 1),
        ('{"name": "a"\n "id": 1}', 2),
        ("<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> b\n", 1),
        ("", 1),
    ],
)
def test_json_that_could_not_be_kept_whole_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(ContentInvalid) as refused:
        read_json(text.encode(), "x.json")
    assert refused.value.findings[0].line == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a = 1\nb = [1,\n", 2),
        ('a = """x\n<<<<<<< HEAD\ny\n=======\nz\n>>>>>>> b\n"""\n', 2),
        ("a = 1\na = 2\n", 2),
        (f"a = 1\nb = {'9' * 5000}\n", None),
        ("a = 1\nminimum_age = 1", 2),
        ("a = 1\nverified_on = 2026-11-2", 2),
        ("a = 1\nat = 2026-11-21", 2),
        ("a = 'x'\rb = 1", 1),
    ],
)
def test_toml_that_could_not_be_kept_whole_is_refused_with_its_line(
    text: str, line: int | None, tmp_path: Path
) -> None:
    assert [at for at, _ in found_in(read_toml, written(tmp_path / "x.toml", text))][:1] == [line]


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ("# Été\n\nÀ bientôt.\n".encode("cp1252"), 1),
        (b"# Page\n\n<<<<<<< HEAD\nun\n=======\ndeux\n>>>>>>> b\n", 3),
        ("# Page\n\nÀ bientôt.\n".encode("utf-16"), 1),
    ],
)
def test_a_page_that_could_not_be_read_as_it_was_meant_is_refused_with_its_line(
    data: bytes, line: int, tmp_path: Path
) -> None:
    page = tmp_path / "pages" / "fr" / "youth.md"
    page.parent.mkdir(parents=True)
    page.write_bytes(data)
    with pytest.raises(ContentInvalid) as refused:
        read_pages([page], "x")
    assert [(each.file, each.line) for each in refused.value.findings][:1] == [("pages/fr/youth.md", line)]


def test_a_page_with_a_bom_has_its_title(tmp_path: Path) -> None:
    page = tmp_path / "pages" / "fr" / "youth.md"
    page.parent.mkdir(parents=True)
    page.write_bytes("\ufeff# Bienvenue\r\n\r\nBonjour.\r\n".encode())
    assert read_pages([page], "x")["youth"]["fr"].title == "Bienvenue"


CONTENT: Final = [
    *(path for path in sorted((ROOT / "plugins").glob("*/*.toml")) if path.name != "conformance.toml"),
    *sorted((ROOT / "tenants").glob("*.toml")),
]


def read_as_content(path: Path) -> None:
    """Reads a file as what it is: a tenant's, a plugin's manifest, or content of a plugin."""
    if path.parent.name == "tenants":
        tenants.read_definition(path, installed=[each.parent.name for each in CONTENT], languages=CORE)
    elif path.name == FILE:
        read_manifest(path.parent)
    else:
        read_content(path.parent, path.parent.name, [each for each in app.pack_readers() if each.pattern == path.name])


@pytest.mark.parametrize("original", CONTENT, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_mutated_content_file_is_read_or_each_finding_has_its_line(original: Path, tmp_path: Path) -> None:
    """As deep as the room that owns the file reads it: what is missing after a cut, what stands twice, …"""
    root = tmp_path / original.parent.name
    shutil.copytree(original.parent, root, ignore=shutil.ignore_patterns("__pycache__", "pages", "forms"))
    refused = 0
    for _kind, data in mutated_copies(original.read_text(encoding="utf-8"), seed=original.name):
        (root / original.name).write_bytes(data)
        try:
            read_as_content(root / original.name)
        except ContentInvalid as invalid:
            refused += placed(invalid, original.name) == "refused"
    assert 20 < refused < COPIES
