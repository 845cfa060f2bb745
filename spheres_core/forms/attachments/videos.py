"""Videos and recordings in ISO media files (MP4, MOV, M4A), put together anew from their pictures and their sound.

Nothing of the file is copied but the samples of one track of pictures and one of sound, and the numbers without which
they cannot be played. No place, device, name, day or cover, no track of measurements, and no byte that belongs to no
sample. What lies within a coded picture or sound itself stays, as it does in an MP3.
"""

from __future__ import annotations

import struct
from typing import Final, NamedTuple

from spheres_core.forms.attachments.file_kinds import M4A, MP4, FileKind
from spheres_core.forms.attachments.media_boxes import (
    Box,
    MediaUnreadable,
    boxes_in,
    inside,
    number,
    numbers,
    the_one,
    written,
    written_table,
)
from spheres_core.forms.attachments.media_codecs import Codec, codec_of

MOST_SAMPLES: Final = 200_000
"""Pictures, or pieces of sound, of one track: an hour of video has about as many."""
MOST_TRACKS: Final = 12
MOST_EDITS: Final = 20
MOST_CHUNKS: Final = MOST_SAMPLES
_PICTURES: Final = b"vide"
_SOUND: Final = b"soun"
_BRANDS: Final = b"isom\0\0\2\0isomiso2mp41"
_UNITY: Final = struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
_LONGEST: Final = 1 << 32


class _Chunk(NamedTuple):
    """Samples of a track that lie behind each other in the file."""

    offset: int
    track: int
    sizes: tuple[int, ...]

    @property
    def end(self) -> int:
        return self.offset + sum(self.sizes)


class _Track(NamedTuple):
    """Parts of a track that are kept beside its samples."""

    handler: bytes
    head: bytes
    edits: bytes
    media_head: bytes
    codec: Codec
    times: bytes
    """The tables about the time of each sample, written."""
    chunks: tuple[_Chunk, ...]


def put_together(data: bytes) -> tuple[bytes, FileKind]:
    """Returns a file with the same pictures and sound. Raises `MediaUnreadable`."""
    outer = list(boxes_in(data, 0, len(data), outermost=True))
    movies = [each for each in outer if each.kind == b"moov"]
    if len(movies) != 1 or any(each.kind == b"moof" for each in outer):
        raise MediaUnreadable
    tracks = _kept_tracks(data, movies[0])
    chunks = sorted(chunk for track in tracks for chunk in track.chunks)
    _check_places(chunks, [each for each in outer if each.kind == b"mdat"])
    sizes: list[list[tuple[int]]] = [[] for _ in tracks]
    places: list[list[tuple[int]]] = [[] for _ in tracks]
    media = bytearray()
    for chunk in chunks:
        places[chunk.track].append((len(media),))
        start = chunk.offset
        for size in chunk.sizes:
            sample = tracks[chunk.track].codec.kept(data[start : start + size])
            sizes[chunk.track].append((len(sample),))
            media += sample
            start += size
    if not media:
        raise MediaUnreadable
    begun = written(b"ftyp", _BRANDS)
    head = _movie_head(data, the_one(data, movies[0], b"mvhd"), len(tracks))
    length = len(begun) + len(_movie(head, tracks, sizes, places, 0)) + 8
    movie = _movie(head, tracks, sizes, places, length)
    kind = MP4 if any(track.handler == _PICTURES for track in tracks) else M4A
    return begun + movie + written(b"mdat", bytes(media)), kind


def _kept_tracks(data: bytes, movie: Box) -> list[_Track]:
    """Returns the first track of pictures and the first of sound that can be read; each that there is must have one."""
    found = inside(data, movie, b"trak")
    if len(found) > MOST_TRACKS:
        raise MediaUnreadable
    by_handler = [(_handler(data, each), each) for each in found]
    tracks: list[_Track] = []
    for handler in (_PICTURES, _SOUND):
        of_kind = [each for kind, each in by_handler if kind == handler]
        readable = [each for each in of_kind if _is_readable(data, each, handler)]
        if of_kind and not readable:
            raise MediaUnreadable
        tracks += [_track(data, readable[0], handler, len(tracks))] if readable else []
    if not tracks:
        raise MediaUnreadable
    return tracks


def _handler(data: bytes, track: Box) -> bytes:
    box = the_one(data, track, b"mdia", b"hdlr")
    return data[box.start + 8 : min(box.end, box.start + 12)]


def _is_readable(data: bytes, track: Box, handler: bytes) -> bool:
    try:
        _codec(data, track, handler)
    except MediaUnreadable:
        return False
    return True


def _codec(data: bytes, track: Box, handler: bytes) -> Codec:
    description = the_one(data, track, b"mdia", b"minf", b"stbl", b"stsd")
    scale, _ = _scale_and_length(data, the_one(data, track, b"mdia", b"mdhd"))
    return codec_of(data, description, is_video=handler == _PICTURES, rate=scale)


def _track(data: bytes, track: Box, handler: bytes, place: int) -> _Track:
    table = the_one(data, track, b"mdia", b"minf", b"stbl")
    sizes = _sizes(data, the_one(data, table, b"stsz"))
    scale, length = _scale_and_length(data, the_one(data, track, b"mdia", b"mdhd"))
    return _Track(
        handler,
        _track_head(data, the_one(data, track, b"tkhd"), place + 1),
        _edits(data, track),
        written(b"mdhd", struct.pack(">12xIIHxx", scale, length, 0x55C4)),
        _codec(data, track, handler),
        _times(data, table, len(sizes)),
        tuple(_chunks(data, table, sizes, place)),
    )


def _scale_and_length(data: bytes, box: Box) -> tuple[int, int]:
    """Returns the units of a second and how many of them a movie or a track is long."""
    is_long = number(data, box.start, box.end, 1) == 1
    at = box.start + (20 if is_long else 12)
    scale, length = number(data, at, box.end, 4), number(data, at + 4, box.end, 8 if is_long else 4)
    if not scale or length >= _LONGEST:
        raise MediaUnreadable
    return scale, length


def _movie_head(data: bytes, box: Box, tracks: int) -> bytes:
    scale, length = _scale_and_length(data, box)
    said = struct.pack(">12xIIIH10x", scale, length, 1 << 16, 1 << 8)
    return written(b"mvhd", said, _UNITY, bytes(24), struct.pack(">I", tracks + 1))


def _track_head(data: bytes, box: Box, id: int) -> bytes:
    """Returns the head of a track: how long it is, how it is turned, and how large it is shown."""
    is_long = number(data, box.start, box.end, 1) == 1
    length = number(data, box.start + (28 if is_long else 20), box.end, 8 if is_long else 4)
    rest = box.start + (36 if is_long else 24)
    volume, matrix = number(data, rest + 12, box.end, 2), data[rest + 16 : rest + 52]
    size = data[rest + 52 : rest + 60]
    if rest + 60 > box.end or length >= _LONGEST:
        raise MediaUnreadable
    return written(b"tkhd", struct.pack(">I8xI4xI12xHxx", 3, id, length, volume), matrix, size)


def _edits(data: bytes, track: Box) -> bytes:
    """Returns which part of a track is played, as its edit list says."""
    around = inside(data, track, b"edts")
    if not around:
        return b""
    box = the_one(data, track, b"edts", b"elst")
    version, count = number(data, box.start, box.end, 1), number(data, box.start + 4, box.end, 4)
    size = 20 if version == 1 else 12
    if version > 1 or count > MOST_EDITS or count * size > box.end - box.start - 8:
        raise MediaUnreadable
    entries = data[box.start + 8 : box.start + 8 + count * size]
    return written(b"edts", written(b"elst", struct.pack(">BxxxI", version, count), entries))


def _sizes(data: bytes, box: Box) -> list[int]:
    each, count = number(data, box.start + 4, box.end, 4), number(data, box.start + 8, box.end, 4)
    if not 0 < count <= MOST_SAMPLES or each * count > len(data):
        raise MediaUnreadable
    if each:
        return [each] * count
    return [size for (size,) in numbers(data, Box(b"", box.start + 4, box.end), most=MOST_SAMPLES)]


def _times(data: bytes, table: Box, samples: int) -> bytes:
    """Returns the tables that say when each sample is shown, and which can be gone to."""
    lasting = numbers(data, the_one(data, table, b"stts"), most=MOST_SAMPLES, width=2)
    parts = [written_table(b"stts", lasting)]
    if sum(count for count, _ in lasting) != samples:
        raise MediaUnreadable
    for box in inside(data, table, b"ctts")[:1]:
        shifted = numbers(data, box, most=MOST_SAMPLES, width=2)
        if sum(count for count, _ in shifted) != samples:
            raise MediaUnreadable
        parts.append(written_table(b"ctts", shifted, version=min(1, number(data, box.start, box.end, 1))))
    for box in inside(data, table, b"stss")[:1]:
        whole = numbers(data, box, most=samples)
        if any(not 1 <= place <= samples for (place,) in whole):
            raise MediaUnreadable
        parts.append(written_table(b"stss", whole))
    return b"".join(parts)


def _chunks(data: bytes, table: Box, sizes: list[int], track: int) -> list[_Chunk]:
    """Returns where the samples lie. Raises `MediaUnreadable` unless each has one place."""
    large = inside(data, table, b"co64")
    where = large[0] if large else the_one(data, table, b"stco")
    offsets = numbers(data, where, most=MOST_CHUNKS, size=8 if large else 4)
    runs = numbers(data, the_one(data, table, b"stsc"), most=MOST_CHUNKS, width=3)
    firsts = [first for first, _, _ in runs]
    if not runs or firsts[0] != 1 or firsts != sorted(set(firsts)) or any(entry != 1 for _, _, entry in runs):
        raise MediaUnreadable
    chunks, taken, run = [], 0, 0
    for place, (offset,) in enumerate(offsets, 1):
        if run + 1 < len(runs) and runs[run + 1][0] == place:
            run += 1
        count = runs[run][1]
        if count > len(sizes) - taken:
            raise MediaUnreadable
        chunks.append(_Chunk(offset, track, tuple(sizes[taken : taken + count])))
        taken += count
    if taken != len(sizes):
        raise MediaUnreadable
    return chunks


def _check_places(chunks: list[_Chunk], media: list[Box]) -> None:
    """Raises `MediaUnreadable` for samples outside the media data, or over each other."""
    before = 0
    for chunk in chunks:
        is_within = any(box.start <= chunk.offset and chunk.end <= box.end for box in media)
        if chunk.offset < before or not is_within:
            raise MediaUnreadable
        before = chunk.end


def _movie(
    head: bytes, tracks: list[_Track], sizes: list[list[tuple[int]]], places: list[list[tuple[int]]], length: int
) -> bytes:
    """Returns the box that tells how to play the samples. `length`: bytes of the file before the first sample."""
    return written(
        b"moov",
        head,
        *(_written_track(track, sizes[at], places[at], length) for at, track in enumerate(tracks)),
    )


def _written_track(track: _Track, sizes: list[tuple[int]], places: list[tuple[int]], length: int) -> bytes:
    runs: list[tuple[int, int, int]] = []
    for place, chunk in enumerate(track.chunks, 1):
        if not runs or runs[-1][1] != len(chunk.sizes):
            runs.append((place, len(chunk.sizes), 1))
    measured = struct.pack(f">8xI{len(sizes)}I", len(sizes), *(size for (size,) in sizes))
    table = written(
        b"stbl",
        written(b"stsd", struct.pack(">4xI", 1), track.codec.entry),
        track.times,
        written_table(b"stsc", list(runs)),
        written(b"stsz", measured),
        written_table(b"stco", [(length + place,) for (place,) in places]),
    )
    shown = written(b"vmhd", struct.pack(">I8x", 1)) if track.handler == _PICTURES else written(b"smhd", bytes(8))
    own = written(b"dinf", written(b"dref", struct.pack(">4xI", 1), written(b"url ", struct.pack(">I", 1))))
    handler = written(b"hdlr", bytes(8), track.handler, bytes(13))
    media = written(b"mdia", track.media_head, handler, written(b"minf", shown, own, table))
    return written(b"trak", track.head, track.edits, media)
