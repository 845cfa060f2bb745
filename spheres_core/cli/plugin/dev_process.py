"""Starts and stops the processes in which `spheres plugin dev` answers requests, and checks the plugin.

Each is forked from one that has imported the core (`dev_preload.py`), so that a change costs what the plugin costs.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Final

from spheres_core.cli import processes
from spheres_core.cli.output import Output
from spheres_core.cli.plugin import dev_check, dev_server

_FORKED: Final = multiprocessing.get_context("forkserver")
PRELOADED: Final = ["spheres_core.cli.plugin.dev_preload"]
"""Named here alone: multiprocessing says nothing of a module that is not there."""


class DevServer:
    """Handles a process of `dev_server.py` from the one that watches the plugin's folder.

    It reports `ready` once it could answer, `answering` after `release`, and ends when the connection does.
    """

    def __init__(self, process: ForkServerProcess, reports: Connection) -> None:
        self.process = process
        self.reports = reports

    @classmethod
    def start(cls, folder: Path, port: int, output: Output, *, whole: bool) -> DevServer:
        """Starts a server. `whole`: it brings database and regions up to date before it loads the plugin."""
        _FORKED.set_forkserver_preload(PRELOADED)
        ours, theirs = _FORKED.Pipe()
        process = _FORKED.Process(target=dev_server.main, args=(folder, port, output.locale.tag, whole, theirs))
        process.start()
        theirs.close()
        return cls(process, ours)

    def next_report(self) -> str:
        """Waits for its next report, such as `ready`. Empty when the process has ended."""
        try:
            return str(self.reports.recv())
        except (EOFError, OSError):
            return ""

    @property
    def ended(self) -> bool:
        return not self.process.is_alive()

    def release(self) -> None:
        """Lets it answer: the port is free."""
        with contextlib.suppress(OSError):
            self.reports.send("release")

    def stop(self) -> None:
        """Terminates it, and kills it with all it started when it does not end in time."""
        _end(self.process)
        self.reports.close()


class DevCheck:
    """Handles a process of `dev_check.py`."""

    def __init__(self, process: ForkServerProcess, answer: Connection) -> None:
        self.process = process
        self._answer = answer

    @classmethod
    def start(cls, folder: Path, output: Output) -> DevCheck:
        _FORKED.set_forkserver_preload(PRELOADED)
        ours, theirs = _FORKED.Pipe(duplex=False)
        process = _FORKED.Process(target=dev_check.main, args=(folder, output.locale.short, theirs))
        process.start()
        theirs.close()
        return cls(process, ours)

    def answer(self) -> str | None:
        """Returns what it found; None as long as it looks, an empty text where it ended without a word."""
        ended = not self.process.is_alive()
        if not self._answer.poll():
            return "" if ended else None
        try:
            return str(self._answer.recv())
        except (EOFError, OSError):
            return ""

    def stop(self) -> None:
        """Terminates it, and kills it with all it started when it does not end in time."""
        _end(self.process)
        self._answer.close()


def _end(process: ForkServerProcess) -> None:
    leader = process.pid
    assert leader is not None
    process.terminate()
    process.join(processes.STOP_TIMEOUT)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)
    process.kill()
    process.join()
