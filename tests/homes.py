"""Homes whose database has the core's tables already, for tests of what comes after: laid by copying one.

Making a cluster and its tables takes a processor seven seconds, and a run needs two dozen homes. That a home is made
from nothing has tests of its own: `spheres migrate` in `test_with_database.py`, `spheres demo` in `test_demo.py`, an
own server by docs/run-it.md in `test_run_it.py`. What plugins add is migrated in the copy, by the command that a test
runs.
"""

from __future__ import annotations

import fcntl
import secrets
import shutil
import subprocess
from pathlib import Path
from typing import Final

from spheres_core import app
from spheres_core.foundation.plugins.discovery import Machine
from spheres_core.foundation.postgres import initialization
from spheres_core.foundation.postgres.account import find_account
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.foundation.postgres.roles import DATABASE
from spheres_core.foundation.postgres.server_record import ServerRecord, read_record, write_record
from spheres_core.testing.databases import FAST
from spheres_core.testing.migrated_templates import migrated_template, template_mark
from tests.databases_folder import databases_folder
from tests.outside_folders import remove_outside_folders

MADE: Final = "made"
"""The file that says that it is whole."""


def lay_home(home: Path) -> Path:
    """Gives a folder the database of a home with the core's tables, stopped, and returns the folder.

    It serves as the home of the checks of plugins too, which copy a database that lies beside it.
    """
    kept = databases_folder() / "homes"  # the one to copy, under a hash of all that it was made from
    kept.mkdir(parents=True, exist_ok=True)
    with open(kept / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of processes that want it, the first makes it
        original = _original(kept)
        _copy(original, home)
    return home


def _original(kept: Path) -> Path:
    components = app.components(Machine({}, {}))
    home = kept / template_mark(components)
    if not (home / MADE).exists():
        for old in [each for each in kept.iterdir() if each.is_dir()]:
            Cluster(old).stop()
            remove_outside_folders(old)
            shutil.rmtree(old)
        home.mkdir()
        cluster = Cluster(home, settings=FAST)
        cluster.start()
        template = migrated_template(cluster, components)
        cluster.drop_database(DATABASE)
        cluster.create_database(DATABASE, template=template)
        cluster.stop()
        (home / MADE).touch()
    return home


def _copy(original: Path, home: Path) -> None:
    """Copies a stopped database into a folder of the home's own, as one that is made there has it."""
    found = read_record(original)
    assert found is not None
    home.mkdir(parents=True, exist_ok=True)
    record = ServerRecord(secrets.token_hex(4), account=found.account, passwords=found.passwords)
    folder = initialization._choose_folder(home, record, find_account())
    subprocess.run(["cp", "--archive", str(found.data_in(original)), str(folder / "data")], check=True)
    record.ready = True
    write_record(home, record)
