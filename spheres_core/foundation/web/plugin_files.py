"""Static files of plugins, at `/static/x/<id>/…` of the regions that have the plugin, and nowhere else."""

from pathlib import Path as FilePath
from typing import Any, Final

from litestar import Request, get
from litestar.params import FromPath
from litestar.response import Response

from spheres_core.facts import msg
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.plugins.discovery import PluginBroken
from spheres_core.foundation.plugins.plugin_set import PluginSet
from spheres_core.foundation.web.guards import public
from spheres_core.foundation.web.request_scope import request_scope_of
from spheres_core.foundation.web.static_files import StaticFiles

KINDS: Final = frozenset({".css", ".js", ".svg", ".png", ".jpg", ".webp", ".woff2", ".json"})
LARGEST: Final = 2_000_000
"""Bytes of all files of one plugin."""


def files_of(made: PluginSet) -> StaticFiles:
    """Reads the `static` folders of a set's code plugins. Raises `PluginBroken` for one that may not be served."""
    folders: dict[str, FilePath] = {}
    for id_, each in made.plugins.items():
        folder = each.root / "static"
        if each.manifest.tier == "code" and folder.is_dir():
            _check(id_, folder)
            folders[id_] = folder
    return StaticFiles(folders, relative=True)


def _check(id_: str, folder: FilePath) -> None:
    size = 0
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.resolve().is_relative_to(folder.resolve()):
            raise PluginBroken(id_, msg("{file} leads out of the plugin's folder.", file=f"static/{name}"))
        if path.is_file():
            size += path.stat().st_size
            if path.suffix not in KINDS:
                raise PluginBroken(id_, msg("{file} is not of a kind that is served.", file=f"static/{name}"))
    if size > LARGEST:
        raise PluginBroken(id_, msg("Its static files have more than {most} bytes.", most=LARGEST))


@get("/static/x/{plugin:str}/{path:path}", guards=[public], include_in_schema=False, name="plugin_file")
async def plugin_file(
    request: Request[Any, Any, Any], plugin: FromPath[str], path: FromPath[FilePath]
) -> Response[bytes]:
    """Returns one file of a plugin of this region."""
    files: StaticFiles = request_scope_of(request).loaded.plugins.files
    wanted, accepted = request.query_params.get("v", ""), request.headers.get("accept-encoding", "")
    found = files.answer(f"{plugin}/{path.as_posix().removeprefix('/')}", wanted, accepted)
    if found is None:
        raise NotFound
    return found
