"""Takes the passages out of files that people wrote: each with its place and the language that it says it is in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

from spheres_core.authoring.accepted_texts import not_accepted
from spheres_core.forms.xlsform import sheets
from spheres_core.foundation.content import po, spreadsheets
from spheres_core.foundation.content.grids import CATALOG_LIMITS, GridRow
from spheres_core.foundation.content.language_tags import language_tag
from spheres_core.foundation.content.packs import ContentInvalid, read_text, read_toml
from spheres_core.foundation.content.spreadsheets import open_spreadsheet
from spheres_core.foundation.languages.registry import CORE, TAG
from spheres_core.foundation.languages.text_checks import (
    DAMAGED,
    Passage,
    TextProblem,
    check_text,
    check_typography,
    compare_with_source,
)
from spheres_core.partners.directory_file import PROPER_NAMES

SUFFIXES: Final = (".md", ".txt", ".html", ".po", ".toml", *spreadsheets.SUFFIXES)
SKIPPED: Final = frozenset({"vendor", "__pycache__", "node_modules", ".git", ".venv"})
_FENCE: Final = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.MULTILINE | re.DOTALL)
_NOT_READ: Final = re.compile(r"`[^`\n]*`|<!--.*?-->|\]\([^)\s]*\)|https?://\S+|\S+@\S+", re.DOTALL)
_NEW_BLOCK: Final = re.compile(r"\s*([-*+•]\s|\d+[.)]\s|#{1,6}\s|\||>|$)")
_FORM: Final = re.compile(r"^\|\s*survey\s*\|", re.MULTILINE)
_JINJA: Final = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_MARKED: Final = re.compile(
    r"<(?P<tag>\w+)[^>]*\slang=[\"'](?P<lang>[\w-]+)[\"'][^>]*>(?P<text>.*?)</(?P=tag)>", re.DOTALL
)


def lint(paths: Iterable[Path], language: str) -> list[TextProblem]:
    """Proofreads files, and the files of folders. `language` is that of texts that do not name their own."""
    found: list[TextProblem] = []
    for path in paths:
        if path.is_dir():
            for each in sorted(path.rglob("*")):
                if each.suffix.lower() in SUFFIXES and each.is_file() and not SKIPPED.intersection(each.parts):
                    found += lint_file(each, _language_of_folder(each, path) or language)
        else:
            found += lint_file(path, language)
    return not_accepted(found)


def lint_file(path: Path, language: str) -> list[TextProblem]:
    """Proofreads one file. One that cannot be read as what it is has a problem for each place that says so."""
    try:
        return list(_slips(path, language))
    except ContentInvalid as invalid:
        return [
            TextProblem(DAMAGED, each.message, str(path), "", each.line, each.sheet, each.row, each.column)
            for each in invalid.findings
        ]


def _slips(path: Path, language: str) -> Iterator[TextProblem]:
    suffix = path.suffix.lower()
    if suffix == ".po":
        yield from _in_catalog(path)
        return
    for passage in passages(path, language):
        yield from check_text(passage)
        yield from check_typography(passage)
    if suffix in (".toml", *spreadsheets.SUFFIXES) or _is_form(path):
        for words in _words_of(path):
            yield from _compared(words)


def passages(path: Path, language: str) -> Iterator[Passage]:
    """Yields the texts of one file that people read."""
    suffix = path.suffix.lower()
    if suffix == ".toml" or _is_form(path):
        for words in _words_of(path):
            yield from words
    elif suffix in spreadsheets.SUFFIXES:
        yield from _in_table(path, language)
    elif suffix == ".html":
        yield from _in_html(path, language)
    else:
        yield from _in_text(path, language)


def _language_of_folder(path: Path, top: Path) -> str:
    """Returns the language that the folder names, as in `pages/fr/youth.md` and `locales/fr_CA/…`; empty if none."""
    for part in reversed(path.relative_to(top).parts[:-1]):
        tag = part.partition("@")[0].replace("_", "-")
        if TAG.fullmatch(tag) and tag in CORE and len(tag.partition("-")[0]) == 2:
            return tag
    return ""


# ---- text -----------------------------------------------------------------------------------------------------------


def _in_text(path: Path, language: str) -> Iterator[Passage]:
    text = read_text(path)
    if path.suffix == ".md":
        text = _FENCE.sub(_blank, text)
        for match in _MARKED.finditer(text):
            line = text.count("\n", 0, match.start("text")) + 1
            yield Passage(_NOT_READ.sub(_blank, match["text"]), match["lang"], str(path), line)
        text = _MARKED.sub(_blank, text)
    yield from _blocks(_NOT_READ.sub(_blank, text), language, str(path))


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def _blocks(text: str, language: str, file: str) -> Iterator[Passage]:
    """Paragraphs, items, headings and cells of tables, each with the line it begins on."""
    block: list[str] = []
    begun = 0
    tags: list[str] = []
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if _NEW_BLOCK.match(line) or not block:
            if any(each.strip() for each in block):
                yield Passage("\n".join(block), language, file, begun)
            block, begun = [], number
        if line.lstrip().startswith("|"):
            cells = line.strip().strip("|").split("|")
            whole = _named_language(cells[0])
            for i, cell in enumerate(cells):
                is_header = not tags or (whole and not i)  # it names a language and is not in it
                tag = "" if is_header else (tags[i] if i < len(tags) else "") or whole
                if cell.strip(" :-"):
                    yield Passage(cell, tag or language, file, number)
            tags = tags or [_named_language(cell) for cell in cells]
            continue
        tags = []
        if line.strip() or block:
            begun = begun if block else number
            block.append(line)


def _named_language(header: str) -> str:
    """Returns the language that the header of a column or line names, as `about (fr)`; empty when it names none."""
    return language_tag(header.strip()) if re.search(r"\([A-Za-z]", header) else ""


# ---- pages ----------------------------------------------------------------------------------------------------------


class _Reader(HTMLParser):
    """Texts of a page by the language they are marked with; what is code is left out."""

    SILENT: Final = frozenset({"script", "style", "code", "pre", "kbd", "samp", "template"})
    INLINE: Final = frozenset({"a", "abbr", "b", "br", "em", "i", "small", "span", "strong", "sub", "sup", "time", "u"})
    EMPTY: Final = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
    SPOKEN: Final = ("alt", "aria-label", "placeholder", "title")

    def __init__(self, language: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, str, int]] = []
        self._open: list[tuple[str, str]] = [("", language)]
        self._text = ""
        self._line = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        lang = given.get("lang") or self._open[-1][1]
        if tag not in self.INLINE or given.get("lang"):
            self.flush()
        for name in self.SPOKEN:
            if text := given.get(name):
                self.found.append((text, lang, self.getpos()[0]))
        if tag not in self.EMPTY:
            self._open.append((tag, lang))

    def handle_endtag(self, tag: str) -> None:
        if tag not in {each for each, _ in self._open}:
            return
        before = self._open[-1][1]
        while self._open[-1][0] != tag:
            self._open.pop()
        inner = self._open[-1]
        if tag not in self.INLINE or inner[1] != before or self._open[-2][1] != inner[1]:
            self.flush()
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if any(tag in self.SILENT for tag, _ in self._open):
            return
        if not self._text.strip():
            self._text, self._line = "", self.getpos()[0] + len(data[: len(data) - len(data.lstrip())].split("\n")) - 1
            data = data.lstrip()
        self._text += data

    def flush(self) -> None:
        """Ends the passage that was gathered."""
        if self._text.strip():
            self.found.append((self._text, self._open[-1][1], self._line))
        self._text = ""


def _in_html(path: Path, language: str) -> Iterator[Passage]:
    reader = _Reader(language)
    reader.feed(_JINJA.sub(_blank, read_text(path)))
    reader.flush()
    for text, lang, line in reader.found:
        yield Passage(_NOT_READ.sub(_blank, text), lang, str(path), line)


# ---- texts per language ---------------------------------------------------------------------------------------------


def _is_form(path: Path) -> bool:
    if path.suffix == ".md":
        return _FORM.search(path.read_bytes().decode("utf-8-sig", errors="replace")) is not None
    return path.suffix.lower() in spreadsheets.SUFFIXES and _form(path) is not None


def _form(path: Path) -> sheets.XlsformSheets | None:
    try:
        source = sheets.open_source(path, file=path.name, suffix=path.suffix)
    except ContentInvalid:
        return None
    return source if source.survey.rows else None


def _words_of(path: Path) -> Iterator[list[Passage]]:
    """Yields each text of the file that is there in several languages, as one passage per language."""
    if path.suffix == ".toml":
        document, text = read_toml(path)
        yield from _in_toml(document, text, str(path))
    elif (source := _form(path)) is not None:
        for sheet in (source.survey, source.choices, source.settings):
            yield from _in_form(sheet, source.default_language, str(path))


def content_words(root: Path) -> list[Mapping[str, str]]:
    """Returns each text that the content files of a plugin say in some of its languages, but for proper names."""
    found: list[Mapping[str, str]] = []
    for path in sorted(root.glob("*.toml")):
        _gather_words(read_toml(path)[0], "", found)
    return found


def _gather_words(value: Any, place: str, found: list[Mapping[str, str]]) -> None:
    if isinstance(value, list):
        for each in value:
            _gather_words(each, place, found)
    elif isinstance(value, Mapping):
        if _is_words(value):
            found += [value] if place not in PROPER_NAMES else []
            return
        for name, each in value.items():
            _gather_words(each, f"{place}.{name}" if place else name, found)


def _is_words(value: Mapping[str, Any]) -> bool:
    """Returns whether a table says one text in languages."""
    return bool(value) and all(
        TAG.fullmatch(key) and key in CORE and isinstance(said, str) for key, said in value.items()
    )


def _in_toml(value: Any, text: str, file: str) -> Iterator[list[Passage]]:
    if isinstance(value, Mapping):
        if _is_words(value):
            yield [Passage(_NOT_READ.sub(_blank, said), key, file, _line_of(text, said)) for key, said in value.items()]
            return
        value = value.values()
    elif not isinstance(value, list):
        return
    for each in value:
        yield from _in_toml(each, text, file)


def _line_of(text: str, said: str) -> int | None:
    first = said.strip().split("\n")[0].split('"')[0][:60]
    place = text.find(first) if first else -1
    return text.count("\n", 0, place) + 1 if place >= 0 else None


def _in_form(sheet: sheets.Sheet, default: str, file: str) -> Iterator[list[Passage]]:
    for row in sheet.rows:
        for column in (*sheets.TRANSLATED, "form_title"):
            said = {tag or default: text for (name, tag), text in row.cells.items() if name == column and text}
            if said:
                yield [
                    Passage(text, tag, file, None, sheet.name, row.number, sheet.written(column, tag))
                    for tag, text in said.items()
                ]


def _compared(words: Sequence[Passage]) -> Iterator[TextProblem]:
    for other in words[1:]:
        yield from compare_with_source([words[0].text], other)


# ---- catalogs and tables --------------------------------------------------------------------------------------------


def _in_catalog(path: Path) -> Iterator[TextProblem]:
    catalog = po.read_catalog_file(path)
    named = catalog.header.get("Language") or path.parent.parent.name
    language = named.partition("@")[0].replace("_", "-")
    for entry in catalog.entries:
        for text in entry.texts if not entry.fuzzy else ():
            passage = Passage(_NOT_READ.sub(_blank, text), language, str(path), entry.line)
            whole = Passage(text, language, str(path), entry.line)
            loose = ["{n}"] if len(entry.forms) > 1 else ()
            found = (*check_text(passage), *check_typography(passage))
            for slip in (*found, *compare_with_source(entry.forms, whole, loose=loose)) if text else ():
                yield TextProblem(slip.kind, slip.message, slip.file, slip.excerpt, entry.line)


def _in_table(path: Path, language: str) -> Iterator[Passage]:
    """Yields each cell of a spreadsheet that is not a form, in the language of its header, else in the declared one."""
    for grid in open_spreadsheet(path, limits=CATALOG_LIMITS, exact=True).grids:
        tags = [_named_language(each) or (language_tag(each) if each in CORE else "") for each in grid.headers]
        for row in (GridRow(grid.top, grid.headers), *grid.rows):
            for place, cell in enumerate(row.cells):
                if cell.strip():
                    tag = tags[place] if row.number != grid.top else ""
                    column = grid.headers[place] or str(place + 1)
                    read = _NOT_READ.sub(_blank, cell)
                    yield Passage(read, tag or language, str(path), None, grid.sheet or path.stem, row.number, column)
