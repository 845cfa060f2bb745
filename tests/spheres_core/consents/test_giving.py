"""Who gives a consent, for what, and until when it holds by itself."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final, get_args
from uuid import UUID

import psycopg
import pytest
from msgspec import structs

from spheres_core.consents.operations import ledger
from spheres_core.consents.operations.ledger import (
    BenefitNotDocumented,
    ConsentGiven,
    ConsentInvalid,
    LineUnknown,
    NotTheirsToGive,
)
from spheres_core.consents.queries import why
from spheres_core.consents.queries.ledger import consent_that_holds
from spheres_core.consents.schemas import FOREVER, ConsentKind
from spheres_core.facts import AgeRange
from spheres_core.foundation.tenancy.context import ANONYMOUS, Actor, Context
from spheres_core.testing import World
from tests.spheres_core.consents.acts import (
    LINE,
    MINOR,
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

BENEFIT: Final = "Elle a besoin d’un toit ce soir, et personne d’autre ne peut y consentir"


def held_by(organization: str, **changed: Any) -> ConsentGiven:
    return structs.replace(given(LINE), holder=organization, **changed)


def recorded(world: World, consent: UUID) -> dict[str, Any]:
    with psycopg.connect(world.urls.needed("owner"), row_factory=psycopg.rows.dict_row) as db:
        found = db.execute("SELECT * FROM consents WHERE id = %s", [consent]).fetchone()
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("born", "giver", "allowed"),
    [
        (MINOR, "herself", False), (MINOR, "parent", True), (MINOR, "tutor", True),
        (dt.date(2012, 11, 21), "herself", True), (dt.date(2012, 11, 21), "parent", False),
        (dt.date(2012, 11, 22), "herself", False), (dt.date(2012, 11, 22), "parent", True),
        (AgeRange(13, 14), "herself", False), (AgeRange(13, 14), "parent", False),
    ],
)  # fmt: skip
def test_who_gives_it_matches_the_law_of_the_organization_that_holds_the_information(
    world: World, born: Any, giver: Any, allowed: bool
) -> None:
    her = do(world, add)
    wanted = held_by(P_39_1, born=born, giver=giver)
    if allowed:
        consent = recorded(world, do(world, lambda ctx: ledger.give_consent(ctx, her.id, wanted)).id)
        assert (consent["regime"], consent["holder"]) == ("P-39.1", P_39_1)
        assert consent["authority"].startswith("information/P-39.1/")
        assert consent["to_confirm"] is True
    else:
        with pytest.raises(NotTheirsToGive):
            do(world, lambda ctx: ledger.give_consent(ctx, her.id, wanted))


def test_nobody_gives_it_for_an_organization_whose_law_says_nothing_or_that_nobody_knows(world: World) -> None:
    her = do(world, add)
    for holder in (R_22_1, "nobody_of_that_name"):
        born = dt.date(2011, 1, 1) if holder == R_22_1 else dt.date(2000, 1, 1)
        with pytest.raises(NotTheirsToGive):
            do(
                world,
                lambda ctx, holder=holder, born=born: ledger.give_consent(ctx, her.id, held_by(holder, born=born)),
            )


def test_what_is_clearly_for_her_benefit_is_decided_by_somebody_with_a_name_who_says_why(world: World) -> None:
    her = do(world, add)
    wanted = held_by(P_39_1, born=MINOR, giver="benefit", benefit=BENEFIT)

    async def decide(ctx: Context, what: ConsentGiven, actor: Actor) -> Any:
        return await ledger.give_consent(structs.replace(ctx, actor=actor), her.id, what)

    pivot = Actor("staff", PIVOT)
    for wrong, actor in (
        (structs.replace(wanted, benefit=" "), pivot), (wanted, ANONYMOUS),
        (structs.replace(wanted, giver="parent"), pivot),
    ):  # fmt: skip
        with pytest.raises(BenefitNotDocumented):
            do(world, lambda ctx, wrong=wrong, actor=actor: decide(ctx, wrong, actor))
    consent = recorded(world, do(world, lambda ctx: decide(ctx, wanted, pivot)).id)

    assert consent["decided_by"] == PIVOT
    assert BENEFIT.encode() not in consent["benefit"]


def test_what_a_parent_gave_ends_on_her_fourteenth_birthday_by_itself(world: World) -> None:
    her = do(world, add)
    do(world, lambda ctx: assign(ctx, her.id))
    wanted = held_by(P_39_1, born=MINOR, giver="parent")
    until = do(world, lambda ctx: ledger.give_consent(ctx, her.id, wanted)).ends

    assert until == dt.datetime(2027, 3, 3, 5, tzinfo=dt.UTC), "midnight in the region"
    world.now = until - dt.timedelta(seconds=1)
    assert her.code in found_by(world, PIVOT)
    world.now = until
    assert her.code not in found_by(world, PIVOT)


def test_what_somebody_else_gave_is_asked_for_again_soon_when_her_birthday_is_not_known(world: World) -> None:
    her = do(world, add)
    young = held_by(P_39_1, born=AgeRange(12, 13), giver="parent")
    line = structs.replace(LINE, ends=NOW + dt.timedelta(days=3))

    assert do(world, lambda ctx: ledger.give_consent(ctx, her.id, young)).ends == NOW + ledger.WITHOUT_BIRTH_DATE
    assert do(world, lambda ctx: ledger.give_consent(ctx, her.id, given(LINE))).ends == FOREVER
    do(world, lambda ctx: ledger.give_consent(ctx, her.id, given(line)))
    assert NOW + dt.timedelta(days=3) in {row.ends for row in do(world, lambda ctx: why.rows_of(ctx, her.id))[1]}


def test_a_consent_of_one_kind_is_none_of_another_and_taking_one_back_leaves_the_others(world: World) -> None:
    her = do(world, add)
    kinds = get_args(ConsentKind)
    made = {}
    for kind in kinds:
        for other in kinds:
            there = do(world, lambda ctx, other=other: consent_that_holds(ctx, her.id, other))
            assert there == made.get(other)
        lines = (LINE,) if kind == "information" else ()
        made[kind] = do(
            world, lambda ctx, k=kind, rows=lines: ledger.give_consent(ctx, her.id, given(*rows, kind=k))
        ).id
    for kind in kinds:
        do(world, lambda ctx, kind=kind: ledger.withdraw_consent(ctx, her.id, made[kind]))
        made.pop(kind)
        holding = {k: do(world, lambda ctx, k=k: consent_that_holds(ctx, her.id, k)) for k in kinds}
        assert {k: v for k, v in holding.items() if v} == made


def test_only_a_consent_to_share_information_opens_a_reading_but_to_take_part_is_known_to_the_team(
    world: World,
) -> None:
    her = do(world, add)
    give(world, her.id, given(LINE, kind="participation"))
    for kind in get_args(ConsentKind):
        wrong = [LINE] if kind not in ("information", "participation") else []
        if kind == "participation":
            changes: list[dict[str, Any]] = [{"information": "encounters"}, {"recipient": P_39_1}, {"act": "discuss"}]
            wrong = [structs.replace(LINE, **each) for each in changes]
        for line in wrong:
            with pytest.raises(ConsentInvalid):
                give(world, her.id, given(line, kind=kind))


@pytest.mark.parametrize("wrong", [{"recipient": "nobody_of_that_name"}, {"information": "secrets"},
                                   {"information": "no_plugin:things"}])  # fmt: skip
def test_a_line_names_a_recipient_of_the_directory_and_a_class_that_there_is(
    world: World, wrong: dict[str, Any]
) -> None:
    her = do(world, add)
    with pytest.raises(LineUnknown):
        do(world, lambda ctx: ledger.give_consent(ctx, her.id, given(structs.replace(LINE, **wrong))))
