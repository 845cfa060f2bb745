"""Her identity on its page: closed until somebody says why, open for one view, and read by coordinators."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, Final

import pytest

from spheres_core.participants.operations.participants import NewParticipant
from spheres_core.testing import World, definition
from tests.spheres_core.participants.callers import Caller, add_participant, agree, assign

NOW: Final = dt.datetime(2026, 11, 20, 15, 0, tzinfo=dt.UTC)
REASON: Final = "The youth clinic asks for her health insurance number"
FORM: Final[dict[str, Any]] = {
    "chosen_name": "Kanarinom", "pronouns": "elle", "legal_name": "Kanarilégal", "birthday": "2009-03-31",
    "languages": ["fr-CA"], "other_languages": "es, ht", "interpreter": "", "reason": REASON,
}  # fmt: skip


class Region:
    """A region with a pivot worker and the coordinator who knows that she takes part."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.pivot = Caller(world, "pivot@example.org", "pivot_worker")
        self.coordinator = Caller(world, "coordinator@example.org", "coordinator")

    def add(self) -> NewParticipant:
        her = add_participant(self.world)
        assign(self.world, self.pivot, her)
        agree(self.world, her)
        assign(self.world, self.coordinator, her, classes=("participation",), purpose="coordination")
        agree(self.world, her, classes=("participation",), purpose="coordination")
        return her


@pytest.fixture(scope="module")
def region(shared_world: World, key_file: Path) -> Region:
    return Region(shared_world.renew(definition("north", "quebec"), now=NOW))


@pytest.fixture
def her(region: Region) -> NewParticipant:
    return region.add()


def write(region: Region, her: NewParticipant, version: int, **changed: Any) -> Any:
    fields = FORM | {"version": str(version)} | changed
    return region.pivot.send(f"staff/participants/{her.code}/identity/versions", **fields)


def test_it_is_open_for_one_view_with_a_reason_that_the_coordinator_reads(region: Region, her: NewParticipant) -> None:
    address = f"staff/participants/{her.code}/identity"
    written = write(region, her, 0)
    assert written.status_code == 303, written.text
    assert "Kanari" not in region.pivot.page(address).text, "closed again"

    opened = region.pivot.send(address, reason=REASON)

    assert opened.status_code == 200
    assert "Kanarinom" in opened.text
    assert "March 31, 2009" in opened.text
    assert opened.headers["cache-control"] == "no-store"
    assert "Kanari" not in region.pivot.page(address).text
    assert "Kanari" not in region.pivot.page(f"staff/participants/{her.code}").text
    openings = region.coordinator.page("staff/identity-openings").text
    assert openings.count(her.code) == 4, "twice, each with its link"
    assert openings.count(REASON) >= 2
    assert "Kanari" not in openings
    assert region.pivot.page("staff/identity-openings").status_code == 403
    assert region.coordinator.page(address).status_code == 404


def test_without_a_reason_that_says_something_it_stays_closed(region: Region, her: NewParticipant) -> None:
    write(region, her, 0)
    answer = region.pivot.send(f"staff/participants/{her.code}/identity", reason="for a visit")

    assert answer.status_code == 422
    assert 'id="reason-problem"' in answer.text
    assert "for a visit" in answer.text
    assert "Kanari" not in answer.text


def test_a_problem_stands_at_its_field_and_of_two_who_write_the_second_sees_both(
    region: Region, her: NewParticipant
) -> None:
    wrong = write(region, her, 0, birthday="31 March", other_languages="espagnol!")
    assert wrong.status_code == 422
    assert all(f'id="{name}-problem"' in wrong.text for name in ("birthday", "other_languages"))
    assert 'value="Kanarinom"' in wrong.text
    assert write(region, her, 0, birthday="2029-03-31").status_code == 422, "not born yet"
    assert write(region, her, 0).status_code == 303

    second = write(region, her, 0, chosen_name="Kanariautre")

    assert second.status_code == 409
    assert "Kanarinom" in second.text
    assert 'value="Kanariautre"' in second.text
    assert 'name="version" value="1"' in second.text
