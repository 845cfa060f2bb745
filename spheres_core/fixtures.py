"""Fixtures that pytest finds by itself where SPHÈRES is installed (entry point `pytest11`).

Every pytest run on the machine reads this module, most of them for other projects. So it imports nothing else of the
core until a test asks for one of its fixtures.
"""

import gc
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Keeps a warning of Litestar's about the core's own handlers out of authors' reports."""
    config.addinivalue_line("filterwarnings", "ignore:.*Inferred dependency field")


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, Any, Any]:
    """Holds the collector of garbage off while a plugin's tests are imported: with the core, that is a third of it."""
    if not gc.isenabled() or _plugin_around(collector.path) is None:
        return (yield)
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


@pytest.fixture(scope="session")
def cluster(pytestconfig: pytest.Config) -> Iterator[Any]:
    """Yields the embedded PostgreSQL (`Cluster`), kept between runs in `.spheres-test` or `SPHERES_TEST_DATABASES`."""
    from spheres_core.foundation import deployment
    from spheres_core.foundation.tenancy import garbage_collection
    from spheres_core.testing import shared_cluster

    garbage_collection.collect_seldom()
    with shared_cluster(deployment.test_databases(pytestconfig.rootpath) / "18") as running:
        yield running


@pytest.fixture(scope="session")
def plugin_folders(request: pytest.FixtureRequest) -> list[Path]:
    """Returns the tests' plugin folders: `SPHERES_PLUGINS`, else `plugins`, else those around the tested plugins.

    Where plugins' tests run by themselves, the folders around them count, and with them comes `example_region`, a pack
    with a referral form. With other tests beside them they are tested as they are installed.
    """
    from spheres_core.foundation import deployment
    from spheres_core.testing import EXAMPLES

    named = deployment.plugin_folders()
    if named:
        return [*named, EXAMPLES]
    around = {_plugin_around(item.path) for item in request.session.items}
    everything = request.config.rootpath / "plugins"
    if None in around and everything.is_dir():
        return [everything]
    return [*sorted({each.parent for each in around if each}), EXAMPLES]


def _plugin_around(path: Path) -> Path | None:
    return next((each for each in path.parents if (each / "plugin.toml").is_file()), None)


@pytest.fixture(scope="session")
def machine(plugin_folders: list[Path]) -> Any:
    """Returns the plugins in those folders (`Machine`)."""
    from spheres_core.foundation.plugins.discovery import discover

    return discover(plugin_folders)


@pytest.fixture(scope="session")
def migrated(cluster: Any, machine: Any) -> str:
    """Returns the full name of a migrated database to copy from; it is kept between runs."""
    from spheres_core.testing import migrated_database

    return migrated_database(cluster, machine)


@pytest.fixture
def make_world(cluster: Any, machine: Any, migrated: str) -> Iterator[Any]:
    """`make_world(definition(…), …)` (`MakeWorld`): makes a world of these tenants on a fresh database."""
    from spheres_core.testing import world_maker

    with world_maker(cluster, machine, migrated) as make:
        yield make


@pytest.fixture(scope="module")
def make_module_world(cluster: Any, machine: Any, migrated: str) -> Iterator[Any]:
    """`make_module_world(definition(…), …)`: the same for fixtures of a whole file (`scope="module"`)."""
    from spheres_core.testing import world_maker

    with world_maker(cluster, machine, migrated) as make:
        yield make


@pytest.fixture(scope="session")
def shared_world(cluster: Any, machine: Any, migrated: str) -> Iterator[Any]:
    """Yields one world for the whole run (`World`). Use it through a fixture of yours: `shared_world.renew(…)`.

    It is built once; a test's tenants cost a few milliseconds. Do not break its plugins: `make_world` is for that.
    """
    from spheres_core.testing import world_maker

    with world_maker(cluster, machine, migrated) as make:
        yield make()


@pytest.fixture(scope="session")
def plugin_id(request: pytest.FixtureRequest) -> str:
    """Returns the id of the plugin that is tested: the folder with a plugin.toml that the tests lie in.

    Override it where the tests lie elsewhere, or are of several plugins.
    """
    own = {_plugin_around(item.path) for item in request.session.items} - {None}
    if len(own) != 1:
        pytest.fail("say which plugin is tested: a fixture plugin_id in your conftest.py")
    return str(next(each.name for each in own if each))


@pytest.fixture(scope="session")
def plugin_settings() -> dict[str, Any]:
    """Returns the settings of the plugin in the tests' regions; override it in your conftest.py."""
    return {}


@pytest.fixture
def regions(
    cluster: Any, machine: Any, migrated: str, plugin_id: str, plugin_settings: dict[str, Any], tmp_path: Path
) -> Iterator[Any]:
    """Regions by name (`Region`) in one world: `one` and `other`, which have the plugin, and `without`.

    When neither the plugin nor what it requires brings a referral form, all have a small made-up one.
    """
    from spheres_core.testing import definition, region_api, trial_region, world_maker

    wanted = region_api.with_what_it_requires(machine, plugin_id)
    on = machine
    if not any((machine.plugins[each].root / "forms").is_dir() for each in wanted if each in machine.plugins):
        on = region_api.with_a_region(machine, tmp_path)
        wanted = (*wanted, trial_region.ID)
    settings = {plugin_id: plugin_settings} if plugin_settings else {}
    with world_maker(cluster, on, migrated) as make:
        world = make(
            definition("one", *wanted, settings=settings),
            definition("other", *wanted, settings=settings),
            definition("without", *(each for each in wanted if each != plugin_id)),
        )
        yield {slug: region_api.Region(world, slug, plugin_id) for slug in ("one", "other", "without")}


@pytest.fixture
def region(regions: Any) -> Any:
    """Returns one region that has the plugin (`Region`)."""
    return regions["one"]


@pytest.fixture
def two_regions(regions: Any) -> tuple[Any, Any]:
    """Returns two regions that have the plugin, in one world: what one keeps, the other must never see."""
    return regions["one"], regions["other"]


@pytest.fixture
def clients(region: Any) -> dict[str, Any]:
    """Callers of the region (`Client`): `clients["anonymous"]`, and one for each role, the plugin's own too."""
    roles = region.world.loaded(region.slug).plugins.roles
    return {"anonymous": region.client(), **{role: region.client(role) for role in roles}}


@pytest.fixture
def clock(region: Any) -> Any:
    """Returns the world's clock (`Clock`): it stands at noon of 2026-11-21, Eastern time, until a test moves it."""
    import datetime as dt

    from spheres_core.testing import region_api

    return region_api.Clock(region.world, dt.datetime(2026, 11, 21, 17, 0, tzinfo=dt.UTC))


@pytest.fixture
def outbox(region: Any) -> Any:
    """`outbox()` delivers now what the region's trail owes; `outbox(again=True)` everything once more.

    It gives what could not be delivered: (recipient, why).
    """

    def deliver(*, again: bool = False) -> Any:
        region.deliver(again=again)
        return region.failures()

    return deliver


@pytest.fixture
def referral(region: Any) -> Any:
    """`referral(age=16, community="pontiac")`: sends one with answers of these meanings; returns its id."""
    return region.refer


@pytest.fixture
def organization(region: Any) -> Any:
    """`organization("night_house")`: puts one into the region's directory; returns its key."""
    return region.organization


@pytest.fixture
def hook(region: Any) -> Any:
    """`hook("assess_eligibility", referral={"age": 16})`: puts a question to the plugin alone; returns its answers.

    Facts that are not given are examples; those that are given are converted, or refused by name. `own=` stands in for
    what the plugin gathers. AssertionError with exception, words and line when it fails, is slow or answers garbage.
    """
    return region.ask


@pytest.fixture
def break_plugin(region: Any) -> Iterator[Any]:
    """`break_plugin("assess_eligibility", "raise")`: lets the plugin's hook raise, hang, exit or answer garbage."""
    import contextlib

    from spheres_core.testing.broken_hooks import breaking

    with contextlib.ExitStack() as broken:

        def break_it(hook: str, mode: Any) -> None:
            made = region.world.loaded(region.slug).plugins
            broken.enter_context(breaking(made, region.plugin_id, hook, mode))

        yield break_it
