"""A file is replaced whole, so that nobody reads half of it."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from spheres_core.foundation.content.text_files import replace_file

TEXTS = tuple(letter * 300_000 for letter in "ab")


def seen_while(path: Path, write: Callable[[Path, str], object]) -> set[str]:
    """Returns what a reader finds in a file while both texts are written in turns."""
    done = threading.Event()
    seen: set[str] = set()

    def read() -> None:
        while not done.is_set():
            seen.add(path.read_text(encoding="utf-8"))

    write(path, TEXTS[0])
    reader = threading.Thread(target=read)
    reader.start()
    for turn in range(200):
        write(path, TEXTS[turn % 2])
    done.set()
    reader.join()
    return seen


def test_a_reader_finds_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    assert seen_while(tmp_path / "catalog.po", replace_file) <= set(TEXTS)


def test_the_control_a_plain_write_is_seen_half_done(tmp_path: Path) -> None:
    assert seen_while(tmp_path / "catalog.po", Path.write_text) - set(TEXTS)


def test_a_file_keeps_its_permissions_and_leaves_no_draft(tmp_path: Path) -> None:
    path = tmp_path / "words.toml"
    path.write_text("old")
    path.chmod(0o640)

    replace_file(path, "neu ’")

    assert path.read_text(encoding="utf-8") == "neu ’"
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_cannot_be_replaced_stays_and_leaves_no_draft(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()

    with pytest.raises(OSError, match="taken"):
        replace_file(tmp_path / "taken", "x")

    assert [each.name for each in tmp_path.iterdir()] == ["taken"]
