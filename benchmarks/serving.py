"""Starting what is measured: each served by granian with one worker, over loopback."""

import contextlib
import multiprocessing
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from granian import Granian
from granian.constants import Interfaces
from msgspec import Struct

from spheres_core.cli.plugin.dev_process import PRELOADED
from spheres_core.foundation.postgres.address import free_port
from spheres_core.foundation.tenancy.post_limits import LIMITS

TARGETS: Mapping[str, str] = {
    "product": "benchmarks.product:dispatcher",
    "without_ledger": "benchmarks.without_ledger:dispatcher",
    "floor": "benchmarks.floor.app:app",
}
FORKED = "BENCH_FORKED"
"""In the environment: the product is forked from a process that has imported the core and made its routes. A run whose
figures nobody reads starts so in a tenth of the time; the floor is started as always."""
UNLIMITED = " ".join(f"{kind}=999999999/999999999/999999999" for kind in LIMITS)
"""Posts are counted as they are for people, but none is refused."""


class Server(Struct, frozen=True):
    """One running server."""

    port: int
    pid: int

    def cpu(self) -> float:
        """Seconds of processor that it and its worker have used so far."""
        return sum(_cpu(pid) for pid in family(self.pid))


@contextlib.contextmanager
def serving(what: str, url: str, plugins: Path, environment: Mapping[str, str]) -> Iterator[Server]:
    """A granian with one worker; ended when the block is left."""
    port = free_port()
    env = {
        **os.environ,
        "SPHERES_POST_LIMITS": UNLIMITED,
        "BENCH_URL": url,
        "BENCH_PLUGINS": str(plugins),
        **environment,
    }
    start = _forked if FORKED in os.environ and what != "floor" else _started
    with start(what, port, env) as (pid, runs):
        _wait(port, runs)
        yield Server(port, pid)


@contextlib.contextmanager
def _started(what: str, port: int, environment: Mapping[str, str]) -> Iterator[tuple[int, Callable[[], bool]]]:
    """The process of a program of its own, as the product is served; and whether it runs."""
    command = [
        sys.executable, "-m", "granian", "--interface", "asgi", "--workers", "1", "--host", "127.0.0.1",
        "--port", str(port), "--no-access-log", "--log-level", "warning", TARGETS[what],
    ]  # fmt: skip
    process = subprocess.Popen(command, env=dict(environment), start_new_session=True)
    try:
        yield process.pid, lambda: process.poll() is None
    finally:
        process.terminate()
        process.wait(30)


@contextlib.contextmanager
def _forked(what: str, port: int, environment: Mapping[str, str]) -> Iterator[tuple[int, Callable[[], bool]]]:
    """The same, forked from a process that has imported what it serves."""
    forks = multiprocessing.get_context("forkserver")
    forks.set_forkserver_preload(PRELOADED)
    process = forks.Process(target=_serve, args=(TARGETS[what], port, dict(environment)))
    process.start()
    assert process.pid is not None
    try:
        yield process.pid, process.is_alive
    finally:
        process.terminate()
        process.join(30)


def _serve(target: str, port: int, environment: Mapping[str, str]) -> None:
    """Runs as the forked process."""
    os.environ.update(environment)
    multiprocessing.set_start_method("fork", force=True)  # granian's worker: what was imported is not imported again
    Granian(target, port=port, interface=Interfaces.ASGI, log_access=False, log_enabled=False).serve()


def _wait(port: int, runs: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if not runs():
            raise RuntimeError("the server ended before it answered")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5)
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not answer within a minute")


def family(pid: int) -> list[int]:
    """A process and all that it started."""
    found = [pid]
    for each in found:
        for task in Path(f"/proc/{each}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                found += [int(child) for child in task.read_text().split()]
    return found


def _cpu(pid: int) -> float:
    """Returns the seconds that all threads of a process have run, by the kernel's clock of that process.

    What stands in `/proc` is counted in hundredths of a second, in which a short turn may not show at all.
    """
    with contextlib.suppress(OSError):
        return time.clock_gettime((~pid << 3) | 2)  # as clock_getcpuclockid makes it
    return 0.0
