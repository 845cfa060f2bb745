"""For a member who stays out, or is kept away, an item is not there: no byte tells that it is, but a neutral number."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any, Final
from uuid import UUID

import msgspec
import pytest

from spheres_core.committee.briefs import Found, SectionFound, agenda_of, brief_of
from spheres_core.committee.members import may_discuss, seated
from spheres_core.committee.schemas.agenda import ItemFound
from spheres_core.committee.schemas.meetings import Meeting, SeatFound
from spheres_core.consents.schemas import (
    CLASSES,
    EVERY_CLASS,
    FIRST_DAY,
    FOREVER,
    LAST_DAY,
    NO_ORGANIZATION,
    NO_PERSON,
    TEAM,
    ConsentEntry,
    Exclusion,
)
from spheres_core.foundation.plugins.bodies import BriefLine
from tests.spheres_core.committee.conftest import Committee

TENANT: Final = UUID(int=1)
NOW: Final = dt.datetime(2026, 11, 29, 15, tzinfo=dt.UTC)
KEYS: Final = ("", "one", "two", "three", "spvm")
DRAWN_ON: Final = (
    "committee", "participation", "own_words", "needs_and_plan", "stages", "activities", "emergency_plan"
)  # fmt: skip
SECTIONS: Final = ("needs_and_plan", "stages", "activities", "emergency_plan")
MEETING: Final = Meeting(UUID(int=2), 1, "clinical", "Meeting", NOW, NOW, "", "planned")


class Drawn:
    """A meeting at random: members, participants, and what each of them let whom discuss."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        day = NOW.date()
        self.members = [
            SeatFound(self.id(), "clinical", self.id(), chance.choice(KEYS), None, day, None)
            for _ in range(chance.randint(2, 6))
        ]
        self.items = [
            ItemFound(self.id(), self.id(), MEETING.id, number, "on", False, "said", day,
                      [each for each in DRAWN_ON if chance.random() < 0.5],
                      ["spvm"] if chance.random() < 0.3 else [], 1, day)
            for number in range(1, chance.randint(2, 5))
        ]  # fmt: skip
        self.entries = {each.participant_id: [*self._entries(each)] for each in self.items}
        self.exclusions: dict[UUID, list[Exclusion]] = {each.participant_id: [] for each in self.items}
        self.recused: dict[UUID, set[UUID]] = {each.participant_id: set() for each in self.items}

    def id(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128))

    def _entries(self, item: ItemFound) -> Any:
        for key in KEYS:
            for information in DRAWN_ON:
                if self.chance.random() < 0.6:
                    yield ConsentEntry(
                        TENANT, self.id(), item.participant_id, key or TEAM, information, "discuss", "committee", NOW,
                        FOREVER, FIRST_DAY, LAST_DAY, False,
                    )  # fmt: skip

    def exclude(self, item: ItemFound, member: SeatFound) -> None:
        """She, or a conflict of interest, keeps a member or her organization away."""
        by_name = self.chance.random() < 0.5 or not member.organization
        staff, organization = (member.staff_id, NO_ORGANIZATION) if by_name else (NO_PERSON, member.organization)
        self.exclusions[item.participant_id].append(
            Exclusion(TENANT, self.id(), item.participant_id, staff, organization, EVERY_CLASS, NOW, FOREVER)
        )

    def shown(self, member: SeatFound, without: UUID | None = None, *, enforced: bool = True) -> tuple[bytes, bytes]:
        """The agenda and the brief of a member, byte by byte. `without`: of a meeting without this item."""
        items, reached = [], {}
        for item in self.items:
            her = item.participant_id
            recused = self.recused[her] if enforced else set()
            may_have = seated([member], recused=recused, police={"spvm"}, named=item.named)
            decisive = ((), self.entries[her], self.exclusions[her] if enforced else [])
            could = may_discuss(TENANT, her, member, CLASSES, decisive, on=item.dated_on, now=NOW) if may_have else {}
            if "committee" in could and item.id != without:
                items.append(item)
                reached[her] = set(could)
        found = Found(
            MEETING, items,
            {her: f"code {her}" for her, classes in reached.items() if "participation" in classes},
            {her: her.int % 2 for her in reached},
            {each.id: f"question {each.id}" for each in items},
            {each.id: f"words {each.id}" for each in items if "own_words" in reached[each.participant_id]},
            [
                SectionFound(name, name, name, {
                    her: [BriefLine(f"{name} {her}")] for her, classes in reached.items() if name in classes
                })
                for name in SECTIONS
            ],
        )  # fmt: skip
        return msgspec.json.encode(agenda_of(found)), msgspec.json.encode(brief_of(found))


def numbered_anew(shown: bytes) -> bytes:
    """An answer whose items bear numbers from one on, in their order."""
    read = msgspec.json.decode(shown)
    for number, item in enumerate(sorted(read["items"], key=lambda each: each["number"]), 1):
        item["number"] = number
    return msgspec.json.encode(read)


@pytest.mark.parametrize("stays_out", ["recused", "excluded"])
def test_a_thousand_meetings_show_a_member_who_stays_out_what_is_shown_without_the_item(stays_out: str) -> None:
    chance, noticed, would_differ = random.Random(f"committee {stays_out}"), 0, 0
    for _ in range(1_000):
        drawn = Drawn(chance)
        item, member = chance.choice(drawn.items), chance.choice(drawn.members)
        absent = drawn.shown(member, item.id)
        if stays_out == "recused":
            drawn.recused[item.participant_id].add(member.staff_id)
        else:
            drawn.exclude(item, member)
        assert [*map(numbered_anew, drawn.shown(member))] == [*map(numbered_anew, absent)]
        assert drawn.shown(member) == absent, "not even another item's number"
        would_differ += drawn.shown(member, enforced=False) != absent
        noticed += 1
    assert noticed == 1_000
    assert would_differ > 300, "the control: without the rule the item is there"


def test_members_with_different_rights_never_get_the_same_brief() -> None:
    chance, compared = random.Random("briefs"), 0
    for _ in range(300):
        drawn = Drawn(chance)
        rights: dict[bytes, set[Any]] = {}
        for member in drawn.members:
            opened = []
            for item in drawn.items:
                decisive = ((), drawn.entries[item.participant_id], [])
                named = seated([member], recused=(), police={"spvm"}, named=item.named)
                could = may_discuss(TENANT, item.participant_id, member, CLASSES, decisive, on=item.dated_on, now=NOW)
                drawn_on = {"committee", "participation", "own_words", *item.shares}
                shown = frozenset(could) & drawn_on if named and "committee" in could else frozenset()
                opened.append(shown)
            rights.setdefault(drawn.shown(member)[1], set()).add(tuple(opened))
            compared += 1
        assert all(len(each) == 1 for each in rights.values())
    assert compared > 600


def _everything(committee: Committee, person: Any, meeting: dict[str, Any]) -> list[bytes]:
    paths = ("agenda", "brief", "recommendations")
    answers = [person.get(f"/meetings/{meeting['id']}/{each}") for each in paths]
    return [*(each.content for each in answers), person.get(f"/meetings/{meeting['id']}").content,
            person.get("/meetings").content, person.get("/participants").content]  # fmt: skip


@pytest.mark.parametrize("stays_out", ["recuses", "another recuses", "is excluded", "organization is excluded"])
def test_a_member_who_stays_out_reads_byte_for_byte_what_she_read_before_the_item_was_there(
    committee: Committee, meeting: dict[str, Any], code: str, stays_out: str
) -> None:
    member, path = committee.members["marie_vincent"], f"/meetings/{meeting['id']}"
    other = committee.followed()
    committee.lets(other, "marie_vincent")
    committee.put(other, meeting)
    absent = _everything(committee, member, meeting)
    number = committee.put(code, meeting)["number"]
    assert _everything(committee, member, meeting) != absent, "the control: who may discuss it sees it"

    if stays_out == "recuses":
        member.do(f"{path}/recuse", {"item": number}, status=200)
    elif stays_out == "another recuses":
        committee.chair.do(f"{path}/recuse", {"item": number, "staff": member.id}, status=200)
    else:
        whom = {"staff": member.id} if stays_out == "is excluded" else {"organization": "marie_vincent"}
        committee.pivot.do(f"/participants/{code}/exclusions", {"kind": "conflict_of_interest", **whom})

    assert _everything(committee, member, meeting) == absent
    again = member.post(f"{path}/recuse", {"item": number})
    assert (again.status_code, again.content) == (404, member.post(f"{path}/recuse", {"item": 99}).content)
    assert len(committee.brief(committee.chair, meeting)) == 1, "for everybody else it is there"


def test_who_stays_out_of_one_meeting_stays_out_of_later_ones(
    committee: Committee, meeting: dict[str, Any], code: str
) -> None:
    member = committee.members["marie_vincent"]
    committee.put(code, meeting)
    member.do(f"/meetings/{meeting['id']}/recuse", {"item": 1}, status=200)
    later = committee.plan()
    committee.put(code, later)
    assert committee.brief(member, later) == []
    assert len(committee.brief(committee.chair, later)) == 1


def test_nobody_says_it_of_somebody_else_but_who_prepares_meetings(
    committee: Committee, meeting: dict[str, Any], code: str
) -> None:
    committee.put(code, meeting)
    said = {"item": 1, "staff": committee.chair.id}
    assert committee.members["marie_vincent"].post(f"/meetings/{meeting['id']}/recuse", said).status_code == 403
    assert committee.members["marie_vincent"].post("/meetings/" + "0" * 8 + "-0000-0000-0000-" + "0" * 12 + "/recuse",
                                                   {"item": 1}).status_code == 404  # fmt: skip
