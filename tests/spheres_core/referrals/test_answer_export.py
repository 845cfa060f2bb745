"""The answers of many referrals as a file: who may take it, what it says, and what the trail keeps of it."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from typing import Any, Final

import httpx
import openpyxl
import pytest

from spheres_core.foundation.content.workbooks import unescape_formula
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.staff.schemas import ROLES
from spheres_core.testing import MakeWorld, World, definition, write_plugin

FORM: Final = """
| survey |
| | type | name | label::fr | label::en | relevant | meaning |
| | text | called | Comment l’appeler? | What to call her? | | participant_name |
| | select_one yn | knows | Est-ce su? | Is it known? | | knows |
| | select_one yn | agrees | D’accord? | Agreed? | | agrees_to_contact |
| | select_multiple need | needs | Besoins | Needs | | need |
| | integer | age | Âge | Age | | age |
| | acknowledge | read | Lu | Read | | |
| | text | safe | Comment la joindre? | How to reach her? | | safe_contact |
| | select_one tongue | tongue | Langue | Language | | language |
| | text | referrer | Votre nom | Your name | | referrer_name |
| | text | mail | Courriel | E-mail | | referrer_email |
| | begin group | more | Plus | More | | |
| | text | called_too | Comment l’appeler? | What to call her? | | |
| | end group | | | | | |
| | begin repeat | people | Gens | People | | |
| | text | who | Qui? | Who? | | |
| | begin repeat | calls | Appels | Calls | | |
| | text | when | Quand? | When? | | |
| | end repeat | | | | | |
| | end repeat | | | | | |
| choices |
| | list_name | name | label::fr | label::en |
| | yn | yes | Oui | Yes |
| | yn | no | Non | No |
| | need | housing | Logement | Housing |
| | tongue | fr | Français | French |
| | need | health | Santé | Health |
| settings |
| | form_title::fr | form_title::en | default_language |
| | Référence | Referral | fr |
"""
FORMULA: Final = "=cmd|' /C calc'!A0"
EXPORTED: Final = "SELECT shown, details FROM trail_entries WHERE verb = 'referrals.exported' ORDER BY id"
EXPORT: Final = "/t/north/api/referrals/export"


def answers(**more: Any) -> dict[str, Any]:
    return {
        "called": FORMULA, "knows": "yes", "needs": ["housing", "health"], "age": 15, "read": True,
        "more": {"called_too": "\tSam"},
        "people": [{"who": "+1", "calls": [{"when": "soir"}, {"when": "matin"}]}, {"who": "@Léa"}],
    } | more  # fmt: skip


@pytest.fixture(scope="module")
def world(make_module_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Two regions with a form that has repeats and the like; two referrals in the north, one in the south."""
    folder = tmp_path_factory.mktemp("packs")
    write_plugin(folder, "here", {"forms/referral.md": FORM}, provides={"content": ["forms/referral.md"]})
    made: World = make_module_world(definition("north", "here"), definition("south", "here"), on=discover([folder]))
    for slug, sent in (
        ("north", answers()),
        ("north", answers(called="Nour", needs=["housing"])),
        ("south", answers(called="Ada")),
    ):
        assert made.refer(slug, sent).status_code == 201
    return made


def export(world: World, **asked: Any) -> httpx.Response:
    return world.post(
        EXPORT, json={"purpose": "quality", "language": "fr", **asked}, headers=world.bearer("north", "coordinator")
    )


def sheets(answer: httpx.Response) -> dict[str, list[list[Any]]]:
    """The rows of each sheet of a workbook."""
    assert answer.status_code == 200, answer.text
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def tables(answer: httpx.Response) -> dict[str, list[list[str]]]:
    """The rows of each csv file of a zip."""
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as made:
        return {
            name: list(csv.reader(io.StringIO(made.read(name).decode("utf-8-sig"), newline="")))
            for name in made.namelist()
        }


def test_a_workbook_says_questions_and_choices_in_words_and_has_a_sheet_for_each_repeat(world: World) -> None:
    made = sheets(export(world))

    assert list(made) == ["1 Référence", "2 Gens", "3 Appels"]
    head, second, first = made["1 Référence"]
    assert head[1:4] == ["Référence", "Reçue le", "État"]
    assert {"Comment l’appeler? (called)", "Plus › Comment l’appeler? (more.called_too)"} < set(head)
    one, other = (dict(zip(head, row, strict=True)) for row in (first, second))
    assert [one[name] for name in ("Est-ce su?", "D’accord?", "Besoins", "Âge", "Lu")] == [
        "Oui", None, "Logement; Santé", 15, "Oui",
    ]  # fmt: skip
    assert (other["Comment l’appeler? (called)"], other["Besoins"]) == ("Nour", "Logement")
    key = first[0]
    assert [row[1:] for row in made["2 Gens"] if row[0] == key] == [["1", "+1"], ["2", "@Léa"]]
    assert [row[1:] for row in made["3 Appels"] if row[0] == key] == [["1.1", "soir"], ["1.2", "matin"]]


def test_a_text_in_the_file_is_never_a_formula(world: World) -> None:
    book = openpyxl.load_workbook(io.BytesIO(export(world).content))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert kinds == {"s", "n"}

    written = [cell for table in tables(export(world, file="csv")).values() for row in table for cell in row]
    assert [cell for cell in written if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert {FORMULA, "+1", "@Léa", "\tSam"} <= {unescape_formula(cell) for cell in written}


def test_codes_and_a_column_for_each_choice_are_for_another_program(world: World) -> None:
    made = tables(export(world, file="csv", say="codes", multiples="columns"))

    assert sorted(made) == ["answers.csv", "people.calls.csv", "people.csv"]
    head, second, first = made["answers.csv"]
    assert head[:7] == [
        "_id", "_reference", "_received_on", "_state", "_language", "_form_version", "called",
    ]  # fmt: skip
    one, other = (dict(zip(head, row, strict=True)) for row in (first, second))
    assert [one[name] for name in ("called", "knows", "agrees", "needs/housing", "needs/health", "age", "read")] == [
        f"'{FORMULA}", "yes", "", "1", "1", "15", "1",
    ]  # fmt: skip
    assert [other[name] for name in ("_state", "needs/housing", "needs/health")] == ["received", "1", "0"]
    assert made["people.csv"][0] == ["_referral", "_entry", "people.who"]


def test_only_who_may_read_and_export_gets_the_file_and_only_of_her_own_region(world: World) -> None:
    assert world.post(EXPORT, json={"purpose": "quality"}).status_code == 401
    for role in sorted(set(ROLES) - {"coordinator"}):
        refused = world.post(EXPORT, json={"purpose": "quality"}, headers=world.bearer("north", role))
        assert refused.status_code == 403, role
    assert "Ada" not in str(sheets(export(world)))


def test_the_trail_keeps_the_purpose_and_who_was_in_the_file_and_no_words(world: World) -> None:
    before = len(world.sql("SELECT id FROM trail_entries WHERE verb = 'referrals.exported'"))
    found = sheets(export(world, state="open"))
    entries = world.sql("SELECT shown, details FROM trail_entries WHERE verb = 'referrals.exported' ORDER BY id")[
        before:
    ]

    ((shown, details),) = entries
    assert {str(each) for each in shown} == {row[0] for row in found["1 Référence"][1:]}
    assert details == {"purpose": "quality", "form": "referral", "state": "open", "file": "xlsx", "say": "labels"}


def test_what_does_not_match_is_left_out_and_the_header_stays(world: World) -> None:
    assert [len(rows) for rows in sheets(export(world, state="agreed")).values()] == [1, 1, 1]
    assert [len(rows) for rows in sheets(export(world, since="2000-01-01")).values()] == [3, 5, 5]
    assert [len(rows) for rows in sheets(export(world, until="2000-01-01")).values()] == [1, 1, 1]


@pytest.mark.parametrize(
    ("asked", "status"),
    [({"since": "2026-02-01", "until": "2026-01-01"}, 422), ({"purpose": "curiosity"}, 400), ({"form": "other"}, 404),
     ({"language": "zz"}, 422), ({"file": "pdf"}, 400)],
)  # fmt: skip
def test_what_cannot_be_exported_is_refused(world: World, asked: dict[str, Any], status: int) -> None:
    assert export(world, **asked).status_code == status


def test_more_than_a_file_holds_is_refused_and_said(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        __import__("spheres_core.referrals.operations.answer_export", fromlist=["MOST"]).MOST, "xlsx", 1
    )
    refused = export(world)
    assert (refused.status_code, refused.json()["code"]) == (409, "export_too_large")


def test_the_file_is_written_to_no_disk_on_the_way(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "absent"))
    assert export(world).status_code == export(world, file="csv").status_code == 200
