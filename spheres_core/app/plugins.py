"""The plugins on this machine: where they are looked for. None of their code is run."""

from pathlib import Path

from spheres_core.foundation import deployment
from spheres_core.foundation.plugins.discovery import Machine, discover


def plugin_folders() -> list[Path]:
    """Folders searched for plugins: `SPHERES_PLUGINS` (several with the system's path separator), else `plugins/`."""
    return deployment.plugin_folders() or [Path("plugins")]


def machine() -> Machine:
    """Returns the plugins on this machine."""
    return discover(plugin_folders(), trusted=deployment.trusted_keys())
