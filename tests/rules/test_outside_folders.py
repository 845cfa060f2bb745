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
