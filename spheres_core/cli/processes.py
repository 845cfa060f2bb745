"""Lists the processes that run over a SPHERES_HOME, with the plugins' files as each of them has read them."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from spheres_core.cli.output import CommandError
from spheres_core.facts import Message, msg
from spheres_core.foundation.plugins.discovery import Machine

STOP_TIMEOUT = 20.0
"""Seconds that a process of ours may take to end when it is asked to."""


@contextlib.contextmanager
def register_process(home: Path, kind: str, machine: Machine | None = None) -> Iterator[None]:
    """Lists this process for `spheres stop`, with the plugins' files as they are now. The lock on the file ends with
    the process, in any case."""
    folder = home / "running"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{kind}-{os.getpid()}"
    with open(path, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(msgspec.json.encode(plugin_digests(machine) if machine else {}).decode())
        file.flush()
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def running_processes(home: Path) -> list[tuple[str, int]]:
    """Returns kind and process id of each process over this home; takes those that have died off the list."""
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


class OutdatedProcess(Struct, frozen=True):
    """A running process that was started before files of these plugins changed, or came."""

    kind: str
    number: int
    plugins: tuple[str, ...]

    @property
    def message(self) -> Message:
        """Says what is the matter, to whoever runs it."""
        return msg(
            "{kind} ({number}) still has the plugins as they were when it was started: {plugins}.",
            kind=self.kind, number=self.number, plugins=", ".join(self.plugins),
        )  # fmt: skip

    @property
    def advice(self) -> Message:
        """Says what helps."""
        return msg("Start it again: then forms, pages and terms are those of now.")


def outdated_processes(home: Path, machine: Machine) -> list[OutdatedProcess]:
    """Returns the processes over this home that do not have the plugins' files as they are now. They read them when
    they start: forms, pages and terms of another version are shown after the next start."""
    now = plugin_digests(machine)
    found = []
    for kind, number in running_processes(home):
        try:
            then = msgspec.json.decode((home / "running" / f"{kind}-{number}").read_bytes(), type=dict[str, str])
        except (OSError, msgspec.MsgspecError):
            continue
        if then and (changed := tuple(sorted(id_ for id_ in {*now, *then} if now.get(id_) != then.get(id_)))):
            found.append(OutdatedProcess(kind, number, changed))
    return found


def plugin_digests(machine: Machine) -> dict[str, str]:
    """Returns a digest of each plugin's files as they lie on this machine."""
    return {id_: _files_digest(each.root) for id_, each in machine.plugins.items()}


def _files_digest(root: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(each for each in root.rglob("*") if each.is_file() and "__pycache__" not in each.parts):
        digest.update(f"{path.relative_to(root)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def stop_processes(home: Path) -> list[tuple[str, int]]:
    """Terminates each process and waits until it has ended. Returns those that were running."""
    asked = running_processes(home)
    for _kind, number in asked:
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, signal.SIGTERM)
    until = time.monotonic() + STOP_TIMEOUT
    while (left := running_processes(home)) and time.monotonic() < until:
        time.sleep(0.1)
    if left:
        numbers = ", ".join(str(number) for _, number in left)
        raise CommandError(msg("These processes do not end: {numbers}.", numbers=numbers))
    return asked
