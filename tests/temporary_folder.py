"""Where a run lays its temporary files: in memory where there is room for them.

Two dozen databases are made and stopped in a run as people have them, and wait for the disk each time.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Final

MEMORY: Final = Path("/dev/shm")
ROOM: Final = 8 * 1024**3
"""Bytes that must be free. A run needs about half of that."""
VARIABLE: Final = "TMPDIR"


def use_memory() -> None:
    """Lets this process and those that it starts lay their temporary files in memory, unless told another place."""
    if VARIABLE not in os.environ and is_fit(MEMORY):
        os.environ[VARIABLE] = str(MEMORY)
        tempfile.tempdir = None


def is_fit(folder: Path, room: int = ROOM) -> bool:
    """Tells whether programs may be laid and run in a folder, and whether so many bytes are free there."""
    if not os.access(folder, os.W_OK | os.X_OK):
        return False
    found = os.statvfs(folder)
    return not found.f_flag & os.ST_NOEXEC and found.f_bavail * found.f_frsize >= room
