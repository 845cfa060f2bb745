"""Files beside a form that its questions show or play, and lists of choices in files of their own.

A form version holds the hash of each picture and recording, so that another one is another version; the files
themselves stay in the folder of the plugin that brings the form.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from spheres_core.facts import Message, Words, msg
from spheres_core.forms.schemas import Form

FOLDER: Final = "forms"
"""The folder of a plugin in which its forms lie, and their files beside them."""
MEDIA: Final = ("image", "big-image", "audio", "video")
"""The columns that name a file to show or play."""
LARGEST: Final = {"image": 2_000_000, "big-image": 5_000_000, "audio": 10_000_000, "video": 25_000_000}
"""Bytes of a file by its column."""
_NAME: Final = re.compile(r"[^\W_][^/\\\x00-\x1f]{0,99}")
_SIGNATURES: Final = (
    ("image/png", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ("image/jpeg", re.compile(rb"\xff\xd8\xff")),
    ("image/gif", re.compile(rb"GIF8[79]a")),
    ("image/webp", re.compile(rb"RIFF....WEBP", re.DOTALL)),
    ("audio/wav", re.compile(rb"RIFF....WAVE", re.DOTALL)),
    ("audio/ogg", re.compile(rb"OggS")),
    ("audio/mp4", re.compile(rb"....ftypM4A", re.DOTALL)),
    ("audio/mpeg", re.compile(rb"ID3|\xff[\xf2\xf3\xfa\xfb]")),
    ("video/mp4", re.compile(rb"....ftyp", re.DOTALL)),
    ("video/webm", re.compile(rb"\x1aE\xdf\xa3")),
)

FilesBeside = Callable[[str], bytes | None]
"""Reads a file beside the form by its name; None when there is none."""


def no_files(_name: str) -> bytes | None:
    """Stands for the files beside a form that lies in no folder."""
    return None


def files_in(folder: Path) -> FilesBeside:
    """Returns what reads the files of a folder: of no other, whatever a name or a link says."""

    def read(name: str) -> bytes | None:
        path = folder / name
        if not _NAME.fullmatch(name) or path.resolve().parent != folder.resolve():
            return None
        try:
            return path.read_bytes() if path.stat().st_size <= max(LARGEST.values()) else None
        except OSError:
            return None

    return read


def media_type(content: bytes) -> str:
    """Returns what a file is by its first bytes; empty when it is nothing that can be shown or played. A drawing that
    may hold a program (SVG) is nothing of that kind."""
    return next((known for known, signature in _SIGNATURES if signature.match(content)), "")


def medium_problem(column: str, content: bytes | None) -> Message | None:
    """Returns why a file cannot be shown or played where its column wants it."""
    wanted = column.removeprefix("big-")
    if content is None:
        return msg("There is no such file beside the form, or it is too large.")
    if media_type(content).partition("/")[0] != wanted:
        return msg("This file is nothing to show or play here: pictures are PNG, JPEG, GIF or WebP, sound is MP3, M4A, "
                   "Ogg or WAV, films are MP4 or WebM.")  # fmt: skip
    if len(content) > LARGEST[column]:
        return msg("This file is larger than {limit} megabytes.", limit=LARGEST[column] // 1_000_000)
    return None


def reference(name: str, content: bytes) -> str:
    """Returns how a form version names a file: by its hash, and by its name for its author."""
    return f"{digest_of(content)}/{name}"


def digest_of(content: bytes) -> str:
    """Returns the first 32 hex digits of the SHA-256 of a file."""
    return hashlib.sha256(content).hexdigest()[:32]


@lru_cache(maxsize=512)
def media_of(form: Form) -> Mapping[str, str]:
    """Returns the names of the files that a form shows or plays, by their hashes."""
    return dict(named.split("/", 1) for words in _all_media(form) for named in words.values())


def _all_media(form: Form) -> Iterator[Words]:
    for question in form.walk():
        yield from question.media.values()
    for choices in form.choices.values():
        for choice in choices:
            yield from choice.media.values()
