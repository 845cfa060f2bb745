"""The server's process: found by its data folder, proved to be ours, stopped; and the end of its log."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from msgspec import Struct

from spheres_core.foundation.postgres.errors import from_os_error


class ServerProcess(Struct, frozen=True):
    """The server process of a data folder, proved to be that and no stranger."""

    pid: int
    state: str
    """starting, ready, stopping, standby; empty while the file is being written."""


def read_pid_file(data: Path) -> tuple[int, str] | None:
    """Returns the process id and state in `postmaster.pid`, which may be stale; believe `running_server` instead."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
        return abs(int(lines[0])), lines[7].strip() if len(lines) > 7 else ""
    except (FileNotFoundError, IndexError, ValueError):
        return None


def running_server(data: Path) -> ServerProcess | None:
    """Returns the running server of this data folder, or None: a pid that belongs to anyone else is never believed."""
    claim = read_pid_file(data)
    if claim is None or not _is_postgres_of(claim[0], data):
        return None
    return ServerProcess(*claim)


def clear_stale_pid_file(data: Path) -> None:
    """Removes the pid file of a server that is gone, when its number names another process by now.

    PostgreSQL believes any living process of its user. Otherwise the file stays: it helps the next server to see
    that workers of the old one still run.
    """
    claim = read_pid_file(data)
    if claim is None or running_server(data) is not None:
        return
    try:
        os.kill(claim[0], 0)
    except ProcessLookupError:
        return
    except PermissionError:
        pass
    (data / "postmaster.pid").unlink(missing_ok=True)


def _is_postgres_of(pid: int, data: Path) -> bool:
    if not sys.platform.startswith("linux"):
        return _is_postgres_by_ps(pid, data)
    try:
        program = os.path.basename(os.readlink(f"/proc/{pid}/exe")).removesuffix(" (deleted)")
        # A server works inside its data folder.
        return program == "postgres" and os.path.samestat(os.stat(f"/proc/{pid}/cwd"), data.stat())
    except PermissionError:  # root in a container may look at no other user's process, only at its words
        return _is_postgres_by_command_line(pid, data)
    except OSError:
        return False


def _is_postgres_by_command_line(pid: int, data: Path) -> bool:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        same_user = os.stat(f"/proc/{pid}").st_uid == data.stat().st_uid
    except OSError:
        return False
    return (
        same_user
        and os.path.basename(words[0]) == b"postgres"
        and [b"-D", os.fsencode(data)] in [words[i : i + 2] for i in range(len(words))]
    )


def _is_postgres_by_ps(pid: int, data: Path) -> bool:
    command = ["ps", "-ww", "-p", str(pid), "-o", "uid=", "-o", "command="]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    uid, _, line = said.partition(" ")
    return uid == str(data.stat().st_uid) and "postgres" in line and str(data) in line


def stop(server: ServerProcess, data: Path, how: signal.Signals, *, seconds: float) -> bool:
    """Signals the server, waits for its end and returns whether it ended. No other process can get the signal."""
    handle = None
    try:
        if hasattr(os, "pidfd_open"):
            handle = os.pidfd_open(server.pid)
        if not _is_postgres_of(server.pid, data):
            return True
        if handle is None:
            os.kill(server.pid, how)
        else:
            signal.pidfd_send_signal(handle, how)
    except ProcessLookupError:
        return True
    except PermissionError as error:
        raise from_os_error(error, f"stopping the database (process {server.pid})") from error
    finally:
        if handle is not None:
            os.close(handle)
    return wait_until_ended(server.pid, data, seconds=seconds)


def wait_until_ended(pid: int, data: Path, *, seconds: float) -> bool:
    """Returns whether the process ended, and its pid file with it, within the time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not _is_postgres_of(pid, data):
            return True
        time.sleep(0.01)
    return False


def last_log_lines(log: Path, count: int = 12) -> str:
    """Returns the end of a log, for an error text."""
    try:
        with open(os.open(log, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - 8192))
            return "\n".join(file.read().decode("utf-8", "replace").splitlines()[-count:])
    except OSError:
        return ""
