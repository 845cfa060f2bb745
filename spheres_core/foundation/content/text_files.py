"""Decodes text that people write: UTF-8, with or without the mark that Windows programs put first (BOM)."""

import re
from typing import Final

from spheres_core.facts import Message, msg

_MERGE_MARKER: Final = re.compile(r"^(<{7}|>{7})(?= |$)", re.MULTILINE)


class TextUnreadable(Exception):
    """Bytes are no text to read; `problems` are 1-based lines with what is wrong there."""

    def __init__(self, problems: list[tuple[int, Message]]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{line}: {message.msgid}" for line, message in problems))


def decode(data: bytes, charset: str = "utf-8") -> str:
    """Returns text without its BOM. Raises `TextUnreadable` when it is in another character set, or when a merge left
    its markers in it."""
    try:
        text = data.decode("utf-8-sig" if charset == "utf-8" else charset)
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        why = msg("This file is not UTF-8 text.")
        if charset != "utf-8":
            why = msg("This file is not text in the character set {charset}.", charset=charset)
        raise TextUnreadable([(line, why)]) from None
    if found := list(_MERGE_MARKER.finditer(text)):
        why = msg("Two versions were merged here and nobody chose one of them.")
        raise TextUnreadable([(text.count("\n", 0, each.start()) + 1, why) for each in found])
    return text
