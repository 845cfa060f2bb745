"""Safe contact stands inside each act of contacting her, and nothing goes out that it does not allow."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import pytest

from spheres_core.participants.operations.participants import NewParticipant
from spheres_core.participants.schemas.safe_contact import ThirdParty
from spheres_core.testing import World, definition
from tests.spheres_core.participants.callers import Caller, add_participant, agree, assign

NOW: Final = dt.datetime(2026, 11, 20, 15, 0, tzinfo=dt.UTC)
"""A Friday, ten in the morning in the region."""
WEEKDAYS: Final = {"days": ["MO", "TU", "WE", "TH", "FR"], "opens": "09:00", "closes": "12:00"}
PHONE: Final[dict[str, Any]] = {
    "channel": "phone", "value": "514-555-0101 kanarivoix", "answers": "only_her", "hours": [WEEKDAYS],
    "confirmed_on": "2026-11-18",
}  # fmt: skip
TEXT: Final[dict[str, Any]] = {
    "channel": "text", "value": "514-555-0102", "hours": [WEEKDAYS], "confirmed_on": "2026-11-18",
    "code_word": "kanarimot", "duress_word": "pluie",
}  # fmt: skip


class Region:
    """A region with a pivot worker."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.pivot = Caller(world, "pivot@example.org", "pivot_worker")

    def add(self, *channels: dict[str, Any]) -> NewParticipant:
        """Adds a participant whom the pivot worker follows, with these channels."""
        her = add_participant(self.world)
        assign(self.world, self.pivot, her)
        agree(self.world, her)
        if channels:
            assert self.put(her, 0, *channels).status_code == 200
        return her

    def put(self, her: NewParticipant, version: int, *channels: dict[str, Any], **more: Any) -> Any:
        body = {"safe_contact": {"channels": channels, "language": "en-CA", **more}, "version": version}
        return self.pivot.put(f"participants/{her.code}/safe-contact", json=body)

    def lines(self, her: NewParticipant) -> dict[str, Any]:
        read = self.pivot.get(f"participants/{her.code}/safe-contact")
        assert read.status_code == 200, read.text
        return {each["channel"]: each for each in read.json()["lines"]}

    def confirm(self, her: NewParticipant, channel: str, version: int, *, safe: bool = True) -> Any:
        body = {"channel": channel, "safe": safe, "version": version}
        return self.pivot.post(f"participants/{her.code}/safe-contact/confirmations", json=body)


@pytest.fixture(scope="module")
def shared(shared_world: World) -> Region:
    return Region(shared_world.renew(definition("north", "quebec"), now=NOW))


@pytest.fixture
def region(shared: Region) -> Region:
    shared.world.now = NOW
    shared.pivot.sign_in()
    return shared


def codes(titled: list[dict[str, str]]) -> set[str]:
    return {each["code"] for each in titled}


def test_the_line_says_who_answers_when_and_since_when_it_is_known(region: Region) -> None:
    line = region.lines(region.add(PHONE, TEXT))["phone"]

    assert line["allowed"]
    for part in ("nobody but her", "nothing on voicemail", "Monday", "9\u00a0a.m. to noon", "last confirmed it on"):
        assert part in line["line"]
    assert line["confirmed_on"] == "2026-11-18"
    assert codes(line["outcomes"]) == {"reached", "no_answer", "somebody_else", "wrong_person", "she_reached_us"}


def test_first_texts_only_are_offered_before_she_has_answered(region: Region) -> None:
    line = region.lines(region.add(TEXT))["text"]

    assert codes(line["texts"]) == {"good_time", "another_time"}
    assert {each["title"] for each in line["texts"]} == {
        "Hi! Is this a good time?",
        "Hi! Would another day suit you better?",
    }


@pytest.mark.parametrize(
    ("changed", "moment", "reason"),
    [
        ({}, NOW + dt.timedelta(hours=2), "outside_hours"),
        ({}, NOW + dt.timedelta(days=1), "outside_hours"),
        ({}, NOW + dt.timedelta(days=91), "stale"),
        ({"confirmed_on": None}, NOW, "never_confirmed"),
        ({"hours": []}, NOW, "outside_hours"),
        ({"she_contacts_us": True}, NOW, "she_contacts_us"),
        ({"unsafe_since": "2026-11-19"}, NOW, "unsafe"),
    ],
)
def test_nothing_goes_out_by_a_channel_that_does_not_allow_it_now(
    region: Region, changed: dict[str, Any], moment: dt.datetime, reason: str
) -> None:
    her = region.add(PHONE | changed, TEXT | changed)
    region.world.now = moment
    region.pivot.sign_in()

    for line in region.lines(her).values():
        assert (line["allowed"], line["refusal"]["code"]) == (False, reason)
        assert codes(line["outcomes"]) == {"she_reached_us"}
        assert line["texts"] == []


def test_one_click_confirms_and_a_wrong_person_closes_until_then(region: Region) -> None:
    her = region.add(PHONE)

    assert region.confirm(her, "phone", 1, safe=False).json()["lines"][0]["refusal"]["code"] == "unsafe"
    assert region.confirm(her, "phone", 1).status_code == 409, "of another version than what was read"
    opened = region.confirm(her, "phone", 2).json()

    assert opened["lines"][0]["allowed"]
    assert opened["safe_contact"]["channels"][0]["confirmed_on"] == "2026-11-20"
    assert region.confirm(her, "email", 3).status_code == 422


def test_of_two_who_write_at_once_the_second_sees_both_sides(region: Region) -> None:
    her = region.add(PHONE)
    assert region.put(her, 1, TEXT).status_code == 200

    late = region.put(her, 1, PHONE, TEXT)

    assert late.status_code == 409
    assert [each["channel"] for each in late.json()["theirs"]["channels"]] == ["text"]
    assert [each["channel"] for each in late.json()["yours"]["channels"]] == ["phone", "text"]
    assert set(region.lines(her)) == {"text"}


@pytest.mark.parametrize(
    ("channels", "path"),
    [
        ((PHONE, PHONE), "safe_contact.channels.1.channel"),
        ((PHONE | {"confirmed_on": "2026-11-21"},), "safe_contact.channels.0.confirmed_on"),
        ((TEXT | {"duress_word": "Kanarimot"},), "safe_contact.channels.0.duress_word"),
        ((PHONE | {"hours": [WEEKDAYS | {"closes": "08:00"}]},), "safe_contact.channels.0.hours.0.closes"),
    ],
)
def test_what_could_never_be_meant_is_refused_at_its_place(
    region: Region, channels: tuple[dict[str, Any], ...], path: str
) -> None:
    answer = region.put(region.add(), 0, *channels)

    assert answer.status_code == 422
    assert [each["path"] for each in answer.json()["errors"]] == [path]


def test_of_third_parties_only_the_relation_and_what_to_do_is_kept(region: Region) -> None:
    her = region.add()
    kept = {"relation": "partner", "instruction": "Never say where we know her from"}

    assert ThirdParty.__struct_fields__ == ("relation", "instruction")
    assert region.put(her, 0, PHONE, around_her=[kept]).status_code == 200
    assert region.put(her, 1, PHONE, around_her=[kept | {"name": "Somebody"}]).status_code == 400


def test_it_stands_in_her_file_and_is_withheld_with_its_class(region: Region) -> None:
    her = region.add(PHONE)
    file = region.pivot.get(f"participants/{her.code}").json()
    assert file["classes"]["safe_contact"]["safe_contact"]["lines"][0]["channel"] == "phone"

    other = Caller(region.world, f"other-{her.code}@example.org", "pivot_worker")
    assign(region.world, other, her, classes=("participation", "encounters"))

    assert "safe_contact" in other.get(f"participants/{her.code}").json()["withheld"]
    assert other.get(f"participants/{her.code}/safe-contact").status_code == 404
    unknown = other.get("participants/AAAA-AAAA-AAAA/safe-contact")
    assert other.get(f"participants/{her.code}/safe-contact").content == unknown.content
    body = {"safe_contact": {}, "version": 1}
    assert other.put(f"participants/{her.code}/safe-contact", json=body).status_code == 404


def test_nothing_of_it_lies_open(region: Region) -> None:
    region.add(PHONE, TEXT)
    kept = " ".join(
        str(region.world.sql(f'SELECT string_agg(t::text, chr(10)) FROM "{table}" t')[0][0])
        for table in ("safe_contacts", "trail_entries", "participants")
    )
    for canary in ("kanarivoix", "kanarimot", "514-555"):
        assert canary not in kept
        assert canary.encode().hex() not in kept
