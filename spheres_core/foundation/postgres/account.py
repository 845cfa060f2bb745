"""The operating system account of the embedded server, its folders, and programs run as it.

PostgreSQL refuses to run as root, and root's home may be closed to anyone else. So as root the server gets an account
and, where our folder cannot be reached, a folder of its own.
"""

import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

from spheres_core.foundation import deployment
from spheres_core.foundation.postgres.errors import NotPermitted, from_os_error

ACCOUNT: Final = "spheres-pg"
_HERE_AS_ACCOUNT: Final = 'cd -- "$0" && : > .probe && rm -f .probe'


class Account(Struct, frozen=True):
    """The unprivileged user the server runs as when we are root."""

    name: str
    uid: int
    gid: int


def find_account() -> Account | None:
    """Returns the server's account: None unless we are root; made on first use, else one that every system has."""
    if os.geteuid() != 0:
        return None
    if (account := named_account(ACCOUNT)) is not None:
        return account
    for command in (
        ["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent",
         "--shell", "/usr/sbin/nologin", "--user-group", ACCOUNT],
        ["adduser", "-S", "-D", "-H", "-h", "/nonexistent", "-s", "/sbin/nologin", ACCOUNT],
    ):  # fmt: skip
        program = shutil.which(command[0], path=f"{deployment.program_path()}:/usr/sbin:/sbin")
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
    """Returns a system user that is not root, by name."""
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(name, entry.pw_uid, entry.pw_gid) if entry.pw_uid else None


def owner_of(folder: Path) -> Account | None:
    """Returns the user a data folder belongs to, when we are root: the server must go on as that user."""
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
    """Runs a program as the account, away from our environment and terminal. Returns its exit code and output.

    `keeps`: open files that it and its children hold for as long as they live.
    """
    with tempfile.TemporaryFile() as said:  # a pipe would stay open in the server that it starts
        try:
            done = subprocess.run(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env=deployment.for_postgres(),
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
                raise from_os_error(error, f"running {Path(command[0]).name} as another user") from error
            return 126, str(error)
        said.seek(0)
        return done.returncode, said.read().decode("utf-8", "replace")


def make_folder(folder: Path, account: Account | None, *, mode: int = 0o700) -> None:
    """Makes a folder that belongs to the account (or to us), never one that someone else has put there."""
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
    """Returns whether the account can reach a folder and write in it; tried, since modes do not tell all."""
    code, _ = run(account, ["/bin/sh", "-c", _HERE_AS_ACCOUNT, folder], folder=Path("/"))
    return code == 0
