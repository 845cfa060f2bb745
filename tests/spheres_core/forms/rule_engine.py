"""The browser's evaluator of rules, run in QuickJS: its modules joined into one program."""

from __future__ import annotations

import json
import re
from importlib import resources
from typing import Any, Final

import quickjs

from spheres_core.forms.compiled_form import AnswerScope
from spheres_core.forms.expressions import Clock
from spheres_core.forms.schemas import Form
from spheres_core.forms.views.fields import browser_rules
from spheres_core.foundation.languages.localization import Locale

MODULES: Final = ("digests", "rule_dates", "rule_values", "rule_numbers", "rule_texts", "expressions", "places")
"""In the order in which they import each other."""
_IMPORT: Final = re.compile(r"^import (?:\{([^}]*)\}|\* as (\w+)) from \"\./(\w+)\.js\";$", re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?=(?:const|function|class) (\w+))", re.MULTILINE)
_EXPORTED_AGAIN: Final = re.compile(r"^export \{([^}]*)\};$", re.MULTILINE)

_JUDGE: Final = """
function numbered(value) {
  if (typeof value === "number" && !Number.isFinite(value)) return { number: String(value) };
  return value;
}
function judge(said) {
  const { tree, values, own, columns, clock } = JSON.parse(said);
  const { evaluate, stored, text, truth } = modules.expressions;
  const { number } = modules.rule_values;
  const value = evaluate(tree, {
    ...clock, own, shown: "", ref: (path) => values[path] ?? null, column: (name) => columns[name] ?? null,
    entryNumber: () => "", indexed: () => "", label: () => "",
  });
  const kind = Array.isArray(value) ? "list" : value instanceof modules.rule_dates.Moment ? "date" : typeof value;
  return JSON.stringify({
    kind, text: text(value), truth: truth(value), number: numbered(number(value, clock.offset)),
    negative: Object.is(number(value, clock.offset), -0), stored: stored(value),
  });
}
function settle(said) {
  const { rules, root } = JSON.parse(said);
  const { FormRules, Place } = modules.places;
  const form = new FormRules(rules);
  const places = new Map();
  const made = (given, entry, parent) => {
    const place = new Place(given.prefix, parent, null);
    place.answers = new Map(Object.entries(given.answers));
    places.set(entry, [...(places.get(entry) ?? []), place]);
    for (const [repeat, entries] of Object.entries(given.entries)) {
      place.entries.set(repeat, entries.map((each) => made(each, repeat, place)));
    }
    return place;
  };
  const top = made(root, "", null);
  for (const question of rules.questions) {
    for (const place of places.get(question.entry ?? "") ?? []) form.settle(question, place);
  }
  const told = (place) => ({
    prefix: place.prefix,
    answers: Object.fromEntries(place.values),
    hidden: [...place.hidden].sort(),
    entries: Object.fromEntries([...place.entries].map(([repeat, entries]) => [repeat, entries.map(told)])),
  });
  return JSON.stringify(told(top));
}
"""


def browser_engine() -> quickjs.Context:
    """Returns a context with `modules` and `judge`."""
    context = quickjs.Context()
    context.eval("const modules = {};")
    folder = resources.files("spheres_core.forms").joinpath("static")
    for name in MODULES:
        context.eval(_wrapped(name, folder.joinpath(f"{name}.js").read_text("utf-8")))
    context.eval(_JUDGE)
    return context


def _wrapped(name: str, source: str) -> str:
    exported = [*_EXPORT.findall(source)]
    for names in _EXPORTED_AGAIN.findall(source):
        exported += [each.strip() for each in names.split(",")]
    source = _EXPORTED_AGAIN.sub("", _EXPORT.sub("", source))
    source = _IMPORT.sub(lambda found: f"const {found[2] or '{' + found[1] + '}'} = modules.{found[3]};", source)
    return f"modules.{name} = (() => {{{source}\nreturn {{ {', '.join(exported)} }}; }})();"


def judged(engine: Any, tree: Any, values: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Returns what the browser makes of a rule: its kind, and the value as text, truth and number."""
    sent = {"tree": tree, "values": values, "own": None, "columns": {}, **more}
    found: dict[str, Any] = json.loads(engine.get("judge")(json.dumps(sent)))
    return found


def settled(engine: Any, form: Form, root: AnswerScope, clock: Clock, locale: Locale) -> dict[str, Any]:
    """Returns what the browser makes of a form's answers: values and what is hidden, at every place. `root` has the
    answers as rules see them, before any rule was evaluated."""
    sent = {"rules": browser_rules(form, locale, clock), "root": places_of(root)}
    found: dict[str, Any] = json.loads(engine.get("settle")(json.dumps(sent)))
    return found


def places_of(scope: AnswerScope, *, hidden: bool = False) -> dict[str, Any]:
    """Returns a place of a form as the browser tells it."""
    return {
        "prefix": scope.prefix,
        "answers": {path: value for path, value in scope.values.items() if value not in (None, "")},
        **({"hidden": sorted(scope.hidden)} if hidden else {}),
        "entries": {
            repeat: [places_of(entry, hidden=hidden) for entry in entries] for repeat, entries in scope.repeats.items()
        },
    }
