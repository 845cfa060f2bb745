"""Turns a page's form post into an answers object, so that a page works without JavaScript.

Fields are named by the shown path: `knows`, `referrer.email`, `household[0].age`; a multiple sends its name once for
each choice, a date its day, month and year: `birth_date.day`, a time its hour and minute, a ranking each of its places:
`wishes.1`. Names that begin with `_` belong to the page, not to the form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from spheres_core.forms.compiled_form import CompiledForm, CompiledQuestion, compile_form
from spheres_core.forms.schemas import DAY_PARTS, Form
from spheres_core.forms.written_times import joined

LONGEST_NAME: Final = 400
_PART: Final = re.compile(r"([A-Za-z][A-Za-z0-9_-]*)(?:\[([0-9]{1,5})\])?")
_NUMBER: Final = re.compile(r"\[[0-9]{1,5}\]")
_PLACE: Final = re.compile(r"[1-9][0-9]{0,3}")
_WHOLE: Final = re.compile(r"-?[0-9]{1,16}")
_DECIMAL: Final = re.compile(r"-?[0-9]{1,16}([.,][0-9]{1,16})?")
_TICKED: Final = frozenset({"on", "true", "OK", "yes", "1"})


def from_pairs(form: Form, pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Returns the answers object of a post. Nothing is lost: what fits no question or no type stays for `check` to
    refuse."""
    compiled_form = compile_form(form)
    posted: dict[str, Any] = {}
    for name, value in _with_parts(compiled_form, pairs):
        if name.startswith("_") or (isinstance(value, str) and value.strip() == ""):
            continue
        where = _find(compiled_form, name, posted)
        if where is None:
            posted[name] = value
        elif isinstance(value, list):
            where[0][where[1].question.name] = value
        else:
            _put(*where, value.replace("\r\n", "\n"))
    return _settled(posted, compiled_form, "")


def field_names(form: Form) -> dict[str, str]:
    """Returns by name the fields in which a page asks a form without repeats, each with its question's path."""
    found: dict[str, str] = {}
    for item in compile_form(form).order:
        if item.kind in ("group", "repeat", "note") or item.calculation is not None:
            continue
        places = [str(place + 1) for place in range(len(item.options))] if item.kind == "rank" else item.question.parts
        found |= {f"{item.path}.{part}": item.path for part in places} or {item.path: item.path}
    return found


def with_room(answers: dict[str, Any], repeat: str | None) -> dict[str, Any]:
    """Returns the answers with one more entry, blank, in a repeat: how a page without JavaScript adds one."""
    place: Any = answers
    *above, last = (repeat or "").split(".")
    for name in above:
        place = place.setdefault(name, {}) if isinstance(place, dict) else {}
    if last and isinstance(place, dict) and isinstance(place.setdefault(last, []), list):
        place[last] = [*(place[last] or [{}]), {}]
    return answers


def _with_parts(compiled_form: CompiledForm, pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str | list[str]]]:
    """Returns the pairs with the fields of each day, time and ranking made one; what is incomplete stays one that
    `check` refuses."""
    kept: list[tuple[str, str | list[str]]] = []
    parts: dict[str, dict[str, str]] = {}
    for name, value in pairs:
        base, _, part = name[:LONGEST_NAME].rpartition(".")
        item = compiled_form.questions.get(_NUMBER.sub("", base))
        if item is None or not _is_part(item, part):
            kept.append((name, value))
        elif value.strip():
            parts.setdefault(base, {})[part] = value.strip()
    for base, found in parts.items():
        item = compiled_form.questions[_NUMBER.sub("", base)]
        kept.append((base, _ranking(found) if item.kind == "rank" else joined(found, item.question.parts)))
    return kept


def _is_part(item: CompiledQuestion, part: str) -> bool:
    if item.kind == "rank":
        return bool(_PLACE.fullmatch(part)) and 0 < int(part) <= len(item.options)
    return part in (DAY_PARTS if item.kind == "date" else item.question.parts)


def _ranking(places: Mapping[str, str]) -> list[str]:
    """Returns the codes from first to last, an empty one where nothing was chosen between others."""
    return [places.get(str(place), "") for place in range(1, max(map(int, places)) + 1)]


def _find(
    compiled_form: CompiledForm, name: str, posted: dict[str, Any]
) -> tuple[dict[str, Any], CompiledQuestion] | None:
    """Returns the object that a posted name belongs in, made on the way, and its question."""
    parts = [_PART.fullmatch(part) for part in name[:LONGEST_NAME].split(".")]
    steps = _steps(compiled_form, parts)
    if steps is None:
        return None
    node: Any = posted
    for item, part in zip(steps[:-1], parts, strict=False):
        node = node.setdefault(item.question.name, {})
        if not isinstance(node, dict):
            return None
        if item.kind == "repeat" and part is not None:
            node = node.setdefault(int(part[2]), {})
    return node, steps[-1]


def _steps(compiled_form: CompiledForm, parts: list[re.Match[str] | None]) -> list[CompiledQuestion] | None:
    """Returns the questions a name leads through, the last one answerable; None when it leads nowhere."""
    path, steps = "", []
    for index, part in enumerate(parts):
        item = compiled_form.questions.get(f"{path}.{part[1]}" if path and part else part[1]) if part else None
        if item is None or part is None:
            return None
        last = index == len(parts) - 1
        if last == (item.kind in ("group", "repeat")) or (part[2] is not None) != (item.kind == "repeat"):
            return None
        path = item.path
        steps.append(item)
    return steps


def _put(node: dict[str, Any], item: CompiledQuestion, text: str) -> None:
    value = _value(item, text)
    name = item.question.name
    if item.kind in ("select_multiple", "rank"):
        node.setdefault(name, []).append(value)
    elif name in node and node[name] != value:
        several = node[name] if isinstance(node[name], list) else [node[name]]
        node[name] = [*several, value]
    else:
        node[name] = value


def _value(item: CompiledQuestion, text: str) -> Any:
    """Returns the text as its kind has it; one that is not written so stays text."""
    plain = text.strip().replace("\u00a0", "").replace("\u202f", "")
    if item.kind in ("integer", "range") and _WHOLE.fullmatch(plain):
        return int(plain)
    if item.kind in ("decimal", "range") and _DECIMAL.fullmatch(plain):
        number = float(plain.replace(",", "."))
        return int(number) if number.is_integer() and "." not in plain and "," not in plain else number
    if item.kind == "acknowledge" and plain in _TICKED:
        return True
    return text if item.kind in ("text", "geopoint") else text.strip()


def _entries(item: CompiledQuestion, node: dict[int, dict[str, Any]]) -> list[dict[str, Any]]:
    """Returns the entries of a repeat in order, without those in which nothing was written; where their number is
    given, each keeps its place."""
    if item.question.repeat_count is not None and max(node, default=0) < item.question.most:
        return [node.get(number, {}) for number in range(max(node, default=-1) + 1)]
    return [entry for _, entry in sorted(node.items()) if entry]


def _settled(posted: dict[str, Any], compiled_form: CompiledForm, parent: str) -> dict[str, Any]:
    """Turns entries by number into lists; entries in which nothing was written are left out."""
    for item in compiled_form.children[parent]:
        node = posted.get(item.question.name)
        if node is None:
            continue
        if item.kind == "group" and isinstance(node, dict):
            posted[item.question.name] = _settled(node, compiled_form, item.path)
        elif item.kind == "repeat" and isinstance(node, dict):
            posted[item.question.name] = [_settled(entry, compiled_form, item.path) for entry in _entries(item, node)]
    return posted
