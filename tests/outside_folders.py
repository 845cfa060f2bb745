"""What the homes of a run's tests keep outside of them, which does not go away with them."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from spheres_core.foundation.postgres.initialization import OF_HOME

PLACES: Final = (Path("/var/lib"), Path("/var/tmp"))


def remove_outside_folders(below: Path, places: Iterable[Path] = PLACES, *, runs: Path | None = None) -> None:
    """Removes the folders outside that belong to homes below a folder, and no other's.

    `runs`: where each run of tests has a folder; what belongs to one that is gone goes too, as a run that was killed
    removed nothing.
    """
    for place in places:
        for note in place.glob(f"spheres-*/{OF_HOME}"):
            with contextlib.suppress(FileNotFoundError):  # another process of the run was quicker
                home = Path(note.read_text(encoding="utf-8"))
                if home.is_relative_to(below) or _is_of_gone_run(home, runs):
                    shutil.rmtree(note.parent)


def _is_of_gone_run(home: Path, runs: Path | None) -> bool:
    if runs is None or not home.is_relative_to(runs):
        return False
    return not (runs / home.relative_to(runs).parts[0]).exists()
