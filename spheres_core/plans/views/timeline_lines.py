"""Says each act of a plan in one line of the timeline, without its words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from spheres_core.facts import Message, msg
from spheres_core.followups.queries.timeline import Act
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.queries.catalogue import listed, stage_models
from spheres_core.plans.goal_states import STAGES
from spheres_core.plans.goal_states import STATES as GOAL_STATES
from spheres_core.plans.queries.services import services_for
from spheres_core.plans.request_states import STATES as REQUEST_STATES
from spheres_core.plans.views.form_fields import NEED_STATES, label_of

NOTED: Final = msg("A strength of hers was noted")
NOTED_AGAIN: Final = msg("A strength of hers was said in other words")
CHANGED: Final = msg("What was written was changed")
OPEN_AGAIN: Final = msg("Not met any more")
TAKEN_UP_AGAIN: Final = msg("Taken up again")


async def say_needs(ctx: Context, acts: Sequence[Act]) -> list[Text]:
    """Returns a line for each act on a need: noted, changed, met, set aside, open again."""
    known, say = listed(ctx, "needs"), ctx.locale.say
    return [
        say(msg("Need: {need}. {state}", need=label_of(ctx, known, act.what), state=say(_need_act(act))))
        for act in acts
    ]


async def say_strengths(ctx: Context, acts: Sequence[Act]) -> list[Text]:
    """Returns a line for each time that a strength was noted, or said in other words."""
    return [ctx.locale.say(NOTED_AGAIN if _states(act)[0] else NOTED) for act in acts]


async def say_goals(ctx: Context, acts: Sequence[Act]) -> list[Text]:
    """Returns a line for each act on a goal: named, changed, taken up, set aside, reached, no longer wanted."""
    return [_goal(ctx, act) for act in acts]


async def say_goal_stages(ctx: Context, acts: Sequence[Act]) -> list[Text]:
    """Returns a line for each time that it was noted where she stands with a goal."""
    say = ctx.locale.say
    return [
        say(msg("Where she stands with a goal: {stage}", stage=say(STAGES[act.what])))  # type: ignore[index]
        if act.what
        else say(msg("It was noted how things are with a goal"))
        for act in acts
    ]


async def say_cycle_stages(ctx: Context, acts: Sequence[Act]) -> list[Text]:
    """Returns a line for each time that it was noted where she stands in the cycle, by her worker and by herself."""
    return [_cycle_stage(ctx, act) for act in acts]


async def say_requests(ctx: Context, acts: Sequence[Act]) -> list[Text]:
    """Returns a line for each step of a request."""
    say = ctx.locale.say
    services = {each.service.key: each for each in await services_for(ctx, age=None, language="", area="")}
    return [
        say(
            msg(
                "{service}: {state}",
                service=ctx.locale.pick(services[act.how].service.name) if act.how in services else act.how,
                state=say(REQUEST_STATES[act.what]),  # type: ignore[index]
            )
        )
        for act in acts
    ]


def _goal(ctx: Context, act: Act) -> Text:
    state = ctx.locale.say(_goal_act(act))
    if act.what == "herself":
        return ctx.locale.say(msg("A goal that she named. {state}", state=state))
    return ctx.locale.say(msg("A goal that her worker proposed. {state}", state=state))


def _goal_act(act: Act) -> Message:
    before, after = _states(act)
    if before == after:
        return CHANGED
    left = before not in ("", "proposed")
    return TAKEN_UP_AGAIN if left and after == "active" else GOAL_STATES[after]  # type: ignore[index]


def _need_act(act: Act) -> Message:
    before, after = _states(act)
    if before == after:
        return CHANGED
    return OPEN_AGAIN if before and after == "open" else NEED_STATES[after]  # type: ignore[index]


def _states(act: Act) -> tuple[str, str]:
    """Returns the state before and after an act; the first is empty where something was written for the first time."""
    before, _, after = act.how.partition(" ")
    return before, after


def _cycle_stage(ctx: Context, act: Act) -> Text:
    model = stage_models(ctx).get(act.what)
    names = {each.code: ctx.locale.pick(each.label) for each in model.stages} if model else {}
    seen, _, hers = act.how.partition(" ")
    values = {"stage": names.get(seen, seen), "hers": names.get(hers, hers)}
    if not hers:
        return ctx.locale.say(msg("Where she stands: {stage}", stage=values["stage"]))
    if not seen:
        return ctx.locale.say(msg("Where she places herself: {hers}", hers=values["hers"]))
    return ctx.locale.say(msg("Where she stands: {stage}. Where she places herself: {hers}", **values))
