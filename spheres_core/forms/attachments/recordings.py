"""Recordings, written anew from their sound: no title, no place, no picture, nothing before or behind it."""

from __future__ import annotations

import io
import wave
from typing import Final

_RATES: Final = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
"""Samples a second, by the two bits of an MPEG version."""
_BITS_1: Final = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_BITS_2: Final = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
"""Thousands of bits a second of layer III, for version 1 and for the others."""
FEWEST_FRAMES: Final = 8
MOST_CHANNELS: Final = 2


class RecordingUnreadable(Exception):
    """No sound that can be written anew."""


def rewrite_wav(data: bytes) -> bytes:
    """Returns the samples of an uncompressed WAV file in a new one. Raises `RecordingUnreadable`, `wave.Error`."""
    with wave.open(io.BytesIO(data)) as source:
        asked = source.getparams()
        if (
            asked.comptype != "NONE"
            or not 1 <= asked.nchannels <= MOST_CHANNELS
            or not 8_000 <= asked.framerate <= 96_000
        ):
            raise RecordingUnreadable
        samples = source.readframes(min(asked.nframes, len(data)))
    if not samples:
        raise RecordingUnreadable
    out = io.BytesIO()
    with wave.open(out, "wb") as made:
        made.setnchannels(asked.nchannels)
        made.setsampwidth(asked.sampwidth)
        made.setframerate(asked.framerate)
        made.writeframes(samples)
    return out.getvalue()


def rewrite_mp3(data: bytes) -> bytes:
    """Returns the frames of an MP3 file and nothing else of it. Raises `RecordingUnreadable`."""
    place = _after_tags(data)
    frames: list[bytes] = []
    while size := _frame_size(data, place):
        frames.append(data[place : place + size])
        place += size
    if len(frames) < FEWEST_FRAMES:
        raise RecordingUnreadable
    return b"".join(_sound(frames))


def _sound(frames: list[bytes]) -> list[bytes]:
    """Returns the frames without the first where it holds no sound but a table and the name of a program."""
    first = frames[0][:256]
    return frames[1:] if any(mark in first for mark in (b"Xing", b"Info", b"VBRI")) else frames


def _after_tags(data: bytes) -> int:
    place = 0
    while data[place : place + 3] == b"ID3" and len(data) >= place + 10:
        size = 0
        for byte in data[place + 6 : place + 10]:
            size = size << 7 | byte & 0x7F
        place += 10 + size
    return place


def _frame_size(data: bytes, place: int) -> int:
    """Returns the bytes of the whole frame that begins here; 0 when none does."""
    head = data[place : place + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return 0
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    bits, rate, padding = head[2] >> 4, head[2] >> 2 & 3, head[2] >> 1 & 1
    if version == 1 or layer != 1 or bits in (0, 15) or rate == 3:
        return 0
    thousands = (_BITS_1 if version == 3 else _BITS_2)[bits]
    size = (144 if version == 3 else 72) * thousands * 1000 // _RATES[version][rate] + padding
    return size if place + size <= len(data) else 0
