"""Finds the folder of the plugin that somebody names."""

from __future__ import annotations

from pathlib import Path

from spheres_core import app
from spheres_core.cli.output import CommandError
from spheres_core.facts import msg
from spheres_core.foundation.plugins.manifest import FILE


def find_plugin_folder(place: str) -> Path:
    """Returns a plugin's folder, the one plugin inside a folder, or that of an installed plugin by its id.

    A folder without any plugin is returned as it is, so that what is missing there can be said. Raises `CommandError`.
    """
    folder = Path(place)
    if (folder / FILE).is_file():
        return folder.resolve()
    known = app.machine()
    if place in known.plugins:
        return known.plugins[place].root
    inside = sorted(folder.glob(f"*/{FILE}"))
    if len(inside) > 1:
        names = ", ".join(each.parent.name for each in inside)
        raise CommandError(msg("{folder} holds several plugins. Name one of them: {names}.", folder=place, names=names))
    if folder.is_dir():
        return (inside[0].parent if inside else folder).resolve()
    raise CommandError(msg("{place} is neither a folder nor a plugin on this machine.", place=place))
