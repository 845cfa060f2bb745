"""Says each act of a plan in one line of the timeline, without its words."""

from __future__ import annotations

from collections.abc import Sequence

from spheres_core.facts import msg
from spheres_core.followups.queries.timeline import Act
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.queries.catalogue import listed, stage_models
from spheres_core.plans.goal_states import STAGES
from spheres_core.plans.goal_states import STATES as GOAL_STATES
from spheres_core.plans.queries.services import services_for
from spheres_core.plans.request_states import STATES as REQUEST_STATES
from spheres_core.plans.views.form_fields import NEED_STATES, label_of


async def say_needs(ctx: Context, acts: Sequence[Act]) -> list[Text]:
    """Returns a line for each need, with whether it is met now."""
    known, say = listed(ctx, "needs"), ctx.locale.say
    return [
        say(msg("Need: {need}. {state}", need=label_of(ctx, known, act.what), state=say(NEED_STATES[act.how])))  # type: ignore[index]
        for act in acts
    ]


async def say_strengths(ctx: Context, acts: Sequence[Act]) -> list[Text]:
    """Returns a line for each strength."""
    return [ctx.locale.say(msg("A strength of hers was noted")) for _ in acts]


async def say_goals(ctx: Context, acts: Sequence[Act]) -> list[Text]:
    """Returns a line for each goal, with how it is now."""
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
    state = ctx.locale.say(GOAL_STATES[act.how])  # type: ignore[index]
    if act.what == "herself":
        return ctx.locale.say(msg("A goal that she named. {state}", state=state))
    return ctx.locale.say(msg("A goal that her worker proposed. {state}", state=state))


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
