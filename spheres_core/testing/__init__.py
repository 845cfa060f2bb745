"""What authors of plugins test with, and the core's own tests too. Everything is real: an embedded PostgreSQL,
the dispatcher with every room, plugins from folders.

*World*: one process as it would run, over a database of its own; its clients speak HTTP to it without a network.
pytest finds the fixtures by itself once SPHÈRES is installed (entry point `pytest11`): `spheres_core.fixtures`.
Nothing here needs pytest, so that `spheres plugin check` runs where there is none.
"""

import importlib
from typing import Any

from spheres_core.testing.databases import MakeDatabase, database_maker, shared_cluster
from spheres_core.testing.region_api import Client, Clock, Region
from spheres_core.testing.world import (
    EXAMPLES,
    MakeWorld,
    World,
    apply_definitions,
    definition,
    migrated_database,
    world_maker,
)

__all__ = [
    "EXAMPLES",
    "Client",
    "Clock",
    "MakeDatabase",
    "MakeWorld",
    "Region",
    "World",
    "apply_definitions",
    "database_maker",
    "definition",
    "migrated_database",
    "shared_cluster",
    "world_maker",
]

pytest_plugins = ("spheres_core.fixtures",)


def __getattr__(name: str) -> Any:
    """A fixture by its name, for a conftest that imports fixtures: pytest itself is needed only then."""
    try:
        fixtures = importlib.import_module("spheres_core.fixtures")
    except ModuleNotFoundError as missing:
        if missing.name != "pytest":
            raise
        fixtures = None
    if name.startswith("_") or not hasattr(fixtures, name):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(fixtures, name)
