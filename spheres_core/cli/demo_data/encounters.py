"""Encounters that were held, missed or are planned, with her words apart; and attempts to reach her."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial
from typing import Final

from spheres_core.cli.demo_data import words
from spheres_core.cli.demo_data.acts import Act, DemoFile, opened
from spheres_core.cli.demo_data.extra_answers import extra_answers
from spheres_core.followups.operations import contact_attempts, encounters
from spheres_core.followups.schemas.contact_attempts import ContactAttemptPosted
from spheres_core.followups.schemas.encounters import (
    AddendumPosted,
    EncounterKind,
    EncounterPosted,
    EncounterState,
    Place,
)
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries import safe_contact
from spheres_core.participants.queries.access import reaches
from spheres_core.participants.schemas.safe_contact import Outcome

MOST: Final = 4
"""Encounters of one person."""
LONG_FILE: Final = (0, 24)
"""The person whose file is long, and how many encounters it has."""
EVERY: Final = dt.timedelta(days=12)
"""Between two encounters, at least."""
KINDS: Final[tuple[tuple[EncounterKind, Place], ...]] = (
    ("in_person", "community"), ("in_person", "office"), ("phone", "elsewhere"), ("accompaniment", "health"),
    ("in_person", "outside"), ("messages", "online"), ("accompaniment", "court"), ("in_person", "school"),
)  # fmt: skip
THEMES: Final = (
    "friends",
    "family",
    "own_value",
    "identity",
    "power_to_act",
    "autonomy",
    "housing_and_money",
    "employment",
)
PRINCIPLES: Final = ("humanistic", "trauma_informed", "motivational", "harm_reduction")
CAME_OF_IT: Final[tuple[Outcome, ...]] = ("reached", "no_answer", "voicemail_left", "she_reached_us")
DAY: Final = dt.timedelta(days=1)
HOUR: Final = dt.timedelta(hours=1)


def part(file: DemoFile) -> Iterator[Act]:
    """Yields what was written of encounters and attempts, on the day of each."""
    person, rng = file.person, file.person.rng("encounters")
    if person.course in ("proposed", "not_started"):
        return
    first, last = person.begun + 4 * DAY, person.ended - 2 * DAY
    most = LONG_FILE[1] if person.number == LONG_FILE[0] else MOST
    many = max(1, min(most, (last - first) // EVERY))
    for at in range(many):
        day = first + ((last - first) * at // max(1, many - 1)) // DAY * DAY + rng.randrange(5) * HOUR
        yield Act(day, file.pivot(day), partial(_record, number=at, missed=rng.random() < 0.12))
        if at % 4 == 0:
            before = (day - DAY).replace(hour=19)
            yield Act(before, file.pivot(before), _try_to_reach)
    if person.course == "followed":
        yield Act(file.region.now - DAY, file.pivot(file.region.now), _plan_next)


async def _record(ctx: Context, file: DemoFile, *, number: int, missed: bool) -> None:
    access = await opened(ctx, file)
    if not reaches(ctx, access, "encounters", act="write"):
        return
    chance = file.person.rng(f"encounter {number}")
    state: EncounterState = "missed" if missed else "held"
    kind, place = chance.choice(KINDS)
    hers = reaches(ctx, access, "own_words", act="write") and not missed and number % 2 == 0
    made = await encounters.record_encounter(
        ctx, access, EncounterPosted(
            state, kind, ctx.now - HOUR, place, sorted(chance.sample(THEMES, 2)),
            [] if missed else sorted(chance.sample(PRINCIPLES, 2)),
            "" if missed else file.say(words.NOTES, chance.randrange(len(words.NOTES["fr"]))),
            file.say(words.OWN_WORDS, chance.randrange(len(words.OWN_WORDS["fr"]))) if hers else "",
            extra={} if missed else extra_answers(ctx, access, file, encounters.KIND, number),
        ),
    )  # fmt: skip
    if not missed and number % 4 == 3:
        added = AddendumPosted(file.say(words.ADDENDA, chance.randrange(9)))
        await encounters.add_to_encounter(ctx, access, made.id, added)


async def _try_to_reach(ctx: Context, file: DemoFile) -> None:
    """Calls her when her safe contact allows it; when it does not, it was she who called."""
    access = await opened(ctx, file)
    if not all(reaches(ctx, access, each, act="write") for each in ("encounters", "safe_contact")):
        return
    kept = await safe_contact.latest(ctx, access)
    allowed = safe_contact.may_reach(ctx, kept.record if kept else None, "phone", ctx.now).outcomes
    known = [each for each in CAME_OF_IT if each in allowed]
    outcome = known[ctx.now.day % len(known)]
    await contact_attempts.note_attempt(ctx, access, ContactAttemptPosted("phone", outcome))


def _at_a_usual_hour(ctx: Context, day: dt.date, hour: int) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), ctx.zone).astimezone(dt.UTC)


async def _plan_next(ctx: Context, file: DemoFile) -> None:
    """Plans an encounter of the days to come; for a few, one that has passed and of which nothing was noted yet."""
    access = await opened(ctx, file)
    if not reaches(ctx, access, "encounters", act="write"):
        return
    number = file.person.number
    at = _at_a_usual_hour(ctx, ctx.today + (1 + number % 7) * DAY, 10 + number % 5)
    if number % 9 == 0:
        at = (ctx.now + HOUR).replace(minute=0, second=0, microsecond=0)
    kind, place = KINDS[number % len(KINDS)]
    await encounters.record_encounter(ctx, access, EncounterPosted("planned", kind, at, place))
