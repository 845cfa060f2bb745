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
MP4: Final = FileKind("video/mp4", ".mp4")
M4A: Final = FileKind("audio/mp4", ".m4a")

IMAGES: Final = frozenset({".jpg", ".jpeg", ".jfif", ".jpe", ".png", ".webp"})
AUDIO: Final = frozenset({".wav", ".mp3"})
ISO_MEDIA: Final = frozenset({".mp4"})
"""MP4, MOV and M4A: one kind of file, with pictures or with sound alone."""
GIVEN: Final[Mapping[str, frozenset[FileKind]]] = {
    "image": frozenset({JPEG, PNG}),
    "audio": frozenset({WAV, MP3, M4A}),
    "video": frozenset({MP4}),
    "file": frozenset({JPEG, PNG, PDF, WAV, MP3, MP4, M4A}),
}
"""The kinds that a kind of question keeps."""
TAKEN: Final[Mapping[str, frozenset[str]]] = {
    "image": IMAGES,
    "audio": AUDIO | ISO_MEDIA,
    "video": ISO_MEDIA,
    "file": IMAGES | AUDIO | ISO_MEDIA | {".pdf"},
}
"""The sniffed endings that a kind of question takes."""
ACCEPT: Final[Mapping[str, str]] = {
    "image": "image/jpeg,image/png,image/webp",
    "audio": "audio/wav,audio/mpeg,audio/mp4",
    "video": "video/mp4,video/quicktime",
    "file": "image/jpeg,image/png,image/webp,application/pdf,audio/wav,audio/mpeg,audio/mp4,video/mp4,video/quicktime",
}
"""The media types that a browser offers to choose; the server decides by the bytes."""
WANTED: Final[Mapping[str, Message]] = {
    "image": msg("Choose a picture: JPEG, PNG or WebP."),
    "audio": msg("Choose a recording: MP3, M4A or WAV."),
    "video": msg("Choose a video: MP4 or MOV."),
    "file": msg(
        "Choose a picture (JPEG, PNG, WebP), a document (PDF), a recording (MP3, M4A, WAV) or a video (MP4, MOV)."
    ),
}
REFUSALS: Final[Mapping[str, Message]] = {
    "file_empty": msg("This file is empty."),
    "file_unreadable": msg("This file cannot be read. It may be damaged."),
    "file_heic": msg(
        "This picture is in the HEIC format, which cannot be read here. Save it as JPEG and choose it again."
    ),
    "file_video_kind": msg("This video or recording cannot be read here. Save it as MP4 (H.264) and choose it again."),
    "file_too_many_pixels": msg("This picture is too large. Make it smaller, or take it again with fewer pixels."),
    "file_too_slow": msg("This file takes too long to read. Choose another one."),
}
"""Reasons for whoever gave a file that is not kept, by code."""
KINDS: Final[Mapping[str, FileKind]] = {kind.media_type: kind for kind in (JPEG, PNG, PDF, WAV, MP3, MP4, M4A)}
