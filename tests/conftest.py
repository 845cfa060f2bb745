"""Beside the fixtures of `spheres_core.fixtures`: the oldest PostgreSQL we promise beside the embedded one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from xdist.scheduler import LoadScopeScheduling

from spheres_core.foundation.isolation import hook_calls
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.testing import MakeDatabase, database_maker, shared_cluster

SYSTEM_15: Final = Path("/usr/lib/postgresql/15/bin")


@pytest.fixture(scope="session")
def cluster_15(pytestconfig: pytest.Config) -> Iterator[Cluster]:
    """The system's PostgreSQL 15; skipped where it is not installed."""
    if not SYSTEM_15.is_dir():
        pytest.skip("PostgreSQL 15 is not installed here")
    with shared_cluster(pytestconfig.rootpath / ".spheres-test" / "15", SYSTEM_15) as running:
        yield running


@pytest.fixture(params=["18", "15"])
def each_cluster(request: pytest.FixtureRequest) -> Cluster:
    """For tests that must hold on both: runs them on the embedded 18 and on the system's 15."""
    name = "cluster" if request.param == "18" else "cluster_15"
    found: Cluster = request.getfixturevalue(name)
    return found


@pytest.fixture(scope="session", autouse=True)
def hook_deadline() -> Iterator[None]:
    """Plugins have a minute for a question, so that none seems to hang because the machine is busy."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(hook_calls, "DEADLINE", 60.0)
        yield


@pytest.fixture
def short_hook_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plugins have two seconds for a question: for tests of one that hangs until it is let go."""
    monkeypatch.setattr(hook_calls, "DEADLINE", 2.0)


@pytest.fixture
def fresh_database(cluster: Cluster) -> Iterator[MakeDatabase]:
    """`fresh_database("name")`: the addresses of an empty database of this test's own, on the embedded 18."""
    yield from database_maker(cluster)


@pytest.fixture
def fresh_database_each(each_cluster: Cluster) -> Iterator[MakeDatabase]:
    """The same on each PostgreSQL version: the test runs once on 18 and once on 15."""
    yield from database_maker(each_cluster)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests with a browser come last: Playwright leaves a running event loop in the thread, and no other can follow."""
    items.sort(key=lambda item: "playwright" in getattr(item, "fixturenames", ()))


class ByFile(LoadScopeScheduling):
    """How `make test` shares the suite among processes: a file stays with one, which makes what its tests share once.

    Its tests with a browser are a part of their own, so that they come last there too; the longest go one by one, so
    that no process waits for another at the end.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        if "[chromium" not in nodeid:
            return file
        return nodeid if file.endswith("test_pages_for_everyone.py") else f"{file} in a browser"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    """The suite's own way, whatever `--dist` says."""
    return ByFile(config, log)
