"""Random forms, as authors could write them, for properties that must hold for every form."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st

from spheres_core.forms.schemas import Form
from spheres_core.forms.xlsform.reader import inspect

HEAD: Final = (
    "type | name | label::fr | label::en | relevant | constraint | required | calculation | choice_filter | appearance"
    " | default | read_only | parameters"
)
CHOICES: Final = """
| choices |
| | list_name | name | label::fr | label::en | retired |
| | few | yes | Oui | Yes | |
| | few | no | Non | No | |
| | few | one | Un | One | yes |
| | few | two | Deux | Two | yes |
| | many | one | Un | One | |
| | many | two | Deux | Two | |
| | many | three | Trois | Three | |
| | many | no | Non | No | yes |
| | many | yes | Oui | Yes | yes |
"""
CONSTRAINTS: Final = {
    "text": ["", "", "string-length(.) > 3", "regex(., '[a-z]{2,5}-[0-9]+')", ". != 'Exemple'", "not(. = 'E')"],
    "integer": ["", ". >= 12 and . < 25", ". > 1000", ". mod 7 = 3", ". < 0"],
    "decimal": ["", ". > 0.5 and . < 1.5", ". <= -3"],
    "date": ["", ". <= today()", ". > today()", ". = '2001-02-03'"],
    "select_one": ["", ". != 'yes'", ". = 'two' or . = 'no'"],
    "select_multiple": ["", "count-selected(.) = 1", "not(selected(., 'one'))", "selected(., 'three')"],
    "acknowledge": [""],
    "range": ["", ". > 4", ". != 6"],
    "time": ["", ". = '23:00'"],
    "datetime": [""],
    "rank": [""],
    "geopoint": ["", "string-length(.) > 3"],
}  # fmt: skip
PARAMETERS: Final = {
    "range": ["", "start=0 end=10 step=2", "start=1 end=5 step=0.5", "start=8 end=-8 step=4"],
    "text": ["", "rows=8"],
    "select_one": ["", "randomize=true"],
    "rank": ["", "randomize=true seed=42"],
}
DEFAULTS: Final = {
    "text": ["Exemple", "E"],
    "integer": ["17", "-3"],
    "decimal": ["1", "0.5"],
    "date": ["today()", "2001-02-03"],
    "select_one few": ["no"],
    "select_one many": ["two"],
    "select_multiple many": ["one", "three one"],
    "acknowledge": ["yes"],
    "range": [],
    "time": ["14:30", "00:05"],
    "datetime": ["2001-02-03T23:59"],
    "rank many": ["three one two"],
    "geopoint": ["Montréal"],
}
CALCULATIONS: Final = [
    "1 + 1",
    "today()",
    "concat('a', {})",
    "if(concat({}) = 'yes', 1, 2)",
    "count-selected({})",
    "coalesce({}, 'none')",
]
RELEVANTS: Final = [
    "{} != ''",
    "{} = ''",
    "not(selected({}, 'one'))",
    "concat({}) = 'yes' or count({}) > 3",
    "string-length({}) >= 0",
]


@st.composite
def forms(draw: st.DrawFn) -> Form:
    """A form that the linter accepts: rules look only at earlier questions of the same or an outer place."""
    rows: list[str] = []
    count = draw(st.integers(1, 8))
    visible: list[list[str]] = [[]]
    open_spans: list[str] = []
    for index in range(count):
        earlier = [name for level in visible for name in level]
        span = draw(st.sampled_from(["", "", "", "group", "repeat"]))
        if span and len(open_spans) < 2:
            rows.append(f"begin_{span} | s{index} | S | S | {draw(_rule(RELEVANTS, earlier))}")
            open_spans.append(span)
            visible.append([])
        rows.append(draw(_question(f"q{index}", earlier)))
        visible[-1].append(f"q{index}")
        if open_spans and draw(st.booleans()):
            _close(rows, open_spans, visible)
    while open_spans:
        _close(rows, open_spans, visible)
    rows.append("acknowledge | last | L | L")
    table = "\n".join(f"| | {row} |" for row in (HEAD, *rows))
    reading = inspect(f"| survey |\n{table}\n{CHOICES}".encode(), key="random", suffix=".md")
    assert reading.form is not None, (table, reading.findings)
    return reading.form


def _close(rows: list[str], open_spans: list[str], visible: list[list[str]]) -> None:
    span = open_spans.pop()
    rows.append(f"end_{span}")
    inside = visible.pop()
    if span == "group":
        visible[-1].extend(inside)


@st.composite
def _rule(draw: st.DrawFn, rules: list[str], earlier: list[str]) -> str:
    if not earlier or draw(st.booleans()):
        return ""
    reference = f"${{{draw(st.sampled_from(earlier))}}}"
    return draw(st.sampled_from(rules)).replace("{}", reference)


@st.composite
def _question(draw: st.DrawFn, name: str, earlier: list[str]) -> str:
    kind = draw(st.sampled_from([*CONSTRAINTS, "calculate", "note"]))
    relevant = draw(_rule(RELEVANTS, earlier))
    if kind == "note":
        return f"note | {name}n | N | N | {relevant} | | | | |\n| | text | {name} | T | T | | | | | |".removesuffix(
            " |"
        )
    if kind == "calculate":
        calculation = draw(_rule(CALCULATIONS, earlier)) or "today()"
        return f"calculate | {name} | | | {relevant} | | | {calculation} | |"
    lists = {"select_one": " few", "select_multiple": " many", "rank": " many"}.get(kind, "")
    constraint = draw(st.sampled_from(CONSTRAINTS[kind]))
    if kind == "select_one" and "two" in constraint:
        lists = draw(st.sampled_from([" few", " many"]))
    required = draw(st.sampled_from(["", "yes"]))
    looks = {"text": ["", "phone", "email"], "date": ["", "month-year", "year"]}.get(kind, [""])
    appearance = draw(st.sampled_from(looks)) if not constraint else ""
    fitting = [] if appearance in ("phone", "email") else DEFAULTS[f"{kind}{lists}"]
    default = draw(st.sampled_from(["", "", *fitting]))
    read_only = draw(st.sampled_from(["", "yes"])) if default else ""
    label = f"L ${{{earlier[-1]}}}" if earlier else "L"
    parameters = draw(st.sampled_from(PARAMETERS.get(kind, [""]))) if not constraint else ""
    cells = [label, "L", relevant, constraint, required, "", "", appearance, default, read_only, parameters]
    return " | ".join([f"{kind}{lists}", name, *cells])
