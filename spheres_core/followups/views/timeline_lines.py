"""Says each act of this room in one line of the timeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from spheres_core.facts import Message, msg
from spheres_core.followups.queries.timeline import Act
from spheres_core.followups.states import STATES
from spheres_core.followups.views.accompaniment_form import STATES as ACCOMPANIMENT_STATES
from spheres_core.followups.views.accompaniment_pages import label_of
from spheres_core.followups.views.reporting_decisions_page import RECIPIENTS, SAID
from spheres_core.followups.vulnerable_dates import KINDS as DATE_KINDS
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.schemas.safe_contact import CHANNELS
from spheres_core.participants.views.safe_contact import OUTCOMES

ASSIGNED: Final[Mapping[str, Message]] = {
    "pivot": msg("Somebody follows her as pivot worker from now on"),
    "backup": msg("Somebody is the backup of her pivot worker from now on"),
}
MET: Final[Mapping[str, Message]] = {
    "planned": msg("An encounter is planned"),
    "held": msg("An encounter took place"),
    "missed": msg("An encounter did not come about"),
    "cancelled": msg("An encounter was called off"),
}
HOW: Final[Mapping[str, Message]] = {
    "in_person": msg("in person"),
    "phone": msg("by phone"),
    "video": msg("by video"),
    "messages": msg("by messages"),
    "accompaniment": msg("accompanied somewhere"),
    "group": msg("in a group"),
}


async def say_participation(ctx: Context, acts: Sequence[Act]) -> list[Text]:
    """Returns a line for each step of her participation."""
    say = ctx.locale.say
    return [
        say(msg("Her participation: {state}", state=say(STATES[act.what])))  # type: ignore[index]
        for act in acts
    ]


async def say_assignments(ctx: Context, acts: Sequence[Act]) -> list[Text]:
    """Returns a line for each of those who follow her."""
    return [ctx.locale.say(ASSIGNED[act.what]) for act in acts]


async def say_encounters(ctx: Context, acts: Sequence[Act]) -> list[Text]:
    """Returns a line for each encounter."""
    say = ctx.locale.say
    return [
        say(msg("{line} ({detail})", line=say(MET[act.what]), detail=say(HOW[act.how])))
        if act.how in HOW
        else say(MET[act.what])
        for act in acts
    ]


async def say_accompaniments(ctx: Context, acts: Sequence[Act]) -> list[Text]:
    """Returns a line for each accompaniment, and each legal step."""
    say = ctx.locale.say
    return [
        say(msg("{kind}: {state}", kind=label_of(ctx, act.how), state=say(ACCOMPANIMENT_STATES[act.what])))  # type: ignore[index]
        for act in acts
    ]


async def say_reporting_decisions(ctx: Context, acts: Sequence[Act]) -> list[Text]:
    """Returns a line for each reporting decision, without its reason."""
    say = ctx.locale.say
    return [
        say(msg("{decision} ({recipient})", decision=say(SAID[act.what]), recipient=say(RECIPIENTS[act.how])))  # type: ignore[index]
        for act in acts
    ]


async def say_attempts(ctx: Context, acts: Sequence[Act]) -> list[Text]:
    """Returns a line for each attempt to reach her."""
    say = ctx.locale.say
    return [
        say(msg("{channel}: {outcome}", channel=say(CHANNELS[act.what]), outcome=say(OUTCOMES[act.how])))  # type: ignore[index]
        for act in acts
    ]


async def say_dates(ctx: Context, acts: Sequence[Act]) -> list[Text]:
    """Returns a line for each date to keep in mind."""
    say = ctx.locale.say
    return [
        say(msg("A date to keep in mind: {date}", date=say(DATE_KINDS[act.what])))  # type: ignore[index]
        for act in acts
    ]
