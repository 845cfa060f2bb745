"""Her file on pages: one frame everywhere, the sections that rooms register, and nothing of who she is."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any, Final

import pytest

from spheres_core.consents.schemas import CLASSES
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.plugins.registrations import FileSection
from spheres_core.participants.operations.participants import NewParticipant
from spheres_core.testing import World, definition
from tests.spheres_core.participants.callers import Caller, add_participant, agree, assign

NOW: Final = dt.datetime(2026, 11, 20, 15, 0, tzinfo=dt.UTC)
CLASS_NAMES: Final = tuple(CLASSES)
CONTACT: Final[dict[str, Any]] = {
    "channel": "phone", "value": "514-555-0101 kanarivoix", "confirmed_on": "2026-11-18",
    "hours": [{"days": ["MO", "TU", "WE", "TH", "FR"], "opens": "09:00", "closes": "12:00"}],
}  # fmt: skip


class Region:
    """A region with a pivot worker who reads all of one file, and a coordinator who knows that she takes part."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.pivot = Caller(world, "pivot@example.org", "pivot_worker")
        self.coordinator = Caller(world, "coordinator@example.org", "coordinator")
        self.nobody = Caller(world, "nobody@example.org", "pivot_worker", "coordinator")
        self.her = self.add()
        body = {"safe_contact": {"channels": [CONTACT]}, "version": 0}
        assert self.pivot.put(f"participants/{self.her.code}/safe-contact", json=body).status_code == 200

    def add(self) -> NewParticipant:
        her = add_participant(self.world)
        assign(self.world, self.pivot, her, classes=CLASS_NAMES)
        agree(self.world, her, classes=CLASS_NAMES)
        assign(self.world, self.coordinator, her, classes=("participation",), purpose="coordination")
        agree(self.world, her, classes=("participation",), purpose="coordination")
        return her


@pytest.fixture(scope="module")
def region(shared_world: World, key_file: Path) -> Region:
    return Region(shared_world.renew(definition("north", "quebec"), definition("south", "quebec"), now=NOW))


@pytest.fixture
def sections(region: Region) -> list[FileSection]:
    """Returns the sections that have a page, of every room."""
    found = region.world.loaded("north").plugins.file_sections
    return [each for each in found if each.shown is not None and each.shown.page]


def address_of(region: Region, section: FileSection, code: str) -> str:
    assert section.shown is not None
    path: str = region.world.loaded("north").plugins.addresses[section.shown.page]
    return path.format(participant=code).lstrip("/")


def links(page: str) -> dict[str, bool]:
    """Returns the addresses in the navigation of her file, and whether each is the page itself."""
    (nav,) = re.findall(r'<nav class="sections.*?</nav>', page, re.DOTALL)
    return {found[0]: "aria-current" in found[1] for found in re.findall(r'<a href="([^"]+)"([^>]*)>', nav)}


def test_every_section_of_every_room_has_its_page_in_the_frame(region: Region, sections: list[FileSection]) -> None:
    assert {"safe_contact", "birthday_tasks", "identity"} <= {each.name for each in sections}
    for each in sections:
        address = address_of(region, each, region.her.code)
        answer = region.pivot.page(address)
        assert answer.status_code == 200, f"{each.name}: {answer.text}"
        assert address.startswith(f"staff/participants/{region.her.code}/"), each.name
        assert region.her.code in answer.text
        assert "Reaching her safely" in answer.text
        assert "last confirmed it on" in answer.text
        assert links(answer.text)[f"/t/north/en/{address}"], each.name
        assert answer.headers["cache-control"] == "no-store"


def test_a_page_of_a_class_that_is_withheld_is_not_there_and_is_named_only(
    region: Region, sections: list[FileSection]
) -> None:
    overview = region.coordinator.page(f"staff/participants/{region.her.code}").text
    unknown = region.coordinator.page("staff/participants/AAAA-AAAA-AAAA").status_code
    for each in sections:
        address = address_of(region, each, region.her.code)
        if each.information != "participation":
            assert region.coordinator.page(address).status_code == unknown == 404, each.name
            assert f"/t/north/en/{address}" not in links(overview)
    assert "Not shared with you" in overview
    assert "Her name and date of birth" in overview
    assert "How she can be reached is not shared with you" in overview
    assert "kanarivoix" not in overview


def test_the_overview_says_how_to_reach_her_and_nothing_of_where(region: Region) -> None:
    overview = region.pivot.page(f"staff/participants/{region.her.code}").text

    assert "Telephone call" in overview
    assert "Safe now" in overview
    assert "kanarivoix" not in overview
    assert "Not shared with you" not in overview


def test_unknown_foreign_and_not_to_be_known_of_are_the_same_page(region: Region) -> None:
    foreign = add_participant(region.world, slug="south")
    answers = set()
    for code in ("AAAA-AAAA-AAAA", foreign.code, region.her.code):
        answer = region.nobody.page(f"staff/participants/{code}")
        answers.add((answer.status_code, answer.text.replace(code, "CODE")))

    assert len(answers) == 1
    assert next(iter(answers))[0] == 404


def test_the_list_shows_those_with_whom_the_reader_has_to_do_and_says_what_comes_when_it_is_empty(
    region: Region,
) -> None:
    assert region.her.code in region.pivot.page("staff/participants").text
    assert region.her.code in region.coordinator.page("staff/participants").text
    empty = region.nobody.page("staff/participants").text
    assert region.her.code not in empty
    assert "Nobody here yet" in empty
    assert "sign-in" in region.world.get("/t/north/en/staff/participants").headers["location"]


def test_reading_a_page_is_in_the_trail_with_what_let_it_be_read(region: Region) -> None:
    region.pivot.page(f"staff/participants/{region.her.code}/safe-contact")

    ((actor, details, standings, entries),) = region.world.sql(
        "SELECT actor_id, details, standings, entries FROM trail_entries WHERE verb = 'participant.file_read'"
        " ORDER BY id DESC LIMIT 1"
    )
    assert actor == region.pivot.id
    assert details["classes"] == ["participation", "safe_contact"]
    assert len(standings) == len(entries) == 2


def test_a_channel_is_confirmed_from_any_page_of_her_file_with_one_click(region: Region) -> None:
    her = region.add()
    body = {"safe_contact": {"channels": [CONTACT | {"confirmed_on": "2026-01-10"}]}, "version": 0}
    assert region.pivot.put(f"participants/{her.code}/safe-contact", json=body).status_code == 200
    birthdays = region.pivot.page(f"staff/participants/{her.code}/birthdays").text
    assert "Do not contact her by this" in birthdays
    assert "It is long ago that she confirmed this" in birthdays

    said = {"channel": "phone", "version": "1", "safe": "yes", "from": "birthdays"}
    answer = region.pivot.send(f"staff/participants/{her.code}/safe-contact", **said)

    assert answer.status_code == 303
    assert answer.headers["location"] == f"/t/north/en/staff/participants/{her.code}/birthdays?done=confirmed#done"
    assert "Safe now" in region.pivot.page(f"staff/participants/{her.code}/birthdays").text
    again = region.pivot.send(f"staff/participants/{her.code}/safe-contact", **said)
    assert again.status_code == 409
    assert "A colleague has changed this meanwhile" in again.text


def test_what_a_birthday_asks_for_waits_on_the_overview_until_it_was_looked_at(region: Region) -> None:
    her = region.add()
    task = uuid7()
    region.world.sql(
        "INSERT INTO birthday_tasks (tenant_id, id, participant_id, age, step, dated_on)"
        " SELECT tenant_id, %s, id, 18, 'prepare', '2026-11-20' FROM participants WHERE id = %s", task, her.id
    )  # fmt: skip
    file = f"staff/participants/{her.code}"
    assert "She will be 18 in some months" in region.pivot.page(file).text
    assert "what ends, and what takes its place" in region.pivot.page(f"{file}/birthdays").text
    assert region.nobody.send(f"{file}/birthdays/{task}").status_code == 404

    assert region.pivot.send(f"{file}/birthdays/{task}").status_code == 303

    assert "She will be 18 in some months" not in region.pivot.page(file).text
    assert "Looked at with her" in region.pivot.page(f"{file}/birthdays").text
    assert region.pivot.send(f"{file}/birthdays/{task}").status_code == 404
