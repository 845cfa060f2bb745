"""Layers catalogs: a way of writing first, then the owner's own texts, then what others add to them."""

from collections.abc import Sequence
from pathlib import Path

import structlog
from msgspec import Struct

from spheres_core.foundation.languages.localization import EMPTY, Catalog, CatalogBroken, read_catalog
from spheres_core.foundation.languages.registry import Language

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
            found[each.domain].append(_read(each.folder / place / "LC_MESSAGES" / f"{each.domain}.po"))
        for each in sources:
            for path in sorted((each.folder / place / "LC_MESSAGES").glob("*.po")):
                theirs = place == language.catalog and language.tag in own.get(path.stem, ())
                if path.stem in found and path.stem != each.domain and not theirs:
                    found[path.stem].append(_read(path))
    return found


def _read(path: Path) -> Catalog:
    try:
        return read_catalog(path)
    except CatalogBroken as broken:
        log.error("catalog.broken", file=path.name, reason=type(broken.__cause__).__name__)
        return EMPTY
