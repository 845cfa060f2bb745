"""One process that answers requests: `assembly` makes its runtime, a request meets its tenant in `dispatcher`.

Those two need all that pages are made with. What commands ask for stands here: the rooms, the plugins on this machine,
and all that has tables.
"""

from spheres_core.app.plugins import machine, plugin_folders
from spheres_core.app.rooms import CORE, ROOMS, catalog_folder, pack_readers, rooms
from spheres_core.app.tables import components

__all__ = [
    "CORE",
    "ROOMS",
    "catalog_folder",
    "components",
    "machine",
    "pack_readers",
    "plugin_folders",
    "rooms",
]
