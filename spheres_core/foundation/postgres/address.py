"""Chooses the embedded server's address: a socket beside its data, in a short private folder, or a loopback port."""

import contextlib
import os
import re
import socket
import stat
import tempfile
from pathlib import Path
from typing import Final

from spheres_core.foundation.postgres.account import Account, make_folder
from spheres_core.foundation.postgres.server_record import ServerRecord

LONGEST_SOCKET_PATH: Final = 103
"""Bytes a socket's path may have: 107 on Linux, 103 on macOS."""
SOCKET: Final = ".s.PGSQL.5432"
_SAFE_PATH: Final = re.compile(r"[A-Za-z0-9._/-]+")


def choose_address(record: ServerRecord, home: Path, account: Account | None, *, loopback: bool) -> None:
    """Fills in where the server will listen; an address that still works is kept."""
    if loopback:
        record.port = record.port or free_port()
    elif record.port == 0 and not _has_socket_folder(record, home, account):
        # No TMPDIR here: it may be as deep as the folder that did not do.
        short = Path(tempfile.mkdtemp(prefix="spheres-", dir="/tmp"))
        if account is not None:
            os.chown(short, account.uid, account.gid)
        record.sockets = str(short)
        if not _socket_fits(short):
            short.rmdir()
            record.sockets, record.port = "", free_port()


def clear_socket(record: ServerRecord, home: Path) -> None:
    """Removes the socket of a server that is gone; its lock file may name another process by now."""
    if not record.port:
        for name in (SOCKET, f"{SOCKET}.lock"):
            with contextlib.suppress(OSError):
                (record.sockets_in(home) / name).unlink(missing_ok=True)


def is_listening(record: ServerRecord, home: Path) -> bool:
    """Returns whether a running server can be reached: someone may have deleted its socket."""
    return bool(record.port) or (record.sockets_in(home) / SOCKET).exists()


def free_port() -> int:
    """Returns a loopback port that is free now."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def _has_socket_folder(record: ServerRecord, home: Path, account: Account | None) -> bool:
    folder = record.sockets_in(home)
    if not record.sockets:
        make_folder(folder, account)
        return _socket_fits(folder)
    try:
        seen = folder.lstat()
    except OSError:
        return False
    private = stat.S_ISDIR(seen.st_mode) and stat.S_IMODE(seen.st_mode) == 0o700
    ours = seen.st_uid == (account.uid if account else os.geteuid())
    return private and ours and _socket_fits(folder)


def _socket_fits(folder: Path) -> bool:
    """Returns whether a socket in this folder can be named in an address and bound by the system."""
    path = f"{folder}/{SOCKET}"
    if len(os.fsencode(path)) > LONGEST_SOCKET_PATH or not _SAFE_PATH.fullmatch(path):
        return False
    probe = folder / ".probe"
    try:
        with socket.socket(socket.AF_UNIX) as tried:
            tried.bind(str(probe))
    except (OSError, AttributeError):
        return False
    probe.unlink(missing_ok=True)
    return True
