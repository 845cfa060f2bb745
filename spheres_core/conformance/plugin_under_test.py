"""Reads the plugin that is checked, once for all rules."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterator, Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import Final

from spheres_core import app
from spheres_core.app import page_files
from spheres_core.conformance.config import Config
from spheres_core.facts import Message, msg
from spheres_core.foundation.content.packs import ContentInvalid, Finding
from spheres_core.foundation.plugins.discovery import Installed, Machine
from spheres_core.foundation.plugins.manifest import FILE, Manifest, read_manifest
from spheres_core.foundation.plugins.plugin_set import PluginSet
from spheres_core.foundation.plugins.set_builder import build_set
from spheres_core.foundation.web import application

NOT_THE_PLUGIN: Final = ("tests", "__pycache__")
"""Folders of a plugin that a running system never looks into."""


class PluginUnderTest:
    """Gives the rules a plugin's folder, manifest, code and plugin set, beside the other plugins of the machine."""

    def __init__(self, root: Path, others: Machine, config: Config) -> None:
        self.root = root.resolve()
        self.config = config
        self.invalid: tuple[Finding, ...] = ()
        self._manifest: Manifest | None = None
        try:
            self._manifest = read_manifest(self.root)
        except ContentInvalid as invalid:
            self.invalid = invalid.findings
        around = {id_: each for id_, each in others.plugins.items() if id_ != self.id}
        own = {self.id: Installed(self._manifest, self.root)} if self._manifest else {}
        self.machine = Machine({**around, **own}, {})

    @property
    def id(self) -> str:
        return self._manifest.id if self._manifest else self.root.name

    @property
    def is_readable(self) -> bool:
        """Says whether its plugin.toml can be read at all."""
        return self._manifest is not None

    @property
    def manifest(self) -> Manifest:
        """Its manifest. Raises `Unusable`."""
        if self._manifest is None:
            raise Unusable(msg("Its plugin.toml cannot be read."))
        return self._manifest

    @property
    def has_code(self) -> bool:
        return self.manifest.tier == "code"

    def finding_at(
        self, file: Path | str, message: Message, line: int | None = None, key: str | None = None
    ) -> Finding:
        """Returns a finding at a place inside the plugin."""
        path = Path(file)
        name = path.relative_to(self.root).as_posix() if path.is_absolute() else str(file)
        return Finding(name, message, line=line, key=key)

    def manifest_finding(self, message: Message, key: str | None = None, *, severity: str = "error") -> Finding:
        """Returns a finding in plugin.toml; a `warning` fails no rule."""
        return Finding(FILE, message, key=key, severity=severity)

    @cached_property
    def wanted(self) -> frozenset[str]:
        """Returns the ids of the plugin and of all that it requires."""
        return self.with_requirements(self.manifest.id)

    def with_requirements(self, id_: str) -> frozenset[str]:
        """Returns the ids of a plugin of the machine and of all that it requires."""
        found: set[str] = set()
        waiting = [id_]
        while waiting:
            here = waiting.pop()
            if here not in found and here in self.machine.plugins:
                waiting += self.machine.plugins[here].manifest.requires
            found.add(here)
        return frozenset(found)

    @cached_property
    def plugin_set(self) -> PluginSet:
        """Builds the set of the plugin and what it requires, with its app; the plugin may be left out of it."""
        return build_set_with_app(self.machine, self.wanted)

    @property
    def usable_set(self) -> PluginSet:
        """Returns the same set when the plugin is in it. Raises `Unusable` with the reason when it was left out."""
        left_out = self.plugin_set.left_out.get(self.manifest.id)
        if left_out is not None:
            raise Unusable(left_out)
        return self.plugin_set

    def python_files(self) -> Iterator[Path]:
        """Yields its Python files, without its tests."""
        for path in sorted(self.root.rglob("*.py")):
            if not set(NOT_THE_PLUGIN) & set(path.relative_to(self.root).parts):
                yield path

    def test_files(self) -> Iterator[tuple[Path, ast.Module]]:
        """Yields the Python files of its tests, as they are written."""
        for path in sorted((self.root / "tests").rglob("*.py")):
            with contextlib.suppress(SyntaxError, ValueError):
                yield path, ast.parse(path.read_bytes())

    @cached_property
    def syntax_trees(self) -> Mapping[Path, ast.Module]:
        """Its Python files, parsed. One that is not Python is left out (it cannot be imported either)."""
        found = {}
        for path in self.python_files():
            try:
                found[path] = ast.parse(path.read_bytes())
            except (SyntaxError, ValueError):
                continue
        return found


class Unusable(Exception):
    """Raised when the plugin cannot be used on this machine, so that most rules cannot be checked."""

    def __init__(self, reason: Message) -> None:
        self.reason = reason
        super().__init__(reason.msgid)


def build_set_without_app(machine: Machine, wanted: frozenset[str]) -> PluginSet:
    """Builds a plugin set without its app, which takes most of the time."""
    return build_set(machine, wanted, app.rooms(), app.catalog_folder())


def build_set_with_app(machine: Machine, wanted: frozenset[str]) -> PluginSet:
    """Builds a plugin set as the dispatcher does."""
    apps = partial(
        application.build_app, template_folders=page_files.template_folders(), static=page_files.static_files()
    )
    return build_set(machine, wanted, app.rooms(), app.catalog_folder(), apps)
