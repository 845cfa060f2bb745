"""Forms made elsewhere: each loads and its answers come back unchanged, or it is refused with reason and place."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

import jsonschema
import pytest

from spheres_core.forms.answers import check
from spheres_core.forms.examples import example
from spheres_core.forms.json_schema import json_schema
from spheres_core.forms.schemas import Form, decode, encode
from spheres_core.forms.xlsform.reader import read
from spheres_core.foundation.content.packs import ContentInvalid

ASSETS: Final = Path(__file__).parents[2] / "assets" / "xlsforms"
PLUGINS: Final = Path(__file__).parents[3] / "plugins"
TODAY: Final = dt.date(2026, 11, 21)
REFUSED: Final = {"bad_calc", "duplicate_columns", "flat_xlsform_test"}
LOADED: Final = [
    path
    for path in sorted(ASSETS.iterdir())
    if path.suffix in (".xlsx", ".md") and path.stem not in {*REFUSED, "README"}
]
REGIONAL: Final = sorted(PLUGINS.glob("*/forms/*.*"))


def load(path: Path) -> Form:
    return read(path, key=path.stem)


@pytest.mark.parametrize("path", [*LOADED, *REGIONAL], ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_a_real_form_loads_and_answers_come_back_unchanged(path: Path) -> None:
    form = load(path)
    answers = example(form, today=TODAY)

    checked = check(form, answers, today=TODAY)

    assert not checked.problems
    assert checked.values == answers
    assert answers
    jsonschema.validate(answers, json_schema(form))


@pytest.mark.parametrize("path", LOADED, ids=lambda path: path.stem)
def test_a_form_version_is_its_content(path: Path) -> None:
    form = load(path)

    again = load(path)

    assert again == form
    assert decode(encode(form)) == form
    assert len(form.version) == 12


def refusal(name: str) -> ContentInvalid:
    path = next(path for path in ASSETS.iterdir() if path.stem == name)
    with pytest.raises(ContentInvalid) as refused:
        load(path)
    return refused.value


def test_a_broken_calculation_is_refused_with_its_cell() -> None:
    nothing_asked, finding = refusal("bad_calc").findings

    assert "Nothing is asked" in nothing_asked.message.msgid
    assert (finding.sheet, finding.row, finding.column) == ("survey", 2, "calculation")
    assert "because pyxform" in str(finding.message.params)


def test_a_column_that_stands_twice_is_refused_with_its_name() -> None:
    finding = refusal("duplicate_columns").findings[0]

    assert finding.column == "label"
    assert "twice" in finding.message.msgid


def test_no_question_of_a_form_with_many_types_is_refused_for_its_type() -> None:
    findings = refusal("flat_xlsform_test").findings

    assert [each.row for each in findings if "not supported" in each.message.msgid] == []


def test_a_loop_asks_once_for_each_choice() -> None:
    form = load(ASSETS / "loop.xlsx")

    question = form.question("loop_toilet_types.bucket_system.number")

    assert question is not None
    assert question.labels["en"] == "How many Bucket system are on the premises?"


def test_or_other_asks_which_only_when_other_was_chosen() -> None:
    form = load(ASSETS / "specify_other.xlsx")

    kept = check(form, {"sex": "other", "sex_other": "x"}, today=TODAY)
    dropped = check(form, {"sex": "male", "sex_other": "x"}, today=TODAY)

    assert kept.values == {"sex": "other", "sex_other": "x"}
    assert dropped.ignored == ("sex_other",)


def test_a_choice_filter_offers_only_what_fits() -> None:
    form = load(ASSETS / "choice_filter_test.xlsx")

    wrong = check(form, {"state": "washington", "county": "cameron"}, today=TODAY)

    assert [problem.path for problem in wrong.problems] == ["county"]
