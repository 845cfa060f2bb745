"""Pictures, drawn anew: nothing but the pixels stays. No place, no device, no name, nothing before or behind them."""

from __future__ import annotations

import io
from typing import Final

from PIL import Image, ImageOps

from spheres_core.forms.attachments.file_kinds import JPEG, PNG, FileKind

MOST_PIXELS: Final = 40_000_000
"""Pixels of a picture that is decoded at all; a telephone's have 12 to 50 million and are made smaller by browsers."""
LONGEST_SIDE: Final = 3_000
"""Pixels; a larger picture is made smaller."""
_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_QUALITY: Final = 88


class ImageTooLarge(Exception):
    """More pixels than are decoded."""


def redraw(data: bytes) -> tuple[bytes, FileKind]:
    """Returns the first picture of a file, turned as it is to be seen. Raises `ImageTooLarge`, and whatever the
    decoder meets in a file that is none."""
    with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise ImageTooLarge
        opened.load()
        seen = ImageOps.exif_transpose(opened)
        transparent = seen.mode in ("RGBA", "LA", "PA") or "transparency" in seen.info
        pixels = seen.convert("RGBA" if transparent else "RGB")
    pixels.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    bare = Image.frombytes(pixels.mode, pixels.size, pixels.tobytes())
    out = io.BytesIO()
    if transparent:
        bare.save(out, "PNG", optimize=False)
        return out.getvalue(), PNG
    bare.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue(), JPEG
