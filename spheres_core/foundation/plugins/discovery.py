"""Finds plugins on this machine, in folders and by entry point: their manifests are read, none of their code is run."""

import importlib.metadata
import importlib.util
import types
from collections.abc import Iterable, Mapping, Sequence
from itertools import permutations
from pathlib import Path

import structlog
from msgspec import Struct, field
from msgspec.structs import replace

from spheres_core.facts import Message, msg
from spheres_core.foundation.content.packs import ContentInvalid, Finding
from spheres_core.foundation.isolation import plugin_import
from spheres_core.foundation.plugins.manifest import FILE, Manifest, read_manifest
from spheres_core.foundation.plugins.signatures import problem_with_signature

ENTRY_POINTS = "spheres.plugins"

log = structlog.get_logger("spheres.plugins")


class PluginBroken(Exception):
    """A plugin cannot be used here; `message` says why in words for an administrator."""

    def __init__(self, plugin_id: str, message: Message, findings: Sequence[Finding] = ()) -> None:
        self.plugin_id = plugin_id
        self.message = message
        self.findings = tuple(findings)
        """The places in its content files, where it is these that cannot be used."""
        super().__init__(f"{plugin_id}: {message.msgid.format(**message.params)}")


class Installed(Struct, frozen=True):
    """A plugin on this machine: its folder and what its manifest says."""

    manifest: Manifest
    root: Path


class Machine(Struct, frozen=True):
    """Every plugin found on this machine, and those whose manifest cannot be read."""

    plugins: Mapping[str, Installed]
    broken: Mapping[str, ContentInvalid]
    unmigrated: Mapping[str, Message] = field(default_factory=dict)
    """Plugins whose tables are not those of their code, with the reason: they are in no set until that is mended."""

    def having(self, plugin_id: str) -> "Machine":
        """Returns the machine as it is once this plugin's tables are those of its code."""
        return replace(self, unmigrated={id_: why for id_, why in self.unmigrated.items() if id_ != plugin_id})


def discover(folders: Iterable[Path], *, trusted: Sequence[str] = ()) -> Machine:
    """Finds plugins in folders and by entry point, reading manifests only.

    An id in two places is in neither. Of two code plugins of which one's id begins with the other's and an underscore,
    the one with the longer id is not used: its tables and revisions would stand under the other's name. `trusted`: the
    public keys by one of which code must be signed; none when it needs no signature.
    """
    plugins: dict[str, Installed] = {}
    broken: dict[str, ContentInvalid] = {}
    places: dict[str, dict[Path, Path]] = {}
    for root in [*_in_folders(folders), *_by_entry_point()]:
        places.setdefault(root.name, {}).setdefault(root.resolve(), root)
    for id_, (root, *others) in ((id_, found.values()) for id_, found in places.items()):
        try:
            if others:
                raise ContentInvalid([_twice(id_, here, there) for here, there in permutations((root, *others), 2)])
            plugins[id_] = Installed(read_manifest(root), root)
        except ContentInvalid as invalid:
            broken[id_] = invalid
    for id_, each in [*plugins.items()]:
        if trusted and each.manifest.tier == "code":
            problem = problem_with_signature(each.root, id_, each.manifest.version, trusted)
            if problem is not None:
                broken[id_] = ContentInvalid([Finding(str(plugins.pop(id_).root / FILE), problem, line=1, key="id")])
    for id_, shorter in _under_another_name(plugins).items():
        broken[id_] = ContentInvalid([_under(plugins.pop(id_).root, shorter)])
    return Machine(plugins, broken)


def _under_another_name(plugins: Mapping[str, Installed]) -> dict[str, Installed]:
    """Returns the plugins whose own names would be another's, each with that other."""
    code = {id_: each for id_, each in plugins.items() if each.manifest.tier == "code"}
    return {id_: code[other] for id_ in code for other in code if id_.startswith(f"{other}_")}


def _under(here: Path, shorter: Installed) -> Finding:
    why = msg(
        "Its tables would begin with {name}, which are those of the plugin {plugin} in {folder}. One of the two needs"
        " another id.",
        name=f"{shorter.manifest.id}_", plugin=shorter.manifest.id, folder=str(shorter.root),
    )  # fmt: skip
    return Finding(str(here / FILE), why, line=1, key="id")


def _twice(id_: str, here: Path, there: Path) -> Finding:
    """Returns the finding at one of two plugins that have the same id."""
    why = msg("The plugin {plugin} is also in {folder}; one of the two must go.", plugin=id_, folder=str(there))
    return Finding(str(here / FILE), why, line=1, key="id")


def _in_folders(folders: Iterable[Path]) -> Iterable[Path]:
    for folder in folders:
        if folder.is_dir():
            yield from sorted(path.parent for path in folder.glob(f"*/{FILE}"))


def _by_entry_point() -> Iterable[Path]:
    for entry in sorted(importlib.metadata.entry_points(group=ENTRY_POINTS), key=lambda e: e.name):
        for folder in _folders_of(entry):
            if (folder / FILE).is_file():
                yield folder
                break
        else:
            log.error("plugin.not_found", plugin=entry.name)


def _folders_of(entry: importlib.metadata.EntryPoint) -> Iterable[Path]:
    """Where the package that an entry point names may lie: among its distribution's files, else where Python finds it.

    The first needs no import, and finds `spheres_plugins.<id>` although that name is ours in this process.
    """
    if entry.dist is not None:
        yield Path(str(entry.dist.locate_file(entry.value.replace(".", "/"))))
    try:
        spec = importlib.util.find_spec(entry.value)
    except (Exception, SystemExit) as error:  # a parent package runs when its child is looked for
        log.error("plugin.not_found", plugin=entry.name, error=type(error).__name__)
        return
    for location in (spec and spec.submodule_search_locations) or ():
        yield Path(location)


def load_module(installed: Installed, name: str) -> types.ModuleType | None:
    """Imports one module of a code plugin; None when it has no such file. Raises `PluginBroken` whatever it does."""
    try:
        return plugin_import.load(installed.root, installed.manifest.id, name)
    except plugin_import.CannotImport as failed:
        raise PluginBroken(installed.manifest.id, failed.message) from failed
