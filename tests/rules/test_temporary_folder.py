"""A run lays its temporary files in memory only where they have room and programs can be run."""

from __future__ import annotations

from pathlib import Path

from tests.temporary_folder import is_fit


def test_a_folder_is_fit_when_it_is_there_and_has_the_room(tmp_path: Path) -> None:
    assert is_fit(tmp_path, room=1)
    assert not is_fit(tmp_path, room=2**62)
    assert not is_fit(tmp_path / "nowhere", room=1)


def test_a_folder_where_no_program_can_be_run_is_not_fit() -> None:
    assert not is_fit(Path("/proc/self/task"), room=1)
