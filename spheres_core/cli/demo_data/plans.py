"""Plans: strengths, needs, goals with stages over time, and services that a partner was asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

from spheres_core.cli.demo_data import plan_words as words
from spheres_core.cli.demo_data.acts import Act, DemoFile, opened
from spheres_core.cli.demo_data.extra_answers import extra_answers
from spheres_core.cli.demo_data.participations import NEEDS
from spheres_core.cli.demo_data.sign_ins import LIAISON
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.access import reaches
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.partners.queries.catalogue import in_use, listed, stage_models
from spheres_core.plans.operations import goals, needs, requests, stages
from spheres_core.plans.queries import requests as request_queries
from spheres_core.plans.queries.goals import list_goals
from spheres_core.plans.queries.needs import list_needs
from spheres_core.plans.queries.services import services_for
from spheres_core.plans.schemas.cycle import CycleStagePosted
from spheres_core.plans.schemas.goals import ChangeStage, GoalPosted, StagePosted
from spheres_core.plans.schemas.needs import NeedChanged, NeedPosted
from spheres_core.plans.schemas.requests import DeclineReason, Outcome, RequestAnswered, RequestPosted, RequestState

PLANNED: Final = (3, 10)
"""Every so many-th person has a plan."""
ANSWERED: Final[Mapping[int, tuple[RequestState, ...]]] = {
    0: ("acknowledged",),
    5: ("accepted", "in_service"),
    10: (),
    20: ("waitlisted",),
    25: ("accepted",),
    40: ("accepted", "in_service", "completed"),
    45: ("declined",),
    55: (),
}
"""By number of those who let a partner read what is asked of it: what the partner answered, one after the other."""
OVER_TIME: Final[tuple[tuple[ChangeStage, int, int, int], ...]] = (
    ("contemplation", 7, 3, 1),
    ("preparation", 8, 5, 3),
    ("contemplation", 8, 4, 3),
    ("action", 9, 6, 5),
)
"""Stages of her goal, with how much it matters, how sure she is, and how far she has come. One of them goes back."""
DAY: Final = dt.timedelta(days=1)


def part(file: DemoFile) -> Iterator[Act]:
    """Yields what was written of her plan, and what a partner was asked and answered."""
    person = file.person
    if person.course in ("proposed", "not_started"):
        return
    if any(person.number % each == 0 for each in PLANNED):
        first, last = person.begun + 5 * DAY, person.ended - 15 * DAY
        yield Act(first, file.pivot(first), _note_need)
        yield Act(first, file.pivot(first), _note_goals)
        for number in range(2 + person.number % 3):
            day = first + (last - first) * (number + 1) / 5
            yield Act(day, file.pivot(day), partial(_observe, number=number))
        if person.number % 2 == 0:
            yield Act(last, file.pivot(last), _meet_need)
    if person.number in ANSWERED:
        day = person.ended - 24 * DAY
        yield Act(day, file.pivot(day), _ask)
        for number, to in enumerate(ANSWERED[person.number], 1):
            yield Act(day + 2 * number * DAY, LIAISON, partial(_answer, to=to))


async def _note_need(ctx: Context, file: DemoFile) -> None:
    access, need = await opened(ctx, file), _need(ctx, file)
    if need is None or not reaches(ctx, access, "needs_and_plan", act="write"):
        return
    number = file.person.number
    posted = NeedPosted(
        need, "both" if number % 2 else "herself", "urgent" if number % 9 == 3 else "soon",
        file.say(words.ABOUT, number), file.say(words.MET_BY, number), strength=file.say(words.STRENGTHS, number),
        confirmed=True, extra=extra_answers(ctx, access, file, needs.KIND, number),
    )  # fmt: skip
    await needs.record_need(ctx, access, posted)


async def _note_goals(ctx: Context, file: DemoFile) -> None:
    access = await opened(ctx, file)
    if not reaches(ctx, access, "needs_and_plan", act="write"):
        return
    number = file.person.number
    need = _need(ctx, file)
    answered = extra_answers(ctx, access, file, goals.KIND, number)
    hers = GoalPosted(file.say(words.GOALS, number), "herself", needs=[need] if need else [], extra=answered)
    await goals.record_goal(ctx, access, hers)
    if number % 4 == 0:
        await goals.record_goal(ctx, access, GoalPosted(file.say(words.PROPOSED, 0), "worker"))


async def _observe(ctx: Context, file: DemoFile, *, number: int) -> None:
    """Notes where she stands with her goal; once, also where she stands in the cycle, by two views."""
    access = await opened(ctx, file)
    if not all(reaches(ctx, access, each, act="write") for each in ("needs_and_plan", "stages")):
        return
    hers = [each for each in (await list_goals(ctx, access)).items if each.proposed_by == "herself"]
    if not hers:
        return
    stage, importance, confidence, progress = OVER_TIME[number]
    note = file.say(words.STAGE_NOTES, number)
    posted = StagePosted("both", None, stage, importance, confidence, progress, note)
    await stages.observe_stage(ctx, access, hers[0].id, posted)
    if number == 1:
        await _observe_cycle(ctx, file, access)


async def _observe_cycle(ctx: Context, file: DemoFile, access: ParticipantAccess) -> None:
    model = next(iter(in_use(stage_models(ctx)).values()), None)
    if model is None:
        return
    codes = [each.code for each in model.stages if not each.retired]
    at = file.person.number % len(codes)
    posted = CycleStagePosted(model.key, codes[at], codes[max(0, at - file.person.number % 2)])
    await stages.observe_cycle_stage(ctx, access, posted)


async def _meet_need(ctx: Context, file: DemoFile) -> None:
    access = await opened(ctx, file)
    if not reaches(ctx, access, "needs_and_plan", act="write"):
        return
    for each in (await list_needs(ctx, access)).items[:1]:
        met = NeedChanged(
            each.version, "met", each.identified_by, each.urgency, each.what, each.met_by, each.could_be_met_by,
            each.her_words or "",
        )  # fmt: skip
        await needs.change_need(ctx, access, each.id, met)


async def _ask(ctx: Context, file: DemoFile) -> None:
    access = await opened(ctx, file)
    partner = file.region.employers.get("service", "")
    agreed = any(
        each.recipient == partner and each.information == "service_requests" for each in access.decided.entries
    )
    if not agreed or not reaches(ctx, access, "service_requests", act="write"):
        return
    age, language = file.person.age_on(ctx.today), file.region.language
    offered = await services_for(ctx, age=age, language=language, area="")
    fitting = (each for each in offered if each.organization == partner and each.verdict != "no")
    if service := next(fitting, None):
        posted = RequestPosted(
            service.service.key, _need(ctx, file), file.say(words.ASKED, 0), age, language, shares=["participation"],
            extra=extra_answers(ctx, access, file, requests.KIND, file.person.number),
        )  # fmt: skip
        file.request = (await requests.send_request(ctx, access, posted)).id


async def _answer(ctx: Context, file: DemoFile, *, to: RequestState) -> None:
    if file.request is None:
        return
    found, _ = await request_queries.find_for_organization(ctx, file.request)
    said = file.say(words.ANSWERS, 0) if to in ("acknowledged", "waitlisted") else ""
    reason: DeclineReason | None = "full" if to == "declined" else None
    outcome: Outcome | None = "met" if to == "completed" else None
    await requests.answer(ctx, file.request, RequestAnswered(to, found.version, said, reason, outcome))


def _need(ctx: Context, file: DemoFile) -> str | None:
    """Returns one of the needs that she was referred for, where the region's catalogue has it."""
    asked = file.person.rng("needs").sample(NEEDS, 2)
    return next((each for each in asked if each in in_use(listed(ctx, "needs"))), None)
