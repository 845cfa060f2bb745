"""FHIR R4's own rules for a Questionnaire, and its `enableWhen` (http://hl7.org/fhir/R4/questionnaire.html)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

ROOT: Final = frozenset(
    {"resourceType", "id", "language", "url", "version", "name", "title", "_title", "status", "item"}
)
ITEM: Final = frozenset(
    {
        "extension", "linkId", "code", "text", "_text", "type", "enableWhen", "enableBehavior", "required", "repeats",
        "readOnly", "maxLength", "answerOption", "initial", "item",
    }
)  # fmt: skip
TYPES: Final = frozenset(
    {
        "group", "display", "boolean", "decimal", "integer", "date", "dateTime", "time", "string", "text", "url",
        "choice", "open-choice", "attachment", "reference", "quantity",
    }
)  # fmt: skip
ANSWERS: Final[Mapping[str, tuple[type, ...]]] = {
    "answerBoolean": (bool,), "answerDecimal": (int, float), "answerInteger": (int,), "answerDate": (str,),
    "answerString": (str,), "answerCoding": (dict,),
}  # fmt: skip
OPERATORS: Final = frozenset(["exists", "=", "!=", ">", "<", ">=", "<="])
SIMPLE: Final = frozenset(["boolean", "decimal", "integer", "string", "text", "url", "open-choice"])
ID: Final = re.compile(r"[A-Za-z0-9.-]{1,64}")
NAME: Final = re.compile(r"[A-Z][A-Za-z0-9_]{0,254}")


def items_of(resource: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for item in resource.get("item", ()):
        yield item
        yield from items_of(item)


def violations(resource: Mapping[str, Any]) -> list[str]:
    """Rules that the resource breaks, each by its name in the specification where it has one."""
    told = [f"unknown element {name}" for name in resource.keys() - ROOT]
    told += ["resourceType"] if resource.get("resourceType") != "Questionnaire" else []
    told += ["status"] if resource.get("status") not in ("draft", "active", "retired", "unknown") else []
    told += ["id"] if not ID.fullmatch(resource.get("id", "")) else []
    told += ["que-0"] if not NAME.fullmatch(resource.get("name", "")) else []
    found = list(items_of(resource))
    ids = [item.get("linkId") for item in found]
    told += ["que-2"] if len(ids) != len(set(ids)) else []
    for item in found:
        told += [f"{each}: {item.get('linkId')}" for each in _of_item(item, frozenset(ids))]
    return told + [f"empty: {place}" for place in _empty(resource, "")]


def _of_item(item: Mapping[str, Any], ids: frozenset[Any]) -> Iterator[str]:
    kind, inside = item.get("type"), item.get("item")
    yield from (f"unknown element {name}" for name in item.keys() - ITEM)
    if kind not in TYPES:
        yield "type"
    if (kind == "group" and not inside) or (kind == "display" and inside):
        yield "que-1"
    if kind == "display" and item.keys() & {"code"}:
        yield "que-3"
    if item.get("answerOption") is not None and kind not in ("choice", "open-choice"):
        yield "que-5"
    if kind == "display" and item.keys() & {"required", "repeats"}:
        yield "que-6"
    if kind in ("group", "display") and "initial" in item:
        yield "que-8"
    if kind == "display" and "readOnly" in item:
        yield "que-9"
    if "maxLength" in item and kind not in SIMPLE:
        yield "que-10"
    if "answerOption" in item and "initial" in item:
        yield "que-11"
    conditions = item.get("enableWhen", [])
    if len(conditions) > 1 and item.get("enableBehavior") not in ("all", "any"):
        yield "que-12"
    if len(item.get("initial", [])) > 1 and not item.get("repeats"):
        yield "que-13"
    for each in conditions:
        yield from _of_condition(each, ids)


def _of_condition(condition: Mapping[str, Any], ids: frozenset[Any]) -> Iterator[str]:
    answers = [name for name in condition if name.startswith("answer")]
    if condition.get("question") not in ids or condition.get("operator") not in OPERATORS or len(answers) != 1:
        yield "enableWhen"
    elif not isinstance(condition[answers[0]], ANSWERS[answers[0]]):
        yield "answer[x]"
    elif condition["operator"] == "exists" and answers[0] != "answerBoolean":
        yield "que-7"


def _empty(value: Any, place: str) -> Iterator[str]:
    """Places of objects, lists and texts with nothing in them, which FHIR's JSON does not have."""
    if value in ("", [], {}, None) or (isinstance(value, str) and not value.strip()):
        yield place
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from _empty(each, f"{place}.{name}")
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _empty(each, f"{place}[{number}]")


def is_enabled(item: Mapping[str, Any], answers: Mapping[str, Any]) -> bool:
    """Whether an item is asked, by its own conditions; `answers` by the linkId, None where there is none."""
    told = [_holds(each, answers.get(each["question"])) for each in item.get("enableWhen", ())]
    return not told or (any(told) if item.get("enableBehavior") == "any" else all(told))


def _holds(condition: Mapping[str, Any], answer: Any) -> bool:
    operator = condition["operator"]
    if operator == "exists":
        return (answer not in (None, "", [])) is condition["answerBoolean"]
    (name,) = (each for each in condition if each.startswith("answer"))
    wanted = condition[name]["code"] if name == "answerCoding" else condition[name]
    given = answer if isinstance(answer, list) else [] if answer in (None, "") else [answer]
    return any(_compare(operator, each, wanted) for each in given)


def _compare(operator: str, one: Any, other: Any) -> bool:
    if isinstance(other, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", other):
        one, other = dt.date.fromisoformat(str(one)), dt.date.fromisoformat(other)
    return {
        "=": one == other, "!=": one != other, "<": one < other, ">": one > other, "<=": one <= other,
        ">=": one >= other,
    }[operator] if operator in ("=", "!=") or type(one) is not str else False  # fmt: skip
