"""Each act leaves its entry in the trail and in its row what it needs, no more; and holds at the moment of a border."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any, Final
from uuid import UUID

import pytest
from msgspec import structs

from spheres_core.consents.operations import disclosures, exclusions, ledger, limits, standings
from spheres_core.consents.operations.disclosures import DisclosureNotCovered
from spheres_core.consents.operations.ledger import (
    ConsentInvalid,
    ConsentLine,
    NotTheirsToGive,
    NotTheirsToTakeBack,
)
from spheres_core.consents.operations.limits import ExplanationInvalid
from spheres_core.consents.queries.access import access_to, decision_on
from spheres_core.consents.queries.ledger import ConsentUnknown, consent_of
from spheres_core.consents.queries.why import rows_of
from spheres_core.consents.schemas import NO_PERSON, TEAM, Allowed, Refused
from spheres_core.facts import AgeRange
from spheres_core.foundation.tenancy.context import ANONYMOUS, Actor, Context
from spheres_core.participants.operations.participants import NewParticipant
from spheres_core.testing import World
from tests.spheres_core.consents.acts import (
    ASSIGNMENT,
    CANARY,
    LINE,
    NOW,
    P_39_1,
    PIVOT,
    add,
    assign,
    do,
    give,
    given,
)

ACTOR: Final = Actor("staff", PIVOT)
SECOND: Final = dt.timedelta(seconds=1)
COVERED: Final = ConsentLine(P_39_1, "service_requests", "service")


@pytest.fixture
def her(world: World) -> NewParticipant:
    made: NewParticipant = do(world, add)
    return made


def by_pivot(world: World, act: Callable[[Context], Awaitable[Any]]) -> Any:
    return do(world, lambda ctx: act(structs.replace(ctx, actor=ACTOR)))


def trail(world: World, her: NewParticipant, verb: str) -> list[dict[str, Any]]:
    return [
        details
        for (details,) in world.sql(
            "SELECT details FROM trail_entries WHERE verb = %s AND subject_id = %s ORDER BY id", verb, her.id
        )
    ]


def row(world: World, table: str, her: NewParticipant, *columns: str) -> tuple[Any, ...]:
    """The newest row of a table about her."""
    found = world.sql(
        f"SELECT {', '.join(columns)} FROM {table} WHERE participant_id = %s ORDER BY id DESC LIMIT 1", her.id
    )
    return found[0]


def test_what_is_taken_back_is_in_the_trail_with_who_took_it_back(world: World, her: NewParticipant) -> None:
    first, second = (give(world, her.id, given(LINE)).id for _ in range(2))
    ((line,),) = world.sql("SELECT id FROM consent_entries WHERE consent_id = %s", second)
    do(world, lambda ctx: ledger.withdraw_consent(ctx, her.id, first))
    do(world, lambda ctx: ledger.withdraw_line(ctx, her.id, line))

    assert trail(world, her, "consent.withdrawn") == [
        {"consent": str(first), "by": "herself"}, {"entry": str(line), "by": "herself"},
    ]  # fmt: skip


def test_what_nobody_said_is_not_kept_and_nobody_decided_what_she_decided_herself(
    world: World, her: NewParticipant
) -> None:
    by_pivot(world, lambda ctx: ledger.give_consent(ctx, her.id, given(LINE, words="  ")))
    assert row(world, "consents", her, "words", "benefit", "decided_by", "also_recorded_by", "recorded_by") == (
        None, None, None, None, PIVOT,
    )  # fmt: skip
    do(world, lambda ctx: exclusions.exclude(ctx, her.id, "refusal", organization="police"))
    assert row(world, "exclusions", her, "reason") == (None,)
    kept = do(world, lambda ctx: exclusions.exclude(ctx, her.id, "refusal", organization="police", reason=CANARY))
    (sealed,) = row(world, "exclusions", her, "reason")
    opened = do(world, lambda ctx: _opened(ctx, "exclusions", kept, "reason", sealed))
    assert opened == CANARY


async def _opened(ctx: Context, table: str, id: UUID, column: str, sealed: bytes) -> str:
    return ctx.keys.open(table, id, column, sealed).decode()


def test_a_consent_that_is_over_at_this_moment_is_none_and_one_of_one_day_is_one(
    world: World, her: NewParticipant
) -> None:
    with pytest.raises(ConsentInvalid):
        give(world, her.id, structs.replace(given(LINE), ends=NOW))
    day = dt.date(2026, 11, 1)
    give(world, her.id, given(structs.replace(LINE, first_day=day, last_day=day)))
    ended = give(world, her.id, structs.replace(given(LINE), ends=NOW + SECOND)).id
    ((line,),) = world.sql("SELECT id FROM consent_entries WHERE consent_id = %s", ended)
    world.now = NOW + SECOND
    with pytest.raises(ConsentUnknown):
        do(world, lambda ctx: ledger.withdraw_consent(ctx, her.id, ended))
    with pytest.raises(ConsentUnknown):
        do(world, lambda ctx: ledger.withdraw_line(ctx, her.id, line))


def test_what_a_parent_gave_before_her_birthday_is_recorded_before_it_and_not_from_the_day_on(
    world: World, her: NewParticipant
) -> None:
    born = dt.date(2012, 11, 22)
    wanted = structs.replace(given(LINE), holder=P_39_1, born=born, giver="parent")
    world.now = midnight = dt.datetime(2026, 11, 22, 5, tzinfo=dt.UTC)
    with pytest.raises(NotTheirsToGive):
        give(world, her.id, wanted)
    world.now = midnight - SECOND
    assert give(world, her.id, wanted).ends == midnight


def test_nobody_takes_back_for_her_benefit(world: World, her: NewParticipant) -> None:
    wanted = structs.replace(given(LINE), holder=P_39_1, born=AgeRange(13, 13), giver="parent")
    consent = give(world, her.id, wanted).id

    async def check(ctx: Context) -> None:
        found = await consent_of(ctx, her.id, consent)
        assert found is not None
        await ledger.check_taker(ctx, found, "tutor", AgeRange(13, 13))
        with pytest.raises(NotTheirsToTakeBack):
            await ledger.check_taker(ctx, found, "benefit", AgeRange(13, 13))

    do(world, check)


def test_what_leaves_is_in_the_trail_with_its_line_and_its_basis_is_kept_where_there_is_none(
    world: World, her: NewParticipant
) -> None:
    give(world, her.id, given(COVERED, structs.replace(COVERED, recipient=TEAM)))
    act: dict[str, Any] = {"left_by": ("service_request", UUID(int=41))}

    async def leave(ctx: Context, recipient: str = P_39_1, information: str = "service_requests") -> Any:
        return await disclosures.record_disclosure(
            ctx, her.id, recipient, information, "service", basis=CANARY, **act
        )  # fmt: skip

    covered = by_pivot(world, leave)
    assert row(world, "disclosures", her, "basis") == (None,)
    by_law = by_pivot(world, lambda ctx: leave(ctx, information="legal"))
    assert [each["entry"] for each in trail(world, her, "disclosure.made")] == [str(covered.entry), None]
    assert by_law.entry is None
    with pytest.raises(DisclosureNotCovered):
        by_pivot(world, lambda ctx: leave(ctx, recipient=TEAM))
    with pytest.raises(DisclosureNotCovered):
        do(world, lambda ctx: leave(structs.replace(ctx, actor=ANONYMOUS), information="legal"))


def test_whoever_is_nobody_explains_nothing(world: World, her: NewParticipant) -> None:
    with pytest.raises(ExplanationInvalid):
        do(world, lambda ctx: limits.record_explanation(structs.replace(ctx, actor=ANONYMOUS), her.id))


def test_an_end_is_in_the_trail_once_and_what_is_over_does_not_end_again(world: World, her: NewParticipant) -> None:
    kept = do(world, lambda ctx: exclusions.exclude(ctx, her.id, "refusal", organization="police"))
    do(world, lambda ctx: exclusions.end_exclusion(ctx, her.id, kept))
    assert trail(world, her, "exclusion.ended") == [{"exclusion": str(kept)}]
    opened_by = ("assignment", her.id)
    standing = do(world, lambda ctx: assign(ctx, her.id, ends=NOW + SECOND, opened_by=opened_by))
    do(world, lambda ctx: standings.end_standings(ctx, her.id, opened_by=("assignment", UUID(int=1))))
    assert trail(world, her, "standing.ended") == []
    assert do(world, lambda ctx: standings.end_standings(ctx, her.id, opened_by=opened_by)) == 1
    assert trail(world, her, "standing.ended") == [{"standings": [str(standing)]}]
    do(world, lambda ctx: assign(ctx, her.id, ends=NOW + SECOND, opened_by=opened_by))
    world.now = NOW + SECOND
    assert do(world, lambda ctx: standings.end_standings(ctx, her.id, opened_by=opened_by)) == 0


def test_a_standing_with_the_end_and_the_reason_that_its_kind_needs_is_opened_and_its_reason_sealed(
    world: World, her: NewParticipant
) -> None:
    later = NOW + dt.timedelta(hours=1)
    do(world, lambda ctx: assign(ctx, her.id, kind="emergency_access", classes=["emergency_plan"], ends=later))
    assert row(world, "standings", her, "basis") == (None,)
    opened = do(world, lambda ctx: assign(ctx, her.id, kind="investigation", ends=later, basis=CANARY))
    (sealed,) = row(world, "standings", her, "basis")
    assert do(world, lambda ctx: _opened(ctx, "standings", opened, "basis", sealed)) == CANARY


def test_what_opens_a_file_needs_somebody_and_says_when_it_needs_no_consent(world: World, her: NewParticipant) -> None:
    give(world, her.id, given(LINE))
    do(world, lambda ctx: assign(ctx, her.id, staff=NO_PERSON, opened_by=ASSIGNMENT))

    async def opened(ctx: Context, actor: Actor, purpose: Any) -> Any:
        ledger = await rows_of(ctx, her.id)
        return access_to(structs.replace(ctx, actor=actor), her.id, purpose, ledger, dated_on=ctx.today)

    assert do(world, lambda ctx: opened(ctx, ANONYMOUS, "follow_up")) is None
    later = NOW + dt.timedelta(hours=1)
    do(world, lambda ctx: assign(ctx, her.id, kind="investigation", purpose="oversight", ends=later, basis=CANARY))
    assert do(world, lambda ctx: opened(ctx, ACTOR, "oversight")).grounds()["entry"] is None


def test_a_decision_is_about_the_day_that_is_asked_for(world: World, her: NewParticipant) -> None:
    yesterday = NOW.date() - dt.timedelta(days=1)
    do(world, lambda ctx: assign(ctx, her.id))
    until_yesterday = structs.replace(LINE, information="encounters", last_day=yesterday)
    give(world, her.id, given(LINE, until_yesterday))

    async def decide(ctx: Context) -> None:
        mine = structs.replace(ctx, actor=ACTOR)
        access = access_to(mine, her.id, "follow_up", await rows_of(ctx, her.id), dated_on=ctx.today)
        assert access is not None
        assert isinstance(decision_on(mine, access, "encounters", "read", on=yesterday), Allowed)
        assert isinstance(decision_on(mine, access, "encounters", "read"), Refused)

    do(world, decide)
