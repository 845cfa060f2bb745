"""Runs the core for tests: its own, and those of plugins.

Everything is real: an embedded PostgreSQL, the dispatcher with every room, plugins from folders.

*World*: one process as it would run, over a database of its own; its clients speak HTTP to it without a network.
pytest finds the fixtures by itself once SPHÈRES is installed (entry point `pytest11`): `spheres_core.fixtures`, which
imports this package. Nothing here needs pytest, so that `spheres plugin check` runs where there is none.
"""

from spheres_core.testing.databases import MakeDatabase, database_maker, shared_cluster
from spheres_core.testing.plugin_folders import write_plugin
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
    "write_plugin",
]
