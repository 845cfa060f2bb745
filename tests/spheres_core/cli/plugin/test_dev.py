"""`spheres plugin dev` as a process: a change is seen, what breaks leaves the last version, and all ends with it."""

from __future__ import annotations

import json
import os
import re
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from spheres_core.authoring import scaffold
from spheres_core.authoring.scaffold import NewPlugin
from spheres_core.foundation.postgres.cluster import Cluster
from tests.homes import lay_home
from tests.spheres_core.cli.conftest import process
from tests.spheres_core.cli.server.test_demo import free_port
from tests.wait import LIMIT, wait_for_end, wait_until

ID = "seen_at_once"
COUNTED = {
    "build_set": "spheres_core.foundation.plugins.set_builder",
    "migrate": "spheres_core.foundation.database.migrations",
    "read_file": "spheres_core.cli.tenant.apply_files",
    "open_runtime": "spheres_core.cli.environment",
}
"""Functions whose calls are counted in each server, and their modules."""
COUNTING = f"""
import os, sys

def counting(name, function):
    def call(*given, **named):
        with open(os.environ["COUNTED"], "a") as file:
            file.write(f"{{os.getpid()}} {{name}}\\n")
        return function(*given, **named)
    return call

def begin():
    ours = [module for name, module in sys.modules.items() if name.startswith("spheres_core")]
    for name, module in {COUNTED!r}.items():
        function = getattr(sys.modules[module], name)
        counted = counting(name, function)
        for each in ours:
            vars(each).update({{key: counted for key, value in vars(each).items() if value is function}})

if "COUNTED" in os.environ:
    os.register_at_fork(after_in_child=begin)
"""
"""`sitecustomize.py` of the command: each process that is forked writes down which of these functions it calls."""


class RunningDev:
    """`spheres plugin dev` while it runs."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.home = home
        self.calls = home / "calls"
        (home / "sitecustomize.py").write_text(COUNTING)
        self.port = free_port()
        self.process = process("plugin", "dev", str(folder), "--json", SPHERES_HOME=str(home),
                               PORT=str(self.port), PYTHONFAULTHANDLER="1",
                               PYTHONPATH=str(home), COUNTED=str(self.calls))  # fmt: skip
        self.err: list[str] = []
        self.is_ready = False
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        assert self.process.stdout is not None
        lines: list[str] = []
        for line in self.process.stdout:
            lines.append(line)
            if line.startswith("}"):
                break
        self.said: dict[str, Any] = json.loads("".join(lines) or "{}")
        assert self.said, "".join(self.err)
        self.is_ready = True
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=LIMIT)

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.err.append(line)
            if line.startswith("Error") and not self.is_ready:
                self.process.kill()  # it would wait for the next change, which nobody makes

    def close(self) -> None:
        self.client.close()
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=LIMIT)
        self.reader.join()
        for pipe in (self.process.stdout, self.process.stderr):
            assert pipe is not None
            pipe.close()

    def text(self, path: str) -> str:
        try:
            answer = self.client.get(path)
        except httpx.TransportError:
            return ""
        return f"{answer.status_code} {answer.text}"

    def wait(self, seen: Callable[[], bool]) -> None:
        """Returns when it is seen; AssertionError with what the command said when it ended before."""
        wait_until(seen, process=self.process, why=lambda: "".join(self.err), every=0.1)

    def counted(self) -> list[Counter[str]]:
        """Returns how often each server called what is counted, the first first. What checks opens no runtime."""
        found: dict[str, Counter[str]] = {}
        for line in self.calls.read_text().splitlines():
            pid, name = line.split()
            found.setdefault(pid, Counter())[name] += 1
        return [calls for calls in found.values() if "open_runtime" in calls]

    def told(self, sentence: str) -> bool:
        return any(sentence in line for line in self.err)


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A code plugin that is on with one far community in the region that has it."""
    folder = tmp_path_factory.mktemp("dev") / ID
    return scaffold.create_plugin(NewPlugin("code", ID, ("fr-CA", "en-CA"), {"fr": "Essai", "en": "Trial"}), folder)


@pytest.fixture(scope="module")
def running(plugin: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDev]:
    home = tmp_path_factory.mktemp("home")
    for its in (home / "dev" / ID, home / "dev" / ID / "checking"):
        lay_home(its)
    running = RunningDev(plugin, home)
    yield running
    running.close()
    Cluster(home / "dev" / ID).stop()


def test_a_plugin_is_seen_while_it_is_written(running: RunningDev, plugin: Path) -> None:
    assert set(running.said["tenants"]) == {"with", "without"}
    running.wait(lambda: running.text("/health").startswith("200"))
    assert running.text("/t/with/fr/refer").startswith("200")
    assert running.text(f"/t/with/fr/x/{ID}/far").startswith("303")
    assert running.text(f"/t/without/fr/x/{ID}/far").startswith("404")

    route = plugin / "pages.py"
    route.write_text(route.read_text().replace('"/far"', '"/farther"'))
    running.wait(lambda: running.text(f"/t/with/fr/x/{ID}/farther").startswith("303"))
    assert running.text(f"/t/with/fr/x/{ID}/far").startswith("404")
    first, second, *_ = running.counted()
    assert first["migrate"] == 1
    assert first["build_set"] > 1
    assert second == {"build_set": 1, "open_runtime": 1}, "only the region that has it is built anew"

    words = plugin / "hooks.py"
    words.write_text(words.read_text().replace("@hookimpl\ndef assess", "@hookimpl\ndef asess"))
    running.wait(lambda: running.told("The last version that worked still answers."))
    assert running.told("asess_eligibility")
    assert running.text(f"/t/with/fr/x/{ID}/farther").startswith("303")
    assert running.process.poll() is None


def test_the_check_says_what_it_finds_and_everything_ends_with_it(running: RunningDev, plugin: Path) -> None:
    """What broke is mended and what is found now comes with one change: each costs a start and a check."""
    (plugin / "README.md").unlink()
    words = plugin / "hooks.py"
    words.write_text(words.read_text().replace("@hookimpl\ndef asess", "@hookimpl\ndef assess"))
    running.wait(lambda: running.told("B11"))
    ours = started_by(running.process.pid)
    assert len(ours) >= 3, "the process that forks, the server, and those that check"

    running.process.send_signal(signal.SIGINT)

    assert wait_for_end(running.process, why=lambda: "".join(running.err)) == 1
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in ours))
    assert not Cluster(running.home / "dev" / ID).status().running
    assert list((running.home / "dev" / ID / "running").iterdir()) == []


def started_by(ancestor: int) -> set[int]:
    """Returns the processes that a process started, and those that they did."""
    parents = {int(pid): parent for pid in os.listdir("/proc") if pid.isdigit() and (parent := _parent_of(pid))}
    found: set[int] = set()
    while more := {pid for pid, parent in parents.items() if parent in {ancestor, *found}} - found:
        found |= more
    return found


def _parent_of(pid: str) -> int:
    try:
        return int(re.findall(r"^PPid:\t(\d+)$", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)[0])
    except OSError:
        return 0
