"""Puts a process together: the plugins on this machine, all that has tables, and a runtime with apps."""

import importlib
import importlib.util
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from litestar import Litestar

from spheres_core.app.rooms import ROOMS, catalog_folder, rooms, static_files, template_folders
from spheres_core.foundation import deployment
from spheres_core.foundation.database.components import CORE as CORE_COMPONENT
from spheres_core.foundation.database.components import JOBS, Component
from spheres_core.foundation.database.transactions import Database
from spheres_core.foundation.encryption import Keyring
from spheres_core.foundation.plugins.discovery import Machine, discover
from spheres_core.foundation.plugins.plugin_set import PluginSet
from spheres_core.foundation.tenancy.garbage_collection import freeze_long_lived
from spheres_core.foundation.tenancy.post_limits import read_limits
from spheres_core.foundation.tenancy.runtime import Runtime
from spheres_core.foundation.web import application


def plugin_folders() -> list[Path]:
    """Folders searched for plugins: `SPHERES_PLUGINS` (several with the system's path separator), else `plugins/`."""
    return deployment.plugin_folders() or [Path("plugins")]


def machine() -> Machine:
    """Returns the plugins on this machine."""
    return discover(plugin_folders(), trusted=deployment.trusted_keys())


def components(found: Machine) -> list[Component]:
    """Returns all that have tables: the core, the job queue, and each code plugin with a `migrations` folder."""
    for name in ("foundation", *ROOMS):
        if importlib.util.find_spec(f"spheres_core.{name}.models") is not None:
            importlib.import_module(f"spheres_core.{name}.models")
    return [CORE_COMPONENT, JOBS, *(_component(found, id_) for id_ in _migrated(found))]


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


def build_app(made: PluginSet) -> Litestar:
    """Returns the Litestar app of a plugin set. Raises `PluginBroken` for a plugin whose routes cannot be served."""
    return application.build_app(made, template_folders=template_folders(), static=static_files())


def make_runtime(
    database: Database, keyring: Keyring, found: Machine | None = None, *, adopts: bool = True, serves: bool = False
) -> Runtime:
    """Makes a runtime with the core's rooms, whose plugin sets have their apps. `adopts`: see `Runtime`.

    `serves`: this process answers requests, so that its garbage collector is kept away from what lives long.
    """
    made = Runtime(
        database, keyring, found or machine(), rooms(), catalog_folder(), build_app, adopts=adopts,
        after_build=freeze_long_lived if serves else None,
    )  # fmt: skip
    made.post_limits = read_limits(deployment.post_limits())
    return made
