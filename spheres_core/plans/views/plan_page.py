"""Shows her plan on a page: strengths first, then goals with hers before others, then needs; and the forms of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct

from spheres_core.facts import msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.plugins.registrations import DayLine, SummaryLine
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post
from spheres_core.participants.operations.checks import DoubtedByCheck
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.views.extra_questions import extra_asked, extra_in_words
from spheres_core.partners.queries.catalogue import in_use, listed
from spheres_core.plans.operations.goals import KIND as GOAL
from spheres_core.plans.operations.needs import KIND as NEED
from spheres_core.plans.queries import goals as goal_queries
from spheres_core.plans.queries import needs as need_queries
from spheres_core.plans.schemas.needs import Need, Strength
from spheres_core.plans.views.form_fields import (
    NEED_STATES,
    SEEN_BY,
    URGENCIES,
    FormField,
    label_of,
    labels,
    refused,
)
from spheres_core.plans.views.goal_page import GoalShown, shown_goal

KEEP = msg("I have looked at this: keep it as it is")


class StrengthShown(Struct, frozen=True):
    """A strength on the page."""

    id: UUID
    what: str
    seen_by: Text
    on: Text


class NeedShown(Struct, frozen=True):
    """A need on the page."""

    id: UUID
    need: Text | str
    state: Text
    urgency: Text
    words: list[tuple[Text, str]]
    seen_by: Text
    on: Text


async def plan_page(ctx: Context, access: ParticipantAccess, *, may_write: bool) -> dict[str, Any]:
    """Returns what `plans/plan.html` shows."""
    strengths = await need_queries.list_strengths(ctx, access)
    goals = await goal_queries.list_goals(ctx, access)
    needs = await need_queries.list_needs(ctx, access)
    hers_first = sorted(goals.items, key=lambda each: each.wanted_on is None)
    return {
        "title": ctx.locale.say(msg("Needs and plan")),
        "strengths": [
            StrengthShown(each.id, each.what, ctx.locale.say(SEEN_BY[each.identified_by]), ctx.locale.date(each.on))
            for each in strengths.items
        ],
        "goals": [shown_goal(ctx, each) for each in hers_first],
        "needs": [_need(ctx, each) for each in needs.items],
        "answered": {each.id: await extra_in_words(ctx, GOAL, each.extra) for each in goals.items if each.extra}
        | {each.id: await extra_in_words(ctx, NEED, each.extra) for each in needs.items if each.extra},
        "may_write": may_write,
    }


async def summarize(ctx: Context, access: ParticipantAccess) -> list[SummaryLine]:
    """Returns her strengths, goals and urgent needs for the overview of her file."""
    strengths = await need_queries.list_strengths(ctx, access)
    goals: list[GoalShown] = [
        shown_goal(ctx, each)
        for each in (await goal_queries.list_goals(ctx, access)).items
        if each.state in ("active", "proposed")
    ]
    needs = [each for each in (await need_queries.list_needs(ctx, access)).items if each.state == "open"]
    known = listed(ctx, "needs")
    return [
        *(SummaryLine(each.what, ctx.locale.say(msg("Strength:"))) for each in strengths.items[:3]),
        *(
            SummaryLine(each.words, ctx.locale.say(msg("Goal:")), page="plan_goal", query=f"goal={each.id}")
            for each in goals[:3]
        ),
        *(
            SummaryLine(
                label_of(ctx, known, each.need),
                ctx.locale.say(msg("Urgent need:") if each.urgency == "urgent" else msg("Need:")),
                waits=each.urgency == "urgent",
            )
            for each in needs[:5]
        ),
    ]


async def urgent_lines(ctx: Context, rows: Sequence[Any]) -> list[DayLine]:
    """Returns open urgent needs for a worker's day, the one that was looked at longest ago first."""
    known = listed(ctx, "needs")
    return [
        DayLine(each.participant, label_of(ctx, known, each.need), "plan", on=each.since)
        for each in (await need_queries.show_urgent(ctx, rows)).needs
    ]


def strength_form(
    ctx: Context,
    strength: Strength | None = None,
    *,
    sent: Post | None = None,
    refusal: Refusal | None = None,
    changed: bool = False,
) -> dict[str, Any]:
    """Returns what `plans/form.html` shows to note a strength, or to say one in other words.

    `changed`: it was written anew since what was `sent` was begun.
    """
    fields = [
        FormField("area", "what", ctx.locale.say(msg("What she can build on")), strength.what if strength else ""),
        FormField("pick", "identified_by", ctx.locale.say(msg("Who sees it")),
                  strength.identified_by if strength else "", options=ctx.locale.options(SEEN_BY)),
    ]  # fmt: skip
    title = ctx.locale.say(msg("Say it in other words") if strength else msg("Note a strength"))
    found = {"title": title, "fields": fields, "intro": "", "version": strength.version if strength else 0,
             "back": "plan"}  # fmt: skip
    shown = refused(ctx, sent, refusal, fields)
    if (changed or shown["theirs"] is not None) and strength is not None:
        said = (msg("What she can build on"), strength.what), (msg("Who sees it"), SEEN_BY[strength.identified_by])
        shown["theirs"] = [
            {"label": ctx.locale.say(label), "value": value if isinstance(value, str) else ctx.locale.say(value)}
            for label, value in said
        ]
    return found | shown


async def need_form(
    ctx: Context,
    access: ParticipantAccess,
    need: Need | None,
    *,
    first: bool,
    said: Sequence[str] = (),
    sent: Post | None = None,
    refusal: Refusal | None = None,
    changed: bool = False,
) -> dict[str, Any]:
    """Returns what `plans/form.html` shows to note a need, or how one is now.

    `first`: no strength is recorded yet; `said`: codes of needs that were named before she took part, offered first.
    `changed`: it was written anew since what was `sent` was begun.
    """
    known = listed(ctx, "needs")
    offered = {code: known[code] for code in (*said, *in_use(known)) if code in in_use(known)}
    named = ctx.locale.listed([str(label) for _, label in labels(ctx, {c: known[c] for c in said if c in offered})])
    fields = [] if need else [
        FormField("choose", "need", ctx.locale.say(msg("What she needs")),
                  hint=ctx.locale.say(msg("Named when she was referred: {needs}", needs=named)) if named else "",
                  options=[("", ctx.locale.say(msg("Choose"))), *labels(ctx, offered)]),
    ]  # fmt: skip
    if first:
        hint = ctx.locale.say(msg("A need stands beside something that she can build on."))
        fields.append(FormField("area", "strength", ctx.locale.say(msg("A strength of hers")), hint=hint))
    fields += [
        FormField("pick", "identified_by", ctx.locale.say(msg("Who sees it")), need.identified_by if need else "",
                  options=ctx.locale.options(SEEN_BY)),
        FormField("pick", "urgency", ctx.locale.say(msg("How urgent it is")), need.urgency if need else "in_time",
                  options=ctx.locale.options(URGENCIES)),
        *([FormField("pick", "state", ctx.locale.say(msg("Whether it is met")), need.state,
                     options=ctx.locale.options(NEED_STATES))] if need else []),
        FormField("area", "what", ctx.locale.say(msg("What it is about")), need.what if need else ""),
        FormField("area", "met_by", ctx.locale.say(msg("What meets it today")), need.met_by if need else ""),
        FormField("area", "could_be_met_by", ctx.locale.say(msg("What could meet it differently")),
                  need.could_be_met_by if need else ""),
        *([FormField("area", "her_words", ctx.locale.say(msg("Her words, as she said them")),
                     (need.her_words or "") if need else "")] if need is None or need.her_words is not None else []),
    ]  # fmt: skip
    if isinstance(refusal, DoubtedByCheck):
        fields.append(FormField("tick", "confirmed", ctx.locale.say(KEEP), False))
    title = label_of(ctx, known, need.need) if need else ctx.locale.say(msg("Note a need"))
    found = {"title": title, "fields": fields, "intro": "", "version": need.version if need else 0, "back": "plan"}
    shown = refused(ctx, sent, refusal, fields)
    if (changed or shown["theirs"] is not None) and need is not None:
        shown["theirs"] = [{"label": label, "value": words} for label, words in _need(ctx, need).words]
        shown["theirs_extra"] = await extra_in_words(ctx, NEED, need.extra)
    on, kept = (need.on, need.extra) if need else (ctx.today, None)
    return found | shown | {"extra": extra_asked(ctx, access, NEED, on=on, kept=kept, sent=sent, refusal=refusal)}


def _need(ctx: Context, need: Need) -> NeedShown:
    said = (
        (msg("It is about:"), need.what),
        (msg("Met today by:"), need.met_by),
        (msg("Could be met by:"), need.could_be_met_by),
        (msg("In her words:"), need.her_words),
    )
    return NeedShown(
        need.id, label_of(ctx, listed(ctx, "needs"), need.need), ctx.locale.say(NEED_STATES[need.state]),
        ctx.locale.say(URGENCIES[need.urgency]),
        [(ctx.locale.say(label), words) for label, words in said if words],
        ctx.locale.say(SEEN_BY[need.identified_by]), ctx.locale.date(need.on),
    )  # fmt: skip
