"""Forms that were written for other programs are asked as they are, and whatever changes with that is a warning at its
cell."""

from __future__ import annotations

import datetime as dt
from typing import Final

import pytest

from spheres_core.forms.answer_placement import place_answers
from spheres_core.forms.answers import check
from spheres_core.forms.expressions import clock_of_day
from spheres_core.forms.schemas import Form
from spheres_core.forms.xlsform.reader import XlsformResult, inspect
from spheres_core.foundation.content.packs import say_plainly
from spheres_core.foundation.languages.localization import REGISTRY, Locale
from tests.spheres_core.forms.rule_engine import browser_engine, places_of, settled

TODAY: Final = dt.date(2026, 11, 28)
CLOCK: Final = clock_of_day(TODAY.isoformat())
ENGLISH: Final = Locale((REGISTRY["en-CA"],), {})
BASE: Final = "type | name | label"
CHOICES: Final = """| choices |
| | list_name | name | label |
| | yn | yes | Oui |
| | yn | no | Non |
| | barriers | guard rail | Glissière |
| | barriers | city wall | Rempart |
"""


def read(columns: str, *rows: str, choices: str = CHOICES) -> XlsformResult:
    lines = "\n".join(f"| | {row} |" for row in (columns, *rows))
    return inspect(f"| survey |\n{lines}\n{choices}".encode(), key="form", suffix=".md")


def form_of(reading: XlsformResult) -> Form:
    assert reading.form is not None, reading.findings
    return reading.form


def told(reading: XlsformResult, severity: str = "warning") -> list[tuple[int | None, str | None, str]]:
    return [
        (each.row, each.column, say_plainly(each.message))
        for each in reading.findings
        if each.severity == severity and "No question uses the list" not in each.message.msgid
    ]


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("tel.office", "tel_office"),
        ("prénom", "prenom"),
        ("_id", "id"),
        ("œuvre.d-art", "uvre_d-art"),
        ("имя", "question_2"),
        ("Q1.1", "Q1_1"),
        ("a" * 80, "a" * 64),
    ],
)
def test_a_name_of_xml_becomes_a_name_that_is_used_here_with_a_warning(name: str, called: str) -> None:
    reading = read(f"{BASE} | relevant", f"text | {name} | Bureau ${{{name}}} |", f"text | b | B | ${{{name}}} = 'x'")

    first, second = form_of(reading).questions
    assert first.name == called
    assert f"${{{called}}}" in first.labels["und"]
    assert second.relevant is not None
    assert ["ref", called] in second.relevant
    assert told(reading) == [
        (2, "name", f"“{name}” is called “{called}” here: a letter first, then letters, digits, - or _.")
    ]


def test_two_names_that_become_the_same_stay_two() -> None:
    rows = ["text | tel.a | A |", "text | tel_a | B |", "text | tel-à | C | ${tel.a} = 'x'"]

    form = form_of(read(f"{BASE} | relevant", *rows))

    assert [question.name for question in form.questions] == ["tel_a_2", "tel_a", "tel-a"]
    assert form.questions[2].relevant == ["=", ["ref", "tel_a_2"], ["text", "x"]]


@pytest.mark.parametrize("name", ["two words", "1st", "a&b", "-x"])
def test_what_is_no_name_of_xml_is_refused_at_its_cell(name: str) -> None:
    reading = read(BASE, "text | a | A", f"text | {name} | B")

    assert reading.form is None
    assert (3, "name") in [each[:2] for each in told(reading, "error")]


def test_a_code_with_a_space_may_be_chosen_alone_and_not_among_several() -> None:
    alone, several = read(BASE, "select_one barriers | b | B"), read(BASE, "select_multiple barriers | b | B")

    assert check(form_of(alone), {"b": "guard rail"}, today=TODAY).values == {"b": "guard rail"}
    assert several.form is None
    assert {(4, "name"), (5, "name")} < {each[:2] for each in told(several, "error")}


@pytest.mark.parametrize(
    "type",
    ["start", "end", "today", "deviceid", "subscriberid", "simserial", "username", "imei", "get today"],
)
def test_what_a_device_would_fill_in_is_not_collected_and_said_so(type: str) -> None:
    reading = read(BASE, f"{type} | noted |", "text | a | A")

    assert [question.name for question in form_of(reading).questions] == ["a"]
    assert told(reading) == [(2, "type", f"A device would fill in “{type}”; that is not collected here.")]


def test_an_audit_is_not_collected() -> None:
    assert [each[:2] for each in told(read(BASE, "audit | |", "text | a | A"))] == [(2, "type")]


def test_a_rule_computes_the_day_that_a_device_would_note() -> None:
    reading = read(f"{BASE} | constraint", "today | day | |", "date | a | A | . <= ${day}")

    form = form_of(reading)
    assert form.questions[0].constraint == ["<=", ["self"], ["today"]]
    assert not check(form, {"a": "2026-11-28"}, today=TODAY).problems
    assert check(form, {"a": "2026-11-29"}, today=TODAY).problems
    assert len(told(reading)) == 1


def test_what_a_device_does_not_tell_is_blank_in_rules_and_texts_with_a_warning_at_each() -> None:
    reading = read(f"{BASE} | relevant", "username | user | |", "text | a | Qui, ${user} ? | ${user} = ''")

    form = form_of(reading)
    assert check(form, {"a": "Nous"}, today=TODAY).values == {"a": "Nous"}
    assert form.questions[0].labels == {"und": "Qui,  ?"}
    assert [each[:2] for each in told(reading)] == [(2, "type"), (3, "label"), (3, "relevant")]


@pytest.mark.parametrize(
    ("column", "row", "said"),
    [
        ("required", "note | a | A | yes", "Nobody answers this"),
        ("constraint", "note | a | A | 1 = 1", "Nobody answers this"),
        ("default", "note | a | A | x", "Nobody answers this"),
        ("default", "text | a | A | ${last-saved#a}", "is not kept"),
        ("calculation", "text | a | A | 1 + 1", "nobody changes it"),
        ("calculation", "note | a | A | 1 + 1", "A note shows it: write ${a}"),
        ("choice_filter", "text | a | A | true()", "has no choices"),
        ("read_only", "text | a | A | yes", "no default to show"),
        ("appearance", "text | a | A | nonsense", "changes nothing"),
        ("whatever", "text | a | A | x", "is not used"),
        ("save_to", "text | a | A | x", "is not used"),
        ("autoplay", "text | a | A | audio", "is not used"),
        ("bind::type", "text | a | A | string", "is not used"),
    ],
)
def test_a_cell_that_changes_nothing_is_a_warning_at_its_place(column: str, row: str, said: str) -> None:
    reading = read(f"{BASE} | {column}", row, "text | b | B |")

    assert form_of(reading)
    ((_, where, sentence),) = told(reading)
    assert (where, said in sentence) == (column, True)


def test_a_computed_question_is_shown_and_not_asked() -> None:
    form = form_of(read(f"{BASE} | calculation", "integer | a | A |", "integer | b | B | ${a} + 1"))

    assert check(form, {"a": 1}, today=TODAY).values == {"a": 1, "b": 2}
    assert (form.questions[1].kind, form.questions[1].read_only) == ("integer", True)


def test_a_note_needs_no_name_and_a_question_does() -> None:
    form = form_of(read(BASE, "begin group | g | G", "note | | N", "text | a | A", "end group"))
    unnamed = read(BASE, "text | a | A", "text | | B")

    assert [child.kind for child in form.questions[0].children] == ["note", "text"]
    assert (3, "name", "The name is missing.") in told(unnamed, "error")


def test_what_nobody_can_answer_is_not_required() -> None:
    reading = read(f"{BASE} | read_only | required", "text | a | A | yes | yes")

    assert [each[:2] for each in told(reading, "error")] == [(2, "required")]


def test_what_has_no_words_shows_its_name_with_a_warning() -> None:
    choices = "| choices |\n| | list_name | name | label |\n| | yn | yes | |\n| | yn | no | Non |\n"

    reading = read(f"{BASE} | hint", "text | a | A |", "select_one yn | needs_help | | Cochez", choices=choices)

    form = form_of(reading)
    assert form.questions[1].labels == {"und": "needs_help"}
    assert form.choices["yn"][0].labels == {"und": "yes"}
    assert [each[:2] for each in told(reading)] == [(3, "label"), (2, "label")]


@pytest.mark.parametrize(
    ("columns", "rows", "place"),
    [
        (BASE, ["text | a | A", "text | b |"], (3, None)),
        (f"{BASE} | relevant", ["text | a | A", "text | b | B | /data/${a.c}/d = 1"], (3, "relevant")),
    ],
)
def test_what_other_programs_cannot_ask_is_refused_at_its_row(
    columns: str, rows: list[str], place: tuple[int, str | None]
) -> None:
    reading = read(columns, *rows)

    assert reading.form is None
    assert place in [each[:2] for each in told(reading, "error")]


def test_a_question_may_be_called_by_its_path() -> None:
    rows = ["begin group | g | G |", "text | a | A |", "end group", "text | b | B | ${g.a} = 'x'"]

    assert form_of(read(f"{BASE} | relevant", *rows)).questions[1].relevant == ["=", ["ref", "g.a"], ["text", "x"]]


def test_a_choice_without_a_list_is_not_read_with_a_warning() -> None:
    choices = "| choices |\n| | list_name | name | label |\n| | yn | yes | Oui |\n| | | other | Autre |\n"

    reading = read(BASE, "select_one yn | a | A", choices=choices)

    assert [choice.name for choice in form_of(reading).choices["yn"]] == ["yes"]
    assert [each[:2] for each in told(reading)] == [(3, "list_name")]


@pytest.mark.parametrize(("cell", "tree"), [("TRUE", ["true"]), ("yes", ["true"]), ("No", ["false"])])
def test_a_rule_may_be_a_truth_value_alone(cell: str, tree: list[str]) -> None:
    assert form_of(read(f"{BASE} | relevant", f"text | a | A | {cell}")).questions[0].relevant == tree


@pytest.mark.parametrize(("meaning", "severity"), [("", "warning"), ("age", "error")])
def test_a_code_that_no_choice_has_is_refused_where_the_form_has_meanings(meaning: str, severity: str) -> None:
    rows = [f"integer | age | A | | {meaning}", "select_one yn | knows | K | | ", "text | why | W | ${knows} = 'si' | "]

    reading = read(f"{BASE} | relevant | meaning", *rows)

    assert [each[:2] for each in told(reading, severity)] == [(4, "relevant")]
    assert (reading.form is None) == (severity == "error")


def test_a_language_that_is_none_is_not_read_with_a_warning() -> None:
    reading = read("type | name | label::Tetunn | label::English (en)", "text | a | Ita | You")

    assert form_of(reading).questions[0].labels == {"en": "You"}
    assert [each[:2] for each in told(reading)] == [(1, "label::Tetunn")]
    assert read("type | name | label::Tetunn", "text | a | Ita").form is None


def test_a_value_that_another_program_would_set_is_blank_with_a_warning() -> None:
    rows = ["calculate | source | | . |", "text | a | A | | ${source} = ''"]

    reading = read(f"{BASE} | calculation | relevant", *rows)

    assert check(form_of(reading), {"a": "x"}, today=TODAY).values == {"a": "x"}
    assert [each[:2] for each in told(reading)] == [(2, "calculation")]


@pytest.mark.parametrize(
    ("column", "cell", "field"),
    [
        ("bind::relevant", "1 = 1", "relevant"),
        ("bind:relevant", "1 = 1", "relevant"),
        ("bind: required", "yes", "required"),
        ("bind::constraint", ". != 'x'", "constraint"),
        ("bind::jr:constraintMsg", "Non", "constraint_messages"),
        ("bind::jr:requiredMsg::en", "Please", "required_messages"),
        ("control::appearance", "multiline", "appearance"),
        ("body::appearance", "multiline", "appearance"),
    ],
)
def test_a_column_may_be_named_by_the_part_of_an_xform_that_it_becomes(column: str, cell: str, field: str) -> None:
    reading = read(f"{BASE} | {column}", f"text | a | A | {cell}")

    assert getattr(form_of(reading).questions[0], field)
    assert [each for each in told(reading) if each[1] == column and "never said" not in each[2]] == []


TRANSLATED: Final = ("type | name | label::fr | label::en", "text | a | Un | One", "text | b | Deux |")


def test_a_missing_translation_is_a_warning_unless_the_language_must_be_whole() -> None:
    source = "| survey |\n" + "\n".join(f"| | {row} |" for row in TRANSLATED)

    freely = inspect(source.encode(), key="form", suffix=".md")
    whole = inspect(source.encode(), key="form", languages=("fr-CA", "en-CA"), suffix=".md")
    in_part = inspect(source.encode(), key="form", languages=("fr-CA", "en-CA"), in_part=("en",), suffix=".md")

    assert [each[:2] for each in told(freely)] == [(3, "label::en")]
    assert whole.form is None
    assert [each[:2] for each in told(whole, "error")] == [(3, "label::en")]
    assert form_of(in_part)


@pytest.mark.parametrize(
    ("type", "kind", "said"),
    [
        ("geotrace", "geopoint", "A line is told in words here"),
        ("geoshape", "geopoint", "An area is told in words here"),
        ("q geoshape", "geopoint", "An area is told in words here"),
        ("barcode", "text", "The code is typed here"),
    ],
)
def test_what_a_device_would_draw_or_read_is_typed_with_a_warning(type: str, kind: str, said: str) -> None:
    reading = read(BASE, f"{type} | a | A")

    form = form_of(reading)
    assert form.questions[0].kind == kind
    assert check(form, {"a": "1, rue Exemple"}, today=TODAY).values == {"a": "1, rue Exemple"}
    ((row, column, sentence),) = told(reading)
    assert (row, column, said in sentence) == (2, "type", True)


def test_a_comparison_with_null_never_holds_and_is_told() -> None:
    rows = ["text | a | A |", "text | b | B | ${a} = null", "text | c | C | ${a} != null"]

    reading = read(f"{BASE} | relevant", *rows)

    form = form_of(reading)
    assert check(form, {"a": "x", "b": "x", "c": "x"}, today=TODAY).ignored == ("b", "c")
    assert check(form, {"b": "x", "c": "x"}, today=TODAY).ignored == ("b", "c")
    assert [each[:2] for each in told(reading)] == [(3, "relevant"), (4, "relevant")]


INPUTS: Final = (
    "begin group | inputs | I | ./source = 'user' | ",
    "hidden | source | | | {source}",
    "text | name | N | | ",
    "end group | | | | ",
    "text | b | B | | ",
)


@pytest.mark.parametrize(("source", "kept"), [("user", {"source": "user", "name": "x"}), ("contact", None)])
def test_a_group_may_look_at_a_value_of_its_own_that_nobody_gives(source: str, kept: dict[str, str] | None) -> None:
    form = form_of(read(f"{BASE} | relevant | default", *(row.format(source=source) for row in INPUTS)))
    answers = {"inputs": {"name": "x"}, "b": "x"}

    here, before = place_answers(form, answers, CLOCK)[1], place_answers(form, answers, CLOCK, settled=False)[1]

    assert check(form, answers, today=TODAY).values.get("inputs") == kept
    there = settled(browser_engine(), form, before, CLOCK, ENGLISH)
    assert there == places_of(here, hidden=True)


def test_a_group_that_looks_at_an_answer_inside_of_it_is_a_circle() -> None:
    """Control: whoever is not asked cannot answer."""
    rows = ["begin group | g | G | ${a} = 'x'", "text | a | A |", "end group"]

    reading = read(f"{BASE} | relevant", *rows)

    assert reading.form is None
    assert ["circle" in said for _, _, said in told(reading, "error")] == [True]


def test_what_has_the_appearance_hidden_is_not_asked_and_a_group_may_look_at_it() -> None:
    rows = [
        "begin group | inputs | I | | ./source = 'user' | ",
        "string | source | S | hidden | | user",
        "text | name | N | | | ",
        "end group | | | | | ",
    ]

    reading = read(f"{BASE} | appearance | relevant | default", *rows)

    kept = check(form_of(reading), {"inputs": {"name": "x", "source": "other"}}, today=TODAY)
    assert kept.values == {"inputs": {"name": "x", "source": "user"}}
    assert kept.ignored == ("inputs.source",)
    assert [each[:2] for each in told(reading)] == [(3, "appearance")]


def test_a_note_that_a_rule_reads_is_blank_and_told() -> None:
    reading = read(f"{BASE} | relevant", "note | n | N |", "text | a | A | ${n} = ''")

    assert check(form_of(reading), {"a": "x"}, today=TODAY).values == {"a": "x"}
    assert told(reading) == [(3, "relevant", "“n” is a note: it has no answer, so it is blank here.")]


def test_choices_without_a_column_of_words_show_their_names_with_a_warning() -> None:
    reading = read(BASE, "select_one yn | a | A", choices="| choices |\n| | list_name | name |\n| | yn | yes |\n")

    assert form_of(reading).choices["yn"][0].labels == {"und": "yes"}
    assert told(reading) == [(1, "label", "There are no words to show: its name is shown.")]
