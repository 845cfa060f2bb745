"""Writing TOML in one hand: as much of it as a tenant's file needs. The standard library only reads it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def written(document: Mapping[str, Any]) -> str:
    """A document as TOML: plain keys, then `[settings.…]` tables."""
    tables: Mapping[str, Mapping[str, Any]] = document.get("settings", {})
    lines = [f"{_key(name)} = {as_value(value)}" for name, value in document.items() if name != "settings"]
    for owner, values in sorted(tables.items()):
        lines += ["", f"[settings.{_key(owner)}]", *(f"{_key(k)} = {as_value(v)}" for k, v in sorted(values.items()))]
    return "\n".join(lines) + "\n"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _string(name)


def as_value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(k)} = {as_value(v)}" for k, v in value.items() if v is not None) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(as_value(each) for each in value) + "]"
    return _string(str(value))


def _string(text: str) -> str:
    """A JSON string is a TOML basic string, once DEL is written as an escape too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
