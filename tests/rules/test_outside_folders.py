"""A run takes away what its homes kept outside of them, and nothing of anybody else's."""

from __future__ import annotations

from pathlib import Path

from tests.outside_folders import remove_outside_folders


def test_only_folders_of_homes_below_go(tmp_path: Path) -> None:
    ours, theirs, unknown = (tmp_path / f"spheres-{name}" for name in ("ours", "theirs", "unknown"))
    for folder in (ours, theirs, unknown):
        (folder / "cluster" / "data").mkdir(parents=True)
    (ours / "home").write_text(str(tmp_path / "run" / "a_home"), encoding="utf-8")
    (theirs / "home").write_text(str(tmp_path / "run_of_another" / "a_home"), encoding="utf-8")

    remove_outside_folders(tmp_path / "run", [tmp_path])

    assert [each.exists() for each in (ours, theirs, unknown)] == [False, True, True]


def test_what_a_killed_run_left_goes_once_its_folder_is_gone(tmp_path: Path) -> None:
    gone, lives = (tmp_path / f"spheres-{name}" for name in ("gone", "lives"))
    (tmp_path / "runs" / "run-2").mkdir(parents=True)
    for folder, run in ((gone, "run-1"), (lives, "run-2")):
        (folder / "cluster" / "data").mkdir(parents=True)
        (folder / "home").write_text(str(tmp_path / "runs" / run / "a_home"), encoding="utf-8")

    remove_outside_folders(tmp_path / "runs" / "run-3", [tmp_path], runs=tmp_path / "runs")

    assert [each.exists() for each in (gone, lives)] == [False, True]
