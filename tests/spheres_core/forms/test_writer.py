"""What is written as an XLSForm reads as the form that it was."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings

from spheres_core.forms.expressions import ExpressionInvalid, parse
from spheres_core.forms.expressions.printer import written
from spheres_core.forms.schemas import Form
from spheres_core.forms.xlsform.drafts import draft_of_sheets, tables_of
from spheres_core.forms.xlsform.reader import inspect
from spheres_core.forms.xlsform.sheets import open_source
from spheres_core.forms.xlsform.writer import draft_workbook, form_workbook
from tests.examples import examples
from tests.spheres_core.forms.random_forms import forms
from tests.spheres_core.forms.random_rules import RULES

ROOT: Final = Path(__file__).parents[3]
SHIPPED: Final = sorted(
    [*ROOT.glob("plugins/*/forms/*.md"), *ROOT.glob("spheres_core/testing/packs/*/forms/*.md")], key=str
)
WRITTEN: Final = (
    "${a} = 'yes' and (${b} < 18 or not(${c} = ''))",
    "${a} - (${b} - 1) - 2 * -(3 + ${c})",
    "(${a} = 1) = (2 = 3)",
    "not(${a} != '') or ${a} != '' and ${b} >= 1000000.5",
    'if(selected(${a}, "it\'s"), today(), .)',
    "regex(., '[A-Z][0-9]{2}') and round(${a}) = round(${b}, 2)",
    "region = ${a} and -${b} div 2 mod 3 = 0.0000001",
)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_every_form_that_comes_along_is_written_and_read_without_loss(path: Path) -> None:
    form = inspect(path, key=path.stem).form
    draft = draft_of_sheets(open_source(path, file=path.name, suffix=path.suffix))

    assert form is not None
    assert inspect(form_workbook(form), key=path.stem, suffix=".xlsx").form == form
    assert inspect(draft_workbook(draft), key=path.stem, suffix=".xlsx").form == form
    assert inspect(tables_of(draft, path.name), key=path.stem).form == form


@settings(max_examples=examples(25), deadline=None)
@given(forms())
def test_any_form_is_written_and_read_without_loss(form: Form) -> None:
    assert inspect(form_workbook(form), key=form.key, suffix=".xlsx").form == form


@pytest.mark.parametrize(
    ("label", "other"), [("label", {"und": "Autre / Other"}), ("label::es", {"es": "Autre / Other"}),
                         ("label::fr", {"fr": "Autre"})],
)  # fmt: skip
def test_what_or_other_adds_is_in_the_languages_of_the_form(label: str, other: dict[str, str]) -> None:
    source = (
        f"| survey |\n| | type | name | {label} |\n| | select_one yn or_other | a | A |\n"
        f"| choices |\n| | list_name | name | {label} |\n| | yn | yes | Y |\n| | yn | no | N |\n"
    )
    form = inspect(source.encode(), key="x", suffix=".md").form

    assert form is not None
    assert [choice.labels for choice in form.choices["yn"] if choice.name == "other"] == [other]
    assert inspect(form_workbook(form), key="x", suffix=".xlsx").form == form


def test_cells_that_nothing_here_reads_are_kept_in_a_draft() -> None:
    source = "| survey |\n| | type | name | label::fr | note | body::intent |\n| | text | a | Quoi | mine | x |\n"
    draft = draft_of_sheets(open_source(source.encode(), file="a.md", suffix=".md"))

    again = draft_of_sheets(open_source(draft_workbook(draft), file="a.xlsx", suffix=".xlsx"))

    assert again.survey[0].cells == {
        "type": "text", "name": "a", "label::fr": "Quoi", "note": "mine", "body::intent": "x",
    }  # fmt: skip


@pytest.mark.parametrize("rule", WRITTEN)
def test_a_rule_is_written_as_it_was_read(rule: str) -> None:
    assert parse(written(parse(rule))) == parse(rule)


@settings(max_examples=examples(250))
@given(RULES)
def test_any_rule_is_written_as_it_was_read(rule: str) -> None:
    try:
        tree = parse(rule)
    except ExpressionInvalid:
        return
    assert parse(written(tree)) == tree
