"""Two hundred files that mean no good, or tell too much, each with the canary that must not be at rest."""

from __future__ import annotations

import io
import struct
import wave
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

import pikepdf
from PIL import Image, PngImagePlugin

from tests.spheres_core.forms.attachments import hostile_videos as videos

CANARY: Final = b"CANARY-rue-Sainte-Catherine-45.5088N"
TEXT: Final = CANARY.decode()
Case = tuple[str, str, bytes]
"""What it is, its name, its bytes."""


def picture(kind: str = "JPEG", *, size: tuple[int, int] = (48, 32), **saved: object) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 40).convert("RGB").save(out, kind, **saved)
    return out.getvalue()


def exif() -> bytes:
    """Who took it, with what, and where."""
    made = Image.Exif()
    made[0x010E], made[0x013B], made[0x9286] = TEXT, TEXT, TEXT.encode()
    place = made.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (45.0, 30.0, 31.7), "W", (73.0, 33.0, 12.0)
    place[29] = TEXT
    return made.tobytes()


def png_texts() -> PngImagePlugin.PngInfo:
    made = PngImagePlugin.PngInfo()
    made.add_text("Comment", TEXT)
    made.add_itxt("XML:com.adobe.xmp", f"<x>{TEXT}</x>")
    made.add_text("Author", TEXT, zip=True)
    return made


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of(width: int, height: int, rows: bytes) -> bytes:
    """A PNG that says these dimensions, whatever its rows are."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def archive(name: str = "x.txt", content: bytes = CANARY) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(name, content)
    return out.getvalue()


def document(*, action: str = "", attached: bool = False, picture_inside: bool = True, secret: str = "") -> bytes:
    """A PDF with its author, a picture with its place, and what else is asked for."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(200, 200))
    pdf.docinfo["/Author"] = TEXT
    with pdf.open_metadata() as meta:
        meta["dc:creator"] = [TEXT]
    page = pdf.pages[0]
    if picture_inside:
        inside = pdf.make_stream(
            picture(exif=exif(), comment=CANARY), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=48,
            Height=32, BitsPerComponent=8, ColorSpace=pikepdf.Name.DeviceRGB, Filter=pikepdf.Name.DCTDecode,
        )  # fmt: skip
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=inside))
        page.Contents = pdf.make_stream(b"q 48 0 0 32 0 0 cm /Im Do Q")
    if action:
        script = pikepdf.Dictionary(S=pikepdf.Name("/" + action), JS=TEXT, URI=TEXT, F=TEXT)
        pdf.Root.OpenAction = script
        page.AA = pikepdf.Dictionary(O=script)
        link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=script)
        page.Annots = pdf.make_indirect([pdf.make_indirect(link)])
    if attached:
        pdf.attachments["evil.exe"] = b"MZ" + CANARY
    out = io.BytesIO()
    pdf.save(out, encryption=pikepdf.Encryption(owner=secret, user=secret) if secret else False)
    return out.getvalue()


def wav(*, seconds: float = 0.1) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(8000)
        made.writeframes(b"\0\1" * int(8000 * seconds))
    return out.getvalue()


def wav_that_tells() -> bytes:
    listed = b"INFO" + b"ICMT" + struct.pack("<I", len(CANARY) + len(CANARY) % 2) + CANARY + b"\0" * (len(CANARY) % 2)
    body = wav()[12:] + b"LIST" + struct.pack("<I", len(listed)) + listed
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body


def mp3(*, frames: int = 20) -> bytes:
    head = b"\xff\xfb\x90\x00"
    return b"".join(head + b"\0" * (417 - 4) for _ in range(frames))


def id3(text: bytes = CANARY) -> bytes:
    frame = b"COMM" + struct.pack(">I", len(text) + 5) + b"\0\0" + b"\0eng\0" + text
    size = len(frame)
    return b"ID3\3\0\0" + bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0)) + frame


SVG: Final = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>' + CANARY + b"</script></svg>"
HTML: Final = b"<!doctype html><html><script>" + CANARY + b"</script></html>"
GOOD: Final[dict[str, bytes]] = {
    "jpg": picture(exif=exif(), comment=CANARY), "png": picture("PNG", pnginfo=png_texts(), exif=exif()),
    "webp": picture("WEBP", exif=exif(), xmp=CANARY), "pdf": document(), "wav": wav_that_tells(),
    "mp3": id3() + mp3() + b"TAG" + CANARY.ljust(125, b"\0"), "mp4": videos.video(CANARY),
    "mov": videos.video(CANARY, brand=b"qt  ", is_wrapped=True), "m4a": videos.video(CANARY, with_pictures=False),
    "m4v": videos.video(CANARY, codec=b"hvc1"),
}  # fmt: skip
"""Honest files of each kind that is taken; each tells too much."""
OTHERS: Final[dict[str, bytes]] = {
    "svg": SVG, "html": HTML, "xml": b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;"
    + CANARY, "zip": archive(), "docm": archive("word/vbaProject.bin"), "docx": archive("word/document.xml"),
    "exe": b"MZ\x90\0" + CANARY, "elf": b"\x7fELF\2\1\1" + CANARY, "gif": picture("GIF", comment=CANARY),
    "bmp": picture("BMP") + CANARY, "tiff": picture("TIFF") + CANARY, "ico": picture("ICO", size=(32, 32)),
    "rtf": b"{\\rtf1 " + CANARY + b"}", "sh": b"#!/bin/sh\n" + CANARY, "txt": CANARY,
    "ps": b"%!PS-Adobe-3.0\n" + CANARY,
    "mp4": b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + CANARY, "heic": b"\0\0\0\x18ftypheic\0\0\0\0" + CANARY,
    "ogg": b"OggS\0\2" + b"\0" * 20 + CANARY, "flac": b"fLaC\0\0\0\x22" + CANARY,
    "ole": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + CANARY,
    "gz": b"\x1f\x8b\x08\0" + CANARY, "class": b"\xca\xfe\xba\xbe" + CANARY, "wasm": b"\0asm\1\0\0\0" + CANARY,
}  # fmt: skip
NAMES: Final = (
    "../../etc/passwd", "..\\..\\boot.ini", "photo\u202egpj.exe", "a\nb\r\nSet-Cookie: x=1", "\0null", '"; rm -rf "',
    "<script>alert(1)</script>", "CON", ".htaccess", "x" * 900, "   ", "%00.php", "nom d’ici – été.jpg",
    "\u200b\u2066x",
)  # fmt: skip


def hostile_files() -> Iterator[Case]:
    for kind, data in GOOD.items():
        yield f"{kind} that tells too much", f"a.{kind}", data
        for cut in (1, 2, 4, 9, 17, len(data) // 3, len(data) // 2, len(data) - 3):
            yield f"{kind} cut after {cut}", f"a.{kind}", data[:cut]
        for behind in (archive(), HTML, SVG, b"%PDF-1.7\n" + CANARY, CANARY * 100):
            yield f"{kind} with something behind it ({behind[:4]!r})", f"a.{kind}", data + behind
        for before in (archive(), HTML, b"GIF89a" + CANARY, b"\0" * 64 + CANARY):
            yield f"{kind} with something before it ({before[:4]!r})", f"a.{kind}", before + data
        for other in OTHERS:
            if len(other) == 3:
                yield f"{kind} that calls itself {other}", f"a.{other}", data
    for kind, data in OTHERS.items():
        yield kind, f"a.{kind}", data
        yield f"{kind} that calls itself a picture", "a.jpg", data
    for name in NAMES:
        yield f"a name {name[:20]!r}", name, GOOD["jpg"]
    yield "nothing", "a.jpg", b""
    yield "one byte", "a.jpg", b"\xff"
    bomb = zlib.compress(b"\0" * 40_000_000, 9)
    yield "huge dimensions", "a.png", png_of(60_000, 60_000, bomb)
    yield "largest dimensions", "a.png", png_of(2**31 - 1, 2**31 - 1, zlib.compress(CANARY))
    yield "no dimensions", "a.png", png_of(0, 0, zlib.compress(CANARY))
    yield "fewer rows than it says", "a.png", png_of(4_000, 4_000, zlib.compress(b"\0" * 100))
    texts = zlib.compress(CANARY * 1_000_000, 9)
    yield (
        "a text that swells",
        "a.png",
        (picture("PNG")[:33] + chunk(b"zTXt", b"Comment\0\0" + texts) + picture("PNG")[33:]),
    )
    for action in ("JavaScript", "Launch", "URI", "SubmitForm", "GoToR"):
        yield f"pdf with {action}", "a.pdf", document(action=action)
    yield "pdf with a file in it", "a.pdf", document(attached=True)
    yield "pdf with a password", "a.pdf", document(secret="x")
    yield "pdf that is only a head", "a.pdf", b"%PDF-1.7\n%%EOF" + CANARY
    yield "pdf behind a script", "a.pdf", b"#!/bin/sh\n" + document()
    yield "two frames", "a.webp", picture("WEBP", save_all=True, append_images=[Image.new("RGB", (48, 32))], xmp=CANARY)
    yield "mp3 of a tag only", "a.mp3", id3(CANARY * 50)
    yield "mp3 with two tags", "a.mp3", id3() + id3() + mp3()
    yield "wav of a head only", "a.wav", wav()[:44]
    for what, data in videos.hostile_videos(CANARY):
        yield what, "a.mp4", data
