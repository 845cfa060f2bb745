"""What it costs to read a form of 500 questions and 300 rules, to check answers to it, and to show it on a page.

Reading is held against pyxform alone, which finds out how the sheets belong together and makes an XForm of them;
checking against msgspec, which decodes the same answers by their types and looks at no rule. All in turns and in
processor time, so that a busy machine harms none.
"""

import datetime as dt
import gzip
import io
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

import msgspec
from pyxform.xls2xform import convert

from spheres_core.app.page_files import static_files, template_folders
from spheres_core.forms.answers import check
from spheres_core.forms.examples import example
from spheres_core.forms.expressions import clock_of_day
from spheres_core.forms.schemas import Form, Question
from spheres_core.forms.views.fields import fields, rules_attribute
from spheres_core.forms.xlsform.reader import inspect
from spheres_core.forms.xlsform.rule_cells import rule_of
from spheres_core.foundation.content.workbooks import WrittenColumn, WrittenSheet, workbook
from spheres_core.foundation.languages.localization import REGISTRY, Locale
from spheres_core.foundation.web.rendering import make_environment

QUESTIONS = 500
RULES = 300
TURNS = 7
CHOICES = 6
"""Of each list to choose several from."""
CHECKS = 20
"""Checks of each turn."""
TODAY = dt.date(2026, 11, 28)
ENGLISH = Locale((REGISTRY["en-CA"],), {})
_SURVEY = ("type", "name", "label::Français (fr)", "label::English (en)", "relevant", "constraint", "required")
_CHOICES = ("list_name", "name", "label::Français (fr)", "label::English (en)")
_CONSTRAINTS = {
    "integer": ". >= 0 and . <= 120",
    "text": "string-length(.) < 50",
    "select_one yes_no": "selected(., 'yes') or selected(., 'no')",
    "date": ". <= today()",
    "select_multiple needs": "count-selected(.) <= 2",
}
_TYPES: dict[str, Any] = {"integer": int, "text": str, "select_one": str, "date": dt.date, "select_multiple": list[str]}


def form_file() -> bytes:
    """Returns the form as a workbook: groups of 25 questions, a rule on each of the first 300."""
    yes_no = [("yes_no", code, code, code) for code in ("yes", "no")]
    needs = [("needs", f"need_{n}", f"Besoin {n}", f"Need {n}") for n in range(CHOICES)]
    sheets = (("survey", _SURVEY, tuple(_rows())), ("choices", _CHOICES, (*yes_no, *needs)))
    return workbook([WrittenSheet(name, tuple(map(WrittenColumn, head)), rows) for name, head, rows in sheets])


def _rows() -> Iterator[tuple[str, ...]]:
    for number in range(QUESTIONS):
        if number % 25 == 0:
            yield ("begin_group", f"group_{number}", f"Groupe {number}", f"Group {number}", "", "", "")
        kind = list(_CONSTRAINTS)[number % 5]
        first = number - number % 5 - 5
        relevant = f"${{q{first}}} > 3 and ${{q{first + 2}}} = 'yes'" if first >= 0 and number % 2 else ""
        constraint = "" if relevant else _CONSTRAINTS[kind]
        rules = (relevant, constraint) if number < RULES else ("", "")
        yield (kind, f"q{number}", f"Question {number} à poser", f"Question {number} to ask", *rules, "yes")
        if number % 25 == 24:
            yield ("end_group", *[""] * 6)


def measure(turns: int = TURNS) -> dict[str, float]:
    """Milliseconds of processor time, medians of turns; so are the ratios to what each is held against."""
    file = form_file()
    form = inspect(file, key="large", suffix=".xlsx").form
    assert form is not None
    answers = example(form, today=TODAY)
    sent, typed = msgspec.json.encode(answers), msgspec.json.Decoder(_answers_of(form))
    assert not check(form, answers, today=TODAY).problems
    reading, alone, checking, decoding = [], [], [], []
    for _ in range(turns):
        rule_of.cache_clear()
        reading.append(_timed(1, lambda: inspect(file, key="large", suffix=".xlsx")))
        alone.append(_timed(1, lambda: convert(io.BytesIO(file), file_type=".xlsx", validate=False)))
        checking.append(_timed(CHECKS, lambda: check(form, answers, today=TODAY)))
        decoding.append(_timed(CHECKS, lambda: typed.decode(sent)))
    return {
        "read_ms": round(median(reading), 1),
        "read_over_pyxform": round(median(a / b for a, b in zip(reading, alone, strict=True)), 2),
        "check_ms": round(median(checking), 2),
        "check_over_decoding": round(median(a / b for a, b in zip(checking, decoding, strict=True)), 1),
        "page_kb": round(len(page(form)) / 1e3, 1),
        "page_compressed_kb": round(len(gzip.compress(page(form))) / 1e3, 1),
    }


def page(form: Form) -> bytes:
    """Returns the questions of a form's page as they are served, with the rules that the browser evaluates, without
    the frame around them."""
    macros = make_environment(template_folders(), static_files()).get_template("macros/fields.html")
    shown = {"locale": ENGLISH, "url": lambda *_, **__: "", "terms": {}}
    questions = macros.make_module(shown).all(fields(form, locale=ENGLISH, today=TODAY))  # type: ignore[attr-defined]
    return f"{questions}{rules_attribute(form, ENGLISH, clock_of_day(TODAY.isoformat()))}".encode()


def _answers_of(form: Form) -> type[msgspec.Struct]:
    return msgspec.defstruct("Answers", [(each.name, _type_of(each) | None, None) for each in form.questions])


def _type_of(question: Question) -> Any:
    if question.kind != "group":
        return _TYPES[question.kind]
    return msgspec.defstruct(question.name, [(each.name, _type_of(each) | None, None) for each in question.children])


def _timed(calls: int, call: Callable[[], Any]) -> float:
    started = time.process_time()
    for _ in range(calls):
        call()
    return (time.process_time() - started) / calls * 1e3


def show(found: dict[str, float]) -> str:
    """The figures for a person."""
    return (
        f"\na form of {QUESTIONS} questions and {RULES} rules, milliseconds of processor time:\n"
        f"  reading            {found['read_ms']:>10.1f}   {found['read_over_pyxform']:.2f} times pyxform alone\n"
        f"  checking answers   {found['check_ms']:>10.2f}   {found['check_over_decoding']:.1f} times decoding them\n"
        f"  its page, kB       {found['page_kb']:>10.1f}   {found['page_compressed_kb']:.1f} compressed"
    )


if __name__ == "__main__":
    print(msgspec.json.encode(measure()).decode())
