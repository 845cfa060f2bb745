"""docs/bring-a-region.md and docs/fr/implanter-une-region.md do what they say: their tables are filled in, their
commands run in order, and the region of the page answers over HTTP. No line of Python is the region's."""

from __future__ import annotations

import html
import json
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import openpyxl
import pytest

from spheres_core.foundation.encryption import Keyring
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.postgres.cluster import connection_urls
from spheres_core.partners.directory_file import read_directory
from spheres_core.testing import World
from tests.homes import lay_home
from tests.rules.test_run_it import Machine
from tests.wait import LIMIT, wait_for_answer

ROOT: Final = Path(__file__).parents[2]
ENGLISH: Final = ROOT / "docs" / "bring-a-region.md"
FRENCH: Final = ROOT / "docs" / "fr" / "implanter-une-region.md"
TABLE: Final = re.compile(
    r"`(my_sheets|mes_feuilles)/([\w/.]+)`, (?:sheet|feuille) \*\*([^*]+)\*\*[^|]*?\n\n((?:^\|.*\n)+)", re.MULTILINE
)


def blocks(page: Path) -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL)


def tables(page: Path) -> Iterator[tuple[str, str, list[list[str]]]]:
    """(file, sheet, rows with the header first) of each table to fill; one with an empty header stands turned."""
    for _, file, sheet, text in TABLE.findall(page.read_text()):
        head, _, *rows = ([cell.strip() for cell in line.strip().strip("|").split("|")] for line in text.splitlines())
        grid = [list(each) for each in zip(*rows, strict=True)] if not any(head) else [head, *rows]
        yield file, sheet, grid


def fill(folder: Path, page: Path) -> int:
    """Write the page's tables into the sheets as a person would: below what stands there, under the same headers."""
    filled = 0
    for file, sheet, (head, *rows) in tables(page):
        book = openpyxl.load_workbook(folder / file)
        there = book[sheet]
        columns = {str(cell.value): cell.column for cell in there[1]}
        keys = [str(row[0].value) for row in there.iter_rows(min_row=2)]
        last = max((row[0].row for row in there.iter_rows() if any(cell.value for cell in row)), default=1)
        for row in rows:
            replaces = sheet in ("pack", "région") and row[0] in keys
            number = keys.index(row[0]) + 2 if replaces else (last := last + 1)
            for header, text in zip(head, row, strict=True):
                if text:
                    there.cell(number, columns[header]).value = text
        book.save(folder / file)
        filled += 1
    return filled


class Following(Machine):
    """Somebody who follows the page, block by block."""

    def __init__(self, folder: Path, page: Path) -> None:
        super().__init__(folder)
        self.page = page
        self.ran: list[str] = []
        self.said: list[str] = []

    def step(self, beginning: str) -> str:
        (found,) = [each for each in blocks(self.page) if each.startswith(beginning)]
        self.ran.append(found)
        self.said.append(
            self.run("\n".join(line for line in found.splitlines() if not line.startswith("spheres serve")))
        )
        return self.said[-1]


def follow(folder: Path, page: Path) -> Following:
    """From nothing to a region that is switched on."""
    sheets = "mes_feuilles" if page == FRENCH else "my_sheets"
    person = Following(folder, page)
    for home in (folder / "home", folder / "home" / "checking"):
        lay_home(home)
    person.step("spheres plugin sheets --empty")
    assert fill(folder / sheets, page) == len(TABLE.findall(page.read_text())) >= 9
    said = person.step(f"spheres plugin new --from-folder {sheets}")
    assert "river_region" in said
    person.step("spheres form check")
    person.step("spheres tenant new")
    person.step("spheres tenant plugin preview")
    return person


@pytest.fixture(scope="module")
def person(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Following]:
    someone = follow(tmp_path_factory.mktemp("bringing"), ENGLISH)
    yield someone
    someone.run("spheres stop")


@contextmanager
def serving(person: Following) -> Iterator[httpx.Client]:
    """The site of the page's last command of step four, until it is stopped."""
    (command,) = [
        line for each in blocks(person.page) for line in each.splitlines() if line.startswith("spheres serve")
    ]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    served = person.start(command.replace("8080", str(port)))
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}/t/river", timeout=LIMIT) as client:
            wait_for_answer(
                f"http://127.0.0.1:{port}/health", process=served, why=lambda: (person.folder / "log").read_text()
            )
            yield client
    finally:
        served.terminate()
        served.wait(LIMIT)


@pytest.fixture(scope="module")
def site(person: Following) -> Iterator[httpx.Client]:
    with serving(person) as client:
        yield client


@pytest.fixture(scope="module")
def written_anew(person: Following) -> Path:
    """The sheets that the pack of the page writes, after the page's step five."""
    person.step("spheres plugin sheets plugins/river_region")
    return person.folder / "my_sheets_2"


def test_the_region_of_the_page_has_three_partners_its_words_and_its_form(site: httpx.Client) -> None:
    for language, said, not_said in (
        ("en", ["Who works with us", "North Clinic", "Street School", "For young people in the program."],
         ["Our partners"]),
        ("fr", ["Avec qui nous travaillons", "Clinique du Nord", "École de la rue", "Rapports égalitaires"],
         ["Nos partenaires"]),
    ):  # fmt: skip
        shown = site.get(f"/{language}/partners").raise_for_status().text
        assert [text for text in said if text.lower() not in shown.lower()] == []
        assert [text for text in not_said if text in shown] == []
    assert "911" in site.get("/en/").text


def test_a_referral_by_the_form_of_the_page_is_received_in_both_languages(
    person: Following, site: httpx.Client
) -> None:
    answers = json.loads(person.run("spheres form example --tenant river referral"))
    answers["more"] = {"has_place_tonight": "no", "strengths": "Music", "at_school": "yes"}
    for language in ("en", "fr"):
        sent = site.post("/api/referrals", json={"answers": answers, "language": language})
        assert sent.status_code == 201, sent.text
        asked = {"en": "Do they have a place to sleep tonight?", "fr": "A-t-elle un endroit où dormir ce soir?"}
        assert asked[language] in html.unescape(site.get(f"/{language}/refer").text)
    told = json.loads(person.run("spheres form check plugins/river_region/forms/referral.xlsx --json"))
    assert told["ok"] is True
    form = json.loads(person.run("spheres form show plugins/river_region/forms/referral.xlsx --json"))
    assert len(list(questions(form["questions"]))) == 20


def questions(given: list[dict[str, Any]]) -> Iterator[str]:
    for each in given:
        if each["kind"] not in ("group", "repeat", "note", "calculate"):
            yield each["name"]
        yield from questions(each.get("children", []))


def test_the_preview_of_the_page_says_what_the_pack_brings(person: Following) -> None:
    said = json.loads(person.run("spheres tenant plugin preview --tenant river river_region --json"))

    assert "referral" in json.dumps(said)
    assert any("gold level" in each for each in person.said), person.said


def test_the_sheets_that_the_pack_writes_make_it_again(person: Following, request: pytest.FixtureRequest) -> None:
    before = read_directory([person.folder / "plugins" / "river_region" / "partners.toml"], "river_region")

    request.getfixturevalue("written_anew")

    assert read_directory([person.folder / "plugins" / "river_region" / "partners.toml"], "river_region") == before


def test_the_french_page_makes_the_same_region(person: Following, tmp_path: Path) -> None:
    someone = Following(tmp_path, FRENCH)
    someone.step("spheres plugin sheets --empty")
    fill(tmp_path / "mes_feuilles", FRENCH)
    someone.step("spheres plugin new --from-folder")
    (check,) = [each for each in blocks(FRENCH) if each.startswith("spheres form check")]
    someone.run(check.splitlines()[0])

    english, french = (
        read_directory([folder / "plugins" / "river_region" / "partners.toml"], "river_region")
        for folder in (person.folder, tmp_path)
    )
    assert [(each.name, each.roles, each.services[0].name) for each in french.organizations] == [
        (each.name, each.roles, each.services[0].name) for each in english.organizations
    ]
    assert [len(list(tables(page))) for page in (ENGLISH, FRENCH)] == [len(list(tables(ENGLISH)))] * 2
    commands = [
        [line.split()[:3] for block in blocks(page) for line in block.splitlines()] for page in (ENGLISH, FRENCH)
    ]
    assert commands[0] == commands[1]
    headings = [re.findall(r"^#+ ", page.read_text(), re.MULTILINE) for page in (ENGLISH, FRENCH)]
    assert headings[0] == headings[1]


SPANISH: Final = {
    ("pack", "pack"): {"languages_in_part": {"value": "es"}},
    ("partners", "partners"): {"Lits": {"service": "Camas"}},
    ("terms", "terms"): {"Our partners": {"we say": "Con quién trabajamos"}},
    ("forms/referral", "survey"): {"has_place_tonight": {"label": "¿Tiene ella dónde dormir esta noche?"}},
}
"""What is said in a third language, by workbook and sheet: in the row with a cell that reads so, in the column that is
called so."""
PAGE: Final = {
    "en": "# Young people of the River\n\nYou decide.\n",
    "fr": "# Les jeunes du Fleuve\n\nC’est toi qui décides.\n",
    "es": "# Jóvenes del río\n\nTú decides.\n",
}


def say_in_spanish(sheets: Path) -> None:
    """Write the third language into the sheets as step six says: one more row, more columns, more pages."""
    for (file, sheet), rows in SPANISH.items():
        book = openpyxl.load_workbook(sheets / f"{file}.xlsx")
        there = book[sheet]
        for key, cells in rows.items():
            found = [row[0].row for row in there.iter_rows() if key in [str(cell.value) for cell in row]]
            number = found[0] if found else there.max_row + 1
            there.cell(number, 1).value = there.cell(number, 1).value or key
            for column, text in cells.items():
                headers = [str(cell.value) for cell in there[1]]
                if column not in headers:
                    headers.append("label::Español (es)" if column == "label" else f"{column} (es)")
                    there.cell(1, len(headers)).value = headers[-1]
                    column = headers[-1]
                there.cell(number, headers.index(column) + 1).value = text
        book.save(sheets / f"{file}.xlsx")
    for tag, text in PAGE.items():
        page = sheets / "pages" / tag / "youth.md"
        page.parent.mkdir(parents=True)
        page.write_text(text)


def lacking(get: Callable[[str], httpx.Response]) -> list[str]:
    """What of the pack's form, page and terms is not there, in each of the region's languages."""
    wanted = (
        ("refer", "en", "Do they have a place to sleep tonight?"),
        ("refer", "fr", "A-t-elle un endroit où dormir ce soir?"),
        ("refer", "es", "¿Tiene ella dónde dormir esta noche?"),
        ("partners", "en", "Who works with us"),
        ("partners", "fr", "Avec qui nous travaillons"),
        ("partners", "es", "Con quién trabajamos"),
        *(("youth", tag, text.splitlines()[0].removeprefix("# ")) for tag, text in PAGE.items()),
    )
    return [text for page, tag, text in wanted if text not in html.unescape(get(f"/{tag}/{page}").text)]


def test_from_the_readme_to_a_third_language(person: Following, site: httpx.Client, written_anew: Path) -> None:
    """After the change it answers in this process: that a server answers over the home is shown before. How a region
    goes on to a second home: `tests/spheres_core/cli/tenant/test_two_homes.py`."""
    assert "(docs/bring-a-region.md)" in (ROOT / "README.md").read_text()
    assert all(f"({page})" in ENGLISH.read_text() for page in ("run-it.md", "languages.md", "from-trial-to-real.md"))
    assert len(lacking(site.get)) == 5, "neither its pages nor its Spanish are there yet"

    say_in_spanish(written_anew)
    region = person.folder / "tenants" / "river.toml"
    region.write_text(region.read_text().replace('"en-CA", "fr-CA"]', '"en-CA", "fr-CA", "es"]'))
    person.step("rm -r plugins/river_region")
    assert sorted(person.ran) == sorted(blocks(person.page))
    assert re.search(r"serve \(\d+\) still has .*river_region", " ".join(person.run("spheres doctor").split()))

    with started_anew(person) as get:
        assert lacking(get) == []
        assert "<h1>Jóvenes del río</h1>" in get("/es/youth").text
        assert '<span lang="en-CA" dir="ltr">Street School</span>' in get("/es/partners").text
    preview = json.loads(person.run("spheres tenant plugin preview --tenant river river_region --json"))
    assert {each["column"] for each in preview["form_warnings"]} >= {"label::Español (es)"}
    assert "To know" in person.run("spheres tenant plugin preview --tenant river river_region")
    person.run("spheres tenant plugin off --tenant river river_region --yes")
    with started_anew(person) as get:
        assert len(lacking(get)) == 9
    person.run("spheres tenant plugin on --tenant river river_region --yes")


@contextmanager
def started_anew(person: Following) -> Iterator[Callable[[str], httpx.Response]]:
    """The start anew that the page asks for: what answers reads the packs as they are now."""
    with person.here():
        urls, keys = connection_urls(), Keyring.load(person.folder / "home" / "key.json")
    world = World(urls, discover([person.folder / "plugins"]), keys)
    try:
        yield lambda path: world.get(f"/t/river{path}")
    finally:
        world.close()
