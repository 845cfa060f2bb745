"""Codes of a referral in words: age, agreement, opinions, and the labels that the region's own form gives them."""

from collections.abc import Mapping, Sequence
from typing import Any

from spheres_core.facts import Message, msg
from spheres_core.forms.meanings import SELF_REFERRAL
from spheres_core.forms.schemas import Choice, Form
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.queries import pack_content
from spheres_core.referrals.schemas import OpinionRead, Outcome, StateCode
from spheres_core.referrals.states import STATES

KNOWS: Mapping[str, Message] = {
    "yes": msg("Knows about the referral"),
    "no": msg("Does not know about the referral yet"),
    "unsure": msg("It is not sure that the young person knows about the referral"),
}
AGREES: Mapping[str, Message] = {
    "yes": msg("Agrees to be contacted"),
    "no": msg("Does not wish to be contacted"),
    "not_yet": msg("Does not wish to be contacted for now"),
    "unknown": msg("Has not been asked about contact"),
}
OUTCOMES: Mapping[str, Message] = {
    "fits": msg("Fits the program"),
    "a_person_decides": msg("A person decides"),
    "does_not_fit": msg("Does not fit the program"),
}
ALIKE: Mapping[str, Message] = {
    "phone": msg("telephone"),
    "email": msg("e-mail"),
    "name_and_birth_date": msg("name and date of birth"),
}
MOST_CAUTIOUS_FIRST: tuple[Outcome, ...] = ("does_not_fit", "a_person_decides", "fits")
OLDEST = 100
"""A band that reaches beyond this many years has no upper end worth saying."""


def say_state(ctx: Context, code: StateCode) -> dict[str, Any]:
    """Returns what the tag of a state shows."""
    state = STATES[code]
    return {"code": code, "label": ctx.locale.say(state.title), "tone": state.tone}


def say_code(ctx: Context, known: Mapping[str, Message], code: str | None) -> Text | None:
    """Returns a code of the core in words; None when there is none."""
    return ctx.locale.say(known[code]) if code and code in known else None


def say_age(ctx: Context, age: int | None, least: int | None, most: int | None) -> Text | None:
    """Returns an age or a band in words; None when neither is known."""
    if age is not None:
        return ctx.locale.say_number("{n} year old", "{n} years old", age)
    if least is None or most is None:
        return None
    if least <= 0:
        return ctx.locale.say("Under {age}", age=most + 1)
    if most > OLDEST:
        return ctx.locale.say("{age} or over", age=least)
    return ctx.locale.say("{least} to {most} years old", least=least, most=most)


def say_days_waiting(ctx: Context, days: int | None) -> Text | None:
    """Returns since when somebody waits, in words; None once a referral is settled."""
    if days is None:
        return None
    return ctx.locale.say("Today") if days <= 0 else ctx.locale.say_number("{n} day", "{n} days", days)


def say_referrer(ctx: Context, form: str, name: str, organization: str) -> Text | str:
    """Returns who refers, as that person wrote it, or that it is the young person."""
    if form == SELF_REFERRAL:
        return ctx.locale.say("The young person")
    return ", ".join(each for each in (name, organization) if each)


def choices_of(form: Form, meaning: str) -> tuple[Choice, ...]:
    """Returns the choices of the question that has this meaning."""
    asked = next((each for each in form.walk() if each.meaning == meaning), None)
    return form.choices.get(asked.choices, ()) if asked else ()


def say_choice(ctx: Context, form: Form, meaning: str, code: str | None) -> Text | None:
    """Returns a code as the region's form words it, else as the core's list of needs does, else the code itself."""
    if not code:
        return None
    for choice in choices_of(form, meaning):
        if code in (choice.code, choice.name):
            return ctx.locale.pick(choice.labels)
    listed = pack_content.label(ctx, "needs", code) if meaning == "need" else None
    return ctx.locale.pick(listed) if listed else Text(code, ctx.locale.language)


def say_opinion(ctx: Context, opinion: OpinionRead) -> dict[str, Any]:
    """Returns an opinion in words, with whose it is."""
    return {
        "outcome": opinion.outcome,
        "label": ctx.locale.say(OUTCOMES[opinion.outcome]),
        "reason": opinion.reason,
        "by": say_owner(ctx, opinion.by),
    }


def say_owner(ctx: Context, owner: str) -> Text:
    """Returns a plugin by its title; a room of the core by the program's name."""
    installed = ctx.plugins.plugins.get(owner)
    return ctx.locale.pick(installed.manifest.title) if installed else ctx.locale.say("The program's own rule")


def most_cautious(opinions: Sequence[OpinionRead]) -> Outcome | None:
    """Returns the outcome that most needs a person, of all opinions; None when there is none."""
    outcomes = {each.outcome for each in opinions}
    return next((each for each in MOST_CAUTIOUS_FIRST if each in outcomes), None)
