"""What ends, opens or leaves for several participants at once does so for those and for nobody else."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from uuid import UUID

import pytest
from msgspec import structs

from spheres_core.consents.operations import disclosures, ledger, standings
from spheres_core.consents.operations.disclosures import Left
from spheres_core.consents.operations.ledger import ConsentLine, NameNotForThem
from spheres_core.consents.queries.access import access_of, access_to, is_open_on_any_day
from spheres_core.consents.queries.reader import as_system
from spheres_core.consents.queries.why import rows_of
from spheres_core.consents.schemas import MEETING_NAME, NO_PERSON, TEAM
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.tenancy.context import ANONYMOUS, Actor, Context
from spheres_core.participants.operations.participants import NewParticipant
from spheres_core.testing import World
from tests.spheres_core.consents.acts import (
    COLLEAGUE,
    NOW,
    P_39_1,
    PIVOT,
    R_22_1,
    add,
    assign,
    do,
    found_by,
    give,
    given,
)

SECOND: Final = dt.timedelta(seconds=1)
ITEM, OTHER_ITEM, LATER_ITEM = UUID(int=61), UUID(int=62), UUID(int=63)
"""Acts that open standings, such as an item on an agenda."""
ACT: Final = "agenda_item"
POLICE: Final = "spvm"


@pytest.fixture
def her(world: World) -> NewParticipant:
    made: NewParticipant = do(world, add)
    return made


@pytest.fixture
def other(world: World) -> NewParticipant:
    made: NewParticipant = do(world, add)
    return made


def live(world: World, her: NewParticipant) -> set[UUID]:
    asked = "SELECT id FROM standings WHERE participant_id = %s AND ends > %s"
    return {id for (id,) in world.sql(asked, her.id, world.now)}


def ended_in_trail(world: World, her: NewParticipant) -> list[Any]:
    asked = "SELECT details FROM trail_entries WHERE verb = 'standing.ended' AND subject_id = %s ORDER BY id"
    return [details["standings"] for (details,) in world.sql(asked, her.id)]


def opened(world: World, her: NewParticipant, act: UUID, by: str = ACT, **changed: Any) -> UUID:
    made: UUID = do(world, lambda ctx: assign(ctx, her.id, opened_by=(by, act), **changed))
    return made


def end_by(world: World, *acts: UUID, kind: str = ACT, staff: UUID = NO_PERSON) -> int:
    async def ending(ctx: Context) -> int:
        async with as_system(ctx):
            return await standings.end_standings_by(ctx, acts, kind=kind, staff=staff)

    return int(do(world, ending))


def test_what_several_acts_opened_ends_for_all_and_nothing_else(
    world: World, her: NewParticipant, other: NewParticipant
) -> None:
    first, again = opened(world, her, ITEM), opened(world, her, ITEM, staff=COLLEAGUE)
    of_other, later = opened(world, other, OTHER_ITEM), opened(world, her, LATER_ITEM)
    of_other_kind = opened(world, her, ITEM, by="assignment")

    assert end_by(world) == 0
    assert end_by(world, ITEM, OTHER_ITEM, staff=UUID(int=99)) == 0
    assert live(world, her) == {first, again, later, of_other_kind}
    assert end_by(world, ITEM, staff=COLLEAGUE) == 1
    assert live(world, her) == {first, later, of_other_kind}
    assert end_by(world, ITEM, OTHER_ITEM) == 2
    assert (live(world, her), live(world, other)) == ({later, of_other_kind}, set())
    assert ended_in_trail(world, her) == [[str(again)], [str(first)]]
    assert ended_in_trail(world, other) == [[str(of_other)]]
    assert end_by(world, ITEM, OTHER_ITEM) == 0


def test_what_ends_together_of_one_person_is_one_entry(world: World, her: NewParticipant) -> None:
    both = [opened(world, her, ITEM), opened(world, her, OTHER_ITEM)]
    assert end_by(world, ITEM, OTHER_ITEM) == 2
    ((told),) = ended_in_trail(world, her)
    assert sorted(told) == sorted(map(str, both))


def end_of(world: World, staff: UUID, kind: Any) -> int:
    async def ending(ctx: Context) -> int:
        async with as_system(ctx):
            return await standings.end_standings_of(ctx, staff, kind)

    return int(do(world, ending))


def test_every_standing_of_a_kind_that_somebody_has_ends_and_nobody_elses(
    world: World, her: NewParticipant, other: NewParticipant
) -> None:
    me, colleague = UUID(int=71), UUID(int=72)
    mine, of_other = opened(world, her, ITEM, staff=me), opened(world, other, ITEM, staff=me)
    theirs = opened(world, her, ITEM, staff=colleague)
    of_another_kind = {"kind": "coordination", "purpose": "coordination", "acts": ["read"]}
    coordinates = opened(world, her, ITEM, staff=me, **of_another_kind)

    assert end_of(world, me, "assignment") == 2
    assert live(world, her) == {theirs, coordinates}
    assert (ended_in_trail(world, her), ended_in_trail(world, other)) == ([[str(mine)]], [[str(of_other)]])
    assert end_of(world, me, "assignment") == 0


@pytest.mark.parametrize("how", ["one", "by", "of"])
def test_what_is_over_at_this_moment_does_not_end_again(world: World, her: NewParticipant, how: str) -> None:
    me, act = uuid7(), uuid7()
    opened(world, her, act, staff=me, ends=NOW + SECOND)
    world.now = NOW + SECOND
    ending = {
        "one": lambda: do(world, lambda ctx: standings.end_standings(ctx, her.id, opened_by=(ACT, act))),
        "by": lambda: end_by(world, act),
        "of": lambda: end_of(world, me, "assignment"),
    }[how]
    assert ending() == 0
    world.now = NOW
    assert ending() == 1


# ---- what leaves ----------------------------------------------------------------------------------------------------


def shown(world: World, recipient: str, *left: Left, kind: str = ACT) -> None:
    async def showing(ctx: Context) -> None:
        mine = structs.replace(ctx, actor=Actor("staff", PIVOT))
        async with as_system(mine):
            await disclosures.record_shown(mine, recipient, "committee", left, kind=kind)

    do(world, showing)


def left_rows(world: World, her: NewParticipant) -> set[tuple[Any, ...]]:
    asked = (
        "SELECT recipient, information, purpose, entry_id, left_by_kind, left_by_id, recorded_by FROM disclosures"
        " WHERE participant_id = %s"
    )
    found = world.sql(asked, her.id)
    assert len(found) == len(set(found)), "each class of each act once"
    return set(found)


def test_what_an_organization_is_shown_leaves_once_for_each_class_of_each_act(
    world: World, her: NewParticipant, other: NewParticipant
) -> None:
    entry = UUID(int=81)
    needs = Left(her.id, ITEM, "needs_and_plan", entry)
    of_other = Left(other.id, OTHER_ITEM, "needs_and_plan", entry)
    asked = "SELECT shown, details FROM trail_entries WHERE verb = 'disclosures.made' AND tenant_id = %s ORDER BY id"
    tenant = world.loaded("north").tenant.id
    before = len(world.sql(asked, tenant))

    shown(world, TEAM, needs)
    shown(world, P_39_1)
    assert (left_rows(world, her), len(world.sql(asked, tenant))) == (set(), before)

    shown(world, P_39_1, needs, of_other)
    first = (P_39_1, "needs_and_plan", "committee", entry, ACT, ITEM, PIVOT)
    assert left_rows(world, her) == {first}
    assert left_rows(world, other) == {(P_39_1, "needs_and_plan", "committee", entry, ACT, OTHER_ITEM, PIVOT)}
    ids, details = world.sql(asked, tenant)[-1]
    written = world.sql("SELECT id FROM disclosures WHERE participant_id IN (%s, %s)", her.id, other.id)
    assert set(ids) == {id for (id,) in written}
    assert details == {"recipient": P_39_1, "purpose": "committee", "by": ACT}

    shown(world, P_39_1, needs, of_other)
    shown(world, P_39_1, needs)
    assert len(world.sql(asked, tenant)) == before + 1, "nothing new left"
    again = structs.replace
    shown(world, P_39_1, needs, again(needs, information="goals"), again(needs, act=LATER_ITEM))
    shown(world, R_22_1, needs)
    shown(world, P_39_1, needs, kind="meeting")
    assert left_rows(world, her) == {
        first,
        (P_39_1, "goals", "committee", entry, ACT, ITEM, PIVOT),
        (P_39_1, "needs_and_plan", "committee", entry, ACT, LATER_ITEM, PIVOT),
        (R_22_1, "needs_and_plan", "committee", entry, ACT, ITEM, PIVOT),
        (P_39_1, "needs_and_plan", "committee", entry, "meeting", ITEM, PIVOT),
    }


# ---- a name for meetings --------------------------------------------------------------------------------------------


def name_line(recipient: str, **changed: Any) -> ConsentLine:
    return structs.replace(ConsentLine(recipient, MEETING_NAME, "committee", act="discuss"), **changed)


def refused_at(world: World, her: NewParticipant, *lines: ConsentLine, **changed: Any) -> list[str]:
    try:
        give(world, her.id, structs.replace(given(*lines), **changed))
    except NameNotForThem as refusal:
        return [each.path for each in refusal.errors]
    return []


def test_the_name_for_meetings_is_for_one_organization_and_for_the_police_with_an_end(
    world: World, her: NewParticipant
) -> None:
    other = ConsentLine(P_39_1, "needs_and_plan", "committee", act="discuss")
    soon = NOW + dt.timedelta(days=20)
    assert refused_at(world, her, other, name_line(P_39_1)) == []
    assert refused_at(world, her, name_line(TEAM)) == ["lines.0.recipient"]
    assert refused_at(world, her, other, name_line(P_39_1, purpose="service"), name_line(POLICE)) == [
        "lines.1.purpose", "lines.2.until",
    ]  # fmt: skip
    assert refused_at(world, her, name_line(POLICE, purpose="service")) == ["lines.0.purpose"]
    assert refused_at(world, her, name_line(POLICE, ends=soon)) == []
    assert refused_at(world, her, name_line(POLICE), ends=soon) == []
    assert refused_at(world, her, structs.replace(other, recipient=POLICE)) == []


def test_a_line_that_is_over_at_this_moment_is_not_taken_back_with_its_consent(
    world: World, her: NewParticipant
) -> None:
    short = name_line(P_39_1, ends=NOW + SECOND)
    consent = give(world, her.id, given(short, name_line(R_22_1))).id
    world.now = NOW + SECOND
    do(world, lambda ctx: ledger.withdraw_consent(ctx, her.id, consent))
    asked = "SELECT recipient, withdrawn_at FROM consent_entries WHERE consent_id = %s"
    assert dict(world.sql(asked, consent)) == {P_39_1: None, R_22_1: NOW + SECOND}


# ---- what opens a file ----------------------------------------------------------------------------------------------


def test_a_file_opens_to_whom_a_standing_and_a_line_let_in_and_to_nobody_without_a_name(
    world: World, her: NewParticipant
) -> None:
    line = ConsentLine(P_39_1, "participation", "service")

    async def opens(ctx: Context) -> list[bool]:
        decisive = await rows_of(ctx, her.id)
        of_organization = await access_of(ctx, her.id, P_39_1, "service")
        nobody, system = (structs.replace(ctx, actor=each) for each in (ANONYMOUS, Actor("system")))
        through = structs.replace(ctx, actor=Actor("system", organization=P_39_1))
        mine = structs.replace(ctx, actor=Actor("staff", COLLEAGUE, organization=P_39_1))
        found = [access_to(each, her.id, "service", decisive, dated_on=ctx.today)
                 for each in (nobody, system, through, mine)]  # fmt: skip
        return [of_organization is not None, *(each is not None for each in found)]

    async def asking(ctx: Context) -> list[bool]:
        async with as_system(ctx):
            return await opens(ctx)

    assert do(world, asking) == [False] * 5
    do(world, lambda ctx: assign(ctx, her.id, kind="service", recipient=P_39_1, staff=NO_PERSON, purpose="service",
                                 classes=["participation"], acts=["read"]))  # fmt: skip
    give(world, her.id, given(line))
    assert do(world, asking) == [True, False, False, False, True]


def test_a_class_is_open_on_any_day_where_one_of_its_own_lines_says_so(world: World, her: NewParticipant) -> None:
    do(world, lambda ctx: assign(ctx, her.id, classes=["participation", "encounters", "needs_and_plan"]))
    long_ago = dt.date(2026, 3, 3)
    lines = [
        ConsentLine(TEAM, "participation", "follow_up"),
        ConsentLine(TEAM, "encounters", "follow_up", first_day=long_ago, last_day=long_ago),
    ]
    give(world, her.id, given(*lines))

    async def asking(ctx: Context) -> list[bool]:
        mine = structs.replace(ctx, actor=Actor("staff", PIVOT))
        async with as_system(mine):
            access = access_to(mine, her.id, "follow_up", await rows_of(mine, her.id), dated_on=ctx.today)
        assert access is not None
        return [is_open_on_any_day(mine, access, each) for each in ("participation", "encounters", "needs_and_plan")]

    assert do(world, asking) == [True, True, False]


def test_of_two_files_that_are_one_the_other_is_listed_only_to_whom_the_first_is_closed(
    world: World, her: NewParticipant, other: NewParticipant
) -> None:
    """Both are open on one day only, the day on which each was first recorded and decided about."""
    both, one = uuid7(), uuid7()
    today = NOW.date()
    line = ConsentLine(TEAM, "participation", "follow_up", first_day=today, last_day=today)
    for each in (her, other):
        do(world, lambda ctx, each=each: assign(ctx, each.id, staff=both))
        give(world, each.id, given(line))
    do(world, lambda ctx: assign(ctx, other.id, staff=one))
    assert sorted(found_by(world, both)) == sorted([her.code, other.code])

    world.sql("UPDATE participants SET goes_on_elsewhere = true WHERE id = %s", other.id)
    world.sql(
        "INSERT INTO duplicate_decisions (tenant_id, id, participant_id, other_id, same, reason, decided_at, dated_on)"
        " VALUES (%s, %s, %s, %s, true, '', %s, %s)",
        world.loaded("north").tenant.id, uuid7(), her.id, other.id, NOW, today,
    )  # fmt: skip
    assert found_by(world, both) == [her.code]
    assert found_by(world, one) == [other.code]
