"""Reads a logo: a PNG without anything but its picture, or an SVG that draws and does nothing else."""

import re
import struct
import zlib
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree

from msgspec import Struct

from spheres_core.facts import Message, msg

LARGEST: Final = 100_000
"""Bytes of a logo."""
MOST_PIXELS: Final = 1_024
"""Pixels of a side."""
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_CHUNKS: Final = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB"})
"""Parts of a PNG that draw. All others (who made it, where, with which program) are taken out."""
_SVG: Final = "{http://www.w3.org/2000/svg}"
_ELEMENTS: Final = frozenset(
    {"svg", "g", "path", "circle", "ellipse", "rect", "line", "polyline", "polygon", "title", "desc", "defs",
     "linearGradient", "radialGradient", "stop", "clipPath"}
)  # fmt: skip
_ATTRIBUTES: Final = frozenset(
    {"id", "d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "ry", "fx", "fy", "width", "height", "viewBox",
     "points", "transform", "fill", "fill-rule", "fill-opacity", "stroke", "stroke-width", "stroke-linecap",
     "stroke-linejoin", "stroke-opacity", "stroke-dasharray", "stroke-miterlimit", "opacity", "offset", "stop-color",
     "stop-opacity", "gradientUnits", "gradientTransform", "clip-path", "clip-rule", "clipPathUnits", "version",
     "preserveAspectRatio", "role", "aria-hidden"}
)  # fmt: skip
_OWN_REFERENCE: Final = re.compile(r"url\(\s*['\"]?(?!#)|[a-z]+:", re.IGNORECASE)


class Logo(Struct, frozen=True):
    """A logo as it is sent."""

    media_type: str
    body: bytes


class LogoRefused(ValueError):
    """A file that is no logo; `message` says why."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(message.msgid)


def read_logo(name: str, data: bytes) -> Logo:
    """Returns the logo of a file called so. Raises `LogoRefused`."""
    if len(data) > LARGEST:
        raise LogoRefused(msg("A logo has at most {limit} KB.", limit=LARGEST // 1000))
    if name.endswith(".png"):
        return Logo("image/png", _png(data))
    return Logo("image/svg+xml", _svg(data))


def _png(data: bytes) -> bytes:
    """Returns the picture without what else the file holds."""
    if not data.startswith(_SIGNATURE):
        raise LogoRefused(msg("This is not a PNG picture."))
    kept, names = [_SIGNATURE], []
    for name, whole in _chunks(data):
        names.append(name)
        if name in _CHUNKS:
            kept.append(whole)
        elif name[:1].isupper():
            raise LogoRefused(msg("This PNG picture is damaged."))
    if names[:1] != [b"IHDR"] or names[-1:] != [b"IEND"] or b"IDAT" not in names:
        raise LogoRefused(msg("This PNG picture is damaged."))
    if max(struct.unpack_from(">II", data, 16)) > MOST_PIXELS:
        raise LogoRefused(msg("A logo has at most {limit} pixels on a side.", limit=MOST_PIXELS))
    return b"".join(kept)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while at < len(data):
        if at + 12 > len(data):
            raise LogoRefused(msg("This PNG picture is damaged."))
        (length,) = struct.unpack_from(">I", data, at)
        whole = data[at : at + 12 + length]
        if len(whole) < 12 + length or struct.unpack(">I", whole[-4:])[0] != zlib.crc32(whole[4:-4]):
            raise LogoRefused(msg("This PNG picture is damaged."))
        yield whole[4:8], whole
        if whole[4:8] == b"IEND":
            return
        at += len(whole)


def _svg(data: bytes) -> bytes:
    """Returns the drawing. Whatever could act or ask for something elsewhere is refused by its name."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data or b"<?xml-stylesheet" in data or b"\0" in data:
        raise LogoRefused(msg("An SVG logo has no “{name}”.", name="<!DOCTYPE>"))
    try:
        root = ElementTree.fromstring(data.decode("utf-8-sig"))  # noqa: S314 (no entity can be declared in it)
    except (ElementTree.ParseError, ValueError):
        raise LogoRefused(msg("This is not an SVG drawing in UTF-8.")) from None
    if root.tag != f"{_SVG}svg":
        raise LogoRefused(msg("This is not an SVG drawing in UTF-8."))
    for element in root.iter():
        if element.tag.removeprefix(_SVG) not in _ELEMENTS or not element.tag.startswith(_SVG):
            raise LogoRefused(msg("An SVG logo has no “{name}”.", name=f"<{element.tag.rpartition('}')[2]}>"))
        for name, value in element.attrib.items():
            if name not in _ATTRIBUTES or _OWN_REFERENCE.search(value):
                raise LogoRefused(msg("An SVG logo has no “{name}”.", name=f"{name.rpartition('}')[2]}={value[:40]}"))
    ElementTree.register_namespace("", _SVG[1:-1])
    return bytes(ElementTree.tostring(root, encoding="utf-8"))
