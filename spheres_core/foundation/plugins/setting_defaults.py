"""Reads `settings.toml`: what a pack proposes for settings of the rooms and of the plugins that it builds on.

A tenant's own values come before them, one by one.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct

from spheres_core.facts import Message, msg
from spheres_core.foundation.content import toml
from spheres_core.foundation.content.packs import ContentInvalid, DescribedContent, Finding
from spheres_core.foundation.content.struct_reader import Source, only_one
from spheres_core.foundation.content.value_kinds import kind_message
from spheres_core.foundation.plugins.plugin_set import SETTINGS, PluginSet
from spheres_core.foundation.plugins.setting_fields import HasConflicts

FILE: Final = "settings.toml"


class SettingsFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A whole `settings.toml`."""

    format: Literal[1]
    settings: Mapping[str, Mapping[str, Any]] = {}
    """By owner, as in a tenant's file: `[settings.referrals]`."""


class SettingDefaults(Struct, frozen=True):
    """The proposals of one pack, by owner."""

    values: Mapping[str, Mapping[str, Any]]


def read_settings(paths: Sequence[Path], plugin_id: str) -> SettingDefaults:
    """Returns what a pack proposes. Raises `ContentInvalid` with every finding."""
    source = Source(only_one(paths))
    found = source.read(SettingsFile)
    source.finish()
    assert found is not None
    return SettingDefaults(found.settings)


def fit_settings(content: SettingDefaults, made: PluginSet, plugin_id: str) -> SettingDefaults:
    """Returns the proposals that this set has settings for. Raises `ContentInvalid` for one that does not fit.

    A pack speaks for the rooms of the core and for plugins that it requires, not for others that happen to be there.
    """
    required = made.plugins[plugin_id].manifest.requires
    findings: list[Finding] = []
    for owner, values in content.values.items():
        place = f"settings.{owner}"
        kind = made.settings.get(owner)
        if kind is None or (owner in made.plugins and owner != plugin_id and owner not in required):
            said = msg("No room, and no plugin that this one requires, has settings under {owner}.", owner=owner)
            findings.append(Finding(FILE, said, key=place))
        else:
            findings += (Finding(FILE, message, key=f"{place}.{name}") for name, message in problems_with(values, kind))
    if findings:
        raise ContentInvalid(findings)
    return content


def problems_with(values: Mapping[str, Any], kind: type[Struct]) -> Iterator[tuple[str, Any]]:
    """Yields what stands against values for settings of this kind, each by its name."""
    known = {each.encode_name for each in msgspec.structs.fields(kind)}
    good: dict[str, Any] = {}
    for name, value in values.items():
        if name not in known:
            yield name, msg("The key {key} is not known here.", key=name)
            continue
        try:
            msgspec.convert({name: value}, kind)
        except msgspec.ValidationError as error:
            yield name, msg("{key}: {reason}", key=name, reason=kind_message(str(error)))
        else:
            good[name] = value
    yield from conflicts_in(good, kind)


def conflicts_in(values: Mapping[str, Any], kind: type[Struct]) -> Iterator[tuple[str, Message]]:
    """Yields the settings that do not go together, where nothing else stands against the values."""
    made = msgspec.convert(values, kind, strict=False)
    if isinstance(made, HasConflicts):
        yield from made.conflicts()


def describe_settings(content: SettingDefaults) -> list[DescribedContent]:
    """Returns the proposals as an administrator sees them before they are on."""
    proposed = [(f"{owner}.{name}", value) for owner, given in content.values.items() for name, value in given.items()]
    return [
        DescribedContent(SETTINGS, name, dict.fromkeys(("en", "fr"), f"{name} = {toml.value(value)}"))
        for name, value in proposed
    ]


def with_defaults(
    owned: Mapping[str, Mapping[str, Any]], defaults: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Returns a tenant's own values with those that its packs propose where it has set none."""
    return {owner: {**defaults.get(owner, {}), **owned.get(owner, {})} for owner in {**defaults, **owned}}
