"""Writes a tenant's file as TOML, in the order in which a person reads it; `foundation.content.toml` writes values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spheres_core.foundation.content.toml import key, value


def written(document: Mapping[str, Any]) -> str:
    """A document as TOML: plain keys, then `[settings.…]` tables."""
    tables: Mapping[str, Mapping[str, Any]] = document.get("settings", {})
    lines = [f"{key(name)} = {value(given)}" for name, given in document.items() if name != "settings"]
    for owner, values in sorted(tables.items()):
        lines += ["", f"[settings.{key(owner)}]", *(f"{key(k)} = {value(v)}" for k, v in sorted(values.items()))]
    return "\n".join(lines) + "\n"
