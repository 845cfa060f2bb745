"""What pytest finds of ours by itself (entry point `pytest11`): the fixtures, by name.

Every pytest run on the machine reads this module, most of them for projects that have nothing to do with us. So it
imports nothing of ours until a test asks for one of its fixtures.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Keep a remark of Litestar's about our own handlers out of authors' reports."""
    config.addinivalue_line("filterwarnings", "ignore:.*Inferred dependency field")


@pytest.fixture(scope="session")
def cluster(pytestconfig: pytest.Config) -> Iterator[Any]:
    """The embedded PostgreSQL (`Cluster`), kept between runs in `.spheres-test`."""
    from spheres_core.testing import shared_cluster

    with shared_cluster(pytestconfig.rootpath / ".spheres-test" / "18") as running:
        yield running


@pytest.fixture(scope="session")
def plugin_folders(request: pytest.FixtureRequest) -> list[Path]:
    """Where the tests' plugins are: `SPHERES_PLUGINS`, else beside the plugins whose tests these are, else `plugins`.

    With a plugin's tests comes `example_region`, a pack with a referral form.
    """
    from spheres_core.testing import EXAMPLES

    named = os.environ.get("SPHERES_PLUGINS")
    if named:
        return [*(Path(part) for part in named.split(os.pathsep) if part), EXAMPLES]
    own = {_plugin_around(item.path) for item in request.session.items} - {None}
    return [*sorted(each.parent for each in own if each), EXAMPLES] if own else [request.config.rootpath / "plugins"]


def _plugin_around(path: Path) -> Path | None:
    return next((each for each in path.parents if (each / "plugin.toml").is_file()), None)


@pytest.fixture(scope="session")
def machine(plugin_folders: list[Path]) -> Any:
    """The plugins in those folders (`Machine`)."""
    from spheres_core.foundation.plugins import discover

    return discover(plugin_folders)


@pytest.fixture(scope="session")
def migrated(cluster: Any, machine: Any) -> Iterator[str]:
    """The full name of a migrated database to copy from."""
    from spheres_core.testing import migrated_database

    yield from migrated_database(cluster, machine)


@pytest.fixture
def make_house(cluster: Any, machine: Any, migrated: str) -> Iterator[Any]:
    """`make_house(definition(…), …)` (`MakeHouse`): a house on a fresh database with these tenants."""
    from spheres_core.testing import house_maker

    yield from house_maker(cluster, machine, migrated)
