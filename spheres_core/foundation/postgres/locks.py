"""Two file locks: one starter at a time, and one server over one data folder."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from spheres_core.foundation.postgres.errors import HomeInUse, from_os_error
from spheres_core.foundation.postgres.progress import Report

WORKERS_END_WITHIN: Final = 10.0
"""Seconds that worker processes of a killed server may take to end."""


@contextlib.contextmanager
def start_lock(home: Path, report: Report) -> Iterator[None]:
    """Lets one process at a time start or stop the server; freed by the system when that process dies."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(home / "postgres.lock", os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise from_os_error(error, "locking the database's folder") from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            report("Another process is starting or stopping the database; waiting …")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextlib.contextmanager
def server_lock(folder: Path) -> Iterator[int]:
    """Yields a locked file that every process of the server inherits, so that it stays locked while any of them lives.

    Process ids mean nothing across containers that share a folder; this lock does. Workers of a killed server hold it
    for the moment they take to end. Raises `HomeInUse` when they do not.
    """
    handle = os.open(folder / "alive", os.O_CREAT | os.O_RDWR, 0o600)
    end = time.monotonic() + WORKERS_END_WITHIN
    try:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > end:
                    raise HomeInUse(
                        f"Processes that cannot be seen from here use the database in {folder}, "
                        "perhaps of another container. Stop them first, or give each its own "
                        "server by SPHERES_DATABASE_URL."
                    ) from None
                time.sleep(0.05)
        yield handle
    finally:
        os.close(handle)
