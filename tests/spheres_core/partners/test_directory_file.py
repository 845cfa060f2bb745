"""What `partners.toml` may say; everything wrong with it is said in one go with its line."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spheres_core import app
from spheres_core.foundation.content.packs import ContentInvalid, Finding
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.plugins.set_builder import build_set
from spheres_core.partners.directory_file import read_directory
from spheres_core.partners.schemas.directory import ROLES
from tests.examples import examples
from tests.plugins.planting import plant

Read = Callable[[str], list[Finding]]

GOOD = """\
format = 1

[[areas]]
key = "north"
name = {fr = "Nord", en = "North"}

[[organizations]]
key = "house"
name = {fr = "La Maison", en = "The World"}
kind = "community"
areas = ["north"]
status = "verified"

  [[organizations.roles]]
  role = "shelter"
  from = 2020-01-01
  duty = {fr = "Héberge.", en = "Shelters."}
  status = "verified"

  [[organizations.services]]
  key = "beds"
  name = {fr = "Lits", en = "Beds"}
  about = {fr = "Pour une nuit.", en = "For a night."}
  for = "participants"
  areas = ["north"]
  hours = [{rule = "FREQ=DAILY", from = "18:00", to = "08:00"}]
  verified_on = 2026-01-01
  status = "verified"

[[coordination]]
key = "first"
organization = "house"
from = 2020-01-01
status = "verified"

[[contacts]]
key = "phone"
kind = "phone"
value = "418 555-0100"
label = {fr = "Téléphone", en = "Telephone"}
verified_on = 2026-01-01
status = "verified"

[[emergency_contacts]]
key = "help"
areas = ["north"]
name = {fr = "Aide", en = "Help"}
purpose = {fr = "Danger immédiat.", en = "Immediate danger."}
phone = "418 555-0101"
for = "immediate_danger"
verified_on = 2026-01-01
status = "verified"
"""


@pytest.fixture
def findings(tmp_path: Path) -> Read:
    """Everything found wrong with a file of this text."""

    def read(text: str) -> list[Finding]:
        path = tmp_path / "partners.toml"
        path.write_text(text)
        try:
            read_directory([path], "test")
        except ContentInvalid as invalid:
            return list(invalid.findings)
        return []

    return read


def line_with(text: str, part: str) -> int:
    return next(i for i, line in enumerate(text.splitlines(), 1) if part in line)


def test_a_good_directory_is_read(findings: Read) -> None:
    assert findings(GOOD) == []


@pytest.mark.parametrize(
    ("before", "after", "marked", "part"),
    [
        (
            'name = {fr = "La Maison", en = "The World"}',
            'name = {fr = "", en = ""}',
            'name = {fr = "", en',
            "logo",
        ),
        ('name = {fr = "La Maison", en = "The World"}\n', "", 'key = "house"', "logo"),
        (
            'name = {fr = "Lits", en = "Beds"}',
            'name = {fr = "Lits"}',
            'name = {fr = "Lits"}',
            "{language}",
        ),
        (', en = "For a night."', "", "about =", "no text"),
        ('"For a night."', '"For a night.", de = "Eine Nacht."', "about =", "not a language"),
        ("from = 2020-01-01\n  duty", 'from = "2020"\n  duty', 'from = "2020"', "{key}"),
        ('role = "shelter"', 'role = "jailer"', 'role = "jailer"', "has no name"),
        ('role = "shelter"', 'role = "shelter"\n  rol = 1', "rol = 1", "not known"),
        ('rule = "FREQ=DAILY"', 'rule = "FREQ=YEARLY"', "hours =", "first_day"),
        (
            'organization = "house"',
            'organization = "home"',
            'organization = "home"',
            "no organization",
        ),
        ('value = "418 555-0100"', 'value = "call us"', "call us", "is not a telephone number"),
        (
            'key = "help"\nareas = ["north"]',
            'key = "help"\nareas = ["south"]',
            'areas = ["south"]',
            "no area",
        ),
        ('phone = "418 555-0101"\n', "", "[[emergency_contacts]]", "How to reach"),
        ('kind = "community"', 'kind = "club"', 'kind = "club"', "{key}"),
        ('key = "beds"', 'key = "Beds!"', 'key = "Beds!"', "is not a key"),
        ("format = 1", "format = 2", "format = 2", "{key}"),
    ],
)
def test_each_mistake_is_named_with_its_line(findings: Read, before: str, after: str, marked: str, part: str) -> None:
    assert before in GOOD
    text = GOOD.replace(before, after, 1)

    found = findings(text)

    expected = line_with(text, marked) if marked != 'key = "house"' else line_with(text, "[[organizations]]")
    assert {f.line for f in found if part in f.message.msgid} == {expected}


@pytest.mark.parametrize("section", ["[[contacts]]", "[[emergency_contacts]]", "  [[organizations.services]]"])
def test_a_contact_or_service_without_the_day_it_was_verified_is_refused(findings: Read, section: str) -> None:
    start = GOOD.index(section)
    text = GOOD[:start] + GOOD[start:].replace("verified_on = 2026-01-01\n", "", 1)

    found = findings(text)

    assert [f.line for f in found if "verified_on" in f.message.msgid] == [line_with(text, section)]


def test_all_mistakes_are_said_in_one_go_in_the_order_of_the_lines(findings: Read) -> None:
    text = (
        GOOD.replace('name = {fr = "La Maison", en = "The World"}', "name = {}")
        .replace('role = "shelter"', 'role = "jailer"')
        .replace("verified_on = 2026-01-01\nstatus", "status")
        .replace('organization = "house"', 'organization = "home"')
    )

    found = findings(text)

    lines = [f.line or 0 for f in found]
    assert len(found) >= 5
    assert lines == sorted(lines)


def test_an_area_without_anybody_to_call_is_refused(findings: Read) -> None:
    text = GOOD.replace(
        "[[organizations]]",
        '[[areas]]\nkey = "south"\nname = {fr = "Sud", en = "South"}\n\n[[organizations]]',
        1,
    )

    found = findings(text)

    assert [(f.line, f.message.params["key"]) for f in found] == [(line_with(text, 'key = "south"'), "south")]


def test_an_inner_area_is_reached_through_the_one_around_it(findings: Read) -> None:
    name = 'name = {fr = "Village", en = "Village"}'
    inner = f'[[areas]]\nkey = "village"\n{name}\nwithin = "north"\n\n[[organizations]]'

    assert findings(GOOD.replace("[[organizations]]", inner, 1)) == []


SECOND = """
[[coordination]]
key = "second"
organization = "house"
from = {start}
status = "verified"
"""


@pytest.mark.parametrize(
    ("until", "start", "said"),
    [
        (None, "2024-01-01", "overlap"),
        ("2024-06-01", "2024-01-01", "overlap"),
        ("2023-12-31", "2024-01-01", "gap"),
        ("2024-01-01", "2024-01-01", None),
    ],
)
def test_coordination_without_exactly_one_at_any_date_is_refused(
    findings: Read, until: str | None, start: str, said: str | None
) -> None:
    first = 'organization = "house"\nfrom = 2020-01-01\n'
    ended = first + (f"until = {until}\n" if until else "")

    found = findings(GOOD.replace(first, ended) + SECOND.replace("{start}", start))

    assert ([said] if said else []) == [word for f in found for word in ("overlap", "gap") if word in f.message.msgid]


def test_a_coordination_that_ends_without_a_successor_is_refused(findings: Read) -> None:
    first = 'organization = "house"\nfrom = 2020-01-01\n'

    found = findings(GOOD.replace(first, first + "until = 2024-01-01\n"))

    assert ["gap" in f.message.msgid for f in found] == [True]


def test_a_directory_says_why_nobody_coordinates_yet(findings: Read) -> None:
    start, end = GOOD.index("[[coordination]]"), GOOD.index("[[contacts]]")
    without = GOOD[:start] + GOOD[end:]
    said = 'format = 1\ncoordination_to_confirm = {fr = "À décider.", en = "To be decided."}'

    assert len(findings(without)) == 1
    assert findings(without.replace("format = 1", said)) == []


def test_a_name_that_exists_in_one_language_needs_only_that_one(findings: Read) -> None:
    text = GOOD.replace(
        'name = {fr = "La Maison", en = "The World"}',
        'name = {fr = "La Maison"}\nname_language = "fr"',
    )

    assert findings(text) == []


def test_what_is_not_toml_is_refused_with_its_line(findings: Read) -> None:
    found = findings(GOOD + "\n[[organizations\n")

    assert [f.line for f in found] == [len(GOOD.splitlines()) + 2]


WRONG_VALUES = (
    "1",
    "-1",
    '""',
    '"x"',
    "[]",
    "[1]",
    "{}",
    "true",
    "2020-01-01",
    '{fr = "x"}',
    "[[]]",
    "1.5",
)


@settings(max_examples=examples(300), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_wrong_shapes_never_crash_the_reader(findings: Read, data: st.DataObject) -> None:
    lines = GOOD.splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        name, equals, _ = lines[at].partition("=")
        if equals and data.draw(st.booleans()):
            lines[at] = f"{name}= {data.draw(st.sampled_from(WRONG_VALUES))}"
        else:
            lines[at] = ""

    assert isinstance(findings("\n".join(lines)), list)


DOCS = Path(__file__).parents[3] / "docs" / "content-files.md"


def test_the_example_in_the_documentation_is_a_good_directory(findings: Read) -> None:
    example = DOCS.read_text().split("```toml\n")[1].split("```")[0]

    assert "[[emergency_contacts]]" in example
    assert findings(example) == []


def test_each_further_example_in_the_documentation_is_content_that_a_set_takes(tmp_path: Path) -> None:
    sections = (part.partition("\n") for part in DOCS.read_text().split("\n## "))
    blocks = {title: re.search(r"```toml\n(.*?)```", text, re.DOTALL) for title, _, text in sections}
    found = {title: block[1] for title, block in blocks.items() if block and title != "partners.toml"}
    found = {title: text for title, text in found.items() if title.endswith(".toml")}
    root = plant(tmp_path, "region")
    for name, text in found.items():
        (root / name).write_text(text, encoding="utf-8")
    for language in ("fr", "en"):
        page = root / "pages" / language / "professionals.md"
        page.parent.mkdir(parents=True)
        page.write_text("# Teams\n", encoding="utf-8")

    made = build_set(discover([tmp_path]), ["region"], app.rooms(), app.catalog_folder())

    assert {"settings.toml", "theme.toml", "navigation.toml"} <= found.keys()
    assert (made.left_out, made.findings) == ({}, {})


def test_the_documentation_lists_each_role_that_has_a_name() -> None:
    text = DOCS.read_text()

    assert [role for role in ROLES if f"`{role}`" not in text] == []
