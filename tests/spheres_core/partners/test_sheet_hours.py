"""Hours and ages in a partner sheet: read as people write them, refused with what may be meant, written back."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
from pathlib import Path
from typing import Final

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spheres_core.authoring.sheets import make_pack
from spheres_core.foundation.content.packs import ContentInvalid
from spheres_core.partners.directory_file import read_directory
from spheres_core.partners.hours import DAYS
from spheres_core.partners.written_hours.opening_hours import hours_problem, read_hours, write_hours
from spheres_core.site.pack_sheets.from_pack import write_sheets
from spheres_core.site.pack_sheets.to_pack import NewPack

REPORT: Final = Path(__file__).parents[2] / "assets" / "field_reports" / "sheets_hours_9_5"
NOW: Final = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
WEEK: Final = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("lu-ve 8 h 30 à 16 h 30", [(WEEK, "08:30", "16:30")]),
        ("de 8 h à 16 h", [("FREQ=DAILY", "08:00", "16:00")]),
        ("du lundi au vendredi, de 8 h à 16 h", [(WEEK, "08:00", "16:00")]),
        ("les lundis et jeudis 13 h à 16 h", [("FREQ=WEEKLY;BYDAY=MO,TH", "13:00", "16:00")]),
        ("en semaine 8h30-16h30", [(WEEK, "08:30", "16:30")]),
        ("fins de semaine 10h-16h", [("FREQ=WEEKLY;BYDAY=SA,SU", "10:00", "16:00")]),
        ("Monday to Friday 9am-5pm", [(WEEK, "09:00", "17:00")]),
        ("1-5 pm", [("FREQ=DAILY", "13:00", "17:00")]),
        ("midi à minuit", [("FREQ=DAILY", "12:00", "24:00")]),
        ("24 h sur 24, 7 jours sur 7", [("FREQ=DAILY", "00:00", "24:00")]),
        ("lu-ve 24 h/24", [(WEEK, "00:00", "24:00")]),
        ("juin-août lu-ve 9 h à 17 h", [(f"{WEEK};BYMONTH=6,7,8", "09:00", "17:00")]),
        ("lu-ve 9h-17h (de juin à août)", [(f"{WEEK};BYMONTH=6,7,8", "09:00", "17:00")]),
        ("Jul-Aug: Mo-Fr 09:00-17:00", [(f"{WEEK};BYMONTH=7,8", "09:00", "17:00")]),
        ("octobre-avril sa 10h-12h", [("FREQ=WEEKLY;BYDAY=SA;BYMONTH=1,2,3,4,10,11,12", "10:00", "12:00")]),
        ("mar 9h-12h", [("FREQ=WEEKLY;BYDAY=TU", "09:00", "12:00")]),
        ("20 h à 2 h", [("FREQ=DAILY", "20:00", "02:00")]),
        ("7j/7 9h-17h", [("FREQ=DAILY", "09:00", "17:00")]),
        ("24h/24 7j/7", [("FREQ=DAILY", "00:00", "24:00")]),
        ("lu\u2011ve 9h\u221217h", [(WEEK, "09:00", "17:00")]),
        ("22-6", [("FREQ=DAILY", "22:00", "06:00")]),
    ],
)
def test_hours_are_read_as_they_stand_on_a_door(written: str, meant: list[tuple[str, str, str]]) -> None:
    assert hours_problem(written, "fr") is None
    read = read_hours(written) or []
    assert [(each["rule"], each["from"], each["to"]) for each in read] == meant
    for language in ("fr-CA", "en-CA"):
        assert read_hours(write_hours(read, language)) == read


@pytest.mark.parametrize("written", ["lu-ve 8 h 30 à 16 h 30", "de 8 h à 16 h", "24/7", "juin-août lu-ve 9 h à 17 h"])
def test_hours_in_french_are_written_back_word_for_word(written: str) -> None:
    assert write_hours(read_hours(written) or [], "fr-CA") == written


@pytest.mark.parametrize(
    ("written", "proposal"),
    [
        ("9-5", "9:00-17:00"),
        ("lu-ve 9-5", "lu-ve 9:00-17:00"),
        ("Mo-Fr 9:00-12:00, 1-5", "Mo-Fr 9:00-12:00, 13:00-17:00"),
        ("8:30 - 4:30", "8:30-16:30"),
        ("sa 9 h à 5 h", "sa 9:00-17:00"),
        ("12-8", "12:00-20:00"),
    ],
)
def test_an_afternoon_that_reads_as_a_night_is_refused_with_what_is_meant(written: str, proposal: str) -> None:
    assert read_hours(written) is None
    problem = hours_problem(written, "fr")
    assert problem is not None
    assert problem.params["close"] == proposal
    assert read_hours(proposal)


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("12:00-12:00", "12:00-12:00"),
        ("lu-ve 9h-9h", "lu-ve 9h-9h"),
        ("lu-ve 9-17 sauf fériés", "sauf fériés"),
        ("Xx 09:00-17:00", "xx"),
        ("sur rendez-vous 9h-17h", "sur rendez-vous"),
        ("Mo-Fr 9-25", "9-25"),
        ("juin-août", "juin-août"),
        ("7j/7", "7j/7"),
        ("7 jours sur 7", "7 jours sur 7"),
        ("7/7", "7/7"),
    ],
)
def test_what_is_not_understood_is_named(written: str, word: str) -> None:
    assert read_hours(written) is None
    problem = hours_problem(written, "en")
    assert problem is not None
    assert word in problem.msgid.format(**problem.params)


@given(
    st.sampled_from(["FREQ=DAILY", WEEK, "FREQ=WEEKLY;BYDAY=SA,SU", "FREQ=WEEKLY;BYDAY=TU"]),
    st.sets(st.integers(1, 12), max_size=12),
    st.integers(0, 23 * 60),
    st.integers(1, 60),
    st.sampled_from(["fr", "en", "iu"]),
)
def test_any_hours_of_a_season_come_back(rule: str, months: set[int], opens: int, length: int, language: str) -> None:
    season = f";BYMONTH={','.join(map(str, sorted(months)))}" if months else ""
    span = {
        "from": f"{opens // 60:02}:{opens % 60:02}",
        "to": f"{(opens + length) // 60:02}:{(opens + length) % 60:02}",
    }
    hours = [{"rule": rule + season, **span}]
    assert read_hours(write_hours(hours, language)) == hours


@given(st.text(max_size=40), st.sampled_from(DAYS))
def test_whatever_stands_in_a_cell_is_hours_or_a_finding(text: str, day: str) -> None:
    for written in (text, f"{day} {text}", f"{text} 9-5"):
        assert (read_hours(written) is None) == (hours_problem(written, "fr") is not None)


def refused(folder: Path, tmp_path: Path) -> dict[str, str]:
    with pytest.raises(ContentInvalid) as invalid:
        make_pack(folder, tmp_path / "pack", NewPack("sheet_region"), now=NOW)
    return {each.place(): each.message.msgid.format(**each.message.params) for each in invalid.value.findings}


def sheet_of(tmp_path: Path, **columns: str) -> Path:
    """The reported folder with its partners as csv: one row, with these cells instead."""
    folder = tmp_path / "sheets"
    shutil.copytree(REPORT, folder)
    (folder / "partenaires.xlsx").unlink()
    cells = {
        "organisation (fr)": "La Lanterne", "organisation (en)": "The Lantern", "genre": "organisme communautaire",
        "service (fr)": "Halte", "service (en)": "Drop-in", "à propos du service (fr)": "Une halte.",
        "à propos du service (en)": "A drop-in.", "pour qui": "grand public", "secteurs": "Rive",
        "vérifié le": "2026-11-02", "statut": "vérifié", **columns,
    }  # fmt: skip
    with (folder / "partenaires.csv").open("w", newline="") as file:
        csv.writer(file, delimiter=";").writerows([[name for name, cell in cells.items() if cell != "-"],
                                                   [cell for cell in cells.values() if cell != "-"]])  # fmt: skip
    return folder


def test_the_reported_sheet_is_refused_at_its_cell(tmp_path: Path) -> None:
    assert refused(REPORT, tmp_path) == {
        "partenaires.xlsx: partenaires, row 2, heures": "“lu-ve 9-5” would be open through the night. "
        "Is it “lu-ve 9:00-17:00”?"
    }


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("âges", "25-12", "12-25"),
        ("âges", "ados", "no span of ages"),
        ("heures", "12:00-12:00", "closes when it opens"),
        ("genre", "organisme comunautaire", "organisme communautaire"),
    ],
)
def test_a_cell_that_cannot_be_meant_is_named_with_what_may_be(
    tmp_path: Path, column: str, cell: str, said: str
) -> None:
    [(place, message)] = refused(sheet_of(tmp_path, **{column: cell}), tmp_path).items()
    assert place == f"partenaires.csv: row 2, {column}"
    assert said in message


@pytest.mark.parametrize("column", ["vérifié le", "pour qui", "genre"])
def test_a_missing_column_is_named_once_as_such(tmp_path: Path, column: str) -> None:
    [(place, message)] = refused(sheet_of(tmp_path, **{column: "-"}), tmp_path).items()
    assert place.startswith("partenaires.csv: row 1")
    assert message == f"The column “{column}” is missing."


def test_hours_and_ages_come_back_from_a_pack_as_they_were_written(tmp_path: Path) -> None:
    written = {
        "heures": "juin-août lu-ve 8 h 30 à 16 h 30; de 18 h à 22 h",
        "âges": "14+",
        "téléphone": "(418) 555-0100 #2",
    }
    done = make_pack(sheet_of(tmp_path, **written), tmp_path / "pack", NewPack("sheet_region"), now=NOW)
    write_sheets(done.root, tmp_path / "again")
    [row] = [
        {str(name): cell for name, cell in zip(rows[0], rows[1], strict=True)}
        for sheet in openpyxl.load_workbook(next((tmp_path / "again").glob("*.xlsx"))).worksheets
        if sheet.title == "partenaires" and (rows := list(sheet.iter_rows(values_only=True)))
    ]
    assert {name: row[name] for name in ("heures", "âges")} == {name: written[name] for name in ("heures", "âges")}


def test_a_pack_whose_hours_close_when_they_open_is_refused(tmp_path: Path) -> None:
    done = make_pack(sheet_of(tmp_path, heures="lu-ve 9 h à 17 h"), tmp_path / "pack", NewPack("sheet_region"), now=NOW)
    toml = done.root / "partners.toml"
    toml.write_text(toml.read_text().replace('to = "17:00"', 'to = "09:00"'))
    with pytest.raises(ContentInvalid) as invalid:
        read_directory([toml], "sheet_region")
    assert ["hours[0].to" in (each.key or "") for each in invalid.value.findings] == [True]
