"""A form as a browser posts it: names and values in order, the files that came along, and what is wrong with them."""

import datetime as dt
from collections.abc import Container, Sequence
from typing import Any

from msgspec import Struct

from spheres_core.facts import Message, Words, msg


class PostedFile(Struct, frozen=True):
    """A file as it came with a post."""

    field: str
    name: str
    """As its sender's device calls it; nothing to rely on."""
    content: bytes


class Post:
    """A form as a browser sent it: its pairs, in order. Names that begin with `_` are the page's own.

    `problems`: what was found wrong with it, by field, for `page(…, problems=sent.problems)`.
    """

    def __init__(self, pairs: Sequence[tuple[str, str]], files: Sequence[PostedFile] = ()) -> None:
        self.pairs = pairs
        self.files = files
        self.problems: dict[str, Message | Words] = {}
        self.own = {name: value for name, value in pairs if name.startswith("_")}

    def __getitem__(self, name: str) -> str:
        """Returns the first value sent under a name; empty when there is none."""
        return next((value for sent, value in self.pairs if sent == name), "")

    def whole(self, name: str, *, least: int = 0, most: int) -> int | None:
        """Returns a whole number that was typed, None where nothing was; anything else becomes a problem."""
        text = self[name].strip()
        if text and not (text.isdecimal() and len(text) < 10 and least <= int(text) <= most):
            self.problems[name] = msg("Write a whole number from {least} to {most}.", least=least, most=most)
            return None
        return int(text) if text else None

    def version(self) -> int:
        """Returns the version of a record that the page showed, 0 where it showed none."""
        return self.whole("version", most=10**8) or 0

    def day(self, name: str, *, required: bool = True) -> dt.date | None:
        """Returns a day that was typed; anything else becomes a problem, and so does nothing unless not `required`."""
        text = self[name].strip()
        if not text and not required:
            return None
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            self.problems[name] = msg("Write the day as 2026-03-31.")
            return None

    def choice(self, name: str, choices: Container[str]) -> Any:
        """Returns what was chosen; anything else becomes a problem."""
        if self[name] not in choices:
            self.problems[name] = msg("Choose one.")
        return self[name]

    def every(self, name: str) -> list[str]:
        """Returns each value sent under a name: the boxes that were ticked."""
        return [value for sent, value in self.pairs if sent == name]
