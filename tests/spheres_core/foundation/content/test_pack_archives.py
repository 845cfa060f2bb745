"""What an archive may hold: data of a pack, within limits, below one folder; everything else is refused by name."""

from __future__ import annotations

import contextlib
import io
import stat
import zipfile
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spheres_core.foundation.content.pack_archives import (
    LARGEST,
    LARGEST_WHOLE,
    MOST_FILES,
    read_archive,
    write_archive,
)
from spheres_core.foundation.content.packs import ContentInvalid


def zipped(files: Mapping[str, bytes], *, kind: int = stat.S_IFREG) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (kind | 0o644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return buffer.getvalue()


def refused(data: bytes) -> list[tuple[str, str]]:
    with pytest.raises(ContentInvalid) as invalid:
        read_archive(data, "x.zip")
    return [(each.file, each.message.msgid) for each in invalid.value.findings]


def test_what_is_written_is_read_and_is_the_same_bytes_each_time() -> None:
    files = {"plugin.toml": b"id", "pages/fr/a.md": b"# A"}

    assert read_archive(write_archive(files), "x.zip") == files
    assert write_archive(files) == write_archive(dict(reversed(files.items())))


def test_a_folder_around_everything_and_what_systems_leave_behind_are_taken_away() -> None:
    left = {"__MACOSX/my/._a.csv": b"", "my/.DS_Store": b"", "my/~$a.xlsx": b""}
    found = read_archive(zipped({"my/a.csv": b"1", "my/pages/fr/b.md": b"2", **left}), "x.zip")

    assert found == {"a.csv": b"1", "pages/fr/b.md": b"2"}
    assert read_archive(zipped({"forms/referral.md": b"1"}), "x.zip") == {"forms/referral.md": b"1"}


@pytest.mark.parametrize(
    "name",
    [
        "/etc/a.toml",
        "../a.toml",
        "pages/../../a.toml",
        "C:\\a.toml",
        "a\\b.toml",
        "a\x01.toml",
        "n" * 200 + ".toml",
        "a:b.md",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    ((_, said),) = refused(zipped({name: b""}))

    assert said.startswith("A file's name leads outside")


@pytest.mark.parametrize("name", ["hooks.py", "templates/x/page.html", "a.jinja", "run.sh", "x.js", "x.so"])
def test_code_and_templates_are_refused(name: str) -> None:
    assert refused(zipped({"plugin.toml": b"", name: b""})) == [
        (name, "A pack is data: it has no code and no templates.")
    ]


@pytest.mark.parametrize("name", ["inner.zip", "letter.docx", "noending", "a.toml.gz"])
def test_other_kinds_of_files_are_refused(name: str) -> None:
    assert refused(zipped({name: b""})) == [(name, "A pack has no files of this kind.")]


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_a_link_is_refused(kind: int) -> None:
    assert refused(zipped({"a.toml": b"/etc/passwd"}, kind=kind))[0][0] == "a.toml"


def test_a_bomb_is_refused_before_it_is_opened_and_whatever_it_says_of_its_size() -> None:
    bomb = zipped({"a.csv": b"\0" * (LARGEST_WHOLE + 1)})
    assert len(bomb) < LARGEST
    assert refused(bomb) == [("x.zip", "It would become too large when it is opened.")]

    size = (LARGEST_WHOLE + 1).to_bytes(4, "little")
    lying = bomb.replace(size, (5).to_bytes(4, "little"))
    assert lying != bomb
    assert len(refused(lying)) == 1


def test_ten_thousand_files_a_file_twice_and_one_too_large_are_refused() -> None:
    assert refused(zipped({f"f{n}.md": b"" for n in range(10_000)})) == [("x.zip", "It holds more than {limit} files.")]
    assert len(read_archive(zipped({f"f{n}.md": b"" for n in range(MOST_FILES)}), "x.zip")) == MOST_FILES
    assert refused(zipped({"a.md": b"", "A.md": b""})) == [("A.md", "This file is in it twice.")]
    assert refused(b"PK" + b"x" * LARGEST)[0][1] == "The file is larger than {limit} MB."


@pytest.mark.parametrize(
    "data", [b"", b"no archive", b"PK\x03\x04broken", zipped({"a.md": b"x" * 99})[:-30], zipped({})]
)
def test_what_is_no_archive_is_refused(data: bytes) -> None:
    assert len(refused(data)) == 1


@given(st.binary(max_size=300), st.integers(0, 200))
def test_damage_never_crashes_the_reader(noise: bytes, at: int) -> None:
    data = bytearray(zipped({"a.md": b"text" * 20, "plugin.toml": b"id"}))
    data[at : at + len(noise)] = noise
    found: dict[str, bytes] = {}
    with contextlib.suppress(ContentInvalid):
        found = read_archive(bytes(data), "x.zip")

    assert sum(map(len, found.values())) <= LARGEST_WHOLE
