"""What the homes of a run's tests keep outside of them, which does not go away with them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from spheres_core.foundation.postgres.initialization import OF_HOME

PLACES: Final = (Path("/var/lib"), Path("/var/tmp"))


def remove_outside_folders(below: Path, places: Iterable[Path] = PLACES) -> None:
    """Removes the folders outside that belong to homes below a folder, and no other's."""
    for place in places:
        for note in place.glob(f"spheres-*/{OF_HOME}"):
            if Path(note.read_text(encoding="utf-8")).is_relative_to(below):
                shutil.rmtree(note.parent)
