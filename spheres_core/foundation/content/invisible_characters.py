"""Characters that nobody sees and every comparison does: copied from web pages and word processors into codes."""

from __future__ import annotations

import re
from typing import Final

from spheres_core.facts import Message, msg

_JOINERS: Final = "\u200c\u200d"
_OTHERS: Final = (
    "\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
)
_IN_TEXTS: Final = re.compile(f"[{_OTHERS}]")
_IN_CODES: Final = re.compile(f"[{_JOINERS}{_OTHERS}]")


def without_invisible(text: str, *, joiners: bool = False) -> str:
    """Returns a text without its invisible characters and then without outer blanks.

    `joiners`: those that join letters or keep them apart stay, as some scripts need them.
    """
    if text.isascii() and text.isprintable():
        return text
    return (_IN_TEXTS if joiners else _IN_CODES).sub("", text).strip()


def invisible_in(text: str, *, joiners: bool = False) -> Message | None:
    """Returns that a text holds an invisible character, and which; None when it holds none."""
    found = (_IN_TEXTS if joiners else _IN_CODES).search(text)
    if found is None:
        return None
    return msg("An invisible character (U+{code}) was taken out of “{value}”.", code=f"{ord(found[0]):04X}",
               value=without_invisible(text, joiners=joiners))  # fmt: skip
