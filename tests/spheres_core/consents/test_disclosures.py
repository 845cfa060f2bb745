"""Nothing leaves that was not agreed to, and what has left is told when a consent is taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg
import pytest
from msgspec import structs

from spheres_core.consents.operations import disclosures, exclusions, ledger
from spheres_core.consents.operations.disclosures import DisclosureNotCovered
from spheres_core.consents.operations.ledger import (
    ConsentLine,
)
from spheres_core.consents.queries import disclosures as disclosure_queries
from spheres_core.consents.queries import why
from spheres_core.consents.schemas import TEAM
from spheres_core.foundation.tenancy.context import Actor, Context
from spheres_core.testing import World
from tests.spheres_core.consents.acts import (
    CANARY,
    NOW,
    P_39_1,
    PIVOT,
    R_22_1,
    add,
    do,
    given,
)


async def leave(ctx: Context, participant: UUID, recipient: str, **changed: Any) -> Any:
    given = {"information": "service_requests", "purpose": "service", "left_by": ("service_request", UUID(int=41))}
    mine = structs.replace(ctx, actor=Actor("staff", PIVOT))
    return await disclosures.record_disclosure(mine, participant, recipient, **(given | changed))


def test_taking_a_consent_back_says_what_had_left_with_it_and_with_no_other(world: World) -> None:
    her = do(world, add)
    to_one, to_other = (ConsentLine(key, "service_requests", "service") for key in (P_39_1, R_22_1))
    both = do(world, lambda ctx: ledger.give_consent(ctx, her.id, given(to_one, to_other))).id
    lines = {row.recipient: row.id for row in do(world, lambda ctx: why.rows_of(ctx, her.id))[1]}
    for recipient in (P_39_1, R_22_1):
        do(world, lambda ctx, recipient=recipient: leave(ctx, her.id, recipient))

    (told,) = do(world, lambda ctx: ledger.withdraw_line(ctx, her.id, lines[P_39_1]))
    assert (told.recipient, told.information, told.dated_on) == (P_39_1, "service_requests", NOW.date())
    with pytest.raises(DisclosureNotCovered):
        do(world, lambda ctx: leave(ctx, her.id, P_39_1))
    left = do(world, lambda ctx: ledger.withdraw_consent(ctx, her.id, both))
    assert {each.recipient for each in left} == {P_39_1, R_22_1}
    other = do(world, lambda ctx: ledger.give_consent(ctx, her.id, given(to_one))).id
    assert do(world, lambda ctx: ledger.withdraw_consent(ctx, her.id, other)) == []


@pytest.mark.parametrize(
    "wrong", [{"information": "encounters"}, {"purpose": "committee"}, {"recipient": "another"}, {"recipient": TEAM}]
)
def test_nothing_leaves_that_no_line_covers(world: World, wrong: dict[str, Any]) -> None:
    her = do(world, add)
    do(world, lambda ctx: ledger.give_consent(ctx, her.id, given(ConsentLine(P_39_1, "service_requests", "service"))))
    do(world, lambda ctx: leave(ctx, her.id, P_39_1))

    wanted = {"recipient": P_39_1} | wrong
    with pytest.raises(DisclosureNotCovered):
        do(world, lambda ctx: leave(ctx, her.id, **wanted))


def test_an_exclusion_keeps_in_what_a_consent_would_let_out_and_a_named_basis_is_on_record(world: World) -> None:
    her = do(world, add)
    do(world, lambda ctx: ledger.give_consent(ctx, her.id, given(ConsentLine(P_39_1, "service_requests", "service"))))
    do(world, lambda ctx: exclusions.exclude(ctx, her.id, "refusal", organization=P_39_1))
    with pytest.raises(DisclosureNotCovered):
        do(world, lambda ctx: leave(ctx, her.id, P_39_1))

    by_law = do(world, lambda ctx: leave(ctx, her.id, P_39_1, basis=CANARY))

    assert by_law.entry is None
    assert do(world, lambda ctx: disclosure_queries.of_participant(ctx, her.id)) == [by_law]
    with psycopg.connect(world.urls.needed("owner")) as db:
        (stored,) = db.execute("SELECT basis FROM disclosures WHERE id = %s", [by_law.id]).fetchone() or ()
    assert CANARY.encode() not in stored
