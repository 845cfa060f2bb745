"""Where a run keeps its databases: in memory in a whole run that has room for them, else between runs in the checkout.

A run makes and drops some thousand databases, of 300 files each: on a disk, making the files costs more than the rest.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

from spheres_core.foundation import deployment
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.foundation.postgres.server_record import read_record
from tests.temporary_folder import MEMORY, is_fit

ROOT: Final = Path(__file__).parents[1]
PREFIX: Final = "spheres-test-"
LOCK: Final = "run.lock"
"""Held as long as the run goes on."""
_HELD: Final = contextlib.ExitStack()


def databases_folder() -> Path:
    """Returns the folder."""
    return deployment.test_databases(ROOT)


def use_memory(memory: Path = MEMORY) -> None:
    """Gives this process and those that it starts a new folder in memory, unless told another place or without room.

    Those of runs that were killed are removed, with their servers.
    """
    for left in memory.glob(f"{PREFIX}*"):
        _remove_if_left(left)
    if deployment.TEST_DATABASES in os.environ or not is_fit(memory):
        return
    made = Path(tempfile.mkdtemp(prefix=f".{PREFIX}", dir=memory))
    made.chmod(0o711)  # the account of the server passes through
    lock = os.open(made / LOCK, os.O_CREAT | os.O_WRONLY)
    _HELD.callback(os.close, lock)
    fcntl.flock(lock, fcntl.LOCK_SH)
    folder = made.rename(made.with_name(made.name.removeprefix(".")))  # seen by others once it is held
    os.environ[deployment.TEST_DATABASES] = str(folder)
    _HELD.callback(_remove, folder)
    _HELD.callback(os.environ.pop, deployment.TEST_DATABASES)


def leave_memory() -> None:
    """Removes the folder that this process made, if it did."""
    _HELD.close()


def _remove_if_left(folder: Path) -> None:
    with contextlib.suppress(FileNotFoundError, BlockingIOError), open(folder / LOCK) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _remove(folder)


def _remove(folder: Path) -> None:
    for home in [folder, *folder.glob("*"), *folder.glob("*/*")]:
        if home.is_dir() and read_record(home) is not None:
            Cluster(home).stop()
    shutil.rmtree(folder)
