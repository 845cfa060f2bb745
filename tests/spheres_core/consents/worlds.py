"""Random worlds of standings, consent entries and exclusions, small enough that everything meets everything."""

from __future__ import annotations

import datetime as dt
import random
from typing import Final
from uuid import UUID

from msgspec import Struct

from spheres_core.consents.schemas import (
    ACTS,
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
    Question,
    Standing,
)

NOON: Final = dt.datetime(2028, 2, 29, 12, tzinfo=dt.UTC)
MOMENTS: Final = (NOON - dt.timedelta(days=300), NOON, NOON + dt.timedelta(hours=1), FOREVER)
DAYS: Final = (dt.date(2028, 2, 28), dt.date(2028, 2, 29), dt.date(2028, 3, 1))
CLASSES_USED: Final = ("identity", "encounters", "emergency_plan", "beds:nights")
PURPOSES_USED: Final = ("follow_up", "service")
KINDS_USED: Final = ("assignment", "service_request", "emergency_access", "investigation")
STAFF: Final = tuple(UUID(int=n) for n in (11, 12))
ORGANIZATIONS: Final = ("refuge", "police")
TENANTS: Final = tuple(UUID(int=n) for n in (1, 2))
assert set(CLASSES_USED) - {"beds:nights"} <= set(CLASSES)


class World(Struct, frozen=True):
    """Everything that decides about some participants."""

    standings: list[Standing]
    entries: list[ConsentEntry]
    exclusions: list[Exclusion]


def draw_world(chance: random.Random, tenant: UUID, participant: UUID) -> World:
    """Returns what may stand in the database about one participant."""

    def new() -> UUID:
        return UUID(int=chance.getrandbits(128))

    def span() -> tuple[dt.datetime, dt.datetime]:
        at = sorted(chance.sample(range(4), 2)) if chance.random() < 0.5 else (0, 3)
        return MOMENTS[at[0]], MOMENTS[at[1]]

    def recipient() -> str:
        return chance.choice((TEAM, TEAM, *ORGANIZATIONS))

    standings = [
        Standing(
            tenant, new(), participant, chance.choice(KINDS_USED), chance.choice((*STAFF, *STAFF, NO_PERSON)),
            recipient(), frozenset(chance.sample(CLASSES_USED, chance.randint(1, 4))),
            frozenset(chance.sample(ACTS, chance.randint(2, 4))), chance.choice(PURPOSES_USED), *span(),
        )
        for _ in range(chance.randint(0, 5))
    ]  # fmt: skip
    entries = [
        ConsentEntry(
            tenant, new(), participant, recipient(), chance.choice(CLASSES_USED), chance.choice(ACTS[:3]),
            chance.choice(PURPOSES_USED), *span(), chance.choice((FIRST_DAY, FIRST_DAY, DAYS[1])),
            chance.choice((LAST_DAY, LAST_DAY, DAYS[1])), chance.random() < 0.5,
        )
        for _ in range(chance.randint(0, 30))
    ]  # fmt: skip
    exclusions = []
    for _ in range(chance.choice((0, 0, 0, 1, 2))):
        by_name = chance.random() < 0.5
        exclusions.append(
            Exclusion(
                tenant, new(), participant, chance.choice(STAFF) if by_name else NO_PERSON,
                NO_ORGANIZATION if by_name else chance.choice(ORGANIZATIONS),
                chance.choice((EVERY_CLASS, *CLASSES_USED)), *span(),
            )
        )  # fmt: skip
    return World(standings, entries, exclusions)


def draw_question(chance: random.Random, tenant: UUID, participant: UUID) -> Question:
    """Returns a question about one class, on one day."""
    return Question(
        tenant, participant, chance.choice(STAFF), chance.choice((NO_ORGANIZATION, *ORGANIZATIONS)),
        chance.choice(ACTS), chance.choice(CLASSES_USED), chance.choice(PURPOSES_USED), chance.choice(DAYS),
    )  # fmt: skip


def draw_moment(chance: random.Random) -> dt.datetime:
    """Returns a moment at which something begins or ends, or a second beside it."""
    return chance.choice(MOMENTS[:3]) + dt.timedelta(seconds=chance.choice((-1, 0, 1)))
