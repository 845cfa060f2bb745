"""A whole run keeps its databases in memory, and leaves none there; those of a run that was killed go with the next."""

from __future__ import annotations

import contextlib
import fcntl
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from spheres_core.foundation import deployment
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.foundation.postgres.process import running_server
from spheres_core.foundation.postgres.server_record import read_record
from tests import databases_folder
from tests.databases_folder import LOCK, PREFIX


@pytest.fixture(autouse=True)
def _told_no_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """What this run itself keeps is left alone."""
    monkeypatch.delenv(deployment.TEST_DATABASES, raising=False)
    monkeypatch.setattr(databases_folder, "_HELD", contextlib.ExitStack())
    monkeypatch.setattr(databases_folder, "is_fit", Path.is_dir)
    yield
    databases_folder.leave_memory()


def test_a_run_has_a_folder_of_its_own_as_long_as_it_goes_on(tmp_path: Path) -> None:
    databases_folder.use_memory(tmp_path)
    (made,) = tmp_path.iterdir()
    assert databases_folder.databases_folder() == made

    databases_folder.leave_memory()
    assert list(tmp_path.iterdir()) == []
    assert databases_folder.databases_folder() == databases_folder.ROOT / ".spheres-test"


def test_what_a_run_left_that_was_killed_is_removed_and_what_another_uses_is_not(tmp_path: Path) -> None:
    left, used = tmp_path / f"{PREFIX}left", tmp_path / f"{PREFIX}used"
    for folder in (left, used):
        folder.mkdir()
        (folder / LOCK).touch()
    with open(used / LOCK) as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        databases_folder.use_memory(tmp_path)

    assert not left.exists()
    assert used.exists()


def test_a_server_that_a_killed_run_left_running_is_stopped_before_its_folder_goes() -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as memory:
        Path(memory).chmod(0o711)
        left = Path(memory) / f"{PREFIX}left"
        cluster = Cluster(left / "18")
        left.mkdir(mode=0o711)
        left.chmod(0o711)
        (left / LOCK).touch()
        cluster.start()
        record = read_record(cluster.home)
        assert record is not None
        data = record.data_in(cluster.home)
        assert running_server(data) is not None

        databases_folder.use_memory(Path(memory))

        assert running_server(data) is None
        assert not left.exists()
        databases_folder.leave_memory()


def test_one_who_is_told_a_place_keeps_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(deployment.TEST_DATABASES, "elsewhere")
    databases_folder.use_memory(tmp_path)

    assert list(tmp_path.iterdir()) == []
    assert databases_folder.databases_folder() == Path("elsewhere")
