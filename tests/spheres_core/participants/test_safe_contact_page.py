"""Her safe contact on its pages: written one channel at a time, confirmed by her alone, and never overwritten."""

from __future__ import annotations

import datetime as dt
import html
import re
from typing import Any, Final

import pytest

from spheres_core.participants.operations.participants import NewParticipant
from spheres_core.testing import World, definition
from tests.spheres_core.participants.callers import Caller, add_participant, agree, assign

NOW: Final = dt.datetime(2026, 11, 20, 15, 0, tzinfo=dt.UTC)
"""A Friday, ten in the morning in the region."""
FORM: Final[dict[str, Any]] = {
    "version": "0", "value": "514-555-0102", "answers": "only_her", "hours.0.days": ["MO", "FR"],
    "hours.0.opens": "9h", "hours.0.closes": "12:30", "hours.1.opens": "", "hours.1.closes": "",
    "code_word": "kanarimot", "duress_word": "pluie", "next_day": "", "next_time": "", "confirmed": "yes",
}  # fmt: skip


class Region:
    """A region with a pivot worker, and a colleague who may read how she is reached and not write it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.pivot = Caller(world, "pivot@example.org", "pivot_worker")
        self.reader = Caller(world, "reader@example.org", "pivot_worker")

    def add(self) -> NewParticipant:
        her = add_participant(self.world)
        assign(self.world, self.pivot, her)
        assign(self.world, self.reader, her, acts=("read",))
        agree(self.world, her)
        return her

    def write(self, her: NewParticipant, channel: str = "text", **changed: Any) -> Any:
        fields = {name: value for name, value in (FORM | changed).items() if value is not None}
        return self.pivot.send(f"staff/participants/{her.code}/safe-contact/channels/{channel}", **fields)

    def page(self, her: NewParticipant, path: str = "") -> str:
        answer = self.pivot.page(f"staff/participants/{her.code}/safe-contact{path}")
        assert answer.status_code == 200, answer.text
        return html.unescape(answer.text)

    def kept(self, her: NewParticipant) -> dict[str, Any]:
        read = self.pivot.get(f"participants/{her.code}/safe-contact").json()
        return {each["channel"]: each for each in read["safe_contact"]["channels"]}


@pytest.fixture(scope="module")
def region(shared_world: World) -> Region:
    return Region(shared_world.renew(definition("north", "quebec"), now=NOW))


@pytest.fixture
def her(region: Region) -> NewParticipant:
    return region.add()


def problems(page: str) -> set[str]:
    return set(re.findall(r'id="([\w.]+)-problem"', page))


def test_a_channel_is_written_on_its_page_and_says_at_once_whether_it_may_be_used(
    region: Region, her: NewParticipant
) -> None:
    assert "She has not said yet how she can be reached" in region.page(her)

    written = region.write(her)

    assert written.status_code == 303, written.text
    kept = region.kept(her)["text"]
    assert kept["hours"] == [{"days": ["MO", "FR"], "opens": "09:00", "closes": "12:30"}]
    assert (kept["confirmed_on"], kept["code_word"]) == ("2026-11-20", "kanarimot")
    page = region.page(her)
    assert "Safe now" in page
    assert "Monday and Friday" in page
    assert 'value="09:00"' in region.page(her, "/channels/text")


def test_the_texts_are_shown_in_two_steps_and_without_her_word_there_is_no_second(
    region: Region, her: NewParticipant
) -> None:
    region.write(her)
    both = region.page(her)
    assert both.index("First one of these") < both.index("Only after she has answered with her word")

    region.write(her, version="1", code_word="", duress_word="")

    first = region.page(her)
    assert "First one of these" in first
    assert "Only after she has answered" not in first


def test_what_changes_without_her_saying_so_is_not_confirmed_any_more(region: Region, her: NewParticipant) -> None:
    region.write(her)
    assert region.write(her, version="1", confirmed=None).status_code == 303
    assert region.kept(her)["text"]["confirmed_on"] == "2026-11-20", "nothing changed"

    assert region.write(her, version="2", confirmed=None, value="514-555-0199").status_code == 303

    assert region.kept(her)["text"]["confirmed_on"] is None
    assert "Do not contact her by this" in region.page(her)


def test_a_channel_that_is_not_safe_any_more_is_closed_at_once_and_stays_so(
    region: Region, her: NewParticipant
) -> None:
    region.write(her)
    address = f"staff/participants/{her.code}/safe-contact"
    assert region.pivot.send(address, channel="text", safe="no", version="1").status_code == 303

    region.write(her, version="2", confirmed=None, value="514-555-0199")

    assert region.kept(her)["text"]["unsafe_since"] == "2026-11-20"
    assert "Do not contact her by this" in region.page(her)


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"hours.0.days": None}, {"hours.0.days"}),
        ({"hours.0.opens": "quarter past"}, {"hours.0.opens"}),
        ({"hours.0.opens": "13:00"}, {"hours.0.closes"}),
        ({"value": "x" * 301}, {"value"}),
        ({"duress_word": "KANARIMOT "}, {"duress_word"}),
        ({"next_day": "tomorrow"}, {"next_day"}),
    ],
)
def test_a_problem_stands_at_its_field_and_what_was_typed_is_still_there(
    region: Region, her: NewParticipant, changed: dict[str, Any], fields: set[str]
) -> None:
    answer = region.write(her, **changed)

    assert answer.status_code == 422
    assert problems(answer.text) == fields
    assert 'value="kanarimot"' in answer.text
    assert region.kept(her) == {}


def test_of_two_who_write_at_once_the_second_sees_both_and_saves_hers_after_looking(
    region: Region, her: NewParticipant
) -> None:
    region.write(her, value="514-555-0111")

    second = region.write(her, value="514-555-0122")

    assert second.status_code == 409
    assert "514-555-0111" in second.text
    assert 'value="514-555-0122"' in second.text
    (version,) = re.findall(r'name="version" value="(\d+)">\s*<div', second.text)
    assert region.write(her, version=version, value="514-555-0122").status_code == 303
    assert region.kept(her)["text"]["value"] == "514-555-0122"


def test_a_way_is_taken_out_and_the_others_stay(region: Region, her: NewParticipant) -> None:
    region.write(her)
    region.write(her, "phone", version="1", code_word="", duress_word="")

    assert region.write(her, version="2", act="remove").status_code == 303

    assert set(region.kept(her)) == {"phone"}


def test_of_people_around_her_only_the_relation_and_what_to_do_is_kept(region: Region, her: NewParticipant) -> None:
    address = f"staff/participants/{her.code}/safe-contact/around-her"
    fields = {"version": "0", "language": "fr-CA", "around.0.relation": "parent", "around.1.relation": ""}
    half = region.pivot.send(address, **fields, **{"around.0.instruction": "", "around.1.instruction": ""})
    assert half.status_code == 422
    assert problems(half.text) == {"around.0.instruction"}

    whole = region.pivot.send(address, **fields, **{"around.0.instruction": "Hang up.", "around.1.instruction": ""})

    assert whole.status_code == 303
    read = region.pivot.get(f"participants/{her.code}/safe-contact").json()["safe_contact"]
    assert read["around_her"] == [{"relation": "parent", "instruction": "Hang up."}]
    assert read["language"] == "fr-CA"


def test_who_may_read_and_not_write_finds_no_way_to_write(region: Region, her: NewParticipant) -> None:
    region.write(her)
    address = f"staff/participants/{her.code}/safe-contact"
    page = region.reader.page(address)
    assert page.status_code == 200
    assert "<form" not in page.text.partition("<main")[2]
    assert region.reader.page(f"{address}/channels/text").status_code == 404
    assert region.reader.send(f"{address}/channels/text", **FORM | {"version": "1"}).status_code == 404
    assert region.reader.send(address, channel="text", safe="yes", version="1").status_code == 404
    assert region.pivot.page(f"{address}/channels/pigeon").status_code == 404
