"""Shows a goal on a page: where she stands with it, where she stood, and the forms to note it and to change it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from msgspec import Struct

from spheres_core.facts import Message, msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.isolation.hook_calls import HookAnswers
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post
from spheres_core.participants.queries.access import reaches
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.views.extra_questions import extra_asked, extra_in_words
from spheres_core.partners.queries.catalogue import goal_templates, in_use, listed
from spheres_core.plans.goal_states import STAGES, STATES
from spheres_core.plans.operations.goals import KIND
from spheres_core.plans.queries import goals as queries
from spheres_core.plans.queries.goals import STAGES_CLASS
from spheres_core.plans.queries.needs import CLASS
from spheres_core.plans.schemas.goals import Goal, Stage
from spheres_core.plans.views.form_fields import SEEN_BY, FormField, filled, labels, refused, unanswered

RULERS: dict[str, tuple[Message, Message, Message]] = {
    "importance": (
        msg("How much it matters to her"), msg("0: not at all; 10: nothing matters more"), msg("matters: {n} of 10")
    ),
    "confidence": (
        msg("How sure she is that she can"), msg("0: not at all; 10: quite sure"), msg("sure: {n} of 10")
    ),
    "progress": (
        msg("How far she has come"), msg("0: not begun; 10: where she wants to be"), msg("has come: {n} of 10")
    ),
}  # fmt: skip
WHOSE = {True: msg("Her words"), False: msg("Her worker’s words")}


class GoalShown(Struct, frozen=True):
    """A goal on a page."""

    id: UUID
    version: int
    words: str
    state: Text
    whose: Text
    on: Text
    lines: list[Text]
    """Where she stands with it now."""


class StageShown(Struct, frozen=True):
    """Where she stood with a goal on a day."""

    on: Text
    seen_by: Text
    lines: list[Text | str]


def shown_goal(ctx: Context, goal: Goal) -> GoalShown:
    """Returns a goal as a page shows it."""
    lines = _stage_lines(ctx, goal.stage) if goal.stage else []
    return GoalShown(
        goal.id, goal.version, goal.words, ctx.locale.say(STATES[goal.state]), ctx.locale.say(WHOSE[goal.hers]),
        ctx.locale.date(goal.on), lines,
    )  # fmt: skip


def goal_form(
    ctx: Context, access: ParticipantAccess, suggested: HookAnswers, *, sent: Post | None = None,
    refusal: Refusal | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Returns what `plans/form.html` shows to note a goal. Nothing is chosen, and no words stand there before hers."""
    templates = [("", ctx.locale.say(msg("None: it is her own"))), *labels(ctx, in_use(goal_templates(ctx)))]
    proposed = [("herself", ctx.locale.say(msg("Hers"))), ("worker", ctx.locale.say(msg("Mine, to propose to her")))]
    fields = [
        FormField("area", "words", ctx.locale.say(msg("What she wants, in her words"))),
        FormField("pick", "proposed_by", ctx.locale.say(msg("Whose words these are")), options=proposed),
        FormField("choose", "template", ctx.locale.say(msg("Does it begin from one of the region’s list?")),
                  options=templates),
        FormField("ticks", "needs", ctx.locale.say(msg("Needs that it may meet")), (),
                  options=labels(ctx, in_use(listed(ctx, "needs")))),
    ]  # fmt: skip
    intro = ctx.locale.say(msg("Several goals may stand side by side. Being safer is as good a goal as any other."))
    title = ctx.locale.say(msg("Note a goal"))
    return (
        {"title": title, "fields": fields, "intro": intro, "version": 0, "back": "plan"}
        | refused(ctx, sent, refusal, fields)
        | {
            "suggested": [(ctx.locale.say(each.title), ctx.locale.say(each.reason)) for _, each in suggested.answers],
            "unanswered": unanswered(ctx, suggested.missing, "suggest_goals"),
            "extra": extra_asked(ctx, access, KIND, on=ctx.today, sent=sent, refusal=refusal),
        }
    )


async def goal_page(
    ctx: Context,
    access: ParticipantAccess,
    id: UUID,
    *,
    of_stage: bool = False,
    sent: Post | None = None,
    refusal: Refusal | None = None,
    began_at: int | None = None,
) -> dict[str, Any]:
    """Returns what `plans/goal.html` shows. `of_stage`: what was sent is the form of where she stands.

    `began_at`: the goal's version when what was `sent` was begun, where that was not now. Raises `GoalUnknown`.
    """
    goal = await queries.read_goal(ctx, access, id)
    may_observe = reaches(ctx, access, STAGES_CLASS, act="write")
    observed = None
    if reaches(ctx, access, STAGES_CLASS):
        observed = [_stage(ctx, each) for each in (await queries.list_stages(ctx, access, id)).items]
    stage_fields = [
        FormField("pick", "placed_by", ctx.locale.say(msg("Who says so")), options=ctx.locale.options(SEEN_BY)),
        FormField("pick", "stage", ctx.locale.say(msg("Where she stands with it")), options=ctx.locale.options(STAGES)),
        *(
            FormField("ruler", name, ctx.locale.say(label), hint=ctx.locale.say(hint))
            for name, (label, hint, _) in RULERS.items()
        ),
        FormField("area", "her_words", ctx.locale.say(msg("Her words, as she said them"))),
        FormField("area", "note", ctx.locale.say(msg("A note of yours"))),
    ]
    states = [(each, ctx.locale.say(STATES[each])) for each in (goal.state, *goal.steps)]
    goal_fields = [
        FormField("area", "words", ctx.locale.say(msg("What she wants, in her words")), goal.words),
        FormField("tick", "hers", ctx.locale.say(msg("These are her words")), goal.hers),
        FormField("pick", "state", ctx.locale.say(msg("How it stands")), goal.state, options=states),
        *(
            [FormField("tick", "she_wants_it", ctx.locale.say(msg("She has said that she wants it")), False)]
            if goal.wanted_on is None
            else []
        ),
    ]
    shown = refused(ctx, sent, refusal, stage_fields if of_stage else goal_fields)
    of_goal = None if of_stage else sent
    answered = await extra_in_words(ctx, KIND, goal.extra)
    if shown["theirs"] is not None or began_at not in (None, goal.version):
        shown["theirs_extra"] = answered
        shown["theirs"] = [{"label": ctx.locale.say(msg("What she wants, in her words")), "value": goal.words}]
    return {
        "title": ctx.locale.say(msg("A goal")),
        "goal": shown_goal(ctx, goal),
        "stages": observed,
        "stage_fields": filled(stage_fields, sent if of_stage else None),
        "goal_fields": filled(goal_fields, of_goal),
        "answered": answered,
        "extra": extra_asked(ctx, access, KIND, on=goal.on, kept=goal.extra, sent=of_goal, refusal=refusal),
        "is_changing": sent is not None and not of_stage,
        "may_observe": may_observe,
        "may_write": reaches(ctx, access, CLASS, act="write"),
        **shown,
        "posted": None,
    }


def _stage(ctx: Context, stage: Stage) -> StageShown:
    words = [each for each in (stage.her_words, stage.note) if each]
    return StageShown(
        ctx.locale.date(stage.on), ctx.locale.say(SEEN_BY[stage.placed_by]), [*_stage_lines(ctx, stage), *words]
    )


def _stage_lines(ctx: Context, stage: Stage) -> list[Text]:
    lines = [ctx.locale.say(STAGES[stage.stage])] if stage.stage else []
    for name, (_, _, said) in RULERS.items():
        number = getattr(stage, name)
        if number is not None:
            lines.append(ctx.locale.say(said, n=number))
    return lines
