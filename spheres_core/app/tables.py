"""All that has tables of its own: the core, the job queue, and plugins on this machine."""

import importlib
import importlib.util
from graphlib import CycleError, TopologicalSorter

from spheres_core.app.rooms import ROOMS
from spheres_core.foundation.database.components import CORE, JOBS, Component
from spheres_core.foundation.plugins.discovery import Machine


def components(found: Machine) -> list[Component]:
    """Returns all that have tables: the core, the job queue, and each code plugin with a `migrations` folder."""
    for name in ("foundation", *ROOMS):
        if importlib.util.find_spec(f"spheres_core.{name}.models") is not None:
            importlib.import_module(f"spheres_core.{name}.models")
    return [CORE, JOBS, *(_component(found, id_) for id_ in _migrated(found))]


def _migrated(found: Machine) -> list[str]:
    """Returns the plugins with a `migrations` folder. Those that need each other in a circle are in no set anyhow."""
    having = {id_: each for id_, each in found.plugins.items() if (each.root / "migrations").is_dir()}
    while True:
        try:
            [*TopologicalSorter({id_: [*each.manifest.requires] for id_, each in having.items()}).static_order()]
        except CycleError as cycle:
            having = {id_: each for id_, each in having.items() if id_ not in cycle.args[1]}
        else:
            return [*having]


def _component(found: Machine, id_: str) -> Component:
    each, having = found.plugins[id_], _migrated(found)
    needs = [other for other in each.manifest.requires if other in having]
    return Component(id_, scripts=each.root / "migrations", requires=("core", *needs), numbered=True)
