"""Who could be the same person: compared without words, told to coordinators of both, decided by them, undone."""

from __future__ import annotations

import datetime as dt
import html
import re
from pathlib import Path
from typing import Any, Final

import pytest

from spheres_core.participants.operations.participants import NewParticipant
from spheres_core.testing import World, definition
from tests.spheres_core.participants.callers import Caller, add_participant, agree, assign

NOW: Final = dt.datetime(2026, 11, 20, 15, 0, tzinfo=dt.UTC)
REASON: Final = "She told me so herself on Thursday"
LONG_ENOUGH: Final = "The clinic knows both and says so"


class Region:
    """A region with a pivot worker, a coordinator, and a second coordinator who knows of nobody."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.pivot = Caller(world, "pivot@example.org", "pivot_worker")
        self.coordinator = Caller(world, "coordinator@example.org", "coordinator")
        self.other = Caller(world, "other@example.org", "coordinator")
        self.number = 0

    def add(self, *coordinators: Caller) -> NewParticipant:
        her = add_participant(self.world)
        assign(self.world, self.pivot, her)
        agree(self.world, her)
        for each in coordinators:
            assign(self.world, each, her, classes=("participation",), acts=("read",), purpose="coordination")
        agree(self.world, her, classes=("participation",), purpose="coordination")
        return her

    def name(self, her: NewParticipant, name: str, born: str = "2009-03-31") -> None:
        body = {"identity": {"legal_name": name, "birthday": born}, "version": 0, "reason": REASON}
        assert self.pivot.put(f"participants/{her.code}/identity", json=body).status_code == 200

    def reach(self, her: NewParticipant, channel: str, value: str) -> None:
        body = {"safe_contact": {"channels": [{"channel": channel, "value": value}]}, "version": 0}
        assert self.pivot.put(f"participants/{her.code}/safe-contact", json=body).status_code == 200

    def pair(self) -> tuple[NewParticipant, NewParticipant]:
        """Adds two whom the coordinator knows of, of one name and birthday that nobody else has."""
        self.number += 1
        first, second = self.add(self.coordinator), self.add(self.coordinator)
        letters = "abcdefghijklmnop"[self.number]
        self.name(first, f"Kanari{letters} Tremblay")
        self.name(second, f"TREMBLAY, Kanari{letters}")
        return first, second


@pytest.fixture(scope="module")
def region(shared_world: World, key_file: Path) -> Region:
    return Region(shared_world.renew(definition("north", "quebec"), definition("south", "quebec"), now=NOW))


def listed(caller: Caller) -> dict[str, Any]:
    answer = caller.get("participant-duplicates")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def proposals(caller: Caller, *among: NewParticipant) -> list[tuple[str, str, list[str]]]:
    codes = {each.code for each in among}
    return [
        (each["participant"], each["other"], each["alike"])
        for each in listed(caller)["proposals"]
        if {each["participant"], each["other"]} <= codes
    ]


def decide(caller: Caller, kept: NewParticipant, other: NewParticipant, *, same: bool = True, why: str = REASON) -> Any:
    body = {"participant": kept.code, "other": other.code, "same": same, "reason": why}
    return caller.post("participant-duplicates", json=body)


def test_one_name_and_birthday_or_one_number_is_proposed_and_never_said(region: Region) -> None:
    first, second = region.pair()
    third = region.add(region.coordinator)
    region.reach(second, "phone", "514 555-0177")
    region.reach(third, "text", "(514) 555-0177")

    found = proposals(region.coordinator, first, second, third)

    assert set(map(repr, found)) == {
        repr((first.code, second.code, ["name_and_birthday"])), repr((second.code, third.code, ["phone"])),
    }  # fmt: skip
    page = region.coordinator.page("staff/duplicates")
    assert first.code in page.text
    assert not re.search("555.?0177", page.text)
    assert "anari" not in page.text


def test_nobody_is_told_of_one_whom_she_does_not_coordinate(region: Region) -> None:
    known, unknown = region.add(region.coordinator, region.other), region.add(region.coordinator)
    region.name(known, "Kanarix Roy")
    region.name(unknown, "Kanarix Roy")

    assert len(proposals(region.coordinator, known, unknown)) == 1
    assert listed(region.other) == {"proposals": [], "decisions": []}
    refused = decide(region.other, known, unknown)
    missing = region.other.post("participant-duplicates", json=refused_body(known, "AAAA-AAAA-AAAA"))
    assert (refused.status_code, refused.json()) == (missing.status_code, missing.json())
    assert refused.status_code == 404
    assert region.pivot.get("participant-duplicates").status_code == 403


def refused_body(known: NewParticipant, code: str) -> dict[str, Any]:
    return {"participant": known.code, "other": code, "same": True, "reason": REASON}


def test_another_birthday_or_another_region_is_nobody_alike(region: Region) -> None:
    first, second = region.add(region.coordinator), region.add(region.coordinator)
    region.name(first, "Kanariy Roy", "2009-03-31")
    region.name(second, "Kanariy Roy", "2009-03-30")

    assert proposals(region.coordinator, first, second) == []


def test_a_person_decides_with_a_reason_and_undoes_it_and_no_file_changes(region: Region) -> None:
    first, second = region.pair()
    before = region.pivot.get(f"participants/{second.code}").json()
    assert decide(region.coordinator, first, second, why="I think so").status_code == 422

    made = decide(region.coordinator, first, second)

    assert made.status_code == 201, made.text
    assert proposals(region.coordinator, first, second) == []
    assert decide(region.coordinator, second, first).status_code == 409
    assert region.pivot.get(f"participants/{second.code}").json() == before
    assert first.code in region.pivot.page(f"staff/participants/{second.code}").text
    assert "goes on under another code" in region.pivot.page(f"staff/participants/{second.code}").text
    address = f"participant-duplicates/{made.json()['id']}/undo"
    assert region.other.post(address, json={"reason": LONG_ENOUGH}).status_code == 404
    undone = region.coordinator.post(address, json={"reason": LONG_ENOUGH})
    assert undone.status_code == 200, undone.text
    assert len(proposals(region.coordinator, first, second)) == 1
    assert first.code not in region.pivot.page(f"staff/participants/{second.code}").text
    assert region.coordinator.post(address, json={"reason": LONG_ENOUGH}).status_code == 404
    kept = region.world.sql("SELECT same, undone_at IS NOT NULL, undone_reason IS NOT NULL FROM duplicate_decisions")
    assert (True, True, True) in kept, "what was decided stays on record"


def test_only_the_file_that_goes_on_is_listed_and_the_other_answers_at_its_own_address(region: Region) -> None:
    first, second = region.pair()
    apart = Caller(region.world, "apart@example.org", "pivot_worker")
    assign(region.world, apart, second)
    listed = lambda caller: {each["participant"] for each in caller.get("participants").json()["items"]}  # noqa: E731
    assert {first.code, second.code} <= listed(region.pivot)

    made = decide(region.coordinator, first, second).json()

    assert {first.code, second.code} & listed(region.pivot) == {first.code}
    assert region.pivot.get(f"participants/{second.code}").status_code == 200
    assert second.code in region.pivot.page(f"staff/participants/{first.code}").text
    assert second.code in listed(apart), "who may not know of the first is not told of it"
    region.coordinator.post(f"participant-duplicates/{made['id']}/undo", json={"reason": LONG_ENOUGH})
    assert {first.code, second.code} <= listed(region.pivot)


def test_whose_file_goes_on_elsewhere_is_what_the_decisions_in_force_say(region: Region) -> None:
    goes_on = "SELECT id FROM participants WHERE goes_on_elsewhere"
    by_decisions = "SELECT other_id FROM duplicate_decisions WHERE same AND undone_at IS NULL"
    pairs = [region.pair() for _ in range(3)]
    made = [
        decide(region.coordinator, *pair, same=same).json()
        for pair, same in zip(pairs, (True, False, True), strict=True)
    ]
    for each in made[1:]:
        region.coordinator.post(f"participant-duplicates/{each['id']}/undo", json={"reason": LONG_ENOUGH})

    assert (pairs[0][1].id,) in region.world.sql(goes_on)
    assert sorted(region.world.sql(goes_on)) == sorted(region.world.sql(by_decisions))


def test_one_goes_on_under_one_code_only_and_two_persons_are_not_proposed_again(region: Region) -> None:
    first, second = region.pair()
    third = region.add(region.coordinator)
    assert decide(region.coordinator, first, second).status_code == 201
    assert decide(region.coordinator, third, second).status_code == 409
    assert decide(region.coordinator, second, third).status_code == 409
    assert decide(region.coordinator, first, first).status_code == 422

    one, other = region.pair()
    assert decide(region.coordinator, one, other, same=False).status_code == 201

    assert proposals(region.coordinator, one, other) == []
    assert other.code not in region.pivot.page(f"staff/participants/{one.code}").text


def test_who_knows_of_one_of_two_is_not_told_of_the_other(region: Region) -> None:
    first, second = region.pair()
    assert decide(region.coordinator, first, second).status_code == 201
    reader = Caller(region.world, "reader@example.org", "pivot_worker")
    assign(region.world, reader, second)

    page = reader.page(f"staff/participants/{second.code}")

    assert page.status_code == 200
    assert first.code not in page.text


def test_the_page_asks_why_at_its_field_and_says_what_was_done(region: Region) -> None:
    first, second = region.pair()
    fields = {"participant": first.code, "other": second.code, "same": "yes"}
    short = region.coordinator.send("staff/duplicates", **fields, reason="I think so")
    assert short.status_code == 422
    assert f'id="problem-{first.code}-{second.code}"' in short.text
    assert "I think so" in short.text

    done = region.coordinator.send("staff/duplicates", **fields, reason=REASON)

    assert done.status_code == 303
    page = html.unescape(region.coordinator.page("staff/duplicates?done=same").text)
    assert "It is noted that they are the same person" in page
    assert f"Her file goes on under {first.code}" in page
    (decision,) = [d["id"] for d in listed(region.coordinator)["decisions"] if d["other"] == second.code]
    assert region.coordinator.send(f"staff/duplicates/{decision}/undo", reason="short").status_code == 422
    assert region.coordinator.send(f"staff/duplicates/{decision}/undo", reason=LONG_ENOUGH).status_code == 303


def test_what_was_decided_and_by_which_reason_is_sealed_and_the_trail_has_codes_only(region: Region) -> None:
    rows = region.world.sql("SELECT to_jsonb(d)::text FROM duplicate_decisions d")
    trail = region.world.sql("SELECT to_jsonb(e)::text FROM trail_entries e WHERE verb LIKE 'duplicate%%'")

    assert rows
    assert {"duplicate.decided", "duplicate.undone", "duplicates.listed"} <= {
        verb for (verb,) in region.world.sql("SELECT DISTINCT verb FROM trail_entries")
    }
    assert [text for (text,) in (*rows, *trail) if REASON in text or LONG_ENOUGH in text] == []
