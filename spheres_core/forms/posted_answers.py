"""A page's form post as an answers object, so that a page works without JavaScript.

Fields are named by the shown path: `knows`, `referrer.email`, `household[0].age`; a multiple sends its name once for
each choice, a date its day, month and year: `birth_date.day`. Names that begin with `_` belong to the page, not to
the form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from spheres_core.forms.compiled_form import Plan, Step, plan_of
from spheres_core.forms.schemas import Form

LONGEST_NAME: Final = 400
_PART: Final = re.compile(r"([A-Za-z][A-Za-z0-9_-]*)(?:\[([0-9]{1,5})\])?")
_NUMBER: Final = re.compile(r"\[[0-9]{1,5}\]")
_DATE_PARTS: Final = ("year", "month", "day")
_WHOLE: Final = re.compile(r"-?[0-9]{1,16}")
_DECIMAL: Final = re.compile(r"-?[0-9]{1,16}([.,][0-9]{1,16})?")
_TICKED: Final = frozenset({"on", "true", "OK", "yes", "1"})


def from_pairs(form: Form, pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The answers object of a post. Nothing is lost: what fits no question or no type stays for `check` to refuse."""
    plan = plan_of(form)
    posted: dict[str, Any] = {}
    for name, value in _with_dates(plan, pairs):
        if name.startswith("_") or value.strip() == "":
            continue
        where = _find(plan, name, posted)
        if where is None:
            posted[name] = value
            continue
        node, step = where
        _put(node, step, value.replace("\r\n", "\n"))
    return _settled(posted, plan, "")


def _with_dates(plan: Plan, pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pairs with the three fields of each date made one; an incomplete date stays one that `check` refuses."""
    kept: list[tuple[str, str]] = []
    dates: dict[str, dict[str, str]] = {}
    for name, value in pairs:
        base, _, part = name[:LONGEST_NAME].rpartition(".")
        step = plan.steps.get(_NUMBER.sub("", base)) if part in _DATE_PARTS else None
        if step is None or step.kind != "date":
            kept.append((name, value))
        elif value.strip():
            dates.setdefault(base, {})[part] = value.strip()
    for base, parts in dates.items():
        year, month, day = (parts.get(part, "") for part in _DATE_PARTS)
        kept.append((base, f"{year}-{month:0>2}-{day:0>2}" if len(parts) == 3 else f"{year}-{month}-{day}"))
    return kept


def _find(plan: Plan, name: str, posted: dict[str, Any]) -> tuple[dict[str, Any], Step] | None:
    """The object that a posted name belongs in, made on the way, and its question."""
    parts = [_PART.fullmatch(part) for part in name[:LONGEST_NAME].split(".")]
    steps = _steps(plan, parts)
    if steps is None:
        return None
    node: Any = posted
    for step, part in zip(steps[:-1], parts, strict=False):
        node = node.setdefault(step.question.name, {})
        if not isinstance(node, dict):
            return None
        if step.kind == "repeat" and part is not None:
            node = node.setdefault(int(part[2]), {})
    return node, steps[-1]


def _steps(plan: Plan, parts: list[re.Match[str] | None]) -> list[Step] | None:
    """The questions a name leads through, the last one answerable; None when it leads nowhere."""
    path, steps = "", []
    for index, part in enumerate(parts):
        step = plan.steps.get(f"{path}.{part[1]}" if path and part else part[1]) if part else None
        if step is None or part is None:
            return None
        last = index == len(parts) - 1
        if last == (step.kind in ("group", "repeat")) or (part[2] is not None) != (step.kind == "repeat"):
            return None
        path = step.path
        steps.append(step)
    return steps


def _put(node: dict[str, Any], step: Step, text: str) -> None:
    value = _value(step, text)
    name = step.question.name
    if step.kind == "select_multiple":
        node.setdefault(name, []).append(value)
    elif name in node and node[name] != value:
        several = node[name] if isinstance(node[name], list) else [node[name]]
        node[name] = [*several, value]
    else:
        node[name] = value


def _value(step: Step, text: str) -> Any:
    """The text as its kind has it; one that is not written so stays text."""
    plain = text.strip().replace("\u00a0", "").replace("\u202f", "")
    if step.kind == "integer" and _WHOLE.fullmatch(plain):
        return int(plain)
    if step.kind == "decimal" and _DECIMAL.fullmatch(plain):
        number = float(plain.replace(",", "."))
        return int(number) if number.is_integer() and "." not in plain and "," not in plain else number
    if step.kind == "acknowledge" and plain in _TICKED:
        return True
    return text.strip() if step.kind in ("integer", "decimal", "date", "select_one") else text


def _settled(posted: dict[str, Any], plan: Plan, parent: str) -> dict[str, Any]:
    """Entries by number become lists; entries in which nothing was written are left out."""
    for step in plan.children[parent]:
        node = posted.get(step.question.name)
        if node is None:
            continue
        if step.kind == "group" and isinstance(node, dict):
            posted[step.question.name] = _settled(node, plan, step.path)
        elif step.kind == "repeat" and isinstance(node, dict):
            posted[step.question.name] = [
                _settled(entry, plan, step.path) for _, entry in sorted(node.items()) if entry
            ]
    return posted
