"""Checks and numbers the keys of entries whose row gives none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from spheres_core.facts import msg
from spheres_core.foundation.content.sheet_columns import SheetRow
from spheres_core.partners.entry_keys import free_key, key_from
from spheres_core.partners.sheets.sheet_source import SheetSource

__all__ = ["check_key", "key_from", "numbered_key"]


def check_key(source: SheetSource, entry: dict[str, Any], place: str, line: SheetRow, name: str) -> None:
    if not entry["key"]:
        sentence = msg("No key can be made of this name: write one in the column “key”, in small letters.")
        source.reject(f"{place}.key", sentence, line.place(name))


def numbered_key(key: str, among: Iterable[Mapping[str, Any]]) -> str:
    """Returns the key, with a number when it is taken."""
    return free_key(key, {each["key"] for each in among})
