"""A region that speaks one language has its demo's requests in that one; support for staff is about nobody."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Final
from uuid import UUID

import pytest

from spheres_core.cli.demo_data import advice, entourage, support_sessions
from spheres_core.cli.demo_data.languages import language_of
from spheres_core.cli.demo_data.sign_ins import ACCOUNTS, COORDINATOR
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.operations import accounts
from spheres_core.support.identifiers import find_identifiers
from spheres_core.support.queries.sessions import count_sessions
from spheres_core.support.schemas.sessions import SessionCounts
from spheres_core.testing import World, definition

OF_ONE: Final = {"fr": "fr-CA", "en": "en-CA"}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_requests_and_sessions_are_in_the_one_language_of_a_region(shared_world: World, language: str) -> None:
    world = shared_world.renew(definition("north", languages=(OF_ONE[language],)))

    async def opening(ctx: Context) -> dict[str, UUID]:
        return {
            each.address: await accounts.create_account(
                ctx, each.email("north"), name=each.name, roles=[each.role], password="un chat dort sous la lune"
            )
            for each in ACCOUNTS
        }

    async def making(ctx: Context) -> SessionCounts:
        await advice.ask_all(ctx, staff[COORDINATOR.address])
        await entourage.support_all(ctx, staff[COORDINATOR.address])
        await support_sessions.hold_all(ctx, staff, language_of(ctx))
        return await count_sessions(ctx)

    staff = world.act("north", opening)
    counts = world.act("north", making).counts

    tables = ("advice_requests", "entourage_records")
    asked = {row[0] for table in tables for row in world.sql(f"SELECT language FROM {table}")}
    assert asked == {OF_ONE[language]}
    states = Counter(state for (state,) in world.sql("SELECT state FROM support_sessions"))
    assert states == {"held": 2, "agreed": 1, "requested": 1}
    assert {(each.kind, each.people) for each in counts} == {("individual", None), ("group", 6)}


def test_no_word_of_the_demos_sessions_could_identify_anybody() -> None:
    said = [text for each in support_sessions.DEMO_SESSIONS for text in each.words.values()]

    assert [text for text in said if find_identifiers(text, today=dt.date(2026, 11, 29))] == []
