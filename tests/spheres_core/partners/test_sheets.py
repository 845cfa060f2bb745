"""The directory as sheets: hours as people write them, and lists that come back as they went."""

from __future__ import annotations

import datetime as dt
import string
import tempfile
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from spheres_core.facts import Message
from spheres_core.foundation.content.sheet_columns import normalized
from spheres_core.foundation.content.spreadsheets import open_spreadsheet
from spheres_core.foundation.content.workbooks import workbook
from spheres_core.partners.hours import DAYS
from spheres_core.partners.schemas.directory import (
    ROLES,
    Area,
    Contact,
    Directory,
    EmergencyContact,
    Hours,
    Mandate,
    Organization,
    Regime,
    Role,
    Service,
)
from spheres_core.partners.sheets.directory_sheets import DirectorySheets, read_directory
from spheres_core.partners.sheets.known_names import SheetContext
from spheres_core.partners.sheets.tables import DIRECTORY
from spheres_core.partners.sheets.written_sheets import SheetAudience, as_file_values, directory_sheets, extras
from spheres_core.partners.written_hours.opening_hours import read_hours, write_hours
from tests.examples import examples

BOTH: Final = ("fr-CA", "en-CA")
WEEK: Final = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"


def hours(rule: str, opens: str, closes: str) -> dict[str, str]:
    return {"rule": rule, "from": opens, "to": closes}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Mo-Fr 09:00-17:00", [hours(WEEK, "09:00", "17:00")]),
        ("lu-ve 9h-17h", [hours(WEEK, "09:00", "17:00")]),
        ("lundi au vendredi 9 h à 17 h 30", [hours(WEEK, "09:00", "17:30")]),
        ("Mo-Fr 09:00-12:00, 13:00-17:00", [hours(WEEK, "09:00", "12:00"), hours(WEEK, "13:00", "17:00")]),
        ("Sa 10:00-12:00; Su 13-15", [hours("FREQ=WEEKLY;BYDAY=SA", "10:00", "12:00"),
                                      hours("FREQ=WEEKLY;BYDAY=SU", "13:00", "15:00")]),
        ("mardi, jeudi et samedi 10:00-12:00", [hours("FREQ=WEEKLY;BYDAY=TU,TH,SA", "10:00", "12:00")]),
        ("Fr-Mo 20:00-02:00", [hours("FREQ=WEEKLY;BYDAY=MO,FR,SA,SU", "20:00", "02:00")]),
        ("24/7", [hours("FREQ=DAILY", "00:00", "24:00")]),
        ("jour et nuit", [hours("FREQ=DAILY", "00:00", "24:00")]),
        ("tous les jours 18:00-24:00", [hours("FREQ=DAILY", "18:00", "24:00")]),
        ("Mo-Su 8:00-20:00", [hours("FREQ=DAILY", "08:00", "20:00")]),
    ],
)  # fmt: skip
def test_hours_are_read_as_people_write_them(written: str, meant: list[dict[str, str]]) -> None:
    assert read_hours(written) == meant


@pytest.mark.parametrize(
    "written",
    [
        "sometimes",
        "Mo-Fr",
        "Mo-Fr 9-25",
        "Xx 09:00-17:00",
        "Mo-Fr 09:00",
        "Mo-Fr 9:70-10",
        "Mo-Fr 9-17 or so",
        ";",
        "[",
    ],
)
def test_hours_that_are_not_understood_whole_are_not_understood_at_all(written: str) -> None:
    assert not read_hours(written)


CLOCKS = st.builds(lambda h, m: f"{h:02}:{m:02}", st.integers(0, 23), st.integers(0, 59))
RULES = st.one_of(
    st.just("FREQ=DAILY"),
    st.lists(st.sampled_from(DAYS), min_size=1, unique=True).map(lambda days: f"FREQ=WEEKLY;BYDAY={','.join(days)}"),
)
SPANS = st.builds(
    Hours,
    st.one_of(RULES, st.just("FREQ=MONTHLY;BYDAY=1MO")),
    CLOCKS,
    st.one_of(CLOCKS, st.just("24:00")),
    st.one_of(st.none(), st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1))),
    st.lists(st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)), max_size=2).map(tuple),
)


@given(st.lists(SPANS, min_size=1, max_size=4), st.sampled_from(["fr", "en", "iu"]))
def test_any_hours_come_back_as_they_were(given_: list[Hours], language: str) -> None:
    read = read_hours(write_hours([as_file_values(each) for each in given_], language))

    assert msgspec.convert(read, list[Hours]) == given_


LETTERS = string.ascii_letters + "éèàçôÉ &'’«»,;:#=+-@ᐃᓄᒃᑎᑐᑦ0123456789()"
LINES = st.text(LETTERS, min_size=1, max_size=24).map(str.strip).filter(bool)
KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True)
DATES = st.dates(dt.date(2000, 1, 1), dt.date(2040, 1, 1))
STATUS = st.sampled_from(["verified", "secondary", "to_confirm"])
WORDS = st.fixed_dictionaries({"fr": LINES, "en": LINES})
TAGS = st.lists(st.sampled_from(["fr", "en", "iu", "fr-CA"]), unique=True, max_size=3).map(tuple)
SOURCES = st.one_of(st.just(""), LINES)


@st.composite
def spans(draw: st.DrawFn) -> tuple[dt.date, dt.date | None]:
    start = draw(DATES)
    return start, draw(st.none() | st.dates(start + dt.timedelta(days=1), dt.date(2041, 1, 1)))


@st.composite
def directories(draw: st.DrawFn) -> Directory:
    """Partner lists that nothing stands against."""
    keys = draw(st.lists(KEYS, min_size=12, max_size=12, unique=True))
    areas = tuple(Area(key, draw(WORDS)) for key in keys[:2])
    inside = tuple(area.key for area in areas)
    places = st.lists(st.sampled_from(inside), min_size=1, unique=True).map(tuple)
    organizations = tuple(_organization(draw, key, places, f"{key[:9]}_{i}") for i, key in enumerate(keys[2:5]))
    return Directory(
        1,
        areas,
        organizations,
        coordination=draw(_chain(organizations[0].key)),
        contacts=tuple(_contact(draw, f"own_{i}") for i in range(draw(st.integers(0, 2)))),
        emergency_contacts=(
            EmergencyContact(keys[5], inside, draw(WORDS), draw(WORDS), "immediate_danger", draw(DATES), draw(STATUS),
                             phone="911", note=draw(st.one_of(st.just({}), WORDS)), languages=draw(TAGS),
                             hours=tuple(draw(st.lists(SPANS, max_size=2)))),
        ),
        role_names={keys[6]: draw(WORDS)} if draw(st.booleans()) else {},
        illustrative=draw(st.booleans()),
    )  # fmt: skip


def _organization(draw: st.DrawFn, key: str, places: Any, own: str) -> Organization:
    roles = draw(st.lists(st.sampled_from(sorted(ROLES)), unique=True, max_size=3))
    alone = draw(st.booleans())
    name = {"fr": draw(LINES)} if alone else draw(WORDS)
    return Organization(
        key,
        name,
        draw(st.sampled_from(["community", "police", "school", "other"])),
        draw(STATUS),
        name_language="fr" if alone else "",
        short_name=draw(SOURCES),
        areas=draw(places),
        languages=draw(TAGS),
        legal_regime=draw(st.none() | st.builds(Regime, LINES, STATUS)),
        note=draw(st.one_of(st.just({}), WORDS)),
        source=draw(SOURCES),
        roles=tuple(_role(draw, role) for role in roles),
        services=tuple(_service(draw, f"{own}_s{i}", places) for i in range(draw(st.integers(0, 3)))),
        contacts=tuple(_contact(draw, f"{own}_c{i}") for i in range(draw(st.integers(0, 2)))),
    )


def _role(draw: st.DrawFn, role: str) -> Role:
    start, end = draw(spans())
    return Role(
        role, start, draw(WORDS), draw(STATUS), ends=end, day_confirmed=draw(st.booleans()), source=draw(SOURCES)
    )


def _service(draw: st.DrawFn, key: str, places: Any) -> Service:
    start, end = draw(st.one_of(st.just((None, None)), spans()))
    least = draw(st.integers(0, 30))
    return Service(
        key,
        draw(WORDS),
        draw(WORDS),
        draw(st.sampled_from(["participants", "professionals", "team", "public"])),
        draw(DATES),
        draw(STATUS),
        areas=draw(places),
        province_wide=draw(st.booleans()),
        languages=draw(TAGS),
        ages=draw(st.none() | st.tuples(st.just(least), st.integers(least, 120))),
        needs=tuple(draw(st.lists(KEYS, max_size=2))),
        hours=tuple(draw(st.lists(SPANS, max_size=2))),
        time_zone=draw(st.sampled_from(["", "America/Toronto"])),
        bypasses_waiting_list=draw(st.booleans()),
        starts=start,
        ends=end,
        day_confirmed=draw(st.booleans()),
        source=draw(SOURCES),
    )


def _contact(draw: st.DrawFn, key: str) -> Contact:
    kind, value = draw(
        st.sampled_from([("phone", "418 555-0100 poste 2"), ("email", "a@example.org"), ("website", "https://example.org"),
                         ("address", "1, rue A"), ("text", "+1 418 555-0101")])
    )  # fmt: skip
    note = draw(st.one_of(st.just({}), WORDS))
    return Contact(key, kind, value, draw(WORDS), draw(DATES), draw(STATUS), note=note, languages=draw(TAGS))


@st.composite
def _chain(draw: st.DrawFn, key: str) -> tuple[Mandate, ...]:
    starts = sorted(draw(st.sets(DATES, min_size=1, max_size=3)))
    ends = [*starts[1:], None]
    return tuple(Mandate(f"m{i}", key, s, "verified", e) for i, (s, e) in enumerate(zip(starts, ends, strict=True)))


def say(message: Message, tag: str) -> str:
    return message.msgid.format(**message.params) if tag.startswith("en") else ""


def again(directory: Directory, folder: Path, languages: tuple[str, ...] = BOTH) -> Directory:
    """The directory written as a workbook and read from it."""
    path = folder / "partners.xlsx"
    path.write_bytes(workbook(directory_sheets(directory, SheetAudience(languages, languages[0], say))))
    names = {normalized(name): table.topic for table in DIRECTORY for name in table.names}
    grids = {names[normalized(grid.sheet or "")]: [grid] for grid in open_spreadsheet(path).grids
             if normalized(grid.sheet or "") in names}  # fmt: skip
    return read_directory(
        DirectorySheets(grids, extras=extras(directory)), SheetContext(languages, say, lambda words, _: words)
    )


@settings(max_examples=examples(15), suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(directories(), st.sampled_from([BOTH, BOTH[::-1]]))
def test_any_partner_list_comes_back_as_it_went(directory: Directory, languages: tuple[str, ...]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert again(directory, Path(folder), languages) == directory
