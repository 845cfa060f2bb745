"""How the pictures and the sound of an ISO media file are coded: H.264, H.265 and AAC, and no other way.

The settings of a decoder are written anew from what they say; units of a picture that show nothing (among them those in
which cameras note a place) are left out.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from spheres_core.forms.attachments.media_boxes import Box, MediaUnreadable, boxes_in, number, the_one, written

VISUAL_HEAD: Final = 78
SOUND_HEADS: Final = {0: 28, 1: 44, 2: 64}
"""Bytes before the boxes of a sample entry of pictures, and of sound by its version."""
MOST_SETTINGS: Final = 16
"""Bytes of the settings of an AAC decoder; they have 2 to 7."""
_AAC: Final = 0x40
_SHOWN_OF_H264: Final = frozenset({1, 2, 3, 4, 5, 7, 8, 9, 10, 11})
_SHOWN_OF_H265: Final = frozenset({*range(10), *range(16, 22), *range(32, 38)})
"""Types of the units without which nothing is seen: slices, parameter sets, and where pictures begin and end."""
_PARAMETERS_OF_H265: Final = frozenset({32, 33, 34})
_WITH_RANGE: Final = frozenset({100, 110, 122, 144})
"""Profiles of H.264 whose settings end with three bytes about colours."""


class Codec(NamedTuple):
    """One way of coding: the entry that says so, written anew, and what is kept of a sample."""

    entry: bytes
    kept: Callable[[bytes], bytes]


def codec_of(data: bytes, description: Box, *, is_video: bool, rate: int) -> Codec:
    """Returns the coding of a track by its sample description (`stsd`), which must have one entry.

    `rate`: samples of sound a second. Raises `MediaUnreadable` for any other coding.
    """
    if number(data, description.start + 4, description.end, 4) != 1:
        raise MediaUnreadable
    (entry,) = boxes_in(data, description.start + 8, description.end)
    if is_video and entry.kind in (b"avc1", b"avc3"):
        return _pictures(data, entry, b"avcC", _h264)
    if is_video and entry.kind in (b"hvc1", b"hev1"):
        return _pictures(data, entry, b"hvcC", _h265)
    if not is_video and entry.kind == b"mp4a":
        return Codec(_sound(data, entry, rate), bytes)
    raise MediaUnreadable


def _pictures(data: bytes, entry: Box, kind: bytes, read: Callable[[bytes], tuple[bytes, Codec]]) -> Codec:
    width, height = (number(data, entry.start + place, entry.end, 2) for place in (24, 26))
    found = list(boxes_in(data, entry.start + VISUAL_HEAD, entry.end))
    settings = [each for each in found if each.kind == kind]
    if len(settings) != 1:
        raise MediaUnreadable
    config, codec = read(data[settings[0].start : settings[0].end])
    head = struct.pack(">6xH16xHHIIIH32xHh", 1, width, height, 72 << 16, 72 << 16, 0, 1, 24, -1)
    return Codec(written(entry.kind, head, written(kind, config), *_looks(data, found)), codec.kept)


def _looks(data: bytes, found: list[Box]) -> Iterator[bytes]:
    """Yields the shape and the colours of pixels, so that a picture is shown as it is."""
    for each in found:
        content = data[each.start : each.end]
        if each.kind == b"pasp" and len(content) == 8:
            yield written(b"pasp", content)
        elif each.kind == b"colr" and content[:4] in (b"nclx", b"nclc") and len(content) >= 10:
            full = content[10:11] if content[:4] == b"nclx" and len(content) > 10 else b"\0"
            yield written(b"colr", b"nclx", content[4:10], bytes((full[0] & 0x80,)))


def _h264(settings: bytes) -> tuple[bytes, Codec]:
    if len(settings) < 7 or settings[0] != 1:
        raise MediaUnreadable
    sets, place = [], 5
    for kind, mask in ((7, 0x1F), (8, 0xFF)):
        units, end = _units(settings, place + 1, number(settings, place, len(settings), 1) & mask)
        if not units or any(unit[0] & 0x1F != kind for unit in units):
            raise MediaUnreadable
        sets.append(bytes((len(units) | (0xE0 if kind == 7 else 0),)) + b"".join(map(_measured, units)))
        place = end
    colours = b""
    if settings[1] in _WITH_RANGE and len(settings) >= place + 4:
        colours = bytes((settings[place] | 0xFC, settings[place + 1] | 0xF8, settings[place + 2] | 0xF8, 0))
    kept = _without_hidden_units((settings[4] & 3) + 1, _SHOWN_OF_H264, lambda first: first & 0x1F)
    config = settings[:4] + bytes((settings[4] | 0xFC,)) + b"".join(sets) + colours
    return config, Codec(b"", kept)


def _h265(settings: bytes) -> tuple[bytes, Codec]:
    if len(settings) < 23 or settings[0] != 1:
        raise MediaUnreadable
    arrays, place = [], 23
    for _ in range(settings[22]):
        kind = number(settings, place, len(settings), 1)
        units, place = _units(settings, place + 3, number(settings, place + 1, len(settings), 2))
        if kind & 0x3F not in _PARAMETERS_OF_H265:
            continue
        if any(unit[0] >> 1 & 0x3F != kind & 0x3F for unit in units):
            raise MediaUnreadable
        arrays.append(struct.pack(">BH", kind & 0xBF, len(units)) + b"".join(map(_measured, units)))
    kept = _without_hidden_units((settings[21] & 3) + 1, _SHOWN_OF_H265, lambda first: first >> 1 & 0x3F)
    return settings[:22] + bytes((len(arrays),)) + b"".join(arrays), Codec(b"", kept)


def _units(settings: bytes, place: int, count: int) -> tuple[list[bytes], int]:
    """Returns so many units, each after its length in two bytes, and the place behind them."""
    units = []
    for _ in range(count):
        size = number(settings, place, len(settings), 2)
        if size == 0 or place + 2 + size > len(settings):
            raise MediaUnreadable
        units.append(settings[place + 2 : place + 2 + size])
        place += 2 + size
    return units, place


def _measured(unit: bytes) -> bytes:
    return struct.pack(">H", len(unit)) + unit


def _without_hidden_units(width: int, shown: frozenset[int], kind_of: Callable[[int], int]) -> Callable[[bytes], bytes]:
    """Returns what leaves only shown units of a sample, each of which stands after its length in `width` bytes."""

    def kept(sample: bytes) -> bytes:
        parts, place, end = [], 0, len(sample)
        while place < end:
            size = number(sample, place, end, width)
            after = place + width + size
            if after > end:
                raise MediaUnreadable
            if size and kind_of(sample[place + width]) in shown:
                parts.append(sample[place:after])
            place = after
        return b"".join(parts)

    return kept


def _sound(data: bytes, entry: Box, rate: int) -> bytes:
    version, channels = (number(data, entry.start + place, entry.end, 2) for place in (8, 16))
    if version not in SOUND_HEADS:
        raise MediaUnreadable
    around = Box(entry.kind, entry.start + SOUND_HEADS[version], entry.end)
    if around.start > around.end:
        raise MediaUnreadable
    is_wrapped = any(each.kind == b"wave" for each in boxes_in(data, around.start, around.end))
    settings = _aac_settings(data, the_one(data, around, *([b"wave"] if is_wrapped else []), b"esds"))
    head = struct.pack(">6xH8xHHxxxxI", 1, channels if version < 2 else 2, 16, rate << 16 if rate < 1 << 16 else 0)
    decoder = _descriptor(4, struct.pack(">BB3xII", _AAC, 0x15, 0, 0), _descriptor(5, settings))
    stream = _descriptor(3, struct.pack(">HB", 0, 0), decoder, _descriptor(6, b"\2"))
    return written(b"mp4a", head, written(b"esds", bytes(4), stream))


def _aac_settings(data: bytes, esds: Box) -> bytes:
    """Returns the settings of the decoder. Raises `MediaUnreadable` for other sound than AAC, and for settings that
    could hold a comment."""
    stream = _read_descriptor(data, Box(b"", esds.start + 4, esds.end), 3)
    if number(data, stream.start + 2, stream.end, 1) & 0xE0:
        raise MediaUnreadable
    decoder = _read_descriptor(data, Box(b"", stream.start + 3, stream.end), 4)
    if number(data, decoder.start, decoder.end, 1) != _AAC:
        raise MediaUnreadable
    found = _read_descriptor(data, Box(b"", decoder.start + 13, decoder.end), 5)
    settings = data[found.start : found.end]
    if not 2 <= len(settings) <= MOST_SETTINGS:
        raise MediaUnreadable
    kind, frequency, channels = settings[0] >> 3, (settings[0] & 7) << 1 | settings[1] >> 7, settings[1] >> 3 & 15
    if kind not in (2, 5, 29) or frequency == 15 or not channels:
        raise MediaUnreadable
    return settings


def _read_descriptor(data: bytes, within: Box, tag: int) -> Box:
    """Returns where the content of the descriptor lies with which a place begins."""
    if number(data, within.start, within.end, 1) != tag:
        raise MediaUnreadable
    place, size = within.start + 1, 0
    for _ in range(4):
        byte = number(data, place, within.end, 1)
        place, size = place + 1, size << 7 | byte & 0x7F
        if not byte & 0x80:
            break
    if place + size > within.end:
        raise MediaUnreadable
    return Box(b"", place, place + size)


def _descriptor(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    assert len(content) < 0x80, "an AAC decoder has few settings"
    return bytes((tag, len(content))) + content
