"""Beside the fixtures of `spheres_core.fixtures`: the oldest PostgreSQL we promise beside the embedded one."""

from __future__ import annotations

import contextlib
import fcntl
import gc
import os
import signal
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_playwright import CreateContextCallback

from spheres_core.conformance import bronze, gold
from spheres_core.foundation.database import transactions
from spheres_core.foundation.isolation import hook_calls
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.staff import password_hashing
from spheres_core.testing import MakeDatabase, database_maker, shared_cluster
from tests import databases_folder, linters, optional_programs, schedule, temporary_folder
from tests.outside_folders import remove_outside_folders
from tests.wait import LIMIT

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a shell starts so what runs in its background, and children too
    signal.signal(signal.SIGINT, signal.default_int_handler)

ABSENT: Final = optional_programs.missing()
DECIDED: Final = password_hashing._HASHER
BROWSER_FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--js-flags=--always-sparkplug --no-opt --no-maglev",
)
"""The last: scripts are compiled once and simply. Each page is left long before those of axe have become quick, and
what compiling them for speed costs is a seventh of the browser's work."""

QUICK: Final = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
settings.register_profile(
    "ci", max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=QUICK
)
settings.register_profile("thorough", max_examples=1000, deadline=None, print_blob=True, suppress_health_check=QUICK)
settings.load_profile("ci")  # `--hypothesis-profile=thorough` looks where nobody has looked yet, and ten times as long


@pytest.fixture(scope="session")
def postgres_15() -> Path:
    """The folder of the programs of the system's PostgreSQL 15."""
    if why := optional_programs.reason_to_skip(["postgres_15"], ABSENT):
        pytest.skip(why)
    return optional_programs.POSTGRES_15.path.parent


@pytest.fixture(scope="session")
def nginx() -> Path:
    """The program of nginx."""
    return optional_programs.NGINX.path


@pytest.fixture(scope="session")
def cluster_15(postgres_15: Path) -> Iterator[Cluster]:
    """The system's PostgreSQL 15."""
    with shared_cluster(databases_folder.databases_folder() / "15", postgres_15) as running:
        yield running


@pytest.fixture(params=["18", "15"])
def each_cluster(request: pytest.FixtureRequest) -> Cluster:
    """For tests that must hold on both: runs them on the embedded 18 and on the system's 15."""
    name = "cluster" if request.param == "18" else "cluster_15"
    found: Cluster = request.getfixturevalue(name)
    return found


@pytest.fixture(scope="session", autouse=True)
def outside_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """As root, the homes of tests keep their databases outside, where the database's user gets in: 70 MB each."""
    yield
    ours = tmp_path_factory.getbasetemp()
    remove_outside_folders(ours, runs=next((each for each in ours.parents if each.name.startswith("pytest-of-")), None))


@pytest.fixture(scope="session", autouse=True)
def hook_deadline() -> Iterator[None]:
    """Plugins have a minute for a question, so that none seems to hang because the machine is busy."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(hook_calls, "DEADLINE", 60.0)
        yield


@pytest.fixture(scope="session", autouse=True)
def database_deadlines() -> Iterator[None]:
    """Requests have minutes for the database, so that none is refused because the machine is busy."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(transactions, "REQUESTS", transactions.Deadlines(begin=120.0, statement=120.0, idle=300.0))
        yield


@pytest.fixture
def short_hook_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plugins have two seconds for a question: for tests of one that hangs until it is let go."""
    monkeypatch.setattr(hook_calls, "DEADLINE", 2.0)


@pytest.fixture(scope="module")
def short_hook_deadline_throughout() -> Iterator[None]:
    """The same for a whole file: judging a plugin lets it hang on purpose."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(hook_calls, "DEADLINE", 2.0)
        yield


@pytest.fixture(scope="module")
def unhurried_conformance() -> Iterator[None]:
    """Judges no plugin of ours by how busy this machine is: importing it and its addresses may take minutes."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(bronze, "IMPORT_LIMIT", 1000 * LIMIT)
        patched.setattr(gold, "ROUTE_LIMIT", LIMIT)
        yield


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """A tenth of a second for each sign-in is right for people and wrong for tests."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(password_hashing, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        yield


@pytest.fixture
def decided_password_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests about the cost of checking a password itself."""
    monkeypatch.setattr(password_hashing, "_HASHER", DECIDED)


@pytest.fixture
def fresh_database(cluster: Cluster) -> Iterator[MakeDatabase]:
    """`fresh_database("name")`: the addresses of an empty database of this test's own, on the embedded 18."""
    with database_maker(cluster) as make:
        yield make


@pytest.fixture
def fresh_database_each(each_cluster: Cluster) -> Iterator[MakeDatabase]:
    """The same on each PostgreSQL version: the test runs once on 18 and once on 15."""
    with database_maker(each_cluster) as make:
        yield make


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's browser, which asks nothing of the network by itself."""
    executable = str(optional_programs.CHROMIUM.path)
    return {**browser_type_launch_args, "executable_path": executable, "args": list(BROWSER_FLAGS)}


@pytest.fixture
def new_context(new_context: CreateContextCallback) -> CreateContextCallback:
    """Makes browser contexts, each of which waits for its page as long as this machine needs."""
    expect.set_options(timeout=1000 * LIMIT)

    def make(**options: Any) -> BrowserContext:
        made = new_context(**options)
        made.set_default_timeout(1000 * LIMIT)
        return made

    return make


@pytest.fixture(scope="module")
def module_context(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[BrowserContext]:
    """A browser context of a file's tests: the first page of each costs as much as ten later ones."""
    with _kept_context(browser, browser_context_args) as kept:
        yield kept


@pytest.fixture(scope="module")
def module_plain_context(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[BrowserContext]:
    """The same without JavaScript."""
    with _kept_context(browser, {**browser_context_args, "java_script_enabled": False}) as kept:
        yield kept


@pytest.fixture
def context(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    """The file's browser context, in which nothing of the test before is left; one of the test's own where pictures
    or traces of each test are wanted. Who needs a browser that nobody used takes `new_context`."""
    if _wants_records(request.config):
        yield request.getfixturevalue("new_context")()
    else:
        yield (kept := request.getfixturevalue("module_context"))
        _empty(kept)


@pytest.fixture
def plain(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page of a browser without JavaScript, likewise."""
    if _wants_records(request.config):
        yield request.getfixturevalue("new_context")(java_script_enabled=False).new_page()
    else:
        kept = request.getfixturevalue("module_plain_context")
        yield kept.new_page()
        _empty(kept)


def _wants_records(config: pytest.Config) -> bool:
    """Tells whether pytest-playwright is asked for what it records by context."""
    return any(config.getoption(each, "off") != "off" for each in ("--tracing", "--video", "--screenshot"))


@contextlib.contextmanager
def _kept_context(browser: Browser, options: dict[str, Any]) -> Iterator[BrowserContext]:
    expect.set_options(timeout=1000 * LIMIT)
    kept = browser.new_context(**options)
    kept.set_default_timeout(1000 * LIMIT)
    yield kept
    kept.close()


def _empty(context: BrowserContext) -> None:
    """Closes a context's pages, and forgets its cookies and routes. Our pages keep nothing else in a browser."""
    for page in context.pages:
        page.close()
    context.clear_cookies()
    context.unroute_all()


def pytest_configure(config: pytest.Config) -> None:
    """Chooses where temporary files and databases lie, and starts the linters beside a whole run."""
    temporary_folder.use_memory()
    if config.args_source is pytest.Config.ArgsSource.TESTPATHS and not hasattr(config, "workerinput"):
        databases_folder.use_memory()
        linters.start()


def pytest_unconfigure() -> None:
    """Leaves no linter running, and nothing in memory."""
    linters.end()
    databases_folder.leave_memory()


def pytest_report_header() -> str | None:
    """Says once what this machine leaves out."""
    return optional_programs.notice(ABSENT)


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, Any, Any]:
    """Holds the collector of garbage off while tests are imported: all that is made then stays."""
    gc.disable()
    try:
        with _compiled_once(session.config):
            return (yield)
    finally:
        gc.enable()


@contextlib.contextmanager
def _compiled_once(config: pytest.Config) -> Iterator[None]:
    """Lets one process of a run come first, which compiles what all import; for each that takes ten seconds."""
    cache: pytest.Cache | None = getattr(config, "cache", None)
    if not hasattr(config, "workerinput") or cache is None:
        yield
        return
    with open(cache.mkdir("collection") / "lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            fcntl.flock(lock, fcntl.LOCK_SH)  # all others at once, when the first has ended
        yield


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leaves out what needs a program that is missing, and orders the rest.

    Tests with a browser come last: Playwright leaves a running event loop in the thread, and no other can follow.
    """
    for item in items:
        if why := optional_programs.reason_to_skip(getattr(item, "fixturenames", ()), ABSENT):
            item.add_marker(pytest.mark.skip(reason=why))
    items.sort(key=lambda item: (schedule.is_in_a_browser(item.nodeid), schedule.place_of(item.nodeid)))
    for item in items:
        if "playwright" in getattr(item, "fixturenames", ()):
            assert schedule.is_in_a_browser(item.nodeid), f"{item.nodeid} would begin before tests without a browser"


def pytest_collection_finish() -> None:
    """Keeps the collector away from what is loaded for good: going through it took an eighth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores: each waits for the database or the browser for a third of its time."""
    return min((os.cpu_count() or 1) + 1, schedule.MOST_PROCESSES)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> schedule.ByFile:
    """The suite's own way, whatever `--dist` says."""
    return schedule.ByFile(config, log)
