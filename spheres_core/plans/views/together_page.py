"""Says what she and her worker look at on one screen, to her, in words that a young person of eleven reads easily.

It is made from `Together` alone: nothing else about her can reach the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from spheres_core.consents.schemas import TEAM
from spheres_core.consents.views import who_sees_what as consent_words
from spheres_core.consents.views.plain_words import MAY, WHY
from spheres_core.facts import Message, Words, msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.plugins.registrations import SharedText
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post
from spheres_core.participants.queries.access import reaches
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.partners.queries.catalogue import goal_templates, in_use, stage_models
from spheres_core.plans.schemas.goals import ChangeStage, GoalState
from spheres_core.plans.schemas.together import HerGoal, HerStage, OpenLine, Together
from spheres_core.plans.views.form_fields import labels

STATES: Final[Mapping[GoalState, Message]] = {
    "proposed": msg("To think about"),
    "active": msg("You are at it"),
    "set_aside": msg("Set aside for now"),
    "reached": msg("You are there"),
    "partly": msg("You are there in part"),
    "dropped": msg("You do not want this any more"),
}
STAGES: Final[Mapping[ChangeStage, Message]] = {
    "precontemplation": msg("I do not think about it"),
    "contemplation": msg("I think about it"),
    "preparation": msg("I get ready"),
    "action": msg("I do it"),
    "maintenance": msg("I keep it up"),
    "termination": msg("It comes by itself now"),
}
RULERS: Final[Mapping[str, tuple[Message, Message, Message]]] = {
    "importance": (
        msg("How much does it matter to you?"), msg("0: not at all. 10: more than anything."),
        msg("matters to me: {n} of 10"),
    ),
    "confidence": (
        msg("How sure are you that you can do it?"), msg("0: not at all. 10: quite sure."),
        msg("I can do it: {n} of 10"),
    ),
    "progress": (
        msg("How far have you come?"), msg("0: not begun. 10: where you want to be."), msg("on my way: {n} of 10")
    ),
}  # fmt: skip
DONE: Final[Mapping[str, Message]] = {
    "said": msg("It is written down, as you said it."),
    "placed": msg("It is written down where you see yourself."),
}


class StrengthLine(Struct, frozen=True):
    """Something that she is good at."""

    what: str
    on: Text


class GoalCard(Struct, frozen=True):
    """A goal with its forms."""

    id: UUID
    version: int
    words: str
    """Empty where she has not put it into words herself."""
    name: Text
    """Names it where she has not."""
    state: Text
    lines: list[Text]
    """Where she saw herself last."""


class PlaceForm(Struct, frozen=True):
    """A stage model, where she saw herself by it last, and its stages to choose from."""

    key: str
    here: Text | str
    on: Text | str
    stages: list[tuple[str, Text]]


class OpenTo(Struct, frozen=True):
    """Somebody to whom something is open."""

    name: Text
    lines: list[tuple[UUID, str, str, str, bool]]
    """Each line's id, what, what they may do, why and until when, and whether its end closes her file."""


def together_page(
    ctx: Context,
    together: Together,
    names: Mapping[str, Words],
    *,
    may: Mapping[str, bool],
    form: str = "",
    sent: Post | None = None,
    refusal: Refusal | None = None,
) -> dict[str, Any]:
    """Returns what `plans/together.html` shows.

    `names`: of organizations, by key. `may`: by form, whether she may be heard here. `form`: the one that was refused.
    """
    return {
        "title": ctx.locale.say(msg("What we look at together")),
        "strengths": [StrengthLine(each.what, ctx.locale.date(each.on)) for each in together.strengths],
        "goals": [_goal(ctx, each) for each in together.goals],
        "places": _places(ctx, together),
        "words_said": [(each.words, ctx.locale.date(each.on)) for each in together.words],
        "tenths": [(number, number) for number in range(11)],
        "open_to": _open_to(ctx, together, names),
        "rulers": [(name, ctx.locale.say(label), ctx.locale.say(hint)) for name, (label, hint, _) in RULERS.items()],
        "stages": ctx.locale.options(STAGES),
        "may": may,
        "form": form,
        "posted": sent,
        "trouble": ctx.locale.say(_reason(refusal)) if refusal else None,
    }


class SharedPart(Struct, frozen=True):
    """A section of her file that both look at."""

    name: str
    title: Text
    texts: list[SharedText]


async def shared_parts(ctx: Context, access: ParticipantAccess) -> list[SharedPart]:
    """Returns what the rooms above show of hers, as far as it is open to the worker; those without anything are not
    there."""
    found = [
        SharedPart(each.name, ctx.locale.say(each.shown.title), list(await each.shared(ctx, access)))
        for each in ctx.plugins.file_sections
        if each.shared is not None and each.shown is not None and reaches(ctx, access, each.information)
    ]
    return [each for each in found if each.texts]


def say_done(ctx: Context, act: str) -> Text | None:
    """Returns the confirmation of an act; None for any other code."""
    return ctx.locale.say(DONE[act]) if act in DONE else None


def _reason(refusal: Refusal) -> Message:
    """Returns why something was not written down; a conflict's other side stays away from the screen."""
    return next((each.message for each in refusal.errors if isinstance(each.message, Message)), refusal.message)


def _goal(ctx: Context, each: HerGoal) -> GoalCard:
    templates = goal_templates(ctx)
    known = templates.get(each.template or "")
    name = ctx.locale.pick(known.label) if known else ctx.locale.say(msg("Something that you said you want"))
    lines = _stage_lines(ctx, each.stage) if each.stage else []
    return GoalCard(each.id, each.version, each.words or "", name, ctx.locale.say(STATES[each.state]), lines)


def _stage_lines(ctx: Context, stage: HerStage) -> list[Text]:
    lines = [ctx.locale.say(STAGES[stage.stage])] if stage.stage else []
    for name, (_, _, said) in RULERS.items():
        number = getattr(stage, name)
        if number is not None:
            lines.append(ctx.locale.say(said, n=number))
    return lines


def _places(ctx: Context, together: Together) -> list[PlaceForm]:
    last = {each.model: each for each in together.places}
    shown = []
    for key, model in in_use(stage_models(ctx)).items():
        here = last.get(key)
        names = {each.code: ctx.locale.pick(each.label) for each in model.stages}
        stages = labels(ctx, in_use({each.code: each for each in model.stages}))
        where, on = (names.get(here.stage, here.stage), ctx.locale.date(here.on)) if here else ("", "")
        shown.append(PlaceForm(key, where, on, stages))
    return shown


def _open_to(ctx: Context, together: Together, names: Mapping[str, Words]) -> list[OpenTo]:
    recipients: dict[str, list[OpenLine]] = {}
    for each in together.open_to:
        recipients.setdefault(each.recipient, []).append(each)
    keys = sorted(recipients, key=lambda key: (key != TEAM, ctx.locale.sort_key(consent_words.name(ctx, names, key))))
    return [
        OpenTo(consent_words.name(ctx, names, key), [_open_line(ctx, each) for each in recipients[key]]) for key in keys
    ]


def _open_line(ctx: Context, each: OpenLine) -> tuple[UUID, str, str, str, bool]:
    why = f"{ctx.locale.say(WHY[each.purpose])} {consent_words.until(ctx, each.ends)}"
    closes = consent_words.closes_her_file(each.recipient, each.information, each.act)
    return each.id, consent_words.what(ctx, each.information), ctx.locale.say(MAY[each.act]), why, closes
