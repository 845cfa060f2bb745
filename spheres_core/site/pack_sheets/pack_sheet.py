"""Reads the pack sheet (one row for each thing that `plugin.toml` says) and writes it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

import msgspec
from msgspec import Struct, field
from packaging.version import Version

from spheres_core import __version__
from spheres_core.facts import Words, msg
from spheres_core.foundation.content.grids import Grid
from spheres_core.foundation.content.language_tags import language_tag
from spheres_core.foundation.content.packs import Finding
from spheres_core.foundation.content.sheet_columns import (
    Column,
    SheetRow,
    Table,
    list_of,
    normalized,
    read_rows,
    set_at,
    typed,
)
from spheres_core.foundation.plugins.manifest import Manifest
from spheres_core.site.pack_sheets.catalog_texts import say

_WHAT: Final = msg("What the row says: title, description, version, owner, licence, requires.")
WHAT: Final = Column("what", "text", ("what", "quoi"), _WHAT, needed=True)
VALUE: Final = Column("value", "text", ("value", "valeur"), msg("What is the same in each language."))
TEXT: Final = Column("text", "words", ("text", "texte"), msg("What is said in each language."))
PACK: Final = Table(
    "pack",
    ("pack", "région"),
    msg("What the pack is: its name, its languages, what it builds on."),
    (WHAT, VALUE, TEXT),
    also=("plugin", "plugiciel", "region", "ensemble"),
)
DIRECTORY: Final = "partners"
"""Before what `partners.toml` says beside its lists."""
ALIASES: Final = {
    "identifiant": "id",
    "langues": "languages",
    "languages in part": "languages_in_part",
    "langues en partie": "languages_in_part",
    "titre": "title",
    "responsable": "owner",
    "license": "licence",
    "illustrative": f"{DIRECTORY}.illustrative",
    "illustratif": f"{DIRECTORY}.illustrative",
    "coordination to confirm": f"{DIRECTORY}.coordination_to_confirm",
    "coordination a confirmer": f"{DIRECTORY}.coordination_to_confirm",
}
FRENCH: Final = {
    "title": "titre",
    "owner": "responsable",
    "languages": "langues",
    "languages_in_part": "langues en partie",
    "id": "identifiant",
}
FAILURES: Final = {
    "referral": msg("Referrals can no longer be sent by the page or the API; those received stay readable."),
    "partners": msg("The partners shown are those of the last version received."),
    "terms": msg("The words of the program are shown instead of the words of the region."),
    "pages": msg("The pages about services are no longer shown; help for right now stays."),
    "settings": msg("The program's usual settings hold where the region has set nothing itself."),
    "theme": msg("The site has the program's own colours and mark."),
    "navigation": msg("The region's own pages are not in the menu; their addresses stay."),
    "roles": msg("Nobody has the region's own roles any more; the program's stay."),
    "notices": msg("E-mails say what the program says."),
    "legal": msg("Ages of consent and youth protection lines are no longer shown. No referral is lost."),
    "tools": msg("The tools that it brings are no longer in the library; the region's own stay."),
    "catalogue": msg("Needs are shown by their code instead of their name."),
}
"""The consequence of a part's failure, in plain words, by part; used where the sheet does not say."""
ANSWERS: Final = ("licence", "owner", "security")
"""Under which licence, who answers for it, whom to tell of a weakness: a person's to say."""
UNKNOWN: Final = "TO_CONFIRM"
_FIXED: Final = frozenset({"manifest", "tier", "id", "languages"})


class PackSheet(Struct, frozen=True):
    """The content of a pack sheet: values and texts by dotted key, each with its row."""

    values: dict[str, str] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    lines: dict[str, SheetRow] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def under(self, head: str) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
        """Returns the values and texts of the keys under one, without it."""
        start = f"{head}."
        values = {name.removeprefix(start): text for name, text in self.values.items() if name.startswith(start)}
        words = {name.removeprefix(start): said for name, said in self.words.items() if name.startswith(start)}
        return values, words


def languages_named(grids: Sequence[Grid], key: str = "languages") -> tuple[str, ...]:
    """Returns the languages that a pack sheet names in this row, before anything else can be read."""
    for grid in grids:
        for line in read_rows(grid, PACK, ())[0]:
            if _key(line.text("what")) == key:
                return tuple(tag for part in list_of(line.text("value")) if (tag := language_tag(part)))
    return ()


def read_pack_sheet(grids: Sequence[Grid], languages: Sequence[str], translate: Callable[[Words], Words]) -> PackSheet:
    """Reads the sheet and notes what is wrong with its rows."""
    told = PackSheet()
    for grid in grids:
        lines, findings = read_rows(grid, PACK, languages)
        told.findings.extend(findings)
        for line in lines:
            _tell(told, line, translate)
    return told


def _tell(told: PackSheet, line: SheetRow, translate: Callable[[Words], Words]) -> None:
    written = line.text("what")
    key, place = _key(written), line.place("what")
    head = key.partition(".")[0]
    if not line.text("value") and not line.words("text"):
        return
    known = {each.encode_name for each in msgspec.structs.fields(Manifest)} | {DIRECTORY}
    if head not in known:
        close = get_close_matches(normalized(written), [*known, *ALIASES], 1, 0.7)
        said = (
            msg("“{value}” is not known here. Is it “{close}”?", value=written, close=close[0])
            if close
            else msg("“{value}” is not known here.", value=written)
        )
        told.findings.append(place.finding(said))
    elif key in told.lines:
        told.findings.append(place.finding(msg("The key {key} is given twice.", key=written)))
    elif wanted := line.text("value"):
        told.values[key] = wanted
    else:
        told.words[key] = dict(translate(line.words("text")))
    told.lines[key] = line


def _key(written: str) -> str:
    return ALIASES.get(normalized(written), written.strip())


def manifest_of(
    told: PackSheet, *, id: str, languages: Sequence[str], content: Sequence[str], parts: Sequence[str]
) -> tuple[dict[str, Any], list[Finding]]:
    """Returns `plugin.toml` as plain values, and the findings about the sheet. `parts`: what may fail."""
    findings: list[Finding] = []
    raw = _usual(id, languages, parts)
    unsaid = ", ".join(name for name in ANSWERS if name not in told.values)
    if unsaid:
        said = msg("The pack sheet does not say yet: {rows}. Until then it says TO_CONFIRM.", rows=unsaid)
        findings.append(Finding(PACK.topic, said, severity="warning"))
    for name, text in told.values.items():
        if name.partition(".")[0] in (*_FIXED, DIRECTORY, "provides"):
            continue
        value = _given(name, text)
        if value is None:
            findings.append(
                told.lines[name].place("value").finding(msg("“{value}” is not what is expected here.", value=text))
            )
        set_at(raw, name, value)
    for name, words in told.words.items():
        if name.partition(".")[0] == DIRECTORY:
            continue
        set_at(raw, name, words)
        if name in ("title", "description"):
            findings += _missing(told, name, words, languages)
    values, texts = told.under("provides")
    raw["provides"] = {**{name: _given(f"provides.{name}", text) for name, text in values.items()}, **texts}
    raw["provides"]["content"] = list(content)
    return raw, findings


def _missing(told: PackSheet, name: str, words: Words, languages: Sequence[str]) -> Iterator[Finding]:
    """Languages in which a title or description is not said."""
    for tag in languages:
        short = tag.partition("-")[0]
        if not (words.get(tag) or words.get(short)):
            said = msg("There is no text in {language}.", language=tag)
            yield told.lines[name].place("text", short).finding(said)


def _usual(id: str, languages: Sequence[str], parts: Sequence[str]) -> dict[str, Any]:
    """Returns a manifest before anybody has said anything."""
    shorts = list(dict.fromkeys(tag.partition("-")[0] for tag in languages))
    about = msg("The partners, forms and words of a region.")
    here = Version(__version__)
    return {
        "manifest": 1,
        "id": id,
        "version": "0.1.0",
        "tier": "pack",
        "languages": list(languages),
        "title": {short: id.replace("_", " ").capitalize() for short in shorts},
        "description": {short: text for short in shorts if (text := say(about, short))},
        **dict.fromkeys(ANSWERS, UNKNOWN),
        "compatible": {"spheres": f">={here.major}.{here.minor},<{here.major + 1}"},
        "data": {"categories": ["referral"] if "referral" in parts else []},
        "failure": {
            part: {short: text for short in shorts if (text := say(FAILURES[part], short))}
            for part in parts
            if part in FAILURES
        },
    }


def _given(name: str, text: str) -> Any:
    """Returns a cell as the manifest has it, or None; `requires` is a list such as `other_plugin >=0.1`."""
    if name not in ("requires", "conflicts"):
        return typed(Manifest, name, text)
    parts = [re.fullmatch(r"([a-z][a-z0-9_]*)\s*(\S.*)?", part) for part in list_of(text)]
    return {part[1]: part[2] or ">=0" for part in parts if part} if all(parts) else None


def rows_of(raw: Mapping[str, Any], extras: Mapping[str, Any]) -> list[tuple[str, str, dict[str, str]]]:
    """Returns the rows of a pack sheet: what, value, words. `raw`: a plugin.toml; `extras`: of its partners.toml."""
    rows: list[tuple[str, str, dict[str, str]]] = []
    skipped = {"manifest": 0, "tier": 0}
    flat = {name: value for name, value in raw.items() if name not in skipped}
    flat["provides"] = {name: value for name, value in raw.get("provides", {}).items() if name != "content"}
    tags = {*raw.get("languages", ()), *raw.get("languages_in_part", ())}
    _flatten(rows, flat, "", tags)
    _flatten(rows, {DIRECTORY: dict(extras)}, "", tags)
    return rows


def _flatten(
    rows: list[tuple[str, str, dict[str, str]]], content: Mapping[str, Any], head: str, tags: set[str]
) -> None:
    known = tags | {tag.partition("-")[0] for tag in tags}
    for name, value in content.items():
        here = f"{head}.{name}" if head else name
        if isinstance(value, Mapping) and value and set(value) <= known:
            rows.append((here, "", dict(value)))
        elif isinstance(value, Mapping):
            _flatten(rows, value, here, tags)
        elif isinstance(value, bool):
            rows.append((here, "yes" if value else "no", {}))
        elif isinstance(value, list | tuple):
            rows += [(here, "; ".join(map(str, value)), {})] if value else []
        elif value not in ("", None):
            rows.append((here, str(value), {}))
