"""Whatever is wrong in a spreadsheet is said with sheet, row and column, all at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

import openpyxl
import pytest

from spheres_core.forms.schemas import Form
from spheres_core.forms.xlsform.reader import XlsformResult, inspect, read
from spheres_core.foundation.content.packs import ContentInvalid, Finding, say_plainly

CHOICES: Final = """
| choices |
| | list_name | name | label::fr | label::en |
| | yn | yes | Oui | Yes |
| | yn | no | Non | No |
"""


def table(columns: str, *rows: str, choices: str = CHOICES) -> bytes:
    lines = "\n".join(f"| | {row} |" for row in (columns, *rows))
    return f"| survey |\n{lines}\n{choices}".encode()


def inspect_table(columns: str, *rows: str, choices: str = CHOICES, key: str = "x") -> XlsformResult:
    return inspect(table(columns, *rows, choices=choices), key=key, languages=("fr", "en"), suffix=".md")


def places(reading: XlsformResult, severity: str = "error") -> list[tuple[str | None, int | None, str | None]]:
    return [(f.sheet, f.row, f.column) for f in reading.findings if f.severity == severity]


BASE: Final = "type | name | label::fr | label::en"
NONE: Final = CHOICES.splitlines()[0]

BROKEN: Final = [
    ("missing translation", BASE, ["text | a | A |  "], ("survey", 2, "label::en")),
    ("broken rule", f"{BASE} | relevant", ["text | a | A | A | selected("], ("survey", 2, "relevant")),
    ("unknown function", f"{BASE} | constraint", ["text | a | A | A | shout(.)"], ("survey", 2, "constraint")),
    ("wrong arity", f"{BASE} | constraint", ["text | a | A | A | not(1, 2)"], ("survey", 2, "constraint")),
    ("bare word", f"{BASE} | relevant", ["text | a | A | A | yes = 'x'"], ("survey", 2, "relevant")),
    ("unknown reference", f"{BASE} | relevant", ["text | a | A | A | ${b} = 'x'"], ("survey", 2, "relevant")),
    ("reference in a label", BASE, ["text | a | A ${b} | A"], ("survey", 2, "label::fr")),
    ("misspelt column", f"{BASE} | relevent", ["text | a | A | A | 1"], ("survey", 1, "relevent")),
    ("unsupported type", BASE, ["text | b | B | B", "osm | a | A | A"], ("survey", 3, "type")),
    ("unknown type", BASE, ["txet | a | A | A"], ("survey", 2, "type")),
    (
        "nested quantifiers",
        f"{BASE} | constraint",
        ["text | a | A | A | regex(., '(a+)+')"],
        ("survey", 2, "constraint"),
    ),
    ("look-ahead", f"{BASE} | constraint", ["text | a | A | A | regex(., '(?=a)a')"], ("survey", 2, "constraint")),
    ("unknown meaning", f"{BASE} | meaning", ["text | a | A | A | shoe_size"], ("survey", 2, "meaning")),
    ("wrong kind for a meaning", f"{BASE} | meaning", ["text | a | A | A | age"], ("survey", 2, "meaning")),
    ("missing list", BASE, ["select_one nowhere | a | A | A"], ("survey", 2, "type")),
    ("bad name", BASE, ["text | 9a | A | A"], ("survey", 2, "name")),
    ("no name", BASE, ["text |  | A | A"], ("survey", 2, "name")),
    (
        "circle",
        f"{BASE} | relevant",
        ["text | a | A | A | ${b} = '1'", "text | b | B | B | ${a} = '1'"],
        ("survey", 2, "relevant"),
    ),
    ("itself", f"{BASE} | calculation", ["calculate | a | A | A | ${a} + 1"], ("survey", 2, "calculation")),
    ("empty calculation", BASE, ["calculate | a | A | A"], ("survey", 2, "calculation")),
    ("own value in a relevant", f"{BASE} | relevant", ["text | a | A | A | . = '1'"], ("survey", 2, "relevant")),
    ("bad limit", f"{BASE} | limit", ["text | a | A | A | many"], ("survey", 2, "limit")),
    (
        "a number of repeats that cannot be read",
        f"{BASE} | repeat_count",
        ["begin_repeat | r | A | A | 3 +", "text | a | A | A |", "end_repeat"],
        ("survey", 2, "repeat_count"),
    ),
    (
        "many answers where one is meant",
        f"{BASE} | relevant",
        ["begin_repeat | r | A | A |", "text | a | A | A |", "end_repeat", "text | b | B | B | ${a} = 'x'"],
        ("survey", 5, "relevant"),
    ),
]


@pytest.mark.parametrize(("columns", "rows", "place"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_a_defect_is_named_by_its_cell(columns: str, rows: list[str], place: tuple[str, int, str]) -> None:
    reading = inspect_table(columns, *rows)

    assert reading.form is None
    assert place in places(reading), reading.findings


def test_a_table_without_errors_has_no_findings() -> None:
    """Control: what the broken ones share is fine."""
    reading = inspect_table(f"{BASE} | relevant", "select_one yn | a | A | A |", "text | b | B | B | ${a} = 'yes'")

    assert reading.findings == ()
    assert reading.form is not None


def test_all_findings_come_in_one_go() -> None:
    rows = ["text | a | A |  | selected(", "osm | b | B | B |", "text | c |  | C | ${zz}"]

    reading = inspect_table(f"{BASE} | relevant", *rows)

    assert {
        ("survey", 2, "label::en"),
        ("survey", 2, "relevant"),
        ("survey", 3, "type"),
        ("survey", 4, "label::fr"),
        ("survey", 4, "relevant"),
    } <= set(places(reading))


def test_what_pyxform_refuses_is_said_with_its_row() -> None:
    reading = inspect_table(BASE, "text | a | A | A", "end_group | | |")

    assert ("survey", 3) in [(finding.sheet, finding.row) for finding in reading.findings]


def test_a_name_that_stands_twice_in_its_group_is_named() -> None:
    inside = ["begin_group | g | G | G", "text | a | A | A", "text | a | B | B", "end_group | | |"]

    reading = inspect_table(BASE, "text | a | A | A", *inside, "text | b | B | B", "text | a | C | C")

    assert [each for each in places(reading) if each[2] == "name"] == [("survey", 5, "name"), ("survey", 8, "name")]


@pytest.mark.parametrize(("allowed", "found"), [("", [("choices", 4, "name")]), ("yes", [])])
def test_a_code_that_stands_twice_in_its_list_is_named_unless_the_author_allows_it(
    allowed: str, found: list[tuple[str, int, str]]
) -> None:
    settings = f"| settings |\n| | form_id | allow_choice_duplicates |\n| | x | {allowed} |\n"

    reading = inspect_table(
        BASE, "select_one yn | a | A | A", choices=CHOICES + "| | yn | yes | Si | Aye |\n" + settings
    )

    assert places(reading) == found


def test_a_choice_that_stands_for_no_code_is_named_on_the_choices_sheet() -> None:
    choices = CHOICES.replace("| no |", "| perhaps |")

    reading = inspect_table(f"{BASE} | meaning", "select_one yn | a | A | A | knows", choices=choices)

    assert places(reading) == [("choices", 3, "meaning")]


def test_a_choice_meaning_maps_a_region_s_code() -> None:
    choices = """
| choices |
| | list_name | name | label::fr | label::en | meaning | retired |
| | yn | oui | Oui | Yes | yes | |
| | yn | peut | P | P | unsure | yes |
"""
    reading = inspect_table(f"{BASE} | meaning", "select_one yn | a | A | A | knows", choices=choices)

    assert reading.form is not None
    assert [(choice.code, choice.retired) for choice in reading.form.choices["yn"]] == [
        ("yes", False),
        ("unsure", True),
    ]


def test_an_unused_list_is_only_a_warning() -> None:
    reading = inspect_table(BASE, "text | a | A | A")

    assert places(reading, "warning") == [("choices", 2, "list_name")]
    assert reading.form is not None


def test_a_language_the_form_lacks_is_a_warning() -> None:
    reading = inspect(
        table(BASE, "text | a | A | A", choices=""),
        key="x",
        suffix=".md",
        languages=("fr-CA", "es-MX"),
    )

    assert places(reading, "warning") == [("survey", 1, "label::es-MX")]


def test_language_columns_are_known_by_code_or_name() -> None:
    form = read(
        table(
            "type | name | label::Français (fr) | label::English (en-CA) | label::Spanish",
            "text | a | A | B | C",
            choices="",
        ),
        key="x",
        suffix=".md",
    )

    assert form.languages == ("fr", "en-CA", "es")


def test_typographic_quotes_stay_in_words_and_work_in_rules() -> None:
    form = read(
        table(f"{BASE} | constraint", "text | a | L’âge | “Age” | . != ‘x’", choices=""),
        key="x",
        suffix=".md",
    )

    assert form.questions[0].labels == {"fr": "L’âge", "en": "“Age”"}
    assert form.questions[0].constraint == ["!=", ["self"], ["text", "x"]]


REFERRAL: Final = [
    "select_one knows | knows | A | A | knows | ",
    "select_one agrees | agrees | A | A | agrees_to_contact | ",
    "text | how | A | A | safe_contact | ",
    "integer | age | A | A | age | ",
    "text | lang | A | A | language | ",
    "select_multiple needs | needs | A | A | need | ",
    "text | who | A | A | referrer_name | yes",
    "text | mail | A | A | referrer_email | ",
]
REFERRAL_CHOICES: Final = """
| choices |
| | list_name | name | label::fr | label::en |
| | knows | yes | Oui | Yes |
| | agrees | not_yet | P | N |
| | needs | housing | L | H |
"""


def referral(rows: list[str]) -> XlsformResult:
    return inspect_table(f"{BASE} | meaning | required", *rows, choices=REFERRAL_CHOICES, key="referral")


def test_a_referral_form_with_the_required_meanings_is_accepted() -> None:
    assert referral(REFERRAL).form is not None


@pytest.mark.parametrize("missing", range(len(REFERRAL)))
def test_a_referral_form_without_a_required_meaning_is_refused(missing: int) -> None:
    rows = [row for index, row in enumerate(REFERRAL) if index != missing]

    reading = referral(rows)

    assert reading.form is None
    assert ("survey", 1, "meaning") in places(reading)


def test_a_referral_form_that_insists_on_her_name_is_refused() -> None:
    reading = referral([*REFERRAL, "text | called | A | A | participant_name | yes"])

    assert ("survey", 10, "required") in places(reading)


def test_groups_too_deep_inside_each_other_are_refused() -> None:
    rows = [f"begin_group | g{level} | A | A" for level in range(600)] + ["text | a | A | A"] + ["end_group"] * 600

    reading = inspect_table(BASE, *rows, choices="")

    assert reading.form is None
    assert reading.findings[0].column == "type"


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"not a form",
        b"| survey |",
        b"PK\x03\x04 broken",
        "| survey |\n| | é".encode("latin-1"),
    ],
)
@pytest.mark.parametrize("suffix", [".md", ".xlsx", ".csv", ".xls", ".ods", ".exe"])
def test_what_is_no_form_is_refused_and_never_raises_anything_else(source: bytes, suffix: str) -> None:
    with pytest.raises(ContentInvalid) as refused:
        read(source, key="x", suffix=suffix)

    assert all(isinstance(finding, Finding) and say_plainly(finding.message) for finding in refused.value.findings)


def test_every_finding_can_be_said() -> None:
    for _, columns, rows, _ in BROKEN:
        for finding in inspect_table(columns, *rows).findings:
            assert "{" not in say_plainly(finding.message).replace("${", "")


def test_the_same_table_in_csv_and_markdown_is_the_same_version() -> None:
    markdown = inspect_table(BASE, "text | a | A | B", choices="").form
    csv = inspect(b"survey,,,,\n,type,name,label::fr,label::en\n,text,a,A,B\n", key="x", suffix=".csv").form

    assert isinstance(markdown, Form)
    assert csv is not None
    assert csv.version == markdown.version


@pytest.mark.parametrize(
    "rule",
    [
        "(" * 5000 + "1" + ")" * 5000,
        "(" * 1500 + "1" + ")" * 1500,
        "not(" * 600 + "true()" + ")" * 600,
        "-" * 3000 + "1",
        "1" + " + 1" * 900,
        "(" * 1500,
    ],
)
def test_a_rule_of_thousands_of_brackets_is_named_by_its_cell(rule: str) -> None:
    reading = inspect_table(f"{BASE} | relevant", f"text | a | A | A | {rule}")

    assert ("survey", 2, "relevant") in places(reading)


def test_a_spreadsheet_file_is_read_like_a_table(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "survey"
    for row in (
        ["type", "name", "label::Français (fr)", "label::English (en)", "relevant"],
        ["integer", "age", "Âge", "Age", None],
        [],
        ["text", "why", "Pourquoi", None, "${age} >"],
    ):
        sheet.append(row)
    path = tmp_path / "form.xlsx"
    book.save(path)

    reading = inspect(path, key="form", languages=("fr", "en"))

    assert [(f.file, *place) for f, place in zip(reading.findings, places(reading), strict=True)] == [
        ("form.xlsx", "survey", 4, "label::English (en)"),
        ("form.xlsx", "survey", 4, "relevant"),
    ]


def test_questions_may_have_any_plain_name() -> None:
    form = inspect_table(BASE, "text | toString | A | A", "text | constructor | A | A").form

    assert form is not None
    assert [question.name for question in form.questions] == ["toString", "constructor"]


def doubling(rows: int) -> bytes:
    """A form each of whose rows joins the one before twice."""
    first = "text | a0 | A | A | "
    more = [f"calculate | a{n} | | | concat(${{a{n - 1}}}, ${{a{n - 1}}})" for n in range(1, rows)]
    return table(f"{BASE} | calculation", first, *more, choices=NONE)


def test_rules_that_double_a_text_are_refused_at_the_cell_where_it_grows_too_long() -> None:
    reading = inspect(doubling(40), key="x", suffix=".md")
    assert places(reading) == [("survey", 9, "calculation")], "a hundred characters, doubled seven times"
    assert reading.form is None
    assert inspect(doubling(7), key="x", suffix=".md").form is not None, "what stays short is taken"


def test_memory_stays_small_while_it_is_refused() -> None:
    """In a process of its own, whose largest size is asked of the system: under 200 MiB, the interpreter and all.

    Not by `getrusage`, which counts the process that started this one as well.
    """
    code = (
        "import re, sys; from spheres_core.forms.xlsform.reader import inspect;"
        "read = inspect(sys.stdin.buffer.read(), key='x', suffix='.md');"
        "print(read.form is None, re.search(r'VmHWM:\\s+(\\d+) kB', open('/proc/self/status').read())[1])"
    )
    ran = subprocess.run([sys.executable, "-c", code], input=doubling(40), capture_output=True, check=True)
    refused, kibibytes = ran.stdout.split()

    assert refused == b"True"
    assert int(kibibytes) < 200 * 1024


def test_a_chain_of_a_thousand_calculations_is_read_and_one_with_too_many_steps_refused() -> None:
    def chain(rows: int, rule: str) -> XlsformResult:
        more = [f"calculate | a{n} | | | {rule.replace('it', f'${{a{n - 1}}}')}" for n in range(rows - 1, 0, -1)]
        return inspect_table(f"{BASE} | calculation", *more, "integer | a0 | A | A | ", choices=NONE)

    assert chain(1_000, "coalesce(it, 1)").form is not None
    reading = chain(60, f"coalesce({', '.join(['it'] * 400)})")
    assert [column for _, _, column in places(reading)] == ["calculation"]
    assert reading.form is None


def test_rules_that_read_each_other_twice_are_looked_at_once_each() -> None:
    """Forty rows that each read the one before twice are a million million ways through them."""
    more = [f"calculate | a{n} | | | coalesce(${{a{n - 1}}}, ${{a{n - 1}}})" for n in range(1, 40)]
    last = "text | b | B | B | "
    both = [f"{each} | " for each in more]
    dated = inspect_table(f"{BASE} | calculation | relevant", "date | a0 | A | A | | ", *both,
                          f"{last} | ${{a39}} = 'x'", choices=NONE)  # fmt: skip
    assert places(dated) == [("survey", 42, "relevant")], "a date at the end of the chain"
    assert inspect_table(f"{BASE} | calculation", "text | a0 | A | A | ", *more, last, choices=NONE).form is not None
