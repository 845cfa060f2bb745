"""The translation sheet: each row says one text in several languages, and fills what other sheets leave empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from spheres_core.facts import Words, msg
from spheres_core.foundation.content.grids import Grid, Shape, cell_findings, title_findings, with_header
from spheres_core.foundation.content.language_tags import language_tag
from spheres_core.foundation.content.packs import Finding
from spheres_core.foundation.content.sheet_columns import Place, Table, normalized

TRANSLATIONS: Final = Table(
    "translations",
    ("translations", "traductions"),
    msg("Texts in several languages: where another sheet or a form lacks one, it is taken from here."),
    (),
    also=("translation", "traduction"),
)
TEXT: Final = ("text", "texte")
_TEXT_HEADERS: Final = frozenset({"text", "texte", "source", "source text", "texte source", "original"})
_AUTONYMS: Final = {"fr": "Français", "en": "English"}


class Translations:
    """Texts by what any of their languages says."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self._rows: dict[str, dict[str, str]] = {}

    def read(self, grids: Sequence[Grid], languages: Sequence[str]) -> None:
        """Reads the rows of these sheets; what is wrong goes into `findings`."""
        shorts = [tag.partition("-")[0] for tag in languages]
        for sheet in grids:
            grid = with_header(sheet, lambda written: self._tag(written, shorts) is not None)
            columns = self._columns(grid, shorts)
            self.findings += title_findings(grid)
            self.findings += cell_findings(grid, dict.fromkeys(columns, frozenset[Shape]()))
            for row in grid.rows:
                texts = {tag: row.cells[i] for i, tag in columns.items() if row.cells[i]}
                self._learn(grid, row.number, texts)

    def find(self, words: Mapping[str, str], language: str) -> str:
        """Returns the translation of these words into a language (its short tag); empty when the sheet has none."""
        for text in words.values():
            if found := self._rows.get(text.strip(), {}).get(language):
                return found
        return ""

    def complete(self, words: Words, languages: Sequence[str]) -> Words:
        """Returns the words with what the sheet says in the languages that are missing."""
        if not words:
            return words
        said = {tag.partition("-")[0] for tag, text in words.items() if text}
        missing = [short for tag in languages if (short := tag.partition("-")[0]) not in said]
        return {**words, **{short: text for short in missing if (text := self.find(words, short))}}

    def _columns(self, grid: Grid, shorts: Sequence[str]) -> dict[int, str]:
        found: dict[int, str] = {}
        for index, written in enumerate(grid.headers):
            tag = self._tag(written, shorts)
            if tag is not None:
                found[index] = tag
            elif written and not written.startswith("_"):
                said = msg("“{column}” is neither “text” nor a language of this plugin. They are: {languages}.",
                           column=written, languages=", ".join(shorts))  # fmt: skip
                self.findings.append(Place(grid.file, grid.sheet, grid.top, written).finding(said))
        return found

    @staticmethod
    def _tag(written: str, shorts: Sequence[str]) -> str | None:
        """Returns the language of a column, empty for a text in any language; None for a header that is not known."""
        tag = language_tag(written).partition("-")[0]
        return "" if normalized(written) in _TEXT_HEADERS else tag if tag in shorts else None

    def _learn(self, grid: Grid, number: int, texts: Mapping[str, str]) -> None:
        told = {tag: text for tag, text in texts.items() if tag}
        for text in dict.fromkeys(texts.values()):
            known = self._rows.setdefault(text, {})
            for tag, said in told.items():
                if known.setdefault(tag, said) != said:
                    sentence = msg(
                        "“{text}” has another translation further up: “{other}”.", text=text, other=known[tag]
                    )
                    self.findings.append(Place(grid.file, grid.sheet, number, tag).finding(sentence))


def headers(languages: Sequence[str], language: str) -> list[str]:
    """Returns the headers of an empty translation sheet."""
    shorts = dict.fromkeys(tag.partition("-")[0] for tag in languages)
    return [TEXT[1] if language.startswith("fr") else TEXT[0], *(f"{_AUTONYMS.get(s, s)} ({s})" for s in shorts)]
