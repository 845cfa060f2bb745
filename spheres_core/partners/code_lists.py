"""Reads a region's lists (`catalogue.toml`) and its own words (`terms.toml`)."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from msgspec import Struct, field

from spheres_core.facts import Words, msg
from spheres_core.foundation.content.struct_reader import Source, check_unique, only_one


class ListedItem(Struct, frozen=True, forbid_unknown_fields=True):
    """One entry: a code that stays for ever and a label that may change. Retired codes are kept for
    old records."""

    code: str
    label: Words
    retired: bool = False


class CodeList(Struct, frozen=True, forbid_unknown_fields=True):
    """A list and where it comes from."""

    items: tuple[ListedItem, ...]
    derived_from: str = ""

    def label(self, code: str) -> Words | None:
        """Returns the label of a code, or None when the list does not know it."""
        return next((item.label for item in self.items if item.code == code), None)


class Catalogue(Struct, frozen=True, forbid_unknown_fields=True):
    """A whole `catalogue.toml`."""

    format: Literal[1]
    needs: CodeList | None = None
    session_themes: CodeList | None = None
    activity_purposes: CodeList | None = None
    activity_categories: CodeList | None = None
    principles: CodeList | None = None


class Term(Struct, frozen=True, forbid_unknown_fields=True):
    """The region's own word for a word of the program."""

    key: str
    """The program's word as the pages have it in English, e.g. `Partners`."""
    term: Words
    reason: Words = field(default_factory=dict)


class Terms(Struct, frozen=True, forbid_unknown_fields=True):
    """A whole `terms.toml`."""

    format: Literal[1]
    terms: tuple[Term, ...] = ()


def read_catalogue(paths: Sequence[Path], plugin_id: str) -> Catalogue:
    """Returns the lists of a plugin. Raises `ContentInvalid` with every finding of the file."""
    return check_catalogue(Source(only_one(paths)))


def check_catalogue(source: Source) -> Catalogue:
    """Returns the lists that a source holds, wherever they were written. Raises `ContentInvalid` with every finding."""
    catalogue = source.read(Catalogue)
    if catalogue is not None:
        for name in Catalogue.__struct_fields__:
            listed = getattr(catalogue, name)
            if isinstance(listed, CodeList):
                places = [(f"{name}.items[{i}].code", item.code) for i, item in enumerate(listed.items)]
                check_unique(source, places)
    source.finish()
    assert catalogue is not None
    return catalogue


def read_terms(paths: Sequence[Path], plugin_id: str) -> Mapping[str, Words]:
    """Returns a region's words by the program's. Raises `ContentInvalid` with every finding."""
    return {each.key: each.term for each in check_terms(Source(only_one(paths))).terms}


def check_terms(source: Source) -> Terms:
    """Returns the words that a source holds, wherever they were written. Raises `ContentInvalid` with every finding."""
    terms = source.read(Terms)
    seen: set[str] = set()
    for place, each in source.entries("terms", Term):
        if each.key in seen:
            source.find(f"{place}.key", msg("The key {key} is given twice.", key=each.key))
        seen.add(each.key)
    source.finish()
    assert terms is not None
    return terms
