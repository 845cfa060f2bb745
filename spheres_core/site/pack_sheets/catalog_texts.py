"""Looks up texts of the core's catalogs, for files that are written in the languages of a region."""

from __future__ import annotations

from functools import lru_cache

from spheres_core.facts import Message
from spheres_core.foundation.content.sheet_columns import normalized
from spheres_core.foundation.languages import localization


def say(message: Message, tag: str) -> str:
    """Returns a sentence of the core in a language; empty when the core does not know it in that language."""
    short = tag.partition("-")[0]
    language = next((each for each in localization.REGISTRY.values() if short == each.short), None)
    if language is None:
        return ""
    found = _catalog(language).find("", message.msgid)
    text = found[0] if found else message.msgid if short == "en" else ""
    return text.format(**message.params) if message.params else text


def core_texts() -> dict[str, str]:
    """Returns every text of the core in any of its languages, normalized, with its English sentence."""
    return dict(_sayings(tuple(localization.REGISTRY)))


@lru_cache(maxsize=4)
def _sayings(tags: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    msgids: set[str] = set()
    for tag in tags:
        for (_, msgid), texts in _catalog(localization.REGISTRY[tag]).texts.items():
            msgids.add(msgid)
            found.setdefault(normalized(texts[0]), msgid)
    return found | {normalized(msgid): msgid for msgid in msgids}


def _catalog(language: localization.Language) -> localization.Catalog:
    return localization.read_catalog(
        localization.core_catalog_folder() / language.catalog / "LC_MESSAGES" / "spheres.po"
    )
