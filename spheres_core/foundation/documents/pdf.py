"""Writes PDF files with Typst: tagged for screen readers (PDF/UA-1), the same bytes for the same facts, no network."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec
import typst
from msgspec import Struct

_ROOT: Final = Path(__file__).parents[2]
"""Templates import each other by paths from here, and can read nothing above."""
_VENDOR: Final = Path(__file__).parent / "vendor"
MOST_AT_ONCE: Final = 2
"""Documents that one process writes at the same moment; further ones wait."""

MISSING: Final = "\ufffd"
IGNORED: Final = frozenset("\n\t\u200b\u200c\u200d\u200e\u200f\u2060\ufe0e\ufe0f")
"""Characters that guide the letters beside them and have no shape of their own."""


class Document(Struct, frozen=True):
    """A document to write.

    `template` is a `.typ` file of the core, by its path below `spheres_core/`, such as
    `foundation/documents/example.typ`. `facts` is anything msgspec can write as JSON: texts in it are shown and
    never read as markup. `title` is what a reader's program shows for the file; `language` is a tag such as `fr-CA`,
    by which a screen reader reads it.
    """

    template: str
    facts: object
    title: str
    language: str


async def write_pdf(document: Document) -> bytes:
    """Returns the file's bytes, written in a thread while other requests go on.

    Raises typst.TypstError when the template is wrong; the texts of a person can't make it so.
    """
    return await asyncio.get_running_loop().run_in_executor(_threads(), compile_pdf, document)


def compile_pdf(document: Document) -> bytes:
    """Returns the file's bytes; takes some tens of milliseconds."""
    language, _, region = document.language.partition("-")
    # A script (Cans, Latn) may stand where a region does; Typst takes two letters only.
    told = region if len(region) == 2 else ""
    written: bytes = typst.compile(
        str(_ROOT / document.template),
        root=str(_ROOT),
        font_paths=_typefaces(),
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={
            "facts": json.dumps(_printable_facts(msgspec.to_builtins(document.facts))),
            "title": printable(document.title),
            "language": language,
            "region": told,
        },
    )
    return written


def printable(text: str) -> str:
    """Returns the text with an replacement sign for each character that no typeface here has."""
    return "".join(letter if letter in _characters() or letter in IGNORED else MISSING for letter in text)


def _printable_facts(facts: Any) -> Any:
    match facts:
        case str():
            return printable(facts)
        case dict():
            return {key: _printable_facts(each) for key, each in facts.items()}
        case list() | tuple():
            return [_printable_facts(each) for each in facts]
        case _:
            return facts


def unprintable(text: str) -> str:
    """Returns the characters that a document would show as a replacement sign, each once, in their order."""
    return "".join(dict.fromkeys(x for x in text if x not in _characters() and x not in IGNORED))


@cache
def _characters() -> frozenset[str]:
    """Reads which characters the typefaces have."""
    lines = (_VENDOR / "characters.txt").read_text(encoding="ascii").splitlines()
    ranges = (line.partition("-") for line in lines if not line.startswith("#"))
    return frozenset(
        chr(code) for first, _, last in ranges for code in range(int(first, 16), int(last or first, 16) + 1)
    )


@cache
def _typefaces() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(_VENDOR)])


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="spheres-pdf")
