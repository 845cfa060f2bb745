"""The kinds of files that each type of question takes, and what is said of one that is not kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from spheres_core.facts import Message, msg


class FileKind(Struct, frozen=True):
    """One kind of file, as it is kept."""

    media_type: str
    suffix: str


JPEG: Final = FileKind("image/jpeg", ".jpg")
PNG: Final = FileKind("image/png", ".png")
PDF: Final = FileKind("application/pdf", ".pdf")
WAV: Final = FileKind("audio/wav", ".wav")
MP3: Final = FileKind("audio/mpeg", ".mp3")

IMAGES: Final = frozenset({".jpg", ".jpeg", ".jfif", ".jpe", ".png", ".webp"})
AUDIO: Final = frozenset({".wav", ".mp3"})
TAKEN: Final[Mapping[str, frozenset[str]]] = {
    "image": IMAGES,
    "audio": AUDIO,
    "file": IMAGES | AUDIO | {".pdf"},
}
"""The sniffed endings that a kind of question takes."""
ACCEPT: Final[Mapping[str, str]] = {
    "image": "image/jpeg,image/png,image/webp",
    "audio": "audio/wav,audio/mpeg",
    "file": "image/jpeg,image/png,image/webp,application/pdf,audio/wav,audio/mpeg",
}
"""The media types that a browser offers to choose; the server decides by the bytes."""
WANTED: Final[Mapping[str, Message]] = {
    "image": msg("Choose a picture: JPEG, PNG or WebP."),
    "audio": msg("Choose a recording: MP3 or WAV."),
    "file": msg("Choose a picture (JPEG, PNG, WebP), a document (PDF) or a recording (MP3, WAV)."),
}
REFUSALS: Final[Mapping[str, Message]] = {
    "file_empty": msg("This file is empty."),
    "file_unreadable": msg("This file cannot be read. It may be damaged."),
    "file_too_many_pixels": msg("This picture is too large. Make it smaller, or take it again with fewer pixels."),
    "file_too_slow": msg("This file takes too long to read. Choose another one."),
}
"""Reasons for whoever gave a file that is not kept, by code."""
KINDS: Final[Mapping[str, FileKind]] = {kind.media_type: kind for kind in (JPEG, PNG, PDF, WAV, MP3)}
