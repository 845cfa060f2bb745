"""Reads a page as people do: each block of text with the language that it says it is in."""

from html.parser import HTMLParser
from pathlib import Path
from typing import Final

READ_TEXTS: Final = Path(__file__).with_name("page_scripts").joinpath("read_texts.js").read_text()

_VOID: Final = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_INLINE: Final = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "br", "button", "cite", "code", "data", "del", "dfn", "em", "i", "img", "input",
    "ins", "kbd", "label", "mark", "output", "q", "s", "samp", "select", "small", "span", "strong", "sub", "sup", "svg",
    "time", "u", "var", "wbr",
})  # fmt: skip
_NAMED_BY: Final = ("aria-label", "title", "placeholder", "alt")


class HtmlTexts(HTMLParser):
    """The texts of a page's HTML, those for readers without JavaScript and those that a script shows among them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.pieces: list[tuple[str, str]] = []
        """Each text by itself with its language."""
        self._blocks: dict[int, tuple[str, list[str]]] = {}
        self._names: list[tuple[str, str]] = []
        self._open: list[tuple[str, str, int]] = [("", "", 0)]
        """Elements around, each with its language and the number of the block that its texts are in."""
        self._number = 0
        self.feed(page)
        self.close()
        if self._open[1:]:
            raise ValueError(f"not closed: {[tag for tag, _, _ in self._open]}")

    @property
    def blocks(self) -> list[tuple[str, str]]:
        """What stands together, parts of it in other elements, with its language; and what names an element."""
        return [*((lang, " ".join(" ".join(texts).split())) for lang, texts in self._blocks.values()), *self._names]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "option":
            self._end_option()
        _, around, block = self._open[-1]
        lang = given.get("lang", around)
        self._number += 1
        self._names += [(lang, given[name]) for name in _NAMED_BY if given.get(name, "").strip()]
        if tag not in _VOID:
            self._open.append((tag, lang, block if tag in _INLINE and "lang" not in given else self._number))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self._open.pop()

    def _end_option(self) -> None:
        """Options need no end of their own."""
        if self._open[-1][0] == "option":
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag != "option":
            self._end_option()
        if self._open[-1][0] != tag:
            raise ValueError(f"<{self._open[-1][0]}> is closed by </{tag}>")
        self._open.pop()

    def handle_data(self, data: str) -> None:
        tag, lang, block = self._open[-1]
        if data.strip() and tag not in ("script", "style"):
            self.pieces.append((lang, " ".join(data.split())))
            self._blocks.setdefault(block, (lang, []))[1].append(data)
