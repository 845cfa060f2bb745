"""Reads `locales.toml`: the languages that a plugin brings, each checked before anybody is spoken to in it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct

from spheres_core.facts import Message, msg
from spheres_core.foundation.content.packs import ContentInvalid, DescribedContent, Finding, line_of, read_toml
from spheres_core.foundation.content.value_kinds import place_and_message
from spheres_core.foundation.languages.registry import (
    REGISTRY,
    TAG,
    Language,
    Languages,
    cldr,
    of_cldr,
    problem_with_plural,
    read_plural,
    usual_script,
)

TOPIC: Final = "locales"
FILE: Final = "locales.toml"
RIGHT_TO_LEFT: Final = frozenset({"Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa", "Yezi"})
"""Scripts that are written from the right."""


class Entry(Struct, frozen=True, forbid_unknown_fields=True):
    """One `[[locales]]` as it is written."""

    tag: str
    name: str
    """The language's name in the language itself."""
    source: str
    """Where this is known from."""
    script: str = ""
    dir: Literal["", "ltr", "rtl"] = ""
    cldr: str = ""
    plural: str = ""
    parents: tuple[str, ...] = ()
    months: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    date: str = "{day} {month} {year}"
    convention: str = ""


class Document(Struct, frozen=True, forbid_unknown_fields=True):
    """A whole `locales.toml`."""

    format: Literal[1]
    locales: tuple[Entry, ...]


def read_locales(paths: Sequence[Path], plugin_id: str) -> tuple[Language, ...]:
    """Returns the languages of one plugin. Raises `ContentInvalid` with every finding."""
    made: list[Language] = []
    findings: list[Finding] = []
    for path in paths:
        raw, text = read_toml(path)
        try:
            entries = msgspec.convert(raw, Document).locales
        except msgspec.ValidationError as error:
            raise ContentInvalid([_structural(path.name, str(error), text)]) from None
        found = list(_problems(entries))
        findings += [Finding(path.name, why, line=line_of(text, key, value=at), key=key) for key, at, why in found]
        if not found:
            made += [_language(each) for each in entries]
    if findings:
        raise ContentInvalid(findings)
    return tuple(made)


def describe_locales(content: Sequence[Language]) -> list[DescribedContent]:
    """Describes the languages for an administrator, before the plugin is switched on."""
    return [DescribedContent(TOPIC, each.tag, {each.tag: each.autonym}) for each in content]


def _structural(name: str, error: str, text: str) -> Finding:
    key, sentence = place_and_message(error, name)
    return Finding(name, sentence, line=(line_of(text, key) if key else None) or 1, key=key or None)


def _problems(entries: Sequence[Entry]) -> Iterator[tuple[str, str | None, Message]]:
    seen: set[str] = set()
    for number, each in enumerate(entries):
        place = f"locales[{number}]"
        if not TAG.fullmatch(each.tag):
            why = msg("{tag} is not a language tag such as iu-Latn or fr-CA.", tag=each.tag)
            yield f"{place}.tag", each.tag, why
        elif each.tag in REGISTRY:
            yield f"{place}.tag", each.tag, msg("The language {tag} belongs to the core.", tag=each.tag)
        elif each.tag in seen:
            yield f"{place}.tag", each.tag, msg("The language {tag} is described twice.", tag=each.tag)
        seen.add(each.tag)
        yield from _problems_of(each, place)
    if cycle := cycle_among({each.tag: each.parents for each in reversed(entries)}):
        why = msg("These languages are each other's parents: {tags}.", tags=", ".join(cycle))
        yield "locales.parents", None, why


def _problems_of(each: Entry, place: str) -> Iterator[tuple[str, str | None, Message]]:
    for name in ("name", "source"):
        if not getattr(each, name).strip():
            yield f"{place}.{name}", None, msg("The key {key} is missing.", key=name)
    if each.cldr and cldr(each.cldr) is None:
        why = msg("CLDR has no locale {name}. Leave the key out and give the names of the months.", name=each.cldr)
        yield f"{place}.cldr", each.cldr, why
    plural = read_plural(each.plural) if each.plural else None
    if each.plural and plural is None:
        example = REGISTRY["en-CA"].header
        why = msg("{rule} is not a plural rule as in a PO file: {example}", rule=each.plural, example=example)
        yield f"{place}.plural", each.plural, why
    elif plural and (reason := problem_with_plural(plural[1], plural[0])):
        why = msg("This plural rule cannot be used; some number takes each of its forms: {reason}", reason=reason)
        yield f"{place}.plural", each.plural, why
    elif not plural and of_cldr(each.tag) is None:
        why = msg("CLDR does not know how {tag} counts: give its plural rule, as in a PO file.", tag=each.tag)
        yield f"{place}.tag", each.tag, why
    for name, wanted in (("months", 12), ("days", 7)):
        if getattr(each, name) and len(getattr(each, name)) != wanted:
            yield f"{place}.{name}", None, msg("{key} has {wanted} names.", key=name, wanted=wanted)
    for parent in each.parents:
        if not TAG.fullmatch(parent):
            yield f"{place}.parents", parent, msg("The language {tag} is not in the registry.", tag=parent)


def _language(entry: Entry) -> Language:
    known = of_cldr(entry.tag)
    forms, plural = read_plural(entry.plural) or ((known.forms, known.plural) if known else (2, "n != 1"))
    parts = entry.tag.split("-")
    script = entry.script or next((part for part in parts[1:] if len(part) == 4 and part.isalpha()), "")
    script = script or usual_script(parts[0]) or "Latn"
    return Language(
        tag=entry.tag,
        catalog=entry.tag.replace("-", "_"),
        autonym=entry.name.strip(),
        babel=entry.cldr or ("" if entry.months or known is None else known.babel),
        dir=entry.dir or ("rtl" if script in RIGHT_TO_LEFT else "ltr"),
        script=script,
        parents=entry.parents,
        plural=plural,
        forms=forms,
        months=entry.months,
        days=entry.days,
        date=entry.date,
        convention=entry.convention,
    )


def cycle_among(parents: Mapping[str, Iterable[str]]) -> list[str]:
    """Languages that are each other's parents, or nothing. What the core brings has an end of its own."""
    graph = {tag: [each for each in named if each in parents] for tag, named in parents.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as cycle:
        return list(dict.fromkeys(cycle.args[1]))
    return []


def problem_with_locales(
    brought: Sequence[Language], declared: Iterable[str], before: Languages, owners: Mapping[str, str]
) -> Message | None:
    """Returns why a plugin's languages do not fit those of the plugins before it, in words for an administrator."""
    tags = [each.tag for each in brought]
    if differing := sorted(set(tags) ^ set(declared)):
        names = ", ".join(differing)
        return msg("plugin.toml and the code disagree on {what}: {names}", what="locales", names=names)
    for each in brought:
        if each.tag in owners:
            return msg("The language {tag} is brought by {plugin} already.", tag=each.tag, plugin=owners[each.tag])
    known = Languages({**before.brought, **{each.tag: each for each in brought}})
    for each in brought:
        for parent in each.parents:
            if parent not in known:
                return msg("The language {tag} is not in the registry.", tag=parent)
    if cycle := cycle_among({tag: each.parents for tag, each in known.brought.items()}):
        return msg("These languages are each other's parents: {tags}.", tags=", ".join(cycle))
    return None


def declared_by(manifests: Iterable[Any]) -> Languages:
    """Returns the languages that a tenant with all these plugins may list, from their `plugin.toml`."""
    tags = {tag for each in manifests for tag in each.provides.locales}
    return Languages({tag: Language(tag, tag.replace("-", "_"), tag) for tag in tags})
