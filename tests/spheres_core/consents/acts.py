"""What tests of consents do: add a participant, assign a worker, give a consent, look who is found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any, Final
from uuid import UUID

from msgspec import structs

from spheres_core.consents.operations import ledger, standings
from spheres_core.consents.operations.ledger import (
    ConsentGiven,
    ConsentLine,
)
from spheres_core.consents.queries.reader import read_as_system, read_for
from spheres_core.consents.schemas import TEAM
from spheres_core.facts import AgeRange
from spheres_core.foundation.tenancy.context import Actor, Context
from spheres_core.foundation.tenancy.pagination import LATEST
from spheres_core.participants.operations import participants
from spheres_core.participants.queries import participants as queries
from spheres_core.testing import World

NOW: Final = dt.datetime(2026, 11, 21, 15, 0, tzinfo=dt.UTC)
PIVOT, COLLEAGUE = UUID(int=21), UUID(int=22)
ASSIGNMENT: Final = ("assignment", UUID(int=31))
P_39_1, R_22_1 = "anonyme", "ccsmtl"
"""Organizations of the directory whose records live under these acts."""
LINE: Final = ConsentLine(TEAM, "participation", "follow_up")
ADULT: Final = AgeRange(18, 24)
CANARY: Final = "Une phrase que personne d’autre ne lit"


MINOR: Final = dt.date(2013, 3, 3)
"""Born: thirteen on the day of these tests."""


def given(*lines: ConsentLine, kind: Any = "information", words: str = "") -> ConsentGiven:
    return ConsentGiven(kind, NOW.date(), "spoken", "herself", ADULT, lines, words)


async def add(ctx: Context) -> participants.NewParticipant:
    await read_as_system(ctx)
    return await participants.add_participant(ctx)


async def assign(ctx: Context, participant: UUID, **changed: Any) -> UUID:
    wanted: dict[str, Any] = {
        "recipient": TEAM, "classes": ["participation", "encounters"], "acts": ["read", "write"],
        "purpose": "follow_up", "opened_by": ASSIGNMENT, "staff": PIVOT, "kind": "assignment",
    } | changed  # fmt: skip
    return await standings.open_standing(ctx, participant, **wanted)


def found_by(world: World, staff: UUID, *, slug: str = "north") -> list[str]:
    async def read(ctx: Context) -> list[str]:
        mine = structs.replace(ctx, actor=Actor("staff", staff))
        reader = await read_for(mine, "follow_up")
        return [each.code for each in await queries.list_participants(mine, reader, before=LATEST, limit=50)]

    return list(world.act(slug, read))


def do(world: World, act: Callable[[Context], Awaitable[Any]]) -> Any:
    return world.act("north", act)


def give(world: World, participant: UUID, what: ConsentGiven) -> ledger.ConsentRecorded:
    return world.act("north", lambda ctx: ledger.give_consent(ctx, participant, what))
