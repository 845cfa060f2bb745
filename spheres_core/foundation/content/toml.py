"""Writing TOML, which the standard library only reads: what it writes reads back equal, and a person can mend it."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_LINE: Final = 110
"""Characters of a list of small tables that still stand in one line."""


def document(content: Mapping[str, Any]) -> str:
    """A document: plain keys first, then its tables and lists of tables. None is left out; TOML has no word for it."""
    return "\n".join(_table(content, "")).strip("\n") + "\n"


def value(given: Any) -> str:
    """A value as it stands after the equals sign."""
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, dt.datetime | dt.date | dt.time):
        return given.isoformat()
    if isinstance(given, int | float):
        return repr(given)
    if isinstance(given, Mapping):
        return "{" + ", ".join(f"{key(k)} = {value(v)}" for k, v in given.items() if v is not None) + "}"
    if isinstance(given, list | tuple):
        return "[" + ", ".join(value(each) for each in given) + "]"
    return _string(str(given))


def key(name: str) -> str:
    """A key, in quotation marks where it needs them."""
    return name if _BARE.fullmatch(name) else _string(name)


def _string(text: str) -> str:
    """A JSON string is a TOML basic string, once DEL is written as an escape too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _table(content: Mapping[str, Any], header: str) -> Iterator[str]:
    tables: list[tuple[str, Any]] = []
    for name, given in content.items():
        if given is None:
            continue
        if _is_table(given) or _is_list_of_tables(given):
            tables.append((name, given))
        else:
            yield f"{key(name)} = {value(given)}"
    for name, given in tables:
        here = f"{header}.{key(name)}" if header else key(name)
        for each in given if isinstance(given, list | tuple) else (given,):
            yield ""
            yield f"[[{here}]]" if isinstance(given, list | tuple) else f"[{here}]"
            yield from _table(each, here)


def _is_table(given: Any) -> bool:
    """A table of its own, unless it is small and plain: words in each language, say."""
    return isinstance(given, Mapping) and not all(isinstance(each, str) for each in given.values())


def _is_list_of_tables(given: Any) -> bool:
    if not isinstance(given, list | tuple) or not given or not all(isinstance(each, Mapping) for each in given):
        return False
    plain = all(isinstance(inner, str | int) for each in given for inner in each.values())
    return not plain or len(value(given)) > _LINE
