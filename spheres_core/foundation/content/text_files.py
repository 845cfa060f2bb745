"""Decodes text that people write: UTF-8, with or without the mark that Windows programs put first. Replaces files."""

import os
import re
import tempfile
from pathlib import Path
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


def replace_file(path: Path, data: str | bytes) -> None:
    """Writes a file whole or not at all: who reads it meanwhile, a server or a second command, never finds half of it.

    Text is written as UTF-8. An existing file keeps its permissions. Raises `OSError`.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    draft = Path(name)
    try:
        with open(handle, "wb") as file:
            file.write(data.encode() if isinstance(data, str) else data)
        draft.chmod(path.stat().st_mode & 0o7777 if path.exists() else 0o666 & ~_umask())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _umask() -> int:
    """Returns the process's mask for new files; it can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
