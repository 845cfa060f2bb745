"""Whatever an author wrote and what would change nothing is told at its cell, before anybody is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from spheres_core.forms.xlsform.reader import XlsformResult, inspect
from spheres_core.foundation.content.packs import say_plainly

REPORTS: Final = Path(__file__).parents[2] / "assets" / "field_reports"
CHOICES: Final = """
| choices |
| | list_name | name | label | region |
| | yn | yes | Yes | |
| | yn | no | No | |
| | needs | housing | Housing | north |
| | needs | food | Food | south |
| | old | then | Then | |
"""
FORM: Final = """
| survey |
| | type | name | label | relevant | constraint | calculation | choice_filter | appearance | default |read_only|meaning|
| | date | born | Born | | | | | | | | birth_date |
| | date | seen | Seen | | | | | | | | |
| | integer | age | Age | | | | | | | | |
| | select_one yn | knows | Knows | | | | | | | | |
| | select_multiple needs | needs | Needs | | | | | | | | |
| | calculate | later | | | | if(${{born}} > ${{seen}}, ${{born}}, ${{seen}}) | | | | |
| | {row} |
"""
COLUMNS: Final = ("relevant", "constraint", "calculation", "choice_filter", "appearance", "default", "read_only")
RULES: Final = 8
"""The row of the question that is tried."""


def inspect_row(type: str, **cells: str) -> XlsformResult:
    """Reads the form with one more question."""
    label = "" if type == "calculate" else "L"
    row = " | ".join([type, "tried", label, *(cells.get(column, "") for column in COLUMNS)])
    return inspect((FORM.format(row=row) + CHOICES).encode(), key="x", suffix=".md")


def told(reading: XlsformResult, severity: str = "error") -> list[tuple[int | None, str | None, str]]:
    return [
        (each.row, each.column, say_plainly(each.message))
        for each in reading.findings
        if each.severity == severity and each.column not in ("list_name", "region")
    ]


@pytest.mark.parametrize(
    ("type", "column", "rule"),
    [
        ("calculate", "calculation", "(today() - ${born}) div 365.25"),
        ("calculate", "calculation", "${seen} - ${born}"),
        ("calculate", "calculation", "number(${born}) + 1"),
        ("calculate", "calculation", "date(${later} + 30)"),
        ("date", "constraint", ". >= today() - 30"),
        ("date", "constraint", ". <= date(today() + 365)"),
        ("text", "relevant", "today() - ${born} < 18 * 365.25"),
        ("text", "relevant", "int((today() - ${born}) div 365.25) < 18 and format-date(${seen}, '%Y') = '2026'"),
    ],
)
def test_a_rule_may_calculate_with_dates(type: str, column: str, rule: str) -> None:
    reading = inspect_row(type, **{column: rule})

    assert told(reading) == told(reading, "warning") == []


@pytest.mark.parametrize(
    ("rule", "day"), [("${born} < 18", "1970-01-19"), ("2020 <= ${later}", "1975-07-14"), ("today() = 0", "1970-01-01")]
)
def test_a_date_next_to_a_small_number_is_a_warning(rule: str, day: str) -> None:
    ((row, column, said),) = told(inspect_row("text", relevant=rule), "warning")

    assert (row, column) == (RULES, "relevant")
    assert day in said


@pytest.mark.parametrize("rule", ["${knows} > 'm'", "'yes' <= ${knows}", "concat(${age}, 'x') < 'x'"])
def test_words_are_not_larger_or_smaller(rule: str) -> None:
    ((row, column, said),) = told(inspect_row("text", relevant=rule))

    assert (row, column) == (RULES, "relevant")
    assert "is no number" in said


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("instance('towns')/list/item[name = ${knows}]/label", "instance"),
        ("pulldata('towns', 'label', 'name', ${knows})", "choices sheet"),
        ("distance(${knows}) > 3", "places"),
        ("property('deviceid') = ''", "device"),
        ("${last-saved#knows} = 'yes'", "last-saved#knows"),
        ("* = 1", "“*”"),
        ("../other = 1", "../other"),
        ("position(${knows}) = 1", "position()"),
        ("selcted(${needs}, 'food')", "selected()"),
        ("regex(${knows}, ${born})", "quotation marks"),
        ("format-date(${born}, '%Q') = ''", "%Q"),
        ("digest(${knows}, 'SHA-3') = ''", "SHA-512"),
        ("jr:choice-name(${age}, '${age}') = ''", "no choices"),
        ("indexed-repeat(${age}, ${born}, 1) = 1", "no repeat around"),
        ("sum(3) = 3", "sum(${name})"),
        (".. = 1", "position(..)"),
    ],
)
def test_what_forms_elsewhere_have_is_refused_with_what_to_write_instead(rule: str, said: str) -> None:
    ((row, column, sentence),) = told(inspect_row("text", relevant=rule))

    assert (row, column) == (RULES, "relevant")
    assert said in sentence


@pytest.mark.parametrize("day", ["2020-13-01", "01/02/2020", "2020", "x"])
def test_a_date_that_is_compared_with_what_is_none_is_refused(day: str) -> None:
    ((_, column, said),) = told(inspect_row("date", constraint=f". >= '{day}'"))

    assert column == "constraint"
    assert f"“{day}” is not a date" in said


@pytest.mark.parametrize(
    ("type", "cells"),
    [
        ("date", {"constraint": ". <= today() and . >= ${born} and . > '2020-01-31'"}),
        ("text", {"relevant": "${born} = '' or ${born} <= ${later} or ${age} - 1 > 17"}),
        ("calculate", {"calculation": "if(${born} > '2010-01-01', 'young', 'older')"}),
        ("text", {"relevant": "${knows} = 'yes' or ${knows} != 'no' or selected(${needs}, 'food')"}),
        ("text", {"relevant": "${needs} = 'housing food' or 'yes' = ${knows}"}),
        ("select_one needs", {"choice_filter": "region = ${knows} or name = 'food'", "appearance": "minimal"}),
        ("text", {"appearance": "multiline phone"}),
        ("date", {"appearance": "month-year", "default": "today()"}),
        ("select_multiple needs", {"default": "food housing", "constraint": "selected(., 'food')"}),
        ("acknowledge", {"default": "yes"}),
        ("decimal", {"default": "2.5", "read_only": "yes"}),
        ("note", {"read_only": "yes"}),
    ],
)
def test_rules_that_can_hold_are_accepted(type: str, cells: dict[str, str]) -> None:
    """Control: what is refused above is not refused for its shape."""
    reading = inspect_row(type, **cells)

    assert told(reading) == []
    assert told(reading, "warning") == []
    assert reading.form is not None


@pytest.mark.parametrize(
    ("type", "column", "rule", "said"),
    [
        ("text", "relevant", "${knows} = 'oui'", "They are: yes, no."),
        ("text", "relevant", "${knows} != 'Yes'", "Is it “yes”?"),
        ("text", "relevant", "'hausing' = ${needs}", "Is it “housing”?"),
        ("text", "relevant", "selected(${needs}, 'foods')", "Is it “food”?"),
        ("text", "relevant", "not(selected(${needs}, 'rent') or ${age} > 3)", "“rent” is no choice of “needs”"),
        ("text", "relevant", "${knows} = 1", "“1” is no choice of “knows”"),
        ("select_one yn", "constraint", ". = 'maybe'", "“maybe” is no choice of “tried”"),
        ("calculate", "calculation", "if(${knows} = 'y', 1, 2)", "“y” is no choice of “knows”"),
        ("select_one needs", "choice_filter", "regions = ${knows}", "have no column “regions”"),
    ],
)
def test_a_rule_that_compares_with_what_nobody_can_choose_is_refused(
    type: str, column: str, rule: str, said: str
) -> None:
    ((row, where, sentence),) = told(inspect_row(type, **{column: rule}))

    assert (row, where) == (RULES, column)
    assert said in sentence


def test_a_retired_choice_and_the_other_of_or_other_may_be_compared_with() -> None:
    text = """
| survey |
| | type | name | label | relevant |
| | select_one l or_other | a | A | |
| | text | b | B | ${a} = 'other' or ${a} = 'gone' |
| choices |
| | list_name | name | label | retired |
| | l | here | Here | |
| | l | gone | Gone | yes |
"""

    assert inspect(text.encode(), key="x", suffix=".md").findings == ()


@pytest.mark.parametrize(
    ("type", "appearance", "severity", "said"),
    [
        ("text", "mutliline", "warning", "Is it “multiline”?"),
        ("text", "phnoe", "error", "Is it “phone”?"),
        ("date", "month_year", "error", "Is it “month-year”?"),
        ("text", "month-year", "error", "is for questions of type date"),
        ("integer", "phone", "error", "is for questions of type text"),
        ("select_multiple needs", "minimal", "warning", "is for questions of type select_one"),
        ("select_one yn", "map", "warning", "changes nothing here"),
        ("integer", "likert", "warning", "is for questions of type select_one"),
        ("text", "w3 signature", "warning", "changes nothing here"),
    ],
)
def test_an_appearance_without_effect_is_told(type: str, appearance: str, severity: str, said: str) -> None:
    found = told(inspect_row(type, appearance=appearance), severity)

    assert {(row, column) for row, column, _ in found} == {(RULES, "appearance")}
    assert said in found[0][2]


@pytest.mark.parametrize(
    ("type", "default"),
    [
        ("integer", "many"),
        ("integer", "1.5"),
        ("date", "tomorrow"),
        ("date", "2026-02-30"),
        ("text", "today("),
        ("text", "${nobody}"),
        ("select_one yn", "maybe"),
        ("select_multiple needs", "food rent"),
        ("acknowledge", "no"),
    ],
)
def test_a_default_that_can_be_no_answer_is_refused(type: str, default: str) -> None:
    assert [(row, column) for row, column, _ in told(inspect_row(type, default=default))] == [(RULES, "default")]


@pytest.mark.parametrize(
    ("cells", "column", "severity", "said"),
    [
        ({"read_only": "yes"}, "read_only", "warning", "no default to show"),
        ({"read_only": "sometimes"}, "read_only", "error", "Write “yes”"),
    ],
)
def test_an_answer_that_nobody_can_give_or_see_is_told(
    cells: dict[str, str], column: str, severity: str, said: str
) -> None:
    ((row, where, sentence),) = [each for each in told(inspect_row("text", **cells), severity) if each[1] == column]

    assert (row, where) == (RULES, column)
    assert said in sentence


@pytest.mark.parametrize("column", ["autoplay", "parameters", "bind::odk:length"])
def test_a_column_that_changes_nothing_is_told_when_something_stands_in_it(column: str) -> None:
    def read(cell: str) -> XlsformResult:
        text = f"| survey |\n| | type | name | label | {column} |\n| | text | a | A | |\n| | text | b | B | {cell} |\n"
        return inspect(text.encode(), key="x", suffix=".md")

    assert [(row, where) for row, where, _ in told(read("x"), "warning")] == [(3, column)]
    assert told(read(""), "warning") == []


@pytest.mark.parametrize("rule", ["constraint", "required"])
def test_words_for_a_rule_that_is_not_there_are_told(rule: str) -> None:
    def warned(cell: str) -> list[tuple[int | None, str | None]]:
        row = f"| | text | a | A | {cell} | Non. |\n"
        text = f"| survey |\n| | type | name | label | {rule} | {rule}_message |\n{row}"
        found = told(inspect(text.encode(), key="x", suffix=".md"), "warning")
        return [(row, column) for row, column, said in found if "never said" in said]

    assert warned("") == [(2, f"{rule}_message")]
    assert warned("true()") == []


NOTE: Final = "| | begin_group | g | G |\n| | note | a | A |\n| | end_group | | |\n"


@pytest.mark.parametrize(("rows", "role"), [("", ""), ("| | begin_group | g | G |\n| | end_group | | |\n", ""),
                                            (NOTE, "referral")])  # fmt: skip
def test_a_form_that_asks_nothing_does_not_pass(rows: str, role: str) -> None:
    reading = inspect(f"| survey |\n| | type | name | label |\n{rows}".encode(), key="x", suffix=".md", role=role)

    assert reading.form is None
    assert "Nothing is asked in this form." in [said for _, _, said in told(reading)]


def test_a_form_may_only_tell_something_with_a_warning() -> None:
    reading = inspect(f"| survey |\n| | type | name | label |\n{NOTE}".encode(), key="x", suffix=".md")

    assert reading.form is not None
    assert [said for _, _, said in told(reading, "warning")] == ["Nothing is asked in this form."]


@pytest.mark.parametrize(
    "row",
    [
        "text | a.b | A | ${a.b} = 'x'",
        "select_one_external cities | city | City | region = 'x'",
        "begin_group | a.b | A | . = 1\n| | text | c.d | C | ${a.b.c.d} = 1\n| | end_group | | |",
        "begin_repeat | r.s | R | count(${r.s}) > 1\n| | text | t | T | ${r.s.t} = 1\n| | end_repeat | | |",
        "select_one nowhere or_other | a | A | ${a} = 'other'",
        "end_group | | | ",
        "begin_group | g | G | ",
        "select_multiple_from_file places.csv | a | A | ",
        "xml-external | a | A | ",
        "hidden | a | A | ",
        "rank yn | a | A | ",
        "begin_loop over nowhere | a | A | \n| | text | b | B | \n| | end_loop | | | ",
    ],
)
def test_no_row_breaks_the_reader(row: str) -> None:
    text = f"| survey |\n| | type | name | label | relevant |\n| | {row} |\n"

    reading = inspect(text.encode(), key="x", suffix=".md")

    assert reading.form is None
    assert all(each.row or each.sheet for each in reading.findings)
    assert told(reading)


ZERO_WIDTH: Final = "\u200b"


def test_an_invisible_character_behind_a_code_is_taken_out_and_told() -> None:
    reading = inspect(REPORTS / "form_zero_width_space_in_code.md", key="x")

    assert reading.form is not None
    assert [(row, column, "U+200B" in said) for row, column, said in told(reading, "warning")] == [(2, "name", True)]
    assert {choice.name.isascii() for each in reading.form.choices.values() for choice in each} == {True}


@pytest.mark.parametrize("invisible", ["\u200b", "\ufeff", "\u00ad", "\u2060", "\u200e", "\u200d"])
@pytest.mark.parametrize("column", ["type", "name", "relevant", "default"])
def test_invisible_characters_change_no_code_name_or_rule(column: str, invisible: str) -> None:
    cells = {"type": "select_one yn", "name": "tried", "relevant": "${knows} = 'yes'", "default": "yes"}
    cells[column] = cells[column][:3] + invisible + cells[column][3:] + invisible
    text = FORM.format(
        row=f"{cells['type']} | {cells['name']} | L | {cells['relevant']} | | | | | {cells['default']} |"
    )

    marked = inspect((text + CHOICES).encode(), key="x", suffix=".md")
    plain = inspect_row("select_one yn", relevant="${knows} = 'yes'", default="yes")

    assert marked.form == plain.form
    assert (RULES, column) in {(row, where) for row, where, _ in told(marked, "warning")}


def test_invisible_characters_stay_in_words_where_scripts_need_them() -> None:
    reading = inspect_row("text")
    joined = inspect((FORM.format(row="text | tried | می‌خواهم" + " | " * 7) + CHOICES).encode(), key="x", suffix=".md")

    assert reading.form is not None
    assert joined.form is not None
    assert joined.form.questions[-1].labels == {"und": "می‌خواهم"}
    assert told(joined, "warning") == []


def test_a_misspelt_setting_and_a_second_row_of_settings_are_told() -> None:
    settings = "| settings |\n| | defaut_language | form_id | style |\n| | fr | a | pages |\n| | en | b | |\n"
    text = f"| survey |\n| | type | name | label::fr |\n| | text | a | A |\n{settings}"

    reading = inspect(text.encode(), key="x", suffix=".md")

    assert [(each.sheet, each.row, each.column) for each in reading.findings] == [
        ("settings", 1, "defaut_language"),
        ("settings", 3, None),
    ]
