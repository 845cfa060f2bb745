"""Videos as telephones make them, with all that they tell beside, and such as mean no good."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

BRANDS: Final = (b"isom", b"qt  ")
TURNED: Final = struct.pack(">9i", 0, 1 << 16, 0, -1 << 16, 0, 0, 3 << 16, 0, 1 << 30)
"""A quarter turn, as of a telephone that is held upright."""
DAY: Final = 0xE6543210
SOUND: Final = [b"\x21\x10" + bytes((number,)) * 20 for number in range(6)]


def box(kind: bytes, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return struct.pack(">I", 8 + len(content)) + kind + content


def table(kind: bytes, *rows: tuple[int, ...], version: int = 0) -> bytes:
    flat = [each for row in rows for each in row]
    return box(kind, struct.pack(f">BxxxI{len(flat)}I", version, len(rows), *flat))


def units(*each: bytes) -> bytes:
    return b"".join(struct.pack(">I", len(unit)) + unit for unit in each)


def _pictures(canary: bytes, head: bytes, note: bytes, slices: tuple[bytes, bytes]) -> tuple[list[bytes], list[bytes]]:
    """Samples with a unit in which a camera notes its place, and the same without it."""
    first, other = slices
    told = [units(note + canary, first + b"I" * 40), *(units(head, note + canary, other + b"P" * 9) for _ in range(4))]
    return told, [units(first + b"I" * 40), *(units(head, other + b"P" * 9) for _ in range(4))]


_TOLD: Final = b"CANARY-rue-Sainte-Catherine-45.5088N"
_H264 = _pictures(_TOLD, b"\x09\xf0", b"\x06\x05", (b"\x65", b"\x41"))
_H265 = _pictures(_TOLD, b"\x46\x01\x50", b"\x4e\x01\x05", (b"\x26\x01", b"\x02\x01"))
SAMPLES: Final = {b"avc1": _H264[0], b"hvc1": _H265[0]}
SHOWN: Final = {b"avc1": _H264[1], b"hvc1": _H265[1]}
AVCC: Final = b"\1\x64\0\x0b\xff\xe1" + struct.pack(">H", 4) + b"\x67\x64\0\x0b" + b"\1\0\2\x68\xee\xfd\xf8\xf8\0"


def hvcc(canary: bytes) -> bytes:
    sets = [(32, b"\x40\x01\x0c"), (33, b"\x42\x01\x01"), (34, b"\x44\x01\xc1"), (39, b"\x4e\x01\x05" + canary)]
    arrays = b"".join(struct.pack(">BHH", kind | 0x80, 1, len(unit)) + unit for kind, unit in sets)
    return b"\1" + bytes(20) + b"\xff" + bytes((len(sets),)) + arrays


def esds(settings: bytes = b"\x14\x08", kind: int = 0x40, flags: int = 0) -> bytes:
    decoder = struct.pack(">BB3xII", kind, 0x15, 9, 9) + bytes((5, len(settings))) + settings
    content = struct.pack(">HB", 1, flags) + bytes((4, len(decoder))) + decoder + b"\6\1\2"
    return box(b"esds", bytes(4), b"\3\x80\x80\x80", bytes((len(content),)), content)


def visual_entry(canary: bytes, codec: bytes) -> bytes:
    head = struct.pack(">6xH16xHHIIIH32pHh", 1, 64, 48, 72 << 16, 72 << 16, 0, 1, canary[:31], 24, -1)
    config = box(b"avcC", AVCC) if codec == b"avc1" else box(b"hvcC", hvcc(canary))
    colours = box(b"colr", b"nclx", struct.pack(">HHHB", 1, 1, 1, 0x80))
    return box(codec, head, config, box(b"pasp", struct.pack(">II", 1, 1)), colours, box(b"uuid", canary))


def sound_entry(canary: bytes, *, is_wrapped: bool, settings: bytes = b"\x14\x08", kind: int = 0x40) -> bytes:
    head = struct.pack(">6xH", 1) + struct.pack(">HHIHHHHI", is_wrapped, 0, 0, 1, 16, 0, 0, 8000 << 16)
    told = esds(settings, kind)
    if is_wrapped:
        inner = box(b"wave", box(b"frma", b"mp4a"), told, box(b"uuid", canary), struct.pack(">II", 8, 0))
        return box(b"mp4a", head, struct.pack(">IIII", 1024, 1, 2, 2), inner)
    return box(b"mp4a", head, told, box(b"uuid", canary))


def track(id: int, handler: bytes, entry: bytes, sizes: list[int], offset: int, canary: bytes) -> bytes:
    """A track whose samples lie behind each other, with the day, the names and the notes of whoever made it."""
    seen = handler == b"vide"
    more = table(b"ctts", (len(sizes), 5)) + table(b"stss", (1,)) if seen else b""
    runs = [(1, 2, 1), *([(len(sizes) // 2 + 1, 1, 1)] if len(sizes) % 2 else [])]
    stbl = box(
        b"stbl", box(b"stsd", struct.pack(">II", 0, 1), entry), table(b"stts", (len(sizes), 100)), more,
        table(b"stsc", *runs), box(b"stsz", struct.pack(f">III{len(sizes)}I", 0, 0, len(sizes), *sizes)),
        table(b"stco", *((offset + sum(sizes[:at]),) for at in range(0, len(sizes), 2))), box(b"uuid", canary),
    )  # fmt: skip
    head = struct.pack(">IIII4xI8xHHHxx", 7, DAY, DAY, id, 500, 0, 0, 0 if seen else 256)
    media = box(
        b"mdia", box(b"mdhd", struct.pack(">IIIIIHH", 0, DAY, DAY, 8000, 500, 0x1A41, 0)),
        box(b"hdlr", struct.pack(">II", 0, 0), handler, bytes(12), canary + b"\0"),
        box(b"minf", box(b"vmhd" if seen else b"smhd", bytes(12 if seen else 8)),
            box(b"dinf", table(b"dref") + box(b"uuid", canary)), stbl),
    )  # fmt: skip
    edits = box(b"edts", box(b"elst", struct.pack(">IIIiI", 0, 1, 500, 5, 1 << 16)))
    return box(
        b"trak", box(b"tkhd", head, TURNED, struct.pack(">II", 64 << 16, 48 << 16)), edits,
        box(b"tref", box(b"cdsc", struct.pack(">I", 9))), media, box(b"udta", box(b"name", canary)),
    )  # fmt: skip


def video(
    canary: bytes,
    *,
    brand: bytes = b"isom",
    codec: bytes = b"avc1",
    with_pictures: bool = True,
    with_places: bool = False,
    is_wrapped: bool = False,
    sound: bytes = b"",
    gap: bytes = b"",
) -> bytes:
    """A short video of five pictures and six pieces of sound; it says the canary wherever one can.

    `with_places`: a track of measurements, as of an action camera. `is_wrapped`: sound as QuickTime describes it.
    `sound`: the entry that describes it. `gap`: bytes that belong to no sample.
    """
    parts = [(b"vide", visual_entry(canary, codec), SAMPLES[codec])] if with_pictures else []
    parts.append((b"soun", sound or sound_entry(canary, is_wrapped=is_wrapped), SOUND))
    if with_places:
        parts.append((b"meta", box(b"gpmd", struct.pack(">6xH", 1), canary), [canary * 2] * 4))
    begun = box(b"ftyp", brand, struct.pack(">I", 512), brand, b"mp42")
    told = box(b"udta", box(b"\xa9xyz", canary), box(b"meta", bytes(4), box(b"ilst", canary)))

    def movie(start: int) -> bytes:
        tracks, offset = [], start + len(gap or canary)
        for id, (handler, entry, samples) in enumerate(parts, 1):
            tracks.append(track(id, handler, entry, [len(each) for each in samples], offset, canary))
            offset += sum(map(len, samples)) + len(gap or canary)
        head = struct.pack(">IIIIIIH10x", 0, DAY, DAY, 8000, 500, 1 << 16, 256) + TURNED + bytes(24) + b"\0\0\0\4"
        return box(b"moov", box(b"mvhd", head), *tracks, told)

    between = box(b"free", canary) + box(b"uuid", bytes(16), canary)
    start = len(begun) + len(movie(0)) + len(between) + 8
    media = (gap or canary) + (gap or canary).join(b"".join(samples) for _, _, samples in parts) + canary
    return begun + movie(start) + between + box(b"mdat", media) + box(b"free", canary)


def place_of(data: bytes, kind: bytes, number: int = 0) -> int:
    """Returns where the content of the first box of a kind begins, or of a later one."""
    place = -1
    for _ in range(number + 1):
        place = data.index(kind, place + 1)
    return place + 4


def content_of(data: bytes, kind: bytes) -> bytes:
    place = place_of(data, kind)
    return data[place : place - 8 + int.from_bytes(data[place - 8 : place - 4], "big")]


def samples_of(data: bytes) -> list[tuple[bytes, list[bytes]]]:
    """Returns the samples to which the tables of each track of pictures or sound lead."""
    found = []
    for number in range(data.count(b"stsz")):
        handler = data[place_of(data, b"hdlr", number) + 8 :][:4]
        at = place_of(data, b"stsz", number)
        (count,) = struct.unpack_from(">I", data, at + 8)
        sizes = struct.unpack_from(f">{count}I", data, at + 12)
        at = place_of(data, b"stco", number)
        (chunks,) = struct.unpack_from(">I", data, at + 4)
        offsets = struct.unpack_from(f">{chunks}I", data, at + 8)
        samples = []
        for chunk, offset in enumerate(offsets):
            for size in sizes[chunk * 2 : chunk * 2 + 2]:
                samples.append(data[offset : offset + size])
                offset += size
        found.append((handler, samples))
    return found


def patched(data: bytes, kind: bytes, at: int, value: int, *, size: int = 4, number: int = 0) -> bytes:
    place = place_of(data, kind, number) + at
    return data[:place] + value.to_bytes(size, "big") + data[place + size :]


def refused_videos(canary: bytes) -> Iterator[tuple[str, bytes]]:
    """Yields videos of which nothing is kept."""
    good = video(canary)
    for size in (0, 1, 2, 7, 2**31, 2**32 - 1):
        for kind in (b"trak", b"mdia", b"stbl", b"stsz", b"avcC", b"esds"):
            yield f"{kind.decode()} of size {size}", patched(good, kind, -8, size)
    largest = struct.pack(">I4sQ", 1, b"moov", 2**63)
    yield "a box of 2^63 bytes", good[:24] + largest + good[24:]
    yield "a box of 2^64 - 1 bytes", good[:24] + struct.pack(">I4sQ", 1, b"mdat", 2**64 - 1) + canary
    yield "a box that says that it is long and ends", good[:24] + struct.pack(">I4s", 1, b"moov")
    yield "a hundred thousand boxes", good + box(b"free") * 100_000
    deep = canary
    for _ in range(5_000):
        deep = box(b"moov", deep)
    yield "boxes in boxes", good[:24] + deep
    yield "two movies", good + good[24:]
    yield "a movie in pieces", good + box(b"moof", canary)
    for what, kind, at, value, number in (
        ("samples without end", b"stsz", 8, 2**32 - 1, 0),
        ("one size for samples without end", b"stsz", 4, 2**31, 0),
        ("samples larger than the file", b"stsz", 12, 2**31, 0),
        ("samples over each other", b"stco", 12, int.from_bytes(content_of(good, b"stco")[8:12], "big"), 0),
        ("samples of both tracks over each other", b"stco", 8, int.from_bytes(content_of(good, b"stco")[8:12]), 1),
        ("samples in the notes", b"stco", 8, place_of(good, b"udta"), 0),
        ("samples behind the file", b"stco", 8, 2**32 - 1, 0),
        ("chunks without end", b"stco", 4, 2**32 - 1, 0),
        ("runs without end", b"stsc", 4, 2**32 - 1, 0),
        ("a run of very many", b"stsc", 12, 2**32 - 1, 0),
        ("a run that begins late", b"stsc", 8, 2, 0),
        ("a run of another entry", b"stsc", 16, 2, 0),
        ("times without end", b"stts", 4, 2**32 - 1, 0),
        ("a time for other samples", b"stts", 8, 2**32 - 1, 0),
        ("a shift for other samples", b"ctts", 8, 1, 0),
        ("whole pictures that are none", b"stss", 8, 2**32 - 1, 0),
        ("edits without end", b"elst", 4, 2**32 - 1, 0),
        ("no time scale", b"mdhd", 12, 0, 0),
        ("two descriptions", b"stsd", 4, 2, 0),
        ("parameter sets without end", b"avcC", 5, 0xFFFFFFFF, 0),
    ):
        yield what, patched(good, kind, at, value, number=number)
    first = int.from_bytes(content_of(good, b"stco")[8:12], "big")
    yield "a unit that leaves its sample", good[:first] + b"\x7f\xff\xff\xff" + good[first + 4 :]
    for kind in (b"av01", b"vp09", b"encv", b"mp4v", b"dvh1", b"mjpg"):
        yield f"pictures as {kind.decode()}", good.replace(b"avc1", kind)
    for what, entry in (
        ("sound of another kind", sound_entry(canary, is_wrapped=False, kind=0x6B)),
        ("sound whose settings hold a comment", sound_entry(b"", is_wrapped=False, settings=b"\x14\0" + canary[:9])),
        ("sound that lies elsewhere", box(b"mp4a", bytes(28), esds(flags=0x40))),
        ("sound without samples a second", sound_entry(canary, is_wrapped=False, settings=b"\x17\x88\0\0")),
        ("sound of version 9", box(b"mp4a", bytes(8), b"\0\x09", bytes(18), esds())),
    ):  # fmt: skip
        yield what, video(canary, sound=entry)
    yield "only a track of places", video(canary, with_pictures=False, with_places=True).replace(b"soun", b"text")


def hostile_videos(canary: bytes) -> Iterator[tuple[str, bytes]]:
    """Yields those, and videos that hide more than others and can be kept without it."""
    yield from refused_videos(canary)
    yield "video with a track of places", video(canary, with_places=True)
    yield "video with a page between its samples", video(canary, gap=b"<!doctype html><script>" + canary * 50)
    for brand in BRANDS:
        yield f"video of {brand.decode()} with H.265", video(canary, brand=brand, codec=b"hvc1", is_wrapped=True)
    yield "video whose last box goes on to the end", video(canary) + struct.pack(">I", 0) + b"free" + canary
    for every in range(0, 8_000, 251):
        good = bytearray(video(canary))
        if every < len(good):
            good[every] ^= 0xFF
            yield f"video with byte {every} turned around", bytes(good)
