"""Names with dates: shown as of the day, told beside it, exported and imported again."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spheres_core.foundation.content.packs import ContentInvalid
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.dated_names import name_on, other_names, overlap
from spheres_core.partners.directory_file import read_directory
from spheres_core.partners.hsds.operations.import_directory import ImportResult, import_document
from spheres_core.partners.hsds.queries.directory import whole_directory
from spheres_core.partners.schemas.directory import DatedName, Organization
from spheres_core.testing import MakeWorld, World, definition, write_plugin
from tests.spheres_core.partners.test_hsds import validate

days = st.dates(dt.date(2000, 1, 1), dt.date(2030, 1, 1))
spans = st.lists(st.tuples(days, days).map(sorted), max_size=3)
TOWN = """format = 1
coordination_to_confirm = {fr = "a", en = "a"}
[[areas]]
key = "town"
name = {fr = "Ville", en = "Town"}
[[organizations]]
key = "house"
name = {fr = "La Maison", en = "The World"}
kind = "community"
status = "verified"
names = [{name = {fr = "L'Abri", en = "The Refuge"}, until = 2020-06-01},
         {name = {fr = "Le Foyer", en = "The Hearth"}, from = 2030-01-01, day_confirmed = false}]
  [[organizations.roles]]
  role = "shelter"
  from = 2010-01-01
  until = 2028-01-01
  duty = {fr = "Des lits.", en = "Beds."}
  status = "verified"
  [[organizations.services]]
  key = "beds"
  name = {fr = "Lits", en = "Beds"}
  about = {fr = "a", en = "a"}
  for = "public"
  areas = ["town"]
  verified_on = 2026-01-01
  status = "verified"
[[emergency_contacts]]
key = "help"
areas = ["town"]
name = {fr = "a", en = "a"}
purpose = {fr = "a", en = "a"}
for = "listening"
phone = "418 555-0100"
verified_on = 2026-01-01
status = "verified"
"""


@given(spans, days)
def test_one_name_holds_on_any_day(given_spans: list[list[dt.date]], day: dt.date) -> None:
    names = tuple(
        DatedName({"en": f"Name {i}"}, starts=first, ends=last)
        for i, (first, last) in enumerate(given_spans)
        if first < last
    )
    made = Organization("house", {"en": "Plain"}, "community", "verified", names=names)
    holding = [each.name for each in names if each.starts <= day < each.ends]  # type: ignore[operator]

    if overlap(names) is None:
        assert len(holding) <= 1
    assert name_on(made, day) == (holding[0] if holding else made.name)
    assert name_on(made, day) not in [each.name for each in other_names(made, day)]


def town(tmp_path: Path, text: str = TOWN) -> Path:
    return write_plugin(tmp_path, "town_of_names", {"partners.toml": text}, provides={"content": ["partners.toml"]})


def test_the_name_of_the_day_is_shown_with_the_others_beside_it(make_world: MakeWorld, tmp_path: Path) -> None:
    town(tmp_path)
    world = make_world(definition("town", "town_of_names"), definition("copy"), on=discover([tmp_path]))

    assert [name_of(world, day) for day in ("2015-01-01", "2020-05-31", "2020-06-01", "2027-12-31")] == [
        "The Refuge", "The Refuge", "The World", "The World",
    ]  # fmt: skip
    page = world.get("/t/town/en/partners").text
    assert "The World" in page
    assert "The Refuge" in page
    assert "From 2030 on" in page
    assert "January 1, 2028" in page
    found = world.get("/t/town/api/services/match?at=2019-01-01T12:00", headers={"accept-language": "en"}).json()
    assert [each["organization_name"] for each in found["matches"]] == ["The Refuge"]

    written = world.act("town", whole_directory)
    [record] = written["organizations"]
    validate(record, "organization")
    said = {each["taxonomy_term"]["code"]: each for each in record["attributes"]}
    assert (said["former"]["value"], said["former"]["link_type"]) == ("L'Abri", "../2020-06-01")
    assert said["shelter"]["value"] == "2010-01-01/2028-01-01"

    async def take_in(ctx: Context) -> ImportResult:
        return await import_document(ctx, json.dumps(written).encode())

    world.act("copy", take_in)
    assert world.act("copy", whole_directory) == written


def name_of(world: World, day: str) -> Any:
    partners = world.get(f"/t/town/api/partners?on={day}", headers={"accept-language": "en"}).json()["partners"]
    return partners[0]["name"]


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ("until = 2020-06-01}", "until = 2031-06-01}", "organizations[0].names[1]"),
        (", until = 2020-06-01}", "}", "organizations[0].names[0]"),
        ("from = 2030-01-01,", "from = 2030-01-01, until = 2029-01-01,", "organizations[0].names[1].until"),
        (
            "  [[organizations.services]]",
            '  [[organizations.roles]]\n  key = "again"\n  role = "shelter"\n  from = 2020-01-01\n'
            '  duty = {fr = "a", en = "a"}\n  status = "verified"\n  [[organizations.services]]',
            "organizations[0].roles[1].from",
        ),
    ],
)
def test_names_and_roles_that_hold_twice_are_named_with_their_place(
    tmp_path: Path, before: str, after: str, place: str
) -> None:
    assert before in TOWN
    root = town(tmp_path, TOWN.replace(before, after, 1))

    with pytest.raises(ContentInvalid) as refused:
        read_directory([root / "partners.toml"], "town_of_names")
    assert place in [each.key for each in refused.value.findings]
