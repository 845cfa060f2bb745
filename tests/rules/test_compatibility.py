"""Plugins of earlier versions load as they are, and their own tests pass as they were written."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from pathlib import Path
from typing import Final

import pytest

from spheres_core import app
from spheres_core.app import assembly
from spheres_core.foundation import deployment
from spheres_core.foundation.plugins import api_lock
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.plugins.set_builder import build_set
from tests import forks
from tests.databases_folder import databases_folder
from tests.wait import LIMIT

MUSEUM: Final = Path(__file__).parents[1] / "museum"
FROZEN: Final = {
    "0_1/museum_code": "06733c1a4eb80bc96bbfd3e6c9a8a27d330be5fc5e60174b09ccc16f4fad963c",
    "0_1/museum_pack": "9f37b11c4b593e65c5a95fb04f0c8c8efeb2ca2317d16af781d0319eab7d20f6",
}
"""Each piece with the SHA-256 of all its files: nobody mends a piece so that it fits."""


def digest(folder: Path) -> str:
    made = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not {"__pycache__", ".spheres-test"} & set(path.parts):
            made.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return made.hexdigest()


def test_the_museum_is_whole_and_unchanged() -> None:
    pieces = {path.parent.relative_to(MUSEUM).as_posix() for path in MUSEUM.glob("*/*/plugin.toml")}

    assert {piece: digest(MUSEUM / piece) for piece in sorted(pieces)} == FROZEN


@pytest.mark.parametrize("piece", FROZEN)
def test_a_piece_of_the_museum_loads_in_this_version(piece: str) -> None:
    id_ = Path(piece).name
    machine = discover([(MUSEUM / piece).parent])

    made = build_set(machine, [id_], app.rooms(), app.catalog_folder(), assembly.build_app)

    assert made.left_out == {}
    assert id_ in made.plugins


def test_the_own_tests_of_a_piece_pass_as_they_were_written(tmp_path: Path) -> None:
    shutil.copytree(MUSEUM / "0_1" / "museum_code", tmp_path / "museum_code")

    ran = forks.start(run_its_tests, str(tmp_path), str(databases_folder()))
    ran.join(LIMIT)

    assert ran.exitcode == 0, (tmp_path / "out").read_text()[-3000:] + (tmp_path / "err").read_text()[-1000:]


def run_its_tests(folder: str, databases: str) -> None:
    """Runs pytest in a process forked for it, which has the core and its routes."""
    os.chdir(folder)
    os.environ[deployment.TEST_DATABASES] = databases
    forks.write_to(Path("out"), Path("err"))
    unneeded = [f"-pno:{name}" for name in ("schemathesis", "playwright", "anyio", "xdist", "cacheprovider")]
    code = pytest.main(["-q", "-p", "spheres_core.fixtures", *unneeded, "museum_code/tests"])
    sys.stdout.flush()
    sys.exit(code)


def test_the_lock_names_hooks_published_names_and_the_type_of_secret_settings() -> None:
    locked = api_lock.LOCK.read_text(encoding="utf-8")

    for name in ("register_schedules", "Secret", "Schedule", "staff.html"):
        assert f'"{name}"' in locked
