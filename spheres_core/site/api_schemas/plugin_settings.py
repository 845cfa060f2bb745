"""Structs of the API about plugins' settings."""

from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct

from spheres_core.foundation.languages.localization import Text

SettingValue = bool | int | float | str | list[str]


class SettingShown(Struct, frozen=True):
    """One setting of a plugin. A secret has no value: only whether one is set."""

    name: str
    kind: Literal["yes_no", "whole", "number", "text", "choice", "list", "secret", "other"]
    """`other` is set in the region's file only."""
    title: Text
    hint: Text | None
    value: SettingValue | None
    is_set: bool | None
    """For a secret."""
    choices: Sequence[str]
    least: float | None
    most: float | None


class SettingList(Struct, frozen=True):
    """Settings of a plugin, in the order that it gives them."""

    plugin: str
    settings: list[SettingShown]


class SettingsPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """The settings to change, by name; those that are not named stay as they are."""

    values: Mapping[str, SettingValue] = {}
    secrets: Mapping[str, str] = {}
    """New secrets. They are sealed, and come out of no answer."""
    remove: Sequence[str] = ()
    """Names of secrets to remove."""


class SettingsChanged(Struct, frozen=True):
    """Names of the settings that changed."""

    changed: list[str]
