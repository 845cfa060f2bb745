"""Puts a process together that answers requests: a runtime whose plugin sets have their apps."""

from litestar import Litestar

from spheres_core.app.page_files import static_files, template_folders
from spheres_core.app.plugins import machine
from spheres_core.app.rooms import catalog_folder, rooms
from spheres_core.foundation import deployment
from spheres_core.foundation.database.transactions import Database
from spheres_core.foundation.encryption import Keyring
from spheres_core.foundation.languages.localization import read_catalog
from spheres_core.foundation.plugins.discovery import Machine
from spheres_core.foundation.plugins.plugin_set import PluginSet
from spheres_core.foundation.plugins.set_builder import build_set
from spheres_core.foundation.tenancy.garbage_collection import freeze_long_lived
from spheres_core.foundation.tenancy.post_limits import read_limits
from spheres_core.foundation.tenancy.runtime import Runtime
from spheres_core.foundation.web import application


def build_app(made: PluginSet) -> Litestar:
    """Returns the Litestar app of a plugin set. Raises `PluginBroken` for a plugin whose routes cannot be served."""
    return application.build_app(made, template_folders=template_folders(), static=static_files())


def prepare_core() -> None:
    """Makes what the sets of all processes that are forked from this one share: the core's routes, its texts."""
    build_set(Machine({}, {}), (), rooms(), catalog_folder(), build_app)
    for path in catalog_folder().glob("*/LC_MESSAGES/*.po"):
        read_catalog(path)


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
