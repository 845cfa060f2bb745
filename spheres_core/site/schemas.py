"""Structs of the site's API: terms, the readiness note, and plugins."""

import datetime as dt
from typing import Annotated, Literal

from msgspec import Meta, Struct

from spheres_core.foundation.languages.localization import Text
from spheres_core.partners.schemas.local_entries import CarriedEntry


class TermShown(Struct, frozen=True):
    """A term in one language: its name here, and its name without the tenant's own word."""

    key: str
    language: str
    said: Text
    """Its name now, with the language that it really is in."""
    plain: Text
    """Its name without the tenant's own word."""
    renamed: bool
    note: Text
    """Where people meet it, in the reader's language."""


class Editing(Struct, frozen=True):
    """A page as a person is writing it: the text, and the number of the version that it is written on."""

    text: str
    base: int
    menu_order: int | None = None
    sure: bool = False
    """She has read what reads like another language, and it belongs there."""
    looked_at: bool = False
    """The text was sent to be looked at, and is shown below as it would be."""
    conflict: bool = False
    """Somebody saved another version meanwhile."""


class CarriedTerm(Struct, frozen=True, forbid_unknown_fields=True):
    """A marked term that a region calls otherwise, as its file carries it."""

    language: str
    key: str
    text: str


class CarriedNote(Struct, frozen=True, forbid_unknown_fields=True):
    """How a region covers an element of the program otherwise, as its file carries it."""

    element: str
    how: str
    why: str
    written_at: dt.datetime


class CarriedForm(Struct, frozen=True, forbid_unknown_fields=True):
    """A form that a region asks in place of its plugins', as its file carries it."""

    key: str
    content: str
    """The version as canonical JSON; empty when the region retired the form."""


class CarriedPage(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A page that a region wrote itself and that is in force, as its file carries it."""

    slug: str
    language: str
    text: str
    menu_order: int | None = None


class LocalState(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The region's own words, notes, edits, pages and forms beyond definition and plugins: `[local]` of its file."""

    terms: tuple[CarriedTerm, ...] = ()
    notes: tuple[CarriedNote, ...] = ()
    entries: tuple[CarriedEntry, ...] = ()
    pages: tuple[CarriedPage, ...] = ()
    forms: tuple[CarriedForm, ...] = ()


class TermList(Struct, frozen=True):
    """Every marked term in one language."""

    terms: list[TermShown]


class TermPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """A term, in one language, and its new word."""

    key: Annotated[str, Meta(max_length=400)]
    language: Annotated[str, Meta(max_length=35)]
    text: Annotated[str, Meta(max_length=2000)]
    dry_run: bool = False
    """Only answer what would read the same, and write nothing."""


class TermNamed(Struct, frozen=True, forbid_unknown_fields=True):
    """A term in one language."""

    key: Annotated[str, Meta(max_length=400)]
    language: Annotated[str, Meta(max_length=35)]


class TermCollision(Struct, frozen=True):
    """Another text that reads the same as the new word."""

    key: str
    term: bool
    message: Text


class TermRenamed(Struct, frozen=True):
    """The answer to a renaming; `renamed` is false after a dry run."""

    renamed: bool
    collisions: list[TermCollision]


class TermRestored(Struct, frozen=True):
    """A term that has the program's name again."""

    restored: Literal[True] = True


class NotePosted(Struct, frozen=True, forbid_unknown_fields=True):
    """How the region covers an element otherwise, and why. Both empty erases the note."""

    how: str = ""
    why: str = ""


class NoteWritten(Struct, frozen=True):
    """The note as it stands now; both empty when it was erased."""

    element: str
    how: str
    why: str


class PluginSwitched(Struct, frozen=True):
    """A plugin that was switched on or off. `changed` is false when it was so before."""

    plugin: str
    state: Literal["on", "off"]
    changed: bool
