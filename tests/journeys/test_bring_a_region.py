"""docs/bring-a-region.md and docs/fr/implanter-une-region.md do what they say: their tables are filled in, their
commands run in order, and the region of the page answers over HTTP. No line of Python is the region's."""

from __future__ import annotations

import html
import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import openpyxl
import pytest

from spheres_core.partners.directory_file import read_directory
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


@pytest.fixture(scope="module")
def site(person: Following) -> Iterator[httpx.Client]:
    """The site of the page's last command of step four."""
    (command,) = [
        line for each in blocks(person.page) for line in each.splitlines() if line.startswith("spheres serve")
    ]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    served = person.start(command.replace("8080", str(port)))
    with httpx.Client(base_url=f"http://127.0.0.1:{port}/t/river", timeout=LIMIT) as client:
        wait_for_answer(
            f"http://127.0.0.1:{port}/health", process=served, why=lambda: (person.folder / "log").read_text()
        )
        yield client
    served.terminate()
    served.wait(LIMIT)


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
        asked = {"en": "Does she have a place to sleep tonight?", "fr": "A-t-elle un endroit où dormir ce soir?"}
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


def test_the_sheets_that_the_pack_writes_make_it_again(person: Following) -> None:
    before = read_directory([person.folder / "plugins" / "river_region" / "partners.toml"], "river_region")

    person.step("spheres plugin sheets plugins/river_region")

    assert read_directory([person.folder / "plugins" / "river_region" / "partners.toml"], "river_region") == before
    assert sorted(person.ran) == sorted(blocks(person.page))


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
