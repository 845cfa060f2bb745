"""Layers catalogs: a way of writing first, then the owner's own texts, then what others add to them."""

from collections.abc import Sequence
from pathlib import Path

import structlog
from msgspec import Struct

from spheres_core.foundation.content.packs import ContentInvalid
from spheres_core.foundation.languages.localization import EMPTY, Catalog, read_catalog
from spheres_core.foundation.languages.registry import Language

MOST_PLACES = 5
"""Lines of a damaged catalog that the log names."""

log = structlog.get_logger("spheres.catalogs")


class Source(Struct, frozen=True):
    """A source of texts: the core (`spheres`) or a plugin."""

    domain: str
    folder: Path
    """Its `locales` folder."""
    languages: tuple[str, ...]
    """Tags in which it says its own texts itself."""


def layers(sources: Sequence[Source], language: Language, writing: str = "") -> dict[str, list[Catalog]]:
    """Returns, by domain, a language's catalogs in the order in which they are asked.

    A plugin may translate the core, or another plugin, into a language that these do not have themselves; it can never
    put its text in place of theirs.
    """
    found: dict[str, list[Catalog]] = {each.domain: [] for each in sources}
    own = {each.domain: each.languages for each in sources}
    for place in [*([f"{language.catalog}@{writing}"] if writing else []), language.catalog]:
        for each in sources:
            found[each.domain].append(read_or_empty(each.folder / place / "LC_MESSAGES" / f"{each.domain}.po"))
        for each in sources:
            for path in sorted((each.folder / place / "LC_MESSAGES").glob("*.po")):
                theirs = place == language.catalog and language.tag in own.get(path.stem, ())
                if path.stem in found and path.stem != each.domain and not theirs:
                    found[path.stem].append(read_or_empty(path))
    return found


def read_or_empty(path: Path) -> Catalog:
    """Returns a catalog to speak from; a damaged one says nothing, and the log says where it is damaged."""
    try:
        return read_catalog(path)
    except ContentInvalid as damaged:
        log.error("catalog.damaged", at=[each.place() for each in damaged.findings[:MOST_PLACES]])
        return EMPTY
