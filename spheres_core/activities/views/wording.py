"""How states, answers, seasons and sums of money are said on pages of activities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from spheres_core.activities.queries.catalogue import activities
from spheres_core.activities.schemas.outings import Answer, Attendance, OutingState, SeasonName
from spheres_core.facts import Message, msg
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.schemas.safe_contact import CHANNELS
from spheres_core.plans.views.form_fields import label_of

STATES: Final[Mapping[OutingState, Message]] = {
    "planned": msg("It is to come"),
    "held": msg("It took place"),
    "called_off": msg("It was called off"),
}
TONES: Final[Mapping[OutingState, str]] = {"planned": "active", "held": "done", "called_off": "ended"}
ANSWERS: Final[Mapping[Answer, Message]] = {
    "open": msg("She has not answered yet"),
    "yes": msg("She comes along"),
    "later": msg("She decides later"),
    "no": msg("Not this one"),
}
ANSWER_TONES: Final[Mapping[Answer, str]] = {"open": "waiting", "yes": "active", "later": "waiting", "no": "ended"}
ATTENDANCE: Final[Mapping[Attendance, Message]] = {
    "came": msg("She was there"),
    "not_this_time": msg("Not this time"),
}
WAYS: Final[Mapping[str, Message]] = {
    "encounter": msg("While I was with her"),
    **{str(code): each for code, each in CHANNELS.items()},
}
"""By `How`."""
SEASONS: Final[Mapping[SeasonName, Message]] = {
    "winter": msg("Winter {first}–{last}"),
    "spring": msg("Spring {first}"),
    "summer": msg("Summer {first}"),
    "autumn": msg("Autumn {first}"),
}


def state_tag(ctx: Context, state: OutingState) -> dict[str, str]:
    """Returns a state as `parts.tag` prints it."""
    return {"tone": TONES[state], "label": ctx.locale.say(STATES[state])}


def answer_tag(ctx: Context, answer: Answer, attendance: Attendance | None) -> dict[str, str]:
    """Returns what she answered, or that she was there, as `parts.tag` prints it."""
    if attendance is not None:
        tone = "done" if attendance == "came" else "ended"
        return {"tone": tone, "label": ctx.locale.say(ATTENDANCE[attendance])}
    return {"tone": ANSWER_TONES[answer], "label": ctx.locale.say(ANSWERS[answer])}


def name_of(ctx: Context, activity: str) -> Text | str:
    """Returns how an activity is called; its code where the catalogue has lost it."""
    return label_of(ctx, activities(ctx), activity)


def say_season(ctx: Context, year: int, season: SeasonName) -> Text:
    """Returns a season with its year; a winter has two."""
    return ctx.locale.say(SEASONS[season], first=str(year), last=str(year + 1))
