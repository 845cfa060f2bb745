"""The form in which the examples of `docs/forms.md` stand, and what its rules are there."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from spheres_core.forms.answer_placement import place_answers
from spheres_core.forms.answers import check
from spheres_core.forms.expressions import Clock, clock_at
from spheres_core.forms.expressions.values import number_text
from spheres_core.forms.schemas import Form
from spheres_core.forms.xlsform.reader import read
from spheres_core.foundation.languages.localization import REGISTRY, Locale
from tests.spheres_core.forms.rule_engine import settled

NOW: Final = dt.datetime(2026, 11, 21, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=-5)))
ENGLISH: Final = Locale((REGISTRY["en-CA"], REGISTRY["fr-CA"]), {})
CLOCK: Final[Clock] = clock_at(NOW)
ANSWERS: Final[dict[str, Any]] = {
    "name": "Camille",
    "born": "2010-03-15",
    "age": 16,
    "needs": ["food", "housing"],
    "child": [{"who": "Ana", "years": 4}, {"who": "Luc", "years": 6}],
}
FORM_TEXT: Final = """
| survey |
| | type | name | label | calculation |
| | text | name | Name | |
| | text | nickname | Nickname | |
| | date | born | Born | |
| | integer | age | Age | |
| | select_multiple needs | needs | Needs | |
| | calculate | outside | | {outside} |
| | begin_repeat | child | Child | |
| | text | who | Who | |
| | integer | years | Years | |
| | calculate | inside | | {inside} |
| | end_repeat | | | |
| choices |
| | list_name | name | label |
| | needs | food | Something to eat |
| | needs | housing | A place to stay |
"""


def form_with(rule: str) -> Form:
    """Returns the form with a rule that is computed outside of the repeat, or inside where it speaks of its place."""
    inside = _stands_inside(rule)
    text = FORM_TEXT.format(inside=rule if inside else "1", outside="1" if inside else rule)
    return read(text.encode(), key="example", suffix=".md")


def tried_in_browser(engine: Any, rule: str) -> str:
    """Returns the same, as the browser computes it."""
    form = form_with(rule)
    root = place_answers(form, ANSWERS, CLOCK, settled=False)[1]
    found = settled(engine, form, root, CLOCK, ENGLISH)
    inside = _stands_inside(rule)
    place = found["entries"]["child"][1] if inside else found
    return _shown(place["answers"].get("child.inside" if inside else "outside"))


def _stands_inside(rule: str) -> bool:
    return "position(" in rule or "index()" in rule


def _shown(value: Any) -> str:
    return number_text(float(value)) if isinstance(value, int | float) else "" if value is None else str(value)


def tried(rule: str) -> str:
    """Returns the value of a rule in that form, in the second entry of its repeat where it stands in one."""
    form = form_with(rule)
    checked = check(form, ANSWERS, today=NOW.date(), clock=CLOCK)
    assert checked.problems == (), checked.problems
    inside = _stands_inside(rule)
    value = checked.values["child"][1].get("inside") if inside else checked.values.get("outside")
    return _shown(value)
