"""How tests look into a pack's folder: its texts, its numbers, its pages in pairs."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

PLUGINS: Final = Path(__file__).parents[2] / "plugins"
NUMBER: Final = re.compile(r"(?<![\d-])(?:\d{3}[ -])?\d{3}[ -]\d{4}(?!\d)|\b[1-9]11\b")


def toml(pack: str, name: str) -> dict[str, Any]:
    return tomllib.loads((PLUGINS / pack / name).read_text())


def all_text(pack: str) -> str:
    """Everything that anybody could be shown of a pack."""
    root = PLUGINS / pack
    files = [p for p in root.rglob("*") if p.suffix in (".toml", ".md") and p.name != "README.md"]
    return "\n".join(path.read_text() for path in sorted(files))


def numbers(pack: str) -> set[str]:
    """The telephone numbers that stand anywhere in a pack."""
    return {re.sub(r"\D", "", found) for found in NUMBER.findall(all_text(pack))}


def words(value: Any) -> Iterator[dict[str, str]]:
    """Every text per language in a TOML document."""
    if isinstance(value, dict):
        if value and set(value) <= {"fr", "en"}:
            yield value
        else:
            for each in value.values():
                yield from words(each)
    elif isinstance(value, list):
        for each in value:
            yield from words(each)


def page_pairs(pack: str) -> Iterator[tuple[str, str, str]]:
    """(file name, French, English) of each page; a missing one is an empty text."""
    root = PLUGINS / pack / "pages"
    for name in sorted({path.name for path in root.rglob("*.md")}):
        texts = [path.read_text() if (path := root / language / name).is_file() else "" for language in ("fr", "en")]
        yield name, texts[0], texts[1]


def outline(page: str) -> list[str]:
    """The kinds of its lines: headings, list items, paragraphs."""
    kinds = {"# ": "title", "## ": "heading", "- ": "item"}
    return [
        next((kind for mark, kind in kinds.items() if line.startswith(mark)), "text")
        for line in page.splitlines()
        if line.strip()
    ]
