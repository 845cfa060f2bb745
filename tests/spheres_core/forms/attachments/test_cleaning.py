"""What is kept of a file: its picture, its pages, its sound; nothing that it tells beside."""

from __future__ import annotations

import asyncio
import io
import subprocess
import sys
import wave
from pathlib import Path
from typing import Final, NamedTuple

import pikepdf
import pytest
from PIL import Image

from spheres_core.forms.attachments import cleaning
from spheres_core.forms.attachments.cleaning import FileRefused, clean_file, safe_name
from spheres_core.forms.attachments.documents import DocumentUnsafe, without_metadata
from spheres_core.forms.attachments.file_kinds import JPEG, FileKind
from spheres_core.forms.attachments.rewriting import FileNotRewritten, rewrite_file
from tests.spheres_core.forms.attachments import hostile_files as hostile
from tests.spheres_core.forms.attachments import hostile_videos as videos
from tests.spheres_core.forms.attachments.hostile_files import CANARY, GOOD, NAMES, OTHERS

LARGEST: Final = 8_000_000
WRITES: Final = """
import os, signal, sys
from spheres_core.forms.attachments.decoder_process import limit_resources
limit_resources()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try:
    with open(sys.argv[1], "wb") as file:
        file.write(b"x" * 100_000)
    print("written")
except OSError:
    print("refused")
print(len([name for name in os.environ if name.startswith("SPHERES")]))
"""


class Rewritten(NamedTuple):
    content: bytes
    kind: FileKind


def clean(data: bytes, asked: str = "file") -> Rewritten:
    """What the process that decodes makes of a file, here and now."""
    return Rewritten(*rewrite_file(data, asked))


def code_of(data: bytes, asked: str = "file") -> str:
    with pytest.raises(FileNotRewritten) as refused:
        clean(data, asked)
    return refused.value.code


def spoken(data: bytes) -> bytes:
    """All that a kept file says, with what is compressed in a document laid open."""
    if not data.startswith(b"%PDF-"):
        return data
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(out, qdf=True, stream_decode_level=pikepdf.StreamDecodeLevel.specialized)
    return data + out.getvalue()


def test_two_hundred_hostile_files_are_harmless_or_refused() -> None:
    cases = list(hostile.hostile_files())
    assert len(cases) >= 200
    kept = refused = 0
    for what, name, data in cases:
        try:
            file = clean(data)
        except FileNotRewritten:
            refused += 1
            continue
        kept += 1
        assert CANARY not in spoken(file.content), what
        shown = safe_name(name, file.kind)
        assert shown.isprintable(), what
        assert not set(shown) & set('/\\<>:"|?*\r\n\0'), what
        assert shown.endswith(file.kind.suffix), what
    assert kept >= 40, "what is honest must still be taken"
    assert refused >= 80


@pytest.mark.parametrize("kind", GOOD)
def test_each_kind_is_taken_and_says_the_canary_only_before(kind: str) -> None:
    assert CANARY in GOOD[kind]
    assert CANARY not in spoken(clean(GOOD[kind]).content)


@pytest.mark.parametrize("kind", OTHERS)
def test_no_other_kind_is_taken_whatever_it_is_called(kind: str) -> None:
    assert code_of(OTHERS[kind]) in ("file_kind", "file_unreadable", "file_heic", "file_video_kind")


@pytest.mark.parametrize(
    ("kind", "asked"),
    [("pdf", "image"), ("wav", "image"), ("jpg", "audio"), ("pdf", "audio"), ("mp4", "audio"), ("m4a", "video"),
     ("mp4", "image"), ("jpg", "video")],
)  # fmt: skip
def test_a_question_takes_only_what_it_asks_for(kind: str, asked: str) -> None:
    assert code_of(GOOD[kind], asked) == "file_kind"


def test_a_picture_is_turned_as_it_is_to_be_seen_and_keeps_its_look() -> None:
    source = Image.new("RGB", (40, 20), "white")
    source.putpixel((0, 0), (0, 0, 0))
    turned = Image.Exif()
    turned[0x0112] = 6
    out = io.BytesIO()
    source.save(out, "PNG", exif=turned)

    with Image.open(io.BytesIO(clean(out.getvalue()).content)) as made:
        assert made.size == (20, 40)
        assert made.format == "JPEG"
        assert not made.getexif()
        assert max(made.getpixel((19, 0))) < 90  # type: ignore[type-var,arg-type]


def test_a_transparent_picture_stays_so_and_a_large_one_is_made_smaller() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (255, 0, 0, 60)).save(out, "PNG")
    assert clean(out.getvalue()).kind.media_type == "image/png"

    with Image.open(io.BytesIO(clean(hostile.picture(size=(4_000, 1_000))).content)) as made:
        assert made.size == (3_000, 750)


def test_a_document_keeps_its_pages_and_loses_what_acts_and_who_wrote_it() -> None:
    with pikepdf.open(io.BytesIO(clean(hostile.document(action="JavaScript")).content)) as made:
        assert len(made.pages) == 1
        assert "/Im" in made.pages[0].Resources.XObject
        assert not {"/OpenAction", "/Metadata", "/Names"} & set(made.Root.keys())
        assert not {"/AA", "/Annots"} & set(made.pages[0].keys())
        assert "/Info" not in made.trailer


def test_a_recording_keeps_its_sound() -> None:
    with (
        wave.open(io.BytesIO(clean(hostile.wav_that_tells()).content)) as made,
        wave.open(io.BytesIO(hostile.wav())) as source,
    ):
        assert made.readframes(9_999) == source.readframes(9_999)
    assert clean(hostile.id3() + hostile.mp3()).content == hostile.mp3()


@pytest.mark.parametrize("codec", [b"avc1", b"hvc1"])
def test_a_video_keeps_its_samples_its_times_and_the_way_in_which_it_is_turned(codec: bytes) -> None:
    """Units that show nothing go, wherever they stand; what the tables of both files lead to is the same."""
    source = videos.video(CANARY, codec=codec)
    made = clean(source, "video")
    shown = videos.samples_of(source)
    assert shown == [(b"vide", videos.SAMPLES[codec]), (b"soun", videos.SOUND)]
    assert videos.samples_of(made.content) == [(b"vide", videos.SHOWN[codec]), (b"soun", videos.SOUND)]
    assert made.kind.media_type == "video/mp4"
    for table in (b"stts", b"ctts", b"stss", b"elst"):
        assert videos.content_of(made.content, table) == videos.content_of(source, table), table
    assert videos.TURNED in videos.content_of(made.content, b"tkhd")
    assert videos.content_of(made.content, b"mvhd")[4:12] == bytes(8), "the day it was made"


def test_a_recording_of_a_telephone_keeps_its_sound() -> None:
    made = clean(videos.video(CANARY, with_pictures=False), "audio")
    assert made.kind.media_type == "audio/mp4"
    assert videos.samples_of(made.content) == [(b"soun", videos.SOUND)]


def test_a_track_of_places_is_left_out_with_every_byte_of_it() -> None:
    source = videos.video(CANARY, with_places=True)
    assert source.count(CANARY) > videos.video(CANARY).count(CANARY)
    assert clean(source).content == clean(videos.video(CANARY)).content


@pytest.mark.parametrize("what", [what for what, _ in videos.refused_videos(CANARY)])
def test_a_video_whose_tables_lead_elsewhere_or_swell_is_refused(what: str) -> None:
    assert code_of(dict(videos.refused_videos(CANARY))[what]) in ("file_video_kind", "file_kind")


def test_the_process_that_decodes_gives_back_what_is_kept_and_why_nothing_is() -> None:
    kept = asyncio.run(clean_file(GOOD["pdf"], "Plan d’intervention.PDF", "file", largest=LARGEST))
    assert (kept.kind.media_type, kept.name) == ("application/pdf", "Plan d’intervention.pdf")
    assert CANARY not in spoken(kept.content)
    for data, code in ((OTHERS["svg"], "file_kind"), (GOOD["jpg"][:200], "file_unreadable"), (b"", "file_empty")):
        with pytest.raises(FileRefused) as refused:
            asyncio.run(clean_file(data, "a", "image", largest=LARGEST))
        assert refused.value.code == code


def test_a_process_that_takes_too_long_is_ended_and_the_file_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaning, "WITHIN", 0.001)
    with pytest.raises(FileRefused) as refused:
        asyncio.run(clean_file(GOOD["jpg"], "a", "image", largest=LARGEST))
    assert refused.value.code == "file_too_slow"


def test_the_process_that_decodes_can_write_no_file_and_knows_no_address(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-I", "-c", WRITES, str(tmp_path / "x")],
        capture_output=True,
        text=True,
        env={},
        check=False,
    )
    assert told.stdout.split() == ["refused", "0"], told.stderr


def test_a_file_larger_than_allowed_is_refused_before_it_is_looked_at() -> None:
    with pytest.raises(FileRefused) as refused:
        asyncio.run(clean_file(GOOD["jpg"], "a", "image", largest=100))
    assert refused.value.code == "file_too_large"


def test_a_picture_of_too_many_pixels_is_never_decoded() -> None:
    assert code_of(hostile.png_of(60_000, 60_000, b"")) in ("file_too_many_pixels", "file_unreadable")
    assert code_of(hostile.png_of(8_000, 6_000, b"")) == "file_too_many_pixels"


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_safe_to_show_and_to_save_under(name: str) -> None:
    made = safe_name(name, JPEG)
    assert made.endswith(".jpg")
    assert made.isprintable()
    assert not made.startswith(".")
    assert len(made) <= 84
    assert "/" not in made


def test_a_name_that_is_harmless_stays() -> None:
    assert safe_name("nom d’ici – été.jpeg", JPEG) == "nom d’ici – été.jpg"


def test_metadata_of_a_picture_in_a_document_goes_and_its_pixels_stay() -> None:
    before, after = hostile.picture(exif=hostile.exif(), comment=CANARY), b""
    after = without_metadata(before)
    assert (CANARY in before, CANARY in after) == (True, False)
    with Image.open(io.BytesIO(before)) as one, Image.open(io.BytesIO(after)) as other:
        assert one.tobytes() == other.tobytes()
    for broken in (b"", b"\xff\xd8", b"\xff\xd8\0\0\0\0\0"):
        with pytest.raises(DocumentUnsafe):
            without_metadata(broken)
