"""Enketo's evaluator of rules, run in a browser on an XML document of answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page

from spheres_core.forms.expressions import Tree
from spheres_core.forms.expressions.printer import written
from spheres_core.forms.expressions.values import number_text

ZONE: Final = "America/Phoenix"
"""The zone in which Enketo's own suite runs; it has no daylight saving time."""
_SOURCES: Final = Path(__file__).parents[2] / "assets" / "vendor" / "openrosa-xpath-evaluator" / "src"
_LOADER: Final = """
([sources, now]) => {
  const loaded = {};
  // A clock that stands still: without this, today() of the two might be two days.
  class FixedDate extends Date {
    constructor(...given) {
      super(...(given.length === 0 ? [now] : given));
    }
  }
  const load = (path) => {
    if (!(path in sources)) throw new Error(`no module ${path}`);
    if (!(path in loaded)) {
      const module = { exports: {} };
      loaded[path] = module;
      const folder = path.split("/").slice(0, -1);
      const required = (name) => {
        const steps = [...folder];
        for (const step of name.split("/")) if (step === "..") steps.pop(); else if (step !== ".") steps.push(step);
        return load(`${steps.join("/")}.js`);
      };
      new Function("module", "exports", "require", "Date", sources[path])(module, module.exports, required, FixedDate);
    }
    return loaded[path].exports;
  };
  window.evaluator = load("openrosa-xpath.js")();
}
"""
_ASK: Final = """
(questions) => questions.map(([xml, rule, kind]) => {
  const instance = new DOMParser().parseFromString(xml, "text/xml");
  const own = instance.querySelector("own");
  const type = { boolean: XPathResult.BOOLEAN_TYPE, number: XPathResult.NUMBER_TYPE, string: XPathResult.STRING_TYPE };
  try {
    const found = window.evaluator.evaluate(rule, own, null, type[kind]);
    const value = { boolean: found.booleanValue, number: found.numberValue, string: found.stringValue }[kind];
    return { value: typeof value === "number" ? String(value) : value };
  } catch (error) {
    return { refused: String(error).slice(0, 200) };
  }
})
"""
_OF_TRUTH: Final = {"and", "or", "not", "boolean"}


class Enketo:
    """A page on which Enketo's evaluator answers, at one moment."""

    def __init__(self, page: Page, now: dt.datetime) -> None:
        self.page = page
        page.goto("about:blank")
        sources = {str(path.relative_to(_SOURCES)): path.read_text("utf-8") for path in _SOURCES.rglob("*.js")}
        page.evaluate(_LOADER, [sources, now.timestamp() * 1000])

    def ask(self, questions: Sequence[tuple[str, str, str]]) -> list[dict[str, Any]]:
        """Returns the value, or why there is none, for each XML document, rule and kind of value."""
        found: list[dict[str, Any]] = self.page.evaluate(_ASK, [list(each) for each in questions])
        return found


def document_of(values: Mapping[str, Any], own: Any) -> str:
    """Returns answers as an XML document: an element for each, several for those of a repeat."""
    elements = [
        f"<{name}>{_escaped(one)}</{name}>"
        for name, value in {**values, "own": own}.items()
        for one in (value if isinstance(value, list) else [value])
    ]
    return f"<data>{''.join(elements)}</data>"


def _escaped(value: Any) -> str:
    said = number_text(value) if isinstance(value, float) else "" if value is None else str(value)
    return said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def rule_for_enketo(tree: Tree, numbers: Collection[str] = ()) -> str:
    """Returns a rule as Enketo is asked: answers by their path, their truth by their text (an element that is there is
    true for Enketo, also when it is empty) or, of those that are `numbers`, by whether they are zero, and patterns for
    the whole text."""
    return written(_adapted(tree, numbers, of_truth=False)).replace("${", "/data/").replace("}", "")


def _adapted(tree: Tree, numbers: Collection[str], *, of_truth: bool) -> Tree:
    operator = tree[0]
    if operator in ("ref", "column", "self"):
        name = "own" if operator == "self" else tree[1]
        return ["number" if name in numbers else "string", ["ref", name]] if of_truth else ["ref", name]
    if operator == "regex":
        return ["regex", _adapted(tree[1], numbers, of_truth=False), f"^(?:{tree[2]})$"]
    booleans = operator in ("=", "!=") and any(_is_truth(child) for child in tree[1:])
    return [
        operator,
        *(
            _adapted(
                child,
                numbers,
                of_truth=operator in _OF_TRUTH or booleans or (operator == "if" and place == 0)
                or (operator == "checklist" and place > 1) or (of_truth and operator == "if"),
            )
            if isinstance(child, list)
            else child
            for place, child in enumerate(tree[1:])
        ),
    ]  # fmt: skip


_TRUTHS: Final = _OF_TRUTH | {
    "true", "false", "=", "!=", "<", "<=", ">", ">=", "boolean-from-string", "selected", "contains", "starts-with",
    "ends-with", "regex", "checklist", "weighted-checklist",
}  # fmt: skip


def _is_truth(tree: Any) -> bool:
    return isinstance(tree, list) and tree[0] in _TRUTHS
