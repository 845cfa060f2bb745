"""What pytest finds of ours by itself (entry point `pytest11`): the fixtures, by name.

Every pytest run on the machine reads this module, most of them for projects that have nothing to do with us. So it
imports nothing of ours until a test asks for one of its fixtures.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def cluster(pytestconfig: pytest.Config) -> Iterator[Any]:
    """The embedded PostgreSQL (`Cluster`), kept between runs in `.spheres-test`."""
    from spheres_core.testing import shared_cluster

    with shared_cluster(pytestconfig.rootpath / ".spheres-test" / "18") as running:
        yield running


@pytest.fixture(scope="session")
def plugin_folders(pytestconfig: pytest.Config) -> list[Path]:
    """Where the tests' plugins are: `SPHERES_PLUGINS`, else beside the plugin that is tested, else `plugins`."""
    named = os.environ.get("SPHERES_PLUGINS")
    if named:
        return [Path(part) for part in named.split(os.pathsep) if part]
    root = pytestconfig.rootpath
    own = next((each for each in (root, *root.parents) if (each / "plugin.toml").is_file()), None)
    return [own.parent if own else root / "plugins"]


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
