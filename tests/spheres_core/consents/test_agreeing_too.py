"""Where a region decides that a parent or tutor must agree too, a consent is in force with both only."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import pytest
from msgspec import structs

from spheres_core.consents.operations import ledger, second_agreements
from spheres_core.consents.operations.ledger import (
    AgreedToo,
    ConsentGiven,
    NotTheirsToGive,
    NotTheirsToTakeBack,
)
from spheres_core.consents.queries.ledger import ConsentUnknown, StoredConsent, consent_of, consent_that_holds
from spheres_core.consents.schemas import FOREVER, Giver
from spheres_core.facts import AgeRange
from spheres_core.foundation.tenancy.context import Context
from spheres_core.testing import World, definition
from tests.spheres_core.consents.acts import CANARY, LINE, MINOR, NOW, PIVOT, add, assign, do, found_by, give, given

BOTH: Final = "herself_and_parent_or_tutor"
DECIDED: Final = {"taking_part/12-13": BOTH, "information/P-39.1/12-13": BOTH, "information/R-22.1/12-13": BOTH,
                  "information/R-22.1/14-17": "herself"}  # fmt: skip
THIRTEEN: Final = AgeRange(13, 13)
PARENT: Final = AgreedToo("parent", NOW.date(), "written")
TO_TAKE_PART: Final = ConsentGiven("participation", NOW.date(), "spoken", "herself", MINOR, (LINE,))


@pytest.fixture(scope="module")
def region(shared_world: World) -> World:
    settings = {"consents": {"givers": DECIDED, "regime": "P-39.1"}}
    return shared_world.renew(definition("north", "quebec", "montreal", settings=settings))


@pytest.fixture
def world(region: World) -> World:
    region.now = NOW
    return region


def stored(world: World, participant: Any, consent: Any) -> StoredConsent:
    found = do(world, lambda ctx: consent_of(ctx, participant, consent))
    assert isinstance(found, StoredConsent)
    return found


@pytest.mark.parametrize("kind", ["participation", "information"])
def test_a_consent_that_needs_two_opens_nothing_until_both_have_agreed(world: World, kind: Any) -> None:
    her = do(world, add)
    do(world, lambda ctx: assign(ctx, her.id))
    waiting = give(world, her.id, structs.replace(TO_TAKE_PART, kind=kind))

    assert waiting.starts == FOREVER
    assert her.code not in found_by(world, PIVOT)
    assert do(world, lambda ctx: consent_that_holds(ctx, her.id, kind)) is None

    agree(world, her.id, waiting.id)

    assert her.code in found_by(world, PIVOT)
    assert do(world, lambda ctx: consent_that_holds(ctx, her.id, kind)) == waiting.id
    told = "SELECT details FROM trail_entries WHERE verb = 'consent.agreed_too' AND subject_id = %s"
    assert world.sql(told, her.id) == [({"consent": str(waiting.id), "giver": "parent"},)]
    held = stored(world, her.id, waiting.id)
    assert (held.starts, held.also_giver, held.also_given_on) == (NOW, "parent", NOW.date())


def agree(world: World, participant: Any, consent: Any, agreed: AgreedToo = PARENT, born: Any = THIRTEEN) -> None:
    do(world, lambda ctx: second_agreements.agree_too(ctx, participant, consent, agreed, born=born))


def test_both_in_one_conversation_are_in_force_at_once(world: World) -> None:
    her = do(world, add)
    do(world, lambda ctx: assign(ctx, her.id))

    assert give(world, her.id, structs.replace(TO_TAKE_PART, also=PARENT)).starts == NOW
    assert her.code in found_by(world, PIVOT)


def test_nobody_agrees_too_who_is_not_asked_or_twice_or_on_a_day_to_come_or_when_she_may_alone(world: World) -> None:
    her = do(world, add)
    waiting = give(world, her.id, TO_TAKE_PART).id
    tomorrow = NOW.date() + dt.timedelta(days=1)
    for wrong in (structs.replace(PARENT, giver="herself"), structs.replace(PARENT, giver="benefit"),
                  structs.replace(PARENT, given_on=tomorrow)):  # fmt: skip
        with pytest.raises(NotTheirsToGive):
            agree(world, her.id, waiting, wrong)
        with pytest.raises(NotTheirsToGive):
            give(world, her.id, structs.replace(TO_TAKE_PART, also=wrong))
    with pytest.raises(NotTheirsToGive):
        agree(world, her.id, waiting, born=AgeRange(14, 14))
    with pytest.raises(NotTheirsToGive):
        give(world, her.id, structs.replace(TO_TAKE_PART, born=AgeRange(14, 14), also=PARENT))
    other = do(world, add)
    with pytest.raises(ConsentUnknown):
        agree(world, other.id, waiting)

    agree(world, her.id, waiting)
    with pytest.raises(ConsentUnknown):
        agree(world, her.id, waiting)


def test_who_agrees_too_does_not_bring_back_what_was_taken_back_or_is_over(world: World) -> None:
    her = do(world, add)
    do(world, lambda ctx: assign(ctx, her.id))
    taken = give(world, her.id, TO_TAKE_PART).id
    do(world, lambda ctx: ledger.withdraw_consent(ctx, her.id, taken))
    short = give(world, her.id, structs.replace(TO_TAKE_PART, ends=NOW + dt.timedelta(days=1))).id
    line_taken = give(world, her.id, structs.replace(TO_TAKE_PART, kind="information")).id
    ((line,),) = world.sql("SELECT id FROM consent_entries WHERE consent_id = %s", line_taken)
    do(world, lambda ctx: ledger.withdraw_line(ctx, her.id, line))

    other = structs.replace(PARENT, giver="benefit")
    with pytest.raises(ConsentUnknown):
        agree(world, her.id, taken)
    agree(world, her.id, line_taken)
    assert her.code not in found_by(world, PIVOT)
    with pytest.raises(ConsentUnknown):
        agree(world, her.id, line_taken, other)
    world.now = NOW + dt.timedelta(days=1)
    for agreed in (PARENT, other):
        with pytest.raises(ConsentUnknown):
            agree(world, her.id, short, agreed)


@pytest.mark.parametrize(
    ("on", "born", "needed"),
    [
        (dt.date(2026, 11, 20), dt.date(2012, 11, 21), True), (dt.date(2026, 11, 21), dt.date(2012, 11, 21), False),
        (dt.date(2026, 11, 21), AgeRange(13, 14), True), (dt.date(2026, 11, 21), AgeRange(14, 17), False),
        (dt.date(2026, 11, 21), AgeRange(17, 18), False), (dt.date(2026, 11, 21), AgeRange(12, 12), True),
        (dt.date(2026, 11, 21), dt.date(2008, 11, 22), False), (dt.date(2026, 11, 21), dt.date(2008, 11, 21), False),
    ],
)  # fmt: skip
def test_at_each_border_the_second_is_asked_for_where_her_age_may_need_one(
    world: World, on: dt.date, born: Any, needed: bool
) -> None:
    her = do(world, add)
    recorded = give(world, her.id, structs.replace(TO_TAKE_PART, given_on=on, born=born))

    assert (recorded.starts == FOREVER) is needed


def test_what_both_agreed_to_goes_on_when_she_turns_14(world: World) -> None:
    her = do(world, add)
    do(world, lambda ctx: assign(ctx, her.id))

    assert give(world, her.id, structs.replace(TO_TAKE_PART, also=PARENT)).ends == FOREVER
    world.now = dt.datetime(2027, 3, 3, 15, tzinfo=dt.UTC)
    assert her.code in found_by(world, PIVOT)


@pytest.mark.parametrize(
    ("also", "by", "age", "allowed"),
    [
        (PARENT, "herself", None, True), (PARENT, "parent", 13, True), (PARENT, "tutor", 13, True),
        (PARENT, "parent", 14, False), (PARENT, "parent", None, False), (PARENT, "benefit", 13, False),
        (None, "herself", None, True), (None, "parent", 13, False),
    ],
)  # fmt: skip
def test_either_takes_it_back_a_parent_only_what_one_of_them_agreed_to_while_she_is_under_14(
    world: World, also: AgreedToo | None, by: Giver, age: int | None, allowed: bool
) -> None:
    her = do(world, add)
    do(world, lambda ctx: assign(ctx, her.id))
    consent = give(world, her.id, structs.replace(TO_TAKE_PART, also=also)).id

    async def take_back(ctx: Context) -> None:
        found = await consent_of(ctx, her.id, consent)
        assert found is not None
        await ledger.check_taker(ctx, found, by, None if age is None else AgeRange(age, age))
        await ledger.withdraw_consent(ctx, her.id, consent, by=by)

    if not allowed:
        with pytest.raises(NotTheirsToTakeBack):
            do(world, take_back)
        return
    do(world, take_back)
    assert her.code not in found_by(world, PIVOT)
    assert world.sql("SELECT withdrawn_by FROM consents WHERE id = %s", consent) == [(by,)]


def test_what_a_parent_gave_alone_is_theirs_to_take_back_and_hers(world: World) -> None:
    her = do(world, add)
    care = structs.replace(given(kind="care", words=CANARY), giver="parent", born=MINOR)
    consent = stored(world, her.id, give(world, her.id, care).id)

    do(world, lambda ctx: ledger.check_taker(ctx, consent, "tutor", THIRTEEN))
    do(world, lambda ctx: ledger.check_taker(ctx, consent, "herself", None))
    with pytest.raises(NotTheirsToTakeBack):
        do(world, lambda ctx: ledger.check_taker(ctx, consent, "parent", AgeRange(14, 14)))
