"""The web server's side of running: the door that each of its processes builds, and the list of what runs here."""

from __future__ import annotations

import contextlib
import fcntl
import ipaddress
import os
import signal
import socket
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

from granian.constants import Interfaces
from granian.server.embed import Server as ServerInside
from granian.server.mp import MPServer as ServerOfProcesses
from granian.utils.proxies import wrap_asgi_with_proxy_headers

from spheres_core import app
from spheres_core.audit import operations as audit
from spheres_core.cli.environment import key_path
from spheres_core.cli.output import Trouble
from spheres_core.facts import msg
from spheres_core.foundation import deployment, logs
from spheres_core.foundation.database.transactions import Database
from spheres_core.foundation.encryption import Keyring
from spheres_core.foundation.postgres.cluster import connection_urls
from spheres_core.foundation.tenancy.runtime import Runtime
from spheres_core.staff.operations import authentication

Application = Callable[[Any, Any, Any], Awaitable[None]]
"""What an ASGI server calls."""

END_WITHIN = 20.0
"""Seconds that a process of ours may take to end when it is asked to."""


def make_dispatcher() -> Application:
    """What each process of `spheres serve` runs; it reads addresses and keys itself, so that none is handed over."""
    logs.configure()
    urls = connection_urls()
    runtime = app.make_runtime(Database(urls.app, most=20), Keyring.load(key_path()), serves=True)
    return behind(dispatcher_over(runtime), trusted_proxies())


def trusted_proxies() -> list[str]:
    """The proxies of `SPHERES_TRUSTED_PROXIES`: addresses and networks, separated by commas. Raises `Trouble`.

    Everybody (`*`) is refused: then any caller could say who he is, and with it step around the pause after wrong
    passphrases.
    """
    named = deployment.trusted_proxies()
    for each in named:
        try:
            ipaddress.ip_network(each)
        except ValueError:
            raise Trouble(
                msg("SPHERES_TRUSTED_PROXIES names addresses or networks such as 127.0.0.1, not “{value}”.", value=each)
            ) from None
    return named


def behind(dispatcher: Application, proxies: list[str]) -> Application:
    """The dispatcher as these proxies show it: with the caller's own address and scheme. Nobody else is believed."""
    return wrap_asgi_with_proxy_headers(dispatcher, proxies) if proxies else dispatcher


def dispatcher_over(runtime: Runtime) -> app.Dispatcher:
    """The door of this world."""
    return app.Dispatcher(runtime, authentication.authenticate, audit.record_refusal)


def server_of_processes(host: str, port: int, workers: int) -> ServerOfProcesses:
    """Granian with processes of its own."""
    return ServerOfProcesses(
        "spheres_core.cli.server.web_server:make_dispatcher",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=workers,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_access=False,
        log_dictconfig=logs.for_granian(),
    )


def server_inside(dispatcher: app.Dispatcher, port: int, host: str = "127.0.0.1") -> ServerInside:
    """Granian in this process's loop, for the demo."""
    return ServerInside(
        dispatcher,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        websockets=False,
        log_access=False,
        log_enabled=False,
        log_dictconfig=logs.for_granian(),
    )


def check_port(host: str, port: int) -> None:
    """Refuse a port that somebody has, or that may not be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Trouble(
                msg(
                    "Port {port} of {host} cannot be used: {reason}. Choose another with PORT or --port.",
                    port=port,
                    host=host,
                    reason=error.strerror or "",
                )
            ) from None


@contextlib.contextmanager
def listed(home: Path, kind: str) -> Iterator[None]:
    """Stand in the list of what runs, for `spheres stop`. The lock on the file ends with the process, in any case."""
    folder = home / "running"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{kind}-{os.getpid()}"
    with open(path, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(str(os.getpid()))
        file.flush()
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def running(home: Path) -> list[tuple[str, int]]:
    """The kind and process id of each that runs over this home; what has died is taken off the list."""
    found = []
    for path in sorted((home / "running").glob("*-*")):
        with contextlib.suppress(OSError), open(path) as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                kind, _, number = path.name.rpartition("-")
                found.append((kind, int(number)))
            else:
                path.unlink(missing_ok=True)
    return found


def end(home: Path) -> list[tuple[str, int]]:
    """Ask each of them to end and wait until it has. Returns those that were running."""
    asked = running(home)
    for _kind, number in asked:
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, signal.SIGTERM)
    until = time.monotonic() + END_WITHIN
    while (left := running(home)) and time.monotonic() < until:
        time.sleep(0.1)
    if left:
        numbers = ", ".join(str(number) for _, number in left)
        raise Trouble(msg("These processes do not end: {numbers}.", numbers=numbers))
    return asked
