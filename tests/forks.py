"""Processes that tests start and kill, forked from one that has the core and its routes: making those takes seconds."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any, Final

from spheres_core.cli.plugin.dev_process import PRELOADED

FORKS: Final = multiprocessing.get_context("forkserver")


def start(target: Callable[..., None], *given: Any) -> ForkServerProcess:
    """Starts a process that does this and ends at the latest with the test's own."""
    FORKS.set_forkserver_preload(PRELOADED)  # before each: others of this process may have named their own
    process = FORKS.Process(target=target, args=given, daemon=True)
    process.start()
    return process


def write_to(out: Path, err: Path) -> None:
    """Lets this process, which was forked, write what it says to these files."""
    for number, path in ((1, out), (2, err)):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, number)
        os.close(file)
