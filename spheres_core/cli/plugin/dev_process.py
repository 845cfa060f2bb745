"""Starts and stops the process in which `spheres plugin dev` answers requests.

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
from spheres_core.cli.plugin import dev_server

_FORKED: Final = multiprocessing.get_context("forkserver")


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
        _FORKED.set_forkserver_preload(["spheres_core.cli.plugin.dev_preload"])
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
        leader = self.process.pid
        assert leader is not None
        self.process.terminate()
        self.process.join(processes.STOP_TIMEOUT)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(leader, signal.SIGKILL)
        self.process.kill()
        self.process.join()
        self.reports.close()
