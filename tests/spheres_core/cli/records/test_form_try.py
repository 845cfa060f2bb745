"""A rule is tried without a form, by authors and by programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.spheres_core.cli.conftest import Spheres

HEAD = "expression\tvalues\town\tkind\texpected\n"


def test_a_rule_is_tried_on_answers(spheres: Spheres) -> None:
    said = spheres("form", "try", "${a} + 1", "--values", '{"a": "4"}', "--json")
    plain = spheres("form", "try", ". >= 3 and regex(., '[0-9]')", "--own", "5")

    assert said.json == {"ok": True, "kind": "number", "value": 5.0, "boolean": True, "number": 5.0, "string": "5"}
    assert (plain.code, plain.out) == (0, "true (true or false)\n")


def test_dates_are_in_the_zone_that_is_asked_for(spheres: Spheres) -> None:
    phoenix = spheres("form", "try", "number('1970-01-01')", "--json")
    greenwich = spheres("form", "try", "number('1970-01-01')", "--zone", "UTC", "--json")

    assert (round(phoenix.json["number"] * 24), greenwich.json["number"]) == (7, 0)
    assert phoenix.json["kind"] == "date"


def test_what_is_refused_says_what_to_write_instead(spheres: Spheres) -> None:
    said = spheres("form", "try", "instance('x')/root", "--json")

    assert (said.code, said.json["ok"]) == (1, False)
    assert "choices sheet" in said.json["refused"]


def test_a_table_is_counted_and_what_differs_is_told(spheres: Spheres, tmp_path: Path) -> None:
    table = tmp_path / "rules.tsv"
    table.write_text(
        HEAD + "1 + 1\t{}\t\tnumber\t2\n. = 'a'\t{}\ta\tboolean\ttrue\nsum(*)\t{}\t\tnumber\t3\n"
        'concat(${x}, 1)\t"{""x"": ""a""}"\t\tstring\t"""a2"""\n'
    )

    said = spheres("form", "try", "--table", str(table))
    told = spheres("form", "try", "--table", str(table), "--json")

    assert said.code == told.code == 1
    assert said.out.startswith("2 agree, 1 are refused, 1 differ.\n")
    assert (told.json["agree"], told.json["refused"], told.json["different"]) == (2, 1, 1)
    assert told.json["differences"][0]["found"] == "a1"
    assert "“*”" in told.json["refusals"][0]["reason"]
    table.write_text(HEAD + "1 + 1\t{}\t\tnumber\t2\n")
    assert spheres("form", "try", "--table", str(table)).code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Give a rule"),
        (["1", "--values", "[1]"], "JSON object"),
        (["1", "--zone", "Mars/North"], "no such time zone"),
        (["--table", "nowhere.tsv"], "no such file"),
    ],
)
def test_what_cannot_be_tried_is_said(spheres: Spheres, arguments: list[str], words: str) -> None:
    said = spheres("form", "try", *arguments)

    assert said.code != 0
    assert words in said.err


@pytest.mark.parametrize("content", ["a\tb\n1\t2\n", HEAD + "1\t[]\t\tnumber\t1\n", HEAD + "1\t{}\t\tnumber\tx\n"])
def test_a_table_that_is_none_is_refused(spheres: Spheres, tmp_path: Path, content: str) -> None:
    table = tmp_path / "rules.tsv"
    table.write_text(content)

    said = spheres("form", "try", "--table", str(table))

    assert said.code == 1
    assert "Traceback" not in said.err
