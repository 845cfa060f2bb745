"""Starting what is measured: each served by granian with one worker, over loopback."""

import contextlib
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from spheres_core.foundation.postgres.address import free_port
from spheres_core.foundation.tenancy.post_limits import LIMITS

TARGETS: Mapping[str, str] = {
    "product": "benchmarks.product:dispatcher",
    "without_ledger": "benchmarks.without_ledger:dispatcher",
    "floor": "benchmarks.floor.app:app",
}
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
    command = [
        sys.executable, "-m", "granian", "--interface", "asgi", "--workers", "1", "--host", "127.0.0.1",
        "--port", str(port), "--no-access-log", "--log-level", "warning", TARGETS[what],
    ]  # fmt: skip
    process = subprocess.Popen(command, env=env, start_new_session=True)
    try:
        _wait(port, process)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(30)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
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
