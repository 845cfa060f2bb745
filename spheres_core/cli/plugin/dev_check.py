"""Runs as the process in which `spheres plugin dev` checks the plugin: `spheres plugin check`, at bronze level."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
from multiprocessing.connection import Connection
from pathlib import Path

from spheres_core.cli import main as commands


def main(folder: Path, language: str, answer: Connection) -> None:
    """Runs the process. It sends what the command answers, as JSON."""
    os.setsid()
    sys.dont_write_bytecode = True
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(io.StringIO()):
        commands.run(["plugin", "check", str(folder), "--level", "bronze", "--json", "--language", language])
    answer.send(said.getvalue())
