"""Meetings of the demo's Clinical Committee: two that were held, and one next week."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Final
from uuid import UUID

from msgspec import structs

from spheres_core.cli.demo_data import words
from spheres_core.cli.demo_data.acts import DemoFile, opened
from spheres_core.cli.demo_data.agreements import FOR_A_PARTNER
from spheres_core.cli.demo_data.sign_ins import COMMITTEE, COORDINATOR, FIRST_PIVOT, DemoAccount
from spheres_core.committee.operations import agenda, meetings, recommendations, seats
from spheres_core.committee.schemas.agenda import ItemPosted
from spheres_core.committee.schemas.meetings import MeetingEnded, MeetingPosted, PresencePosted, SeatPosted
from spheres_core.committee.schemas.recommendations import RecommendationPosted, ResultPosted, ToldPosted
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.tenancy.context import Context

CLINICAL: Final = "clinical"
STEERING: Final = "steering"
DAY: Final = dt.timedelta(days=1)
HELD: Final = (56, 28)
"""Days ago."""
AHEAD: Final = 7
MOST: Final = 3
"""Items of one meeting."""
Files = Sequence[DemoFile]


async def hold_meetings(ctx: Context, files: Files) -> None:
    """Gives seats, holds two meetings and plans the next, with those of whom partners may think along."""
    if not files:
        return
    region, first = files[0].region, ctx.now - (HELD[0] + 20) * DAY
    chair = _as(ctx, files[0], COORDINATOR, first)
    for body, account in product((STEERING, CLINICAL), (COORDINATOR, COMMITTEE)):
        seat = await seats.give_seat(chair, SeatPosted(body, region.staff[account.address], first.date()))
    stands_in = SeatPosted(CLINICAL, region.staff[FIRST_PIVOT.address], first.date(), substitute_for=seat.id)
    await seats.give_seat(chair, stands_in)
    for ago in HELD:
        at = dt.datetime.combine(ctx.today - ago * DAY, dt.time(14), ctx.zone).astimezone(dt.UTC)
        await _hold(ctx, files, at, done=ago == HELD[0])
    at = dt.datetime.combine(ctx.today + AHEAD * DAY, dt.time(14), ctx.zone).astimezone(dt.UTC)
    await _plan(ctx, files, at, ctx.now - DAY)


async def _hold(ctx: Context, files: Files, at: dt.datetime, *, done: bool) -> None:
    """Holds a meeting. `done`: what it recommended was carried out; otherwise it is still open and not told to all."""
    meeting, items = await _plan(ctx, files, at, at - 10 * DAY)
    chair = _as(ctx, files[0], COORDINATOR, at + dt.timedelta(hours=1))
    there = [files[0].region.staff[each.address] for each in (COORDINATOR, COMMITTEE)]
    await meetings.note_presence(chair, meeting, PresencePosted(there))
    made: list[tuple[DemoFile, UUID]] = []
    for number, (file, item) in enumerate(items):
        posted = RecommendationPosted(
            item, file.say(words.RECOMMENDED, file.person.number), there[number % 2], (at + 21 * DAY).date(),
            contributed=there[1:],
        )  # fmt: skip
        with contextlib.suppress(Refusal):
            made.append((file, (await recommendations.recommend(chair, meeting, posted)).id))
    await meetings.end_meeting(chair, meeting, MeetingEnded("held", 1))
    for number, (file, id) in enumerate(made):
        if done or number:
            await _tell(ctx, file, id, at + 2 * DAY, done=done)


async def _tell(ctx: Context, file: DemoFile, id: UUID, at: dt.datetime, *, done: bool) -> None:
    acting = _as(ctx, file, file.pivot(at), at)
    with contextlib.suppress(Refusal):
        told = ToldPosted(1, acting.today, file.say(words.RECOMMENDED_TO_HER, file.person.number))
        access = await opened(acting, file)
        await recommendations.note_told(acting, access, id, told)
        if done:
            await recommendations.note_result_in_file(acting, access, id, ResultPosted("done", 2))


async def _plan(
    ctx: Context, files: Files, at: dt.datetime, on: dt.datetime
) -> tuple[UUID, list[tuple[DemoFile, int]]]:
    """Plans a meeting and puts on its agenda whom partners may discuss. Returns it, and each with her number."""
    meeting = (await meetings.plan_meeting(_as(ctx, files[0], COORDINATOR, on), MeetingPosted(CLINICAL, at))).id
    items = []
    for file in _discussed(files, on):
        acting, number = _as(ctx, file, file.pivot(on), on), file.person.number
        posted = ItemPosted(
            file.code, file.say(words.ASKED_OF_COMMITTEE, number), "said", file.say(words.WANTS_SAID, number),
            acting.today, ["needs_and_plan"],
        )  # fmt: skip
        with contextlib.suppress(Refusal):
            item = await agenda.put_on_agenda(acting, await opened(acting, file), meeting, posted)
            items.append((file, item.number))
    return meeting, items


def _discussed(files: Files, on: dt.datetime) -> Iterator[DemoFile]:
    """Yields those who took part on a day and have let partners think along."""
    found = (each for each in files if each.code and each.person.number % FOR_A_PARTNER == 0)
    there = [each for each in found if each.person.course == "followed" and each.person.begun + 3 * DAY < on]
    yield from there[:MOST]


def _as(ctx: Context, file: DemoFile, account: DemoAccount, now: dt.datetime) -> Context:
    return structs.replace(ctx, now=now, actor=file.region.actor(account))
