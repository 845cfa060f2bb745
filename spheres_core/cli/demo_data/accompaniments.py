"""Accompaniments: a clinic, a visit, a paper, a day in court, a meeting with a peer, each with her wish."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial
from typing import Final

from spheres_core.cli.demo_data import words
from spheres_core.cli.demo_data.acts import Act, DemoFile, opened
from spheres_core.followups.accompaniment_kinds import PEER_MEETING
from spheres_core.followups.operations import accompaniments
from spheres_core.followups.queries.accompaniments import kinds
from spheres_core.followups.schemas.accompaniments import AccompanimentPosted, AccompanimentState, Side, Wish
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.access import reaches

EVERY: Final = 3
"""Every so many-th person has some."""
KINDS: Final = ("papers", "housing", "court", "clinic")
WISHES: Final[tuple[Wish, ...]] = ("beside_her", "nearby", "alone")
PEER: Final = 10
"""Every so many-th person thinks about meeting a peer, or met one."""
PEER_NAMES: Final = {"fr": "Comète", "en": "Comet"}
"""A peer's first name, which is plainly invented."""
BOTH: Final[list[Side]] = ["herself", "other_side"]
MEETINGS: Final[tuple[tuple[tuple[AccompanimentState, list[Side]], ...], ...]] = (
    (("not_held", ["other_side"]), ("planned", BOTH)),
    (("held", BOTH), ("planned", ["herself"])),
)
"""Pairs of one that is past and one that is to come: how far each is, and who has said yes."""
DAY: Final = dt.timedelta(days=1)


def part(file: DemoFile) -> Iterator[Act]:
    """Yields one that is past and, where she is followed now, one to come."""
    person = file.person
    if person.course in ("proposed", "not_started") or person.number % EVERY:
        return
    past = person.begun + (person.ended - person.begun) * 0.5
    if past - person.begun > 5 * DAY:
        yield Act(past, file.pivot(past), partial(_record, state="held" if person.number % 4 else "not_held"))
    if person.course == "followed":
        recently = file.region.now - 3 * DAY
        yield Act(recently, file.pivot(recently), partial(_record, state="planned"))


def peers(file: DemoFile) -> Iterator[Act]:
    """Yields two meetings with a peer: one that was held or was not, and one that is agreed on or waits for a yes."""
    person, now = file.person, file.region.now
    if person.course != "followed" or person.number % PEER:
        return
    past, coming = MEETINGS[person.number // PEER % len(MEETINGS)]
    for ago, ahead, meeting in ((20, -1, past), (2, 6, coming)):
        at = now - ago * DAY
        if at - person.begun > 2 * DAY:
            yield Act(at, file.pivot(at), partial(_meet, meeting=meeting, ahead=ahead * DAY))


async def _meet(
    ctx: Context, file: DemoFile, *, meeting: tuple[AccompanimentState, list[Side]], ahead: dt.timedelta
) -> None:
    state, agreed = meeting
    access = await opened(ctx, file)
    if not reaches(ctx, access, "encounters", act="write"):
        return
    at = dt.datetime.combine(ctx.today, dt.time(14), ctx.zone).astimezone(dt.UTC) + ahead
    name = PEER_NAMES[file.region.language] if len(agreed) == len(BOTH) else ""
    posted = AccompanimentPosted(PEER_MEETING, at, state, who_goes=["pivot"], agreed=agreed, first_name=name)
    await accompaniments.record_accompaniment(ctx, access, posted)


async def _record(ctx: Context, file: DemoFile, *, state: AccompanimentState) -> None:
    access, number = await opened(ctx, file), file.person.number
    kind = KINDS[(number // EVERY + (state == "planned")) % len(KINDS)]
    if not reaches(ctx, access, kinds(ctx)[kind].information, act="write"):
        return
    hers = state == "held" and reaches(ctx, access, "own_words", act="write")
    ahead = (4 + number % 3) * DAY if state == "planned" else -DAY
    at = dt.datetime.combine(ctx.today, dt.time(9 + number % 7), ctx.zone).astimezone(dt.UTC) + ahead
    went = file.say(words.HOW_IT_WENT, number) if hers else ""
    posted = AccompanimentPosted(kind, at, state, wish=WISHES[number % 3], who_goes=["pivot"], how_it_went=went)
    await accompaniments.record_accompaniment(ctx, access, posted)
