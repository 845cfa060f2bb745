"""Makes a new cluster: where it lives, under which account, and its empty data.

It lives in SPHERES_HOME. As root the server has an account of its own; where that cannot get into SPHERES_HOME, no
folder above is opened for it: the cluster goes to /var/lib instead. Folders around the data stay root's, so that the
account can never put a link in our way.
"""

import contextlib
import hashlib
import os
import secrets
import shutil
import stat
from collections.abc import Mapping
from pathlib import Path

from spheres_core.foundation.postgres.account import Account, account_can_use, find_account, make_folder, run
from spheres_core.foundation.postgres.binaries import binaries_for, major_version
from spheres_core.foundation.postgres.errors import NotPermitted, from_program_output
from spheres_core.foundation.postgres.server_record import LOGINS, SUPERUSER, ServerRecord, write_private, write_record

OF_HOME = "home"
"""The file in a folder outside of a home that names the home, for whoever asks years later whose the folder is."""


def initialize_cluster(home: Path, bin_dir: Path | None, settings: Mapping[str, str]) -> ServerRecord:
    """Creates a new cluster and its record. A cut-off attempt leaves nothing that the next one would use."""
    account = find_account()
    record = ServerRecord(cluster=secrets.token_hex(4), account=account.name if account else None)
    record.passwords = {login: secrets.token_urlsafe(24) for login in LOGINS}
    _remove_unfinished(home / "postgres")
    try:
        folder = _choose_folder(home, record, account)
        draft = _run_initdb(record, folder, account, binaries_for(account, bin_dir, folder), settings)
        write_record(home, record)
        draft.rename(folder / "data")
    except BaseException:
        shutil.rmtree(record.folder_in(home), ignore_errors=True)
        raise
    return record


def _remove_unfinished(clusters: Path) -> None:
    """Removes the folders of attempts that were cut off."""
    for folder in clusters.glob("*"):
        if not (folder / "data").exists():
            shutil.rmtree(folder, ignore_errors=True)


def _choose_folder(home: Path, record: ServerRecord, account: Account | None) -> Path:
    _make_folders(home, record.folder_in(home), account)
    if account is not None and not account_can_use(account, record.folder_in(home) / "run"):
        shutil.rmtree(record.folder_in(home), ignore_errors=True)
        record.folder = str(_folder_outside_home(home) / record.cluster)
        _make_folders(home, Path(record.folder), account)
        if not account_can_use(account, Path(record.folder) / "run"):
            raise NotPermitted(f"User {account.name} cannot work in {record.folder}.")
    return record.folder_in(home)


def _make_folders(home: Path, folder: Path, account: Account | None) -> None:
    folder.parent.mkdir(exist_ok=True)
    if account is not None and folder.is_relative_to(home):
        _allow_passage(home)
        _allow_passage(folder.parent)
    make_folder(folder, None, mode=0o700 if account is None else 0o711)
    for name in ("run", "log"):
        make_folder(folder / name, account)


def _allow_passage(folder: Path) -> None:
    """Lets the account pass through a folder of ours; it can list and read nothing there."""
    mode = stat.S_IMODE(folder.stat().st_mode)
    if not mode & stat.S_IXOTH:
        folder.chmod(mode | stat.S_IXOTH)


def _folder_outside_home(home: Path) -> Path:
    mark = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    for place in (Path("/var/lib"), Path("/var/tmp")):
        with contextlib.suppress(OSError, NotPermitted):
            folder = place / f"spheres-{mark}"
            make_folder(folder, None, mode=0o711)
            _remove_unfinished(folder)
            write_private(folder / OF_HOME, str(home))
            return folder
    raise NotPermitted(
        f"{home} is closed to the database's user, and neither /var/lib nor /var/tmp can be "
        "written. Set SPHERES_HOME to a folder outside root's home, or set SPHERES_DATABASE_URL."
    )


def _run_initdb(
    record: ServerRecord,
    folder: Path,
    account: Account | None,
    programs: Path,
    settings: Mapping[str, str],
) -> Path:
    """Runs initdb beside where the data will be and returns the new folder."""
    draft = folder / "draft"
    make_folder(draft, account)
    password_file = folder / "run" / "password"
    write_private(password_file, record.passwords[SUPERUSER], account)
    command = [
        str(programs / "initdb"), "-D", str(draft), "-U", SUPERUSER, "--encoding=UTF8",
        "--auth=scram-sha-256", f"--pwfile={password_file}", "--data-checksums",
        *(["--no-sync"] if settings.get("fsync") == "off" else []),
    ]  # fmt: skip
    if major_version(account, programs) >= 17:
        locales = [["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]]
    else:
        locales = [["--locale=C.UTF-8"], ["--locale=C"]]  # not every system has the first
    try:
        for locale in locales:
            code, said = run(account, [*command, *locale], folder=folder)
            if code == 0:
                break
    finally:
        password_file.unlink(missing_ok=True)
    if code != 0:
        raise from_program_output("The database could not be made.", said, folder)
    return draft
