"""Makes a language that everybody reads and nobody speaks: it shows what is not translated, and what breaks then.

Each text stands in brackets, has accents and is two fifths longer. From the right, it has Arabic letters instead.
What is made is a pack like any other: switch it on for a trial tenant and list its tag among the tenant's languages.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from spheres_core.foundation.languages.extraction import ExtractedText, catalog_path, catalog_text
from spheres_core.foundation.languages.localization import CatalogKey
from spheres_core.foundation.languages.registry import Language

LONGER: Final = 0.4
ACCENTED: Final = str.maketrans("aceginorsuyzACEGINORSUYZ", "áçêğîñôřšûýžÁÇÊĞÎÑÔŘŠÛÝŽ")
FROM_THE_RIGHT: Final = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "ابجدهوزحطيكلمنسعفصقرشتثخذض" * 2
)
SIX_FORMS: Final = "n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5"
PLAIN: Final = Language("qps-ploc", "qps_ploc", "[Þšéûðô]", script="Latn", plural="n != 1")
MIRRORED: Final = Language("qps-plocm", "qps_plocm", "[بسودع]", dir="rtl", script="Arab", plural=SIX_FORMS, forms=6)
_PADDING: Final = " ôñê"


def pseudo(text: str, *, mirrored: bool = False) -> str:
    """Returns a text in the pseudo-locale; `{placeholders}` and what stands between backticks stay as they are."""
    if not text.strip():
        return text
    longer = text + _padding(int(len(text) * LONGER) + 1)
    letters = FROM_THE_RIGHT if mirrored else ACCENTED
    return "[" + "".join(part if kept else part.translate(letters) for part, kept in _parts(longer)) + "]"


def _padding(length: int) -> str:
    return (_PADDING * (length // len(_PADDING) + 1))[:length].rstrip() if length > 1 else _PADDING[1]


def _parts(text: str) -> list[tuple[str, bool]]:
    """Pieces of a text, each with whether it must stay."""
    parts: list[tuple[str, bool]] = []
    start, until = 0, {"{": "}", "`": "`"}
    place = 0
    while place < len(text):
        end = text.find(until[text[place]], place + 1) if text[place] in until else -1
        if end < 0:
            place += 1
            continue
        parts += [(text[start:place], False), (text[place : end + 1], True)]
        start = place = end + 1
    return [*parts, (text[start:], False)]


def write_pack(
    folder: Path, id: str, catalogs: Mapping[str, Mapping[CatalogKey, ExtractedText]], *, mirrored: bool = False
) -> Language:
    """Writes the pack `folder/id` with the pseudo-locale and these catalogs (by domain, the texts to say)."""
    language = MIRRORED if mirrored else PLAIN
    root = folder / id
    root.mkdir(parents=True)
    (root / "plugin.toml").write_text(_manifest(id, language), encoding="utf-8")
    (root / "locales.toml").write_text(_locales(language), encoding="utf-8")
    (root / "README.md").write_text(f"# {id}\n\nA pseudo-locale for trials. Never for people.\n", encoding="utf-8")
    for domain, found in catalogs.items():
        said = {key: _forms(each, language, mirrored=mirrored) for key, each in found.items()}
        path = catalog_path(root / "locales", language, domain)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(catalog_text(found.values(), said, language, domain), encoding="utf-8")
    return language


def _forms(found: ExtractedText, language: Language, *, mirrored: bool) -> tuple[str, ...]:
    if len(found.forms) == 1:
        return (pseudo(found.forms[0], mirrored=mirrored),)
    many = pseudo(found.forms[1], mirrored=mirrored)
    return tuple(pseudo(found.forms[0], mirrored=mirrored) if n == 0 and language.forms == 2 else many
                 for n in range(language.forms))  # fmt: skip


def _manifest(id: str, language: Language) -> str:
    title = {"fr": "Langue d’essai", "en": "Trial language"}
    about = {"fr": "Montre ce qui n’est pas traduit et ce qui déborde.", "en": "Shows what lacks translation or room."}
    failure = {"fr": "Les textes s’affichent dans une autre langue.", "en": "Texts are shown in another language."}
    return f"""manifest = 1
id = {json.dumps(id)}
version = "1.0"
tier = "pack"
languages = ["fr-CA", "en-CA"]
title = {_inline(title)}
description = {_inline(about)}
licence = "as SPHÈRES itself"
owner = "SPHÈRES software project"

[compatible]
spheres = ">=0.1"

[provides]
content = ["locales.toml"]
locales = [{json.dumps(language.tag)}]

[failure]
locales = {_inline(failure)}
"""


def _locales(language: Language) -> str:
    return f"""format = 1

[[locales]]
tag = {json.dumps(language.tag)}
name = {json.dumps(language.autonym, ensure_ascii=False)}
source = "made for trials"
script = {json.dumps(language.script)}
dir = {json.dumps(language.dir)}
plural = {json.dumps(language.header.rstrip(";"))}
"""


def _inline(words: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{tag} = {json.dumps(text, ensure_ascii=False)}" for tag, text in words.items()) + "}"
