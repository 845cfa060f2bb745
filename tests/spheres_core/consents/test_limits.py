"""The limits of confidentiality are explained before anything is noted about a minor."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from msgspec import structs

from spheres_core.consents.operations import ledger, limits
from spheres_core.consents.operations.limits import ExplanationInvalid, LimitsNotExplained
from spheres_core.consents.queries import limits as limit_queries
from spheres_core.consents.queries.reader import read_for
from spheres_core.facts import AgeRange
from spheres_core.foundation.tenancy.context import Actor, Context
from spheres_core.testing import World
from tests.spheres_core.consents.acts import (
    ADULT,
    LINE,
    MINOR,
    NOW,
    PIVOT,
    add,
    assign,
    do,
    given,
)


def test_nothing_is_noted_on_a_minor_before_the_limits_of_confidentiality_were_explained(world: World) -> None:
    her = do(world, add)
    do(world, lambda ctx: assign(ctx, her.id))
    do(world, lambda ctx: ledger.give_consent(ctx, her.id, given(LINE)))

    async def note(ctx: Context, born: Any, *, explain: bool = False, **told: Any) -> Any:
        mine = structs.replace(ctx, actor=Actor("staff", PIVOT))
        reader = await read_for(mine, "follow_up")
        if explain:
            await limits.record_explanation(mine, her.id, **told)
        await limits.require_limits_explained(mine, reader, her.id, born)
        return await limit_queries.explanations(mine, reader, her.id)

    for born in (MINOR, AgeRange(17, 18), None):
        with pytest.raises(LimitsNotExplained):
            do(world, lambda ctx, born=born: note(ctx, born))
    assert do(world, lambda ctx: note(ctx, ADULT)) == []
    with pytest.raises(ExplanationInvalid):
        do(world, lambda ctx: note(ctx, MINOR, explain=True, on=NOW.date() + dt.timedelta(days=1)))
    (made,) = do(world, lambda ctx: note(ctx, MINOR, explain=True))

    assert (made.explained_by, made.dated_on, made.text_version) == (PIVOT, NOW.date(), "1")
    do(world, lambda ctx: note(ctx, None))
