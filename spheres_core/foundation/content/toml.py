"""Reads and writes TOML. What is written reads back equal, and a person can edit it."""

import datetime as dt
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, Final

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_OPEN_END: Final = re.compile(r"=[ \t]*[+-]?[0-9][0-9A-Za-z_.:+ -]*\Z")
_LINE: Final = 110
"""Characters of a list of small tables that still stand in one line."""


class TomlInvalid(ValueError):
    """A text is not TOML; says why, and on which line where that is known."""

    def __init__(self, reason: str, line: int | None) -> None:
        self.line = line
        super().__init__(reason)


def read_document(text: str) -> dict[str, Any]:
    """Returns a document's content. Raises `TomlInvalid`, and RecursionError when it is nested too deeply."""
    try:
        return tomllib.loads(text)
    except ValueError as error:  # also an integer of more digits than Python reads
        reason = str(error)
        named = re.search(r"line (\d+)", reason)
        at_end = text.count("\n") + (not text.endswith("\n")) if "end of document" in reason else None
        raise TomlInvalid(reason, int(named[1]) if named else at_end) from None


def may_be_cut(text: str) -> bool:
    """Returns whether a text ends within its last line on a number or a day, of which a cut could have left a part."""
    return _OPEN_END.search(text) is not None


def read_value(text: str) -> Any:
    """Returns the value that stands in `text` as it would after an equals sign. Raises `TomlInvalid`."""
    return read_document(f"x = {text}")["x"]


def document(content: Mapping[str, Any]) -> str:
    """Returns a document: plain keys first, then its tables and lists of tables. None is left out: TOML has no null."""
    return "\n".join(_table(content, "")).strip("\n") + "\n"


def value(given: Any) -> str:
    """Returns a value as it stands after the equals sign."""
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
    """Returns a key, in quotation marks where it needs them."""
    return name if _BARE.fullmatch(name) else _string(name)


def _string(text: str) -> str:
    """Returns a text as JSON has it, which is a TOML basic string once DEL is written as an escape too."""
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
        if isinstance(given, list | tuple):
            for each in given:
                yield from ("", f"[[{here}]]")
                yield from _table(each, here)
        else:
            if not all(_is_table(each) or _is_list_of_tables(each) for each in given.values()):
                yield from ("", f"[{here}]")
            yield from _table(given, here)


def _is_table(given: Any) -> bool:
    """Returns whether a value gets a table of its own; words in each language stay in one line."""
    return isinstance(given, Mapping) and not all(isinstance(each, str) for each in given.values())


def _is_list_of_tables(given: Any) -> bool:
    if not isinstance(given, list | tuple) or not given or not all(isinstance(each, Mapping) for each in given):
        return False
    plain = all(isinstance(inner, str | int) for each in given for inner in each.values())
    return not plain or len(value(given)) > _LINE
