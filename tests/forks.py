"""Processes that tests start and kill, forked from one that has imported the core: importing it takes two seconds."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from multiprocessing.context import ForkServerProcess
from typing import Any, Final

from spheres_core import app
from spheres_core.app import dispatcher
from spheres_core.cli.server import web_process

IMPORTED: Final = (app.rooms(), dispatcher, web_process)
"""Before the fork, so that it is done once."""
FORKS: Final = multiprocessing.get_context("forkserver")


def start(target: Callable[..., None], *given: Any) -> ForkServerProcess:
    """Starts a process that does this and ends at the latest with the test's own."""
    FORKS.set_forkserver_preload([__name__])  # before each: others of this process may have named their own
    process = FORKS.Process(target=target, args=given, daemon=True)
    process.start()
    return process
