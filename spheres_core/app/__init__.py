"""One process that answers requests: the rooms are listed in `rooms`, a request meets its tenant in `dispatcher`."""

from spheres_core.app.assembly import build_app, components, machine, make_runtime, plugin_folders
from spheres_core.app.dispatcher import Dispatcher
from spheres_core.app.rooms import CORE, ROOMS, catalog_folder, pack_readers, rooms, static_files, template_folders

__all__ = [
    "CORE",
    "ROOMS",
    "Dispatcher",
    "build_app",
    "catalog_folder",
    "components",
    "machine",
    "make_runtime",
    "pack_readers",
    "plugin_folders",
    "rooms",
    "static_files",
    "template_folders",
]
