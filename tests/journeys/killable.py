"""A whole installation in processes that can be killed: a server on a real port, its PostgreSQL that really syncs.

`serve` is what `spheres serve` runs, in a process forked from one that has imported everything, so that twenty starts
take seconds. `hasty` is a build with a mistake: it answers before it commits.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from spheres_core.app import assembly, dispatcher
from spheres_core.cli.server import web_process, web_server
from spheres_core.foundation.database.transactions import Database
from spheres_core.foundation.encryption import Keyring
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.foundation.web.request_scope import RequestScope
from tests import forks
from tests.wait import wait_until

KEY: Final = b"spheres test key, not a secret!!"
PLUGINS: Final = Path(__file__).parents[2] / "plugins"


def serve(home: str, port: int, hasty: bool) -> None:
    """Start the database and answer requests until killed."""
    os.setsid()
    if hasty:
        dispatcher.serve_in_request_scope = answer_before_commit
    cluster = Cluster(Path(home))
    cluster.start()
    asyncio.run(_serve(cluster, port))


async def _serve(cluster: Cluster, port: int) -> None:
    runtime = assembly.make_runtime(Database(cluster.urls().app, most=20), Keyring(KEY), discover([PLUGINS]))
    runtime.post_limits = None
    await web_server.embedded_server(web_process.build_dispatcher(runtime, cluster.start), port).serve()


async def answer_before_commit(handler: Any, request_scope: RequestScope, scope: Any, receive: Any, send: Any) -> None:
    """The mistake: what is said is true only a moment later."""
    statuses: list[int] = []

    async def send_at_once(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])
        await send(message)

    scope["spheres"] = request_scope
    await handler(scope, receive, send_at_once)
    await asyncio.sleep(1.0)  # so that the moment is long enough to be met on any machine
    await request_scope.finish(statuses[0])


class Installation:
    """A home with a database, and the server over it."""

    def __init__(self, home: Path, port: int) -> None:
        self.home = home
        self.address = f"http://127.0.0.1:{port}"
        self.cluster = Cluster(home)
        self._port = port
        self._server: Any = None

    def start(self, *, hasty: bool = False) -> None:
        """Start it again, as a supervisor would."""
        self._server = forks.start(serve, str(self.home), self._port, hasty)

    def kill(self) -> None:
        """`kill -9` to the server's process group and to every process of the database, all at the same moment."""
        doomed = self.signal_database(signal.SIGSTOP)  # so that nobody notices that another went before
        os.killpg(self._server.pid, signal.SIGKILL)
        self._kill(doomed)
        self._server.join()

    def kill_server(self) -> None:
        """`kill -9` to the server's process group; the database goes on."""
        os.killpg(self._server.pid, signal.SIGKILL)
        self._server.join()

    def kill_database(self) -> None:
        """`kill -9` to every process of the database; the server goes on."""
        self._kill(self.signal_database(signal.SIGSTOP))

    def signal_database(self, number: signal.Signals) -> list[int]:
        """Signal every process of the database, and return them: SIGSTOP freezes it, SIGCONT lets it go on."""
        database = self.cluster.status().pid
        found = [*_family(database), database] if database else []
        for pid in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        return found

    @staticmethod
    def _kill(doomed: Sequence[int]) -> None:
        for pid in doomed:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        wait_until(lambda: all(_is_gone(pid) for pid in doomed), every=0.005)

    def end(self) -> None:
        """Leave nothing running."""
        if self._server is not None and self._server.is_alive():
            self.kill()


def _family(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(stat.parent.name))
    return found


def _is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True
