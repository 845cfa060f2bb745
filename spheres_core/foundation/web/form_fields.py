"""Says what the macros of `macros/fields.html` print: one struct for every field of a page, whoever asks."""

from __future__ import annotations

from msgspec import Struct

from spheres_core.foundation.languages.localization import Text


class Medium(Struct, frozen=True):
    """A file that is shown or played with a question or a choice."""

    kind: str
    """image, audio or video."""
    digest: str
    words: Text
    """The words of what it belongs to: what it shows, for who does not see it."""
    larger: str = ""
    """The digest of the same picture, larger."""


class Option(Struct, frozen=True):
    """One choice of a question."""

    value: str
    label: Text
    chosen: bool
    offered: bool
    """Whether the choice filter lets it be chosen now."""
    media: tuple[Medium, ...] = ()


class Part(Struct, frozen=True):
    """One of the fields in which a day or a time is written, or one place of a ranking."""

    name: str
    """`birth_date.year`, `wishes.1`."""
    id: str
    label: Text
    value: str
    wide: bool = False


class RepeatEntry(Struct, frozen=True):
    """One entry of a repeat."""

    name: str
    """`household[0]`."""
    number: int
    """1-based, for people."""
    fields: tuple[Field, ...]


class Field(Struct, frozen=True):
    """One question, group or repeat."""

    name: str
    """The shown path: the HTML name, and the path of its problem."""
    id: str
    """A valid HTML id; hint and problem are `<id>-hint` and `<id>-problem`."""
    label: Text
    input: str = "text"
    """text, textarea, tel, email, number, parts (a day or a time, in fields of its own), radio, list, checkboxes,
    ranking, tick, file, note, group, repeat, computed, fixed (an answer that nobody changes) or shown
    (one that a rule gives)."""
    path: str = ""
    """The path of the question in the form, without numbers: what the browser's rules call it."""
    kind: str = ""
    """The kind of the question in the form."""
    hint: Text | None = None
    guidance: Text | None = None
    """More help, shown when it is asked for and in print."""
    label_live: str = ""
    """The label with its `${path}`s when it speaks of answers, for the browser to fill in again."""
    required: bool = False
    """Whether an answer is required as things stand."""
    requirement_varies: bool = False
    """Whether that depends on other answers."""
    relevant: bool = True
    """Whether it is asked as things stand. Without JavaScript everything is shown; what is not asked is dropped."""
    value: str = ""
    """The answer that was sent, as it goes back into the input."""
    fixed: tuple[tuple[str, Text], ...] = ()
    """The parts of an answer that nobody changes: as they are sent, and as they are read."""
    computed: Text | None = None
    """The answer that a rule gives as things stand, where it is shown."""
    counted: bool = False
    """Whether the number of a repeat's entries follows from a rule, so that nobody adds or removes any."""
    options: tuple[Option, ...] = ()
    filtered: bool = False
    """Whether a rule says which of the options are offered."""
    parts: tuple[Part, ...] = ()
    media: tuple[Medium, ...] = ()
    layout: str = ""
    """How choices stand: `likert` (side by side), `columns`, `of-2` to `of-4` (so many columns) or `packed` (one
    after the other, as many as fit); of a group `table-list` or
    `numbers` (side by side). Empty: as they fit."""
    bounds: Text | None = None
    """The numbers that can be entered, or the files that can be chosen, where that needs to be said."""
    rows: int = 4
    """Lines of a textarea."""
    accept: str = ""
    """The media types that a browser offers to choose a file of."""
    kept: str = ""
    """The name of the file that was sent before; `value` is its handle."""
    problem: Text | None = None
    limit: int = 0
    inputmode: str = ""
    autocomplete: str = "off"
    fields: tuple[Field, ...] = ()
    entries: tuple[RepeatEntry, ...] = ()
    blank_entry: RepeatEntry | None = None
    """A blank entry that the browser copies when one is added; its names hold `NEW` for the number."""
