"""Starts and stops the process in which `spheres plugin dev` answers requests."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from spheres_core.cli import processes
from spheres_core.cli.output import Output
from spheres_core.foundation import deployment


class DevServer:
    """Handles a process of `dev_server.py` from the one that watches the plugin's folder.

    It reports `ready` once it could answer, `answering` after `release`, and ends when its input does.
    """

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    @classmethod
    def start(cls, folder: Path, port: int, output: Output) -> DevServer:
        code = "from spheres_core.cli.plugin.dev_server import main; main()"
        return cls(
            subprocess.Popen(
                [sys.executable, "-c", code, str(folder), str(port), output.locale.tag],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
                env=deployment.for_child_process(PYTHONDONTWRITEBYTECODE="1"),
            )
        )  # fmt: skip

    def next_report(self) -> dict[str, Any]:
        """Waits for its next report, such as `{"ready": true}`. Empty when the process has ended."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("{"):
                report: dict[str, Any] = json.loads(line)
                return report
        return {}

    @property
    def ended(self) -> bool:
        return self.process.poll() is not None

    def release(self) -> None:
        """Lets it answer: the port is free."""
        assert self.process.stdin is not None
        self.process.stdin.write("release\n")
        self.process.stdin.flush()

    def stop(self) -> None:
        """Terminates it, and kills it with all it started when it does not end in time."""
        processes.end_group(self.process)
