"""Texts that the language lint finds strange and that somebody who knows has accepted: remembered beside them.

A pack has them in `accepted_texts.toml`; the core beside its catalogs. A text that changes afterwards is asked about
anew.
"""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

import msgspec
from msgspec import Struct

from spheres_core import app
from spheres_core.foundation.content import toml
from spheres_core.foundation.content.packs import ContentInvalid, Finding, read_toml
from spheres_core.foundation.content.text_files import replace_file
from spheres_core.foundation.content.value_kinds import place_and_message
from spheres_core.foundation.languages.text_checks import APOSTROPHE, MOJIBAKE, UNTRANSLATED, TextProblem
from spheres_core.foundation.plugins.manifest import FILE as MANIFEST

FILE: Final = "accepted_texts.toml"
ACCEPTABLE: Final = (UNTRANSLATED, APOSTROPHE, MOJIBAKE)
"""Kinds of problems that a machine only suspects."""


class AcceptedText(Struct, frozen=True, forbid_unknown_fields=True, order=True):
    """A text that stands as it should, whatever the lint suspects."""

    kind: str
    text: str


class Document(Struct, frozen=True, forbid_unknown_fields=True):
    """A whole `accepted_texts.toml`."""

    format: Literal[1]
    texts: tuple[AcceptedText, ...] = ()


def file_for(path: Path) -> Path | None:
    """Returns the file in which texts of this path are accepted: that of its plugin, or of the core's catalogs."""
    here = path.resolve()
    for folder in (here, *here.parents):
        if (folder / MANIFEST).is_file() or folder == app.catalog_folder().resolve():
            return folder / FILE
    return None


def accepted_in(file: Path | None) -> frozenset[AcceptedText]:
    """Returns what a file accepts; nothing where there is none. Raises `ContentInvalid`."""
    return _accepted_in(file, file.stat().st_mtime_ns) if file is not None and file.is_file() else frozenset()


@lru_cache(maxsize=64)
def _accepted_in(file: Path, _changed: int) -> frozenset[AcceptedText]:
    raw, _ = read_toml(file)
    try:
        return frozenset(msgspec.convert(raw, Document).texts)
    except msgspec.ValidationError as error:
        _, sentence = place_and_message(str(error), file.name)
        raise ContentInvalid([Finding(file.name, sentence)]) from None


def as_accepted(problem: TextProblem) -> AcceptedText:
    """Returns what accepting a problem would remember."""
    return AcceptedText(problem.kind, problem.excerpt)


def not_accepted(problems: Iterable[TextProblem]) -> list[TextProblem]:
    """Returns the problems that nobody has accepted yet."""
    return [each for each in problems if as_accepted(each) not in accepted_in(file_for(Path(each.file)))]


def accept(file: Path, problems: Iterable[TextProblem]) -> None:
    """Remembers that these texts stand as they should. A problem of another kind than `ACCEPTABLE` is left out."""
    texts = sorted({*accepted_in(file), *(as_accepted(each) for each in problems if each.kind in ACCEPTABLE)})
    replace_file(file, toml.document({"format": 1, "texts": msgspec.to_builtins(texts)}))
