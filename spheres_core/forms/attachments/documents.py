"""PDF documents, written anew from their pages: no scripts, forms, links, attached files, authors or dates."""

from __future__ import annotations

import io
from typing import Any, Final

import pikepdf

MOST_PAGES: Final = 100
MOST_OBJECTS: Final = 50_000
DEEPEST: Final = 8
"""Dictionaries inside each other."""
_DROPPED: Final = frozenset((
    "/AA", "/OpenAction", "/Metadata", "/PieceInfo", "/LastModified", "/JS", "/JavaScript", "/EmbeddedFiles", "/EF",
    "/AF", "/XFA", "/RichMediaContent", "/Annots", "/Thumb", "/A", "/Dests", "/URI", "/Alternates", "/OPI",
))  # fmt: skip
"""Keys that act, lead elsewhere, or tell of whoever made the document."""
_KEPT_OF_ROOT: Final = frozenset({"/Type", "/Pages", "/Version", "/Lang", "/ViewerPreferences", "/OCProperties"})
_APPLICATION_SEGMENTS: Final = frozenset({*range(0xE1, 0xEE), 0xEF, 0xFE})
"""Markers of JPEG segments that hold metadata and comments; 0xE0 and 0xEE say how to decode."""


class DocumentUnsafe(Exception):
    """The document is encrypted, too large, or holds what cannot be taken out."""


def rewrite(data: bytes) -> bytes:
    """Returns the pages of a PDF. Raises `DocumentUnsafe`, and `pikepdf.PdfError` for what is none."""
    with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as pdf:
        if pdf.is_encrypted or not 1 <= len(pdf.pages) <= MOST_PAGES or len(pdf.objects) > MOST_OBJECTS:
            raise DocumentUnsafe
        for key in set(pdf.Root.keys()) - _KEPT_OF_ROOT:
            del pdf.Root[key]
        if "/Info" in pdf.trailer:
            del pdf.trailer["/Info"]
        for each in pdf.objects:
            if isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
                _drop_keys(each)
            if isinstance(each, pikepdf.Stream):
                _check_stream(each)
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, fix_metadata_version=False)
    return out.getvalue()


def _check_stream(each: Any) -> None:
    """Takes the metadata out of a picture. Raises `DocumentUnsafe` for what hides it, or lies in a file elsewhere."""
    filters = _names(each.get("/Filter"))
    if "/JPXDecode" in filters or each.get("/Type") == "/EmbeddedFile" or "/F" in each:
        raise DocumentUnsafe
    if filters == ["/DCTDecode"]:
        each.write(without_metadata(each.read_raw_bytes()), filter=pikepdf.Name.DCTDecode)
    elif "/DCTDecode" in filters:
        raise DocumentUnsafe


def _drop_keys(node: Any, depth: int = 0) -> None:
    """Takes the keys out of a dictionary and of those that stand inside it without being objects of their own."""
    for key in _DROPPED.intersection(node.keys()):
        del node[key]
    if depth < DEEPEST:
        for key in set(node.keys()):
            value = node.get(key)
            if isinstance(value, pikepdf.Dictionary) and not value.is_indirect:
                _drop_keys(value, depth + 1)


def _names(filters: Any) -> list[str]:
    if filters is None:
        return []
    return [str(each) for each in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]


def without_metadata(jpeg: bytes) -> bytes:
    """Returns a JPEG without its metadata segments, pixel for pixel the same. Raises `DocumentUnsafe`."""
    if jpeg[:2] != b"\xff\xd8":
        raise DocumentUnsafe
    kept, place = [jpeg[:2]], 2
    while place + 4 <= len(jpeg):
        if jpeg[place] != 0xFF:
            raise DocumentUnsafe
        marker = jpeg[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        length = int.from_bytes(jpeg[place + 2 : place + 4], "big") + 2
        if marker == 0xDA:
            end = jpeg.rfind(b"\xff\xd9")
            return b"".join([*kept, jpeg[place : end + 2 if end > place else len(jpeg)]])
        if marker not in _APPLICATION_SEGMENTS:
            kept.append(jpeg[place : place + length])
        place += length
    raise DocumentUnsafe
