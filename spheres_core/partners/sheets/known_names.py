"""Finds what a cell names, by its name or by its key; and the languages and texts around one reading of sheets."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches

from msgspec import Struct, field

from spheres_core.facts import Message, Words, msg
from spheres_core.foundation.content.sheet_columns import Place, normalized


class KnownNames:
    """The names of one kind of thing, so that a cell may name it by its name or by its key."""

    def __init__(self) -> None:
        self._keys: dict[str, set[str]] = {}
        self._written: dict[str, str] = {}
        self.known = True
        """False when the sheet that names them could not be read: then nothing is said of a name."""

    def add(self, key: str, *names: str) -> None:
        for name in (key, *names):
            if normalized(name):
                self._keys.setdefault(normalized(name), set()).add(key)
                self._written.setdefault(normalized(name), name)

    def find(self, text: str) -> str | None:
        """Returns the key that a text names; None when none or several do."""
        found = self._keys.get(normalized(text), set())
        return next(iter(found)) if len(found) == 1 else None

    def why_not(self, text: str) -> Message:
        """Returns what is said of a text that names nothing here."""
        if normalized(text) in self._keys:
            return msg("Several are called “{value}”: write the key.", value=text)
        if close := get_close_matches(normalized(text), self._written, 1, 0.6):
            return msg("“{value}” is not known here. Is it “{close}”?", value=text, close=self._written[close[0]])
        return msg("“{value}” is not known here.", value=text)


class SheetContext(Struct):
    """The languages, translations and names that one reading of sheets works with."""

    languages: tuple[str, ...]
    """The plugin's tags, as its plugin.toml has them."""
    say: Callable[[Message, str], str]
    """A sentence of the core in a language; empty when it is not known in it."""
    translate: Callable[[Words, Place], Words]
    """Words with what the translation sheet adds."""
    names: dict[str, KnownNames] = field(
        default_factory=lambda: {"area": KnownNames(), "organization": KnownNames(), "role": KnownNames()}
    )
    in_part: tuple[str, ...] = ()
    """Further tags, in which some texts are written."""

    @property
    def spoken(self) -> tuple[str, ...]:
        """Returns every language that a column may be in."""
        return (*self.languages, *self.in_part)
