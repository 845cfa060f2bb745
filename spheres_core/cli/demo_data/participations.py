"""From her referral to the end of her participation: how it began, who followed her, and where it stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from spheres_core.cli.demo_data import referrals, words
from spheres_core.cli.demo_data.acts import Act, DemoFile, Do, opened
from spheres_core.cli.demo_data.people import Person
from spheres_core.cli.demo_data.sign_ins import COORDINATOR
from spheres_core.followups.operations import assignments, hand_overs, participations
from spheres_core.followups.queries.assignments import current
from spheres_core.followups.queries.hand_overs import list_hand_overs
from spheres_core.followups.queries.participations import latest
from spheres_core.followups.schemas.assignments import AssignmentPosted
from spheres_core.followups.schemas.hand_overs import HandOverPosted
from spheres_core.followups.schemas.participations import (
    Agreement,
    ParticipationPosted,
    ReasonCode,
    StateCode,
    StepPosted,
)
from spheres_core.foundation.tenancy.context import Context
from spheres_core.referrals.operations import triage

TO_AGREED: Final = {"in_review": 1, "contact_planned": 2, "in_contact": 4, "agreed": 7}
"""Days after the referral."""
NEEDS: Final = (
    "housing",
    "income",
    "school",
    "work",
    "relationships",
    "mental_health",
    "belonging",
    "leisure",
    "culture",
)
CLOSED_BECAUSE: Final[tuple[ReasonCode, ...]] = ("goals_reached_for_now", "her_wish", "moved", "goals_reached_for_now")
GAP: Final = 45
"""The number of the person whom nobody follows since this morning."""
OFFERED: Final = 40
"""The number of the person whose file is being handed over."""
WITH_BACKUP: Final = 4
"""Every so many-th person has a backup too."""
DAY: Final = dt.timedelta(days=1)


def part(file: DemoFile) -> Iterator[Act]:
    """Yields what happened with her participation."""
    person = file.person
    yield from _referred(person, person.referred, begun=_begin)
    if person.course == "not_started":
        yield Act(person.begun + 9 * DAY, COORDINATOR, _step("not_started", reason="no_contact_after_attempts"))
        return
    if person.course == "proposed":
        return
    if person.number % WITH_BACKUP == 1:
        yield Act(person.begun + 3 * DAY, COORDINATOR, _add_backup)
    if person.handed_over is not None:
        before, after = file.pivot(person.handed_over), file.other(person.handed_over)
        yield Act(person.handed_over - DAY, before, _offer(her_answer="agrees"))
        yield Act(person.handed_over, after, _accept)
    if person.number == OFFERED:
        yield Act(file.region.now - 2 * DAY, file.pivot(file.region.now), _offer(her_answer=None))
    if person.number == GAP:
        yield Act(file.region.now - dt.timedelta(hours=2), COORDINATOR, _leave_without_pivot)
    yield from _ending(file)


def _ending(file: DemoFile) -> Iterator[Act]:
    person, pivot = file.person, file.pivot(file.person.ended)
    if person.course == "paused":
        yield Act(person.ended, pivot, _step("paused", reason="her_wish" if person.number % 2 else "quiet"))
    if person.course in ("closing", "closed", "returned"):
        yield Act(person.ended - 14 * DAY, pivot, _step("closing"))
    if person.course in ("closed", "returned"):
        reason = CLOSED_BECAUSE[person.number % len(CLOSED_BECAUSE)]
        yield Act(person.ended, pivot, _step("closed", reason=reason, talked=True))
    if person.course == "returned":
        back = person.ended + (file.region.now - person.ended) * 0.6
        yield from _referred(person, back, begun=_begin)


def _referred(person: Person, at: dt.datetime, *, begun: Do) -> Iterator[Act]:
    """Yields a referral and its way to an agreement that becomes a participation."""
    yield Act(at, COORDINATOR, _refer)
    for to, days in TO_AGREED.items():
        yield Act(at + days * DAY, COORDINATOR, partial(_move, to=to))
    yield Act(at + 8 * DAY, COORDINATOR, begun)


async def _refer(ctx: Context, file: DemoFile) -> None:
    person, rng = file.person, file.person.rng("needs")
    given = {
        "name": person.name,
        "age": person.age_on(ctx.today),
        "phone": person.phone,
        "language": file.region.language,
        "needs": rng.sample(NEEDS, 2),
    }
    file.referral = await referrals.send(ctx, given, language=file.region.language)


async def _move(ctx: Context, file: DemoFile, *, to: str) -> None:
    assert file.referral is not None
    await triage.move_referral(ctx, file.referral, to, reason="")


async def _begin(ctx: Context, file: DemoFile) -> None:
    assert file.referral is not None
    person = file.person
    said = file.say(words.AGREEING, person.number)
    pivot = None if person.course in ("proposed", "not_started") else file.region.staff[file.pivot(ctx.now).address]
    agreement = Agreement(ctx.today, "spoken" if person.number % 3 else "written", said)
    begun = await participations.begin_participation(
        ctx, file.referral, ParticipationPosted(agreement, pivot, file.code)
    )
    file.code = begun.participant


def _step(to: StateCode, *, reason: ReasonCode | None = None, talked: bool = False) -> Do:
    async def take(ctx: Context, file: DemoFile) -> None:
        access = await opened(ctx, file)
        now = await latest(ctx, access.id)
        assert now is not None
        talk = ctx.today - DAY if talked else None
        await participations.take_step(ctx, access, StepPosted(to, now.version, reason, talk))

    return take


async def _add_backup(ctx: Context, file: DemoFile) -> None:
    backup = file.region.staff[file.other(ctx.now).address]
    await assignments.assign_to(ctx, await opened(ctx, file), AssignmentPosted(backup, "backup"))


async def _leave_without_pivot(ctx: Context, file: DemoFile) -> None:
    access = await opened(ctx, file)
    for each in await current(ctx, access.id):
        if each.part == "pivot":
            await assignments.end_hers(ctx, access, each.id)


def _offer(*, her_answer: Any) -> Do:
    async def offer(ctx: Context, file: DemoFile) -> None:
        next_one = file.region.staff[file.other(ctx.now).address]
        word = file.say(words.HAND_OVER, file.person.number)
        await hand_overs.offer(ctx, HandOverPosted(next_one, [file.code], "pivot", word, her_answer))

    return offer


async def _accept(ctx: Context, file: DemoFile) -> None:
    for each in (await list_hand_overs(ctx)).hand_overs:
        if each.participant == file.code and each.state == "offered":
            await hand_overs.accept(ctx, each.id)
