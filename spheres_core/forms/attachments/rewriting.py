"""Writes a file anew from what it shows or sounds like. Runs in a process of its own: see `decoder_process`."""

from __future__ import annotations

from typing import Final

import puremagic

from spheres_core.forms.attachments.documents import rewrite
from spheres_core.forms.attachments.file_kinds import AUDIO, GIVEN, IMAGES, MP3, PDF, TAKEN, WAV, FileKind
from spheres_core.forms.attachments.images import ImageTooLarge, redraw
from spheres_core.forms.attachments.media_boxes import MediaUnreadable
from spheres_core.forms.attachments.recordings import rewrite_mp3, rewrite_wav
from spheres_core.forms.attachments.videos import put_together

SNIFFED: Final = 65_536
"""Bytes at the beginning that tell the kind."""
_STARTS: Final[tuple[tuple[bytes, bytes, str], ...]] = (
    (b"\xff\xd8\xff", b"", ".jpg"),
    (b"\x89PNG\r\n\x1a\n", b"", ".png"),
    (b"RIFF", b"WEBP", ".webp"),
    (b"RIFF", b"WAVE", ".wav"),
    (b"%PDF-", b"", ".pdf"),
    (b"ID3", b"", ".mp3"),
)
"""First bytes, and those from the eighth on, that a file must have however else it looks."""
_HEIF_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif"})


class FileNotRewritten(Exception):
    """A file that is not kept, with the code of the reason."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def rewrite_file(data: bytes, asked: str) -> tuple[bytes, FileKind]:
    """Returns what is kept of a file that was given to a question of the kind `asked`. Raises `FileNotRewritten`."""
    found = sniff(data)
    if found == ".heic" and asked in ("image", "file"):
        raise FileNotRewritten("file_heic")
    if found not in TAKEN[asked]:
        raise FileNotRewritten("file_kind")
    content, kind = _rewritten(data, found)
    if kind not in GIVEN[asked]:
        raise FileNotRewritten("file_kind")
    return content, kind


def _rewritten(data: bytes, found: str) -> tuple[bytes, FileKind]:
    try:
        if found == ".pdf":
            return rewrite(data), PDF
        if found == ".wav":
            return rewrite_wav(data), WAV
        if found == ".mp3":
            return rewrite_mp3(data), MP3
        if found == ".mp4":
            return put_together(data)
        return redraw(data)
    except ImageTooLarge:
        raise FileNotRewritten("file_too_many_pixels") from None
    except MediaUnreadable:
        raise FileNotRewritten("file_video_kind") from None
    except Exception:  # whatever a decoder meets in a file that somebody made
        raise FileNotRewritten("file_unreadable") from None


def sniff(data: bytes) -> str:
    """Returns the ending of the kind that the bytes are of; empty for any other kind, and for what is two at once."""
    if data[4:8] == b"ftyp":
        return ".heic" if data[8:12] in _HEIF_BRANDS else ".mp4"
    begins = next((end for start, then, end in _STARTS if data.startswith(start) and data[8:].startswith(then)), "")
    if not begins and len(data) > 1 and data[0] == 0xFF and data[1] & 0xE0 == 0xE0:
        begins = ".mp3"
    if begins in ("", ".mp3"):
        return begins
    try:
        told = puremagic.from_string(data[:SNIFFED])
    except (puremagic.PureError, ValueError):
        return ""
    alike = next((kinds for kinds in (IMAGES, AUDIO) if begins in kinds), {begins})
    return begins if told in alike else ""
