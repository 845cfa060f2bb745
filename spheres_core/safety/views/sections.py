"""The emergency plan in her file: for the API, the overview, the screen that both look at, and a worker's day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from spheres_core.facts import Message, msg
from spheres_core.foundation.plugins.registrations import DayLine, SharedText, SummaryLine
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.views.file_frame import OVERVIEW
from spheres_core.safety.coverage import Asked
from spheres_core.safety.plan_sections import NUMBERS, PEOPLE, PLACES
from spheres_core.safety.queries import accesses, coverage
from spheres_core.safety.queries.net import net_of
from spheres_core.safety.queries.plans import read_plans
from spheres_core.safety.queries.sections import sections_here, title_of
from spheres_core.safety.schemas.plans import EmergencyPlan, EmergencyPlans
from spheres_core.safety.views.net import joined, line_of, net_texts

PAGE: Final = "emergency_plan"
WHY: Final[Mapping[Asked, Message]] = {
    "missing": msg("No emergency plan yet, and no “not now”"),
    "ask_again": msg("She did not want an emergency plan: ask again"),
    "review": msg("Look at her emergency plan again"),
}


async def read_section(ctx: Context, access: ParticipantAccess) -> EmergencyPlans:
    """Returns her plan, and what is being written anew."""
    return await read_plans(ctx, access)


async def summarize(ctx: Context, access: ParticipantAccess) -> list[SummaryLine]:
    """Returns how it stands with her plan."""
    found, say = await read_plans(ctx, access), ctx.locale.say
    lines = []
    if found.agreed is not None and found.agreed.agreed_on is not None:
        late = found.agreed.review_by is not None and found.agreed.review_by <= ctx.today
        lines.append(SummaryLine(say(msg("She agreed to it on {day}", day=found.agreed.agreed_on)), page=PAGE))
        if late:
            lines.append(SummaryLine(say(WHY["review"]), waits=True, page=PAGE))
    if found.draft is not None:
        lines.append(SummaryLine(say(msg("A draft waits for her agreement")), waits=True, page=PAGE))
    if found.not_now is not None:
        lines.append(SummaryLine(say(msg("Not now. Ask again on {day}", day=found.not_now.ask_again_on)), page=PAGE))
    return lines


async def shared_texts(ctx: Context, access: ParticipantAccess) -> list[SharedText]:
    """Returns who and what is there for her now, and the words of the plan to which she agreed, as she reads it."""
    plan = (await read_plans(ctx, access)).agreed
    net = net_texts(ctx, await net_of(ctx, access, plan))
    return net if plan is None else [*net, *texts_of(ctx, plan, with_lists=False)]


def texts_of(ctx: Context, plan: EmergencyPlan, *, with_lists: bool = True) -> list[SharedText]:
    """Returns each section of a plan with its lines, in order, as she reads it herself.

    `with_lists`: with its people, places and numbers, each in one line.
    """
    said = {each.code: each for each in plan.sections}
    known = sections_here(ctx, also_retired=True)
    found = []
    for code in [*known, *(each for each in said if each not in known)]:
        lines = [
            *(lines_of(plan, code) if with_lists else ()),
            *(said[code].words.splitlines() if code in said else ()),
        ]
        if lines:
            title = title_of(ctx, known[code], hers=True) if code in known else code
            found.append(SharedText(str(title), tuple(line for line in lines if line.strip())))
    return found


def lines_of(plan: EmergencyPlan, code: str) -> list[str]:
    """Returns what a section lists besides its words: people, places, numbers, each in one line."""
    if code == PEOPLE:
        return [joined(each.name, each.ways, each.times) for each in plan.people]
    if code == PLACES:
        return [line_of(each) for each in plan.places]
    return [line_of(each) for each in plan.numbers] if code == NUMBERS else []


async def lines_of_pivot(ctx: Context, active: Sequence[coverage.Active]) -> list[DayLine]:
    """Returns with whom the plan is to be talked about, for a worker's day."""
    return _day_lines(ctx, await coverage.list_asked(ctx, active), PAGE)


async def lines_of_coordinator(ctx: Context) -> list[DayLine]:
    """Returns the same of those whom the actor coordinates. It leads to her file: the plan may be closed to them."""
    return _day_lines(ctx, await coverage.list_asked(ctx, await coverage.coordinated(ctx)), OVERVIEW)


async def opened_of_pivot(ctx: Context, active: Sequence[coverage.Active]) -> list[DayLine]:
    """Returns whose plan somebody on call opened in the last days, for who follows her."""
    return _opened_lines(ctx, await accesses.opened_lately(ctx, active))


async def opened_of_coordinator(ctx: Context) -> list[DayLine]:
    """Returns the same for who coordinates."""
    return _opened_lines(ctx, await accesses.opened_lately(ctx, await coverage.coordinated(ctx)))


def _opened_lines(ctx: Context, found: Sequence[accesses.OpenedLately]) -> list[DayLine]:
    said = ctx.locale.say(msg("Somebody on call opened her emergency plan"))
    return [DayLine(each.participant, said, OVERVIEW, on=each.at.astimezone(ctx.zone).date()) for each in found]


def _day_lines(ctx: Context, found: Sequence[coverage.PlanAsked], page: str) -> list[DayLine]:
    return [DayLine(each.participant, ctx.locale.say(WHY[each.why]), page, on=each.since) for each in found]
