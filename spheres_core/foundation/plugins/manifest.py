"""`plugin.toml`: what a plugin says of itself, read before any of its code.

Everything an administrator must see to decide stands here. What is declared must equal what the plugin then does, or it
does not load.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct, field
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from spheres_core import __version__
from spheres_core.facts import Message, Words, msg
from spheres_core.foundation.content.packs import ContentInvalid, Finding, line_of, read_toml
from spheres_core.foundation.languages.tags import problem_with_tag

FILE = "plugin.toml"
RESERVED = frozenset({"core", "jobs", "spheres", "spheres_core", "spheres_plugins"})
"""Names of components and packages of the core: a plugin with one of them would stand in its place."""
ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?")
"""Scheme, host and port of an outside address."""
_ID = re.compile(r"[a-z][a-z0-9_]{2,30}")


class Provides(Struct, frozen=True, forbid_unknown_fields=True):
    """The parts that a plugin brings. For a code plugin all of it must equal what it registers."""

    hooks: tuple[str, ...] = ()
    routes: bool = False
    tables: tuple[str, ...] = ()
    permissions: Mapping[str, Words] = field(default_factory=dict)
    commands: Mapping[str, Words] = field(default_factory=dict)
    """Commands under `spheres x <id>`, by their names."""
    roles: Mapping[str, Words] = field(default_factory=dict)
    """Roles of its own, which carry its own permissions only."""
    reports: Mapping[str, Words] = field(default_factory=dict)
    """Reports over its own tables, by their names."""
    content: tuple[str, ...] = ()
    """Content files and folders, e.g. `partners.toml`, `forms/referral.md`, `pages`."""
    locales: tuple[str, ...] = ()
    """Tags of the languages that its `locales.toml` registers, e.g. `iu-Latn`."""
    safeguards: tuple[str, ...] = ()
    """`check_` hooks whose failure refuses the write instead of warning."""


class Data(Struct, frozen=True, forbid_unknown_fields=True):
    """The personal data that the plugin touches."""

    categories: tuple[str, ...] = ()
    sent_to: tuple[str, ...] = ()
    """Each outside address that it calls, e.g. `https://registry.example.org`; no other can be called."""


class Manifest(Struct, frozen=True, forbid_unknown_fields=True):
    """A plugin's `plugin.toml`."""

    manifest: Literal[1]
    id: str
    version: str
    tier: Literal["pack", "code"]
    languages: tuple[str, ...]
    title: Words
    description: Words
    licence: str
    owner: str
    compatible: Mapping[str, str]
    languages_in_part: tuple[str, ...] = ()
    """Further languages in which it says some of its texts; where one lacks, people read the next language."""
    security: str = ""
    """Where a weakness in it is reported: an address, or whose word it follows."""
    requires: Mapping[str, str] = field(default_factory=dict)
    conflicts: Mapping[str, str] = field(default_factory=dict)
    requires_python: Mapping[str, str] = field(default_factory=dict)
    """Packages of Python that it needs, `[requires.python]` in the file: by name, the versions."""
    provides: Provides = field(default_factory=Provides)
    data: Data = field(default_factory=Data)
    failure: Mapping[str, Words] = field(default_factory=dict)
    """In plain words, what stops working when a part of the plugin fails."""


def is_id(text: str) -> bool:
    """Returns whether this can be a plugin's id, and so its folder's name and the beginning of all it owns."""
    return _ID.fullmatch(text) is not None


def read_manifest(folder: Path) -> Manifest:
    """Reads and checks a plugin's manifest without importing it. Raises `ContentInvalid` with every finding."""
    path = folder / FILE
    if not path.is_file():
        raise ContentInvalid([Finding(FILE, msg("The folder {folder} has no plugin.toml.", folder=folder.name))])
    raw, text = read_toml(path)
    if isinstance(needs := raw.get("requires"), dict) and isinstance(needs.get("python"), dict):
        raw = {**raw, "requires_python": needs["python"], "requires": {k: v for k, v in needs.items() if k != "python"}}
    try:
        manifest = msgspec.convert(raw, Manifest)
    except msgspec.ValidationError as error:
        raise ContentInvalid([_structural(str(error), text)]) from None
    findings = [
        Finding(FILE, message, line=line_of(text, key), key=key) for key, message in _problems(manifest, folder)
    ]
    own = manifest.provides.locales
    findings += [
        Finding(FILE, problem, line=line_of(text, "languages", value=tag), key="languages")
        for tag in dict.fromkeys((*manifest.languages, *manifest.languages_in_part))
        if (problem := problem_with_tag(tag, own))
    ]
    if findings:
        raise ContentInvalid(findings)
    return manifest


def _structural(error: str, text: str) -> Finding:
    sentence, _, path = error.partition(" - at `$")
    key = path.strip("`.") or None
    if unknown := re.search(r"unknown field `([^`]+)`", sentence):
        key = f"{key}.{unknown[1]}" if key else unknown[1]
    line = (line_of(text, key) if key else None) or 1
    return Finding(FILE, msg("plugin.toml: {reason}.", reason=sentence), line=line, key=key)


def _problems(manifest: Manifest, folder: Path) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    if not is_id(manifest.id):
        found.append(("id", msg("An id is 3 to 31 small letters, digits and underscores, beginning with a letter.")))
    if manifest.id in RESERVED:
        found.append(("id", msg("The id {id} is taken by the core.", id=manifest.id)))
    if manifest.id != folder.name:
        found.append(("id", msg("The id {id} is not the folder's name {folder}.", id=manifest.id, folder=folder.name)))
    try:
        Version(manifest.version)
    except InvalidVersion:
        found.append(("version", msg("{version} is not a version such as 1.2.0.", version=manifest.version)))
    for section in ("compatible", "requires", "conflicts", "requires_python"):
        for name, wanted in getattr(manifest, section).items():
            try:
                SpecifierSet(wanted)
            except InvalidSpecifier:
                found.append(
                    (f"{section}.{name}", msg("{wanted} is not a version range such as >=1.0,<2.", wanted=wanted))
                )
    if "spheres" not in manifest.compatible:
        found.append(("compatible", msg("Which versions of SPHÈRES it works with is not stated.")))
    listed = (*manifest.languages, *manifest.languages_in_part)
    if twice := sorted({tag for tag in listed if listed.count(tag) > 1}):
        found.append(("languages", msg("This is named twice: {name}.", name=", ".join(twice))))
    for name in ("title", "description"):
        for tag in manifest.languages:
            words = getattr(manifest, name)
            if not (words.get(tag) or words.get(tag.partition("-")[0])):
                found.append((name, msg("There is no text in {language}.", language=tag)))
    for permission in manifest.provides.permissions:
        if not permission.startswith(f"{manifest.id}."):
            found.append(
                ("provides.permissions", msg("A permission begins with the plugin's id: {name}.", name=permission))
            )
    for role in manifest.provides.roles:
        if not role.startswith(f"{manifest.id}."):
            found.append(("provides.roles", msg("A role begins with the plugin's id and a dot: {name}.", name=role)))
    for report in manifest.provides.reports:
        if not report.startswith(f"{manifest.id}."):
            sentence = msg("A report begins with the plugin's id and a dot: {name}.", name=report)
            found.append(("provides.reports", sentence))
    for command in manifest.provides.commands:
        if not re.fullmatch(r"[a-z][a-z0-9-]{0,30}", command):
            found.append(("provides.commands", msg("{name} is not a name for a command.", name=command)))
    for address in manifest.data.sent_to:
        if not ORIGIN.fullmatch(address):
            sentence = msg("{address} is not an address such as https://registry.example.org.", address=address)
            found.append(("data.sent_to", sentence))
    for table in manifest.provides.tables:
        if not table.startswith(f"{manifest.id}_"):
            found.append(("provides.tables", msg("A table begins with the plugin's id: {name}.", name=table)))
    for hook in manifest.provides.safeguards:
        if hook not in manifest.provides.hooks or not hook.startswith("check_"):
            sentence = msg("A safeguard is a check_ hook among its hooks: {name}.", name=hook)
            found.append(("provides.safeguards", sentence))
    if manifest.tier == "pack" and (manifest.provides.hooks or manifest.provides.routes or manifest.provides.tables):
        found.append(("tier", msg("A pack is data only: it has no hooks, routes or tables.")))
    if not fits(__version__, manifest.compatible.get("spheres", "")):
        found.append(("compatible.spheres", msg("It does not work with SPHÈRES {version}.", version=__version__)))
    return found


def fits(version: str, wanted: str) -> bool:
    """Returns whether a version lies in a range such as `>=1.0,<2`. Pre-releases count; nonsense does not fit."""
    try:
        return SpecifierSet(wanted).contains(version, prereleases=True)
    except InvalidSpecifier:
        return False


def requirement_message(plugin: Words | str, wanted: str) -> Message:
    """Returns the sentence that a plugin is needed. `plugin`: its title or its id; `wanted`: such as `>=1.0`."""
    if re.fullmatch(r">=[\w.]+", wanted):
        return msg("It requires the plugin {plugin}, version {version} or later.", plugin=plugin, version=wanted[2:])
    if wanted:
        return msg("It requires the plugin {plugin}, version {version}.", plugin=plugin, version=wanted)
    return msg("It requires the plugin {plugin}.", plugin=plugin)
