"""A worker's day as a page: what was promised, who may safely be reached now, what makes need rise."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from msgspec import Struct

from spheres_core.facts import msg
from spheres_core.followups.schemas.days import MyDay
from spheres_core.followups.schemas.hand_overs import HandOver
from spheres_core.followups.states import STATES
from spheres_core.followups.views.accompaniment_pages import label_of
from spheres_core.followups.views.confirmations import say_done
from spheres_core.followups.views.my_day import day_of
from spheres_core.followups.views.wording import KINDS, PARTICIPATION_TONES, PARTS, PLACES, names_of
from spheres_core.followups.vulnerable_dates import KINDS as DATE_KINDS
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.schemas.safe_contact import CHANNELS


class PromisedShown(Struct, frozen=True):
    """An encounter or an accompaniment that was promised."""

    id: UUID
    code: str
    at: dt.datetime
    how: Text
    late: bool
    page: str
    """The name of its page."""


class OfferShown(Struct, frozen=True):
    """A file that is offered to the reader."""

    code: str
    by: str
    waits_for_her: bool
    """Whether she has to be told first."""


async def day_page(ctx: Context, *, done: str = "") -> dict[str, Any]:
    """Returns what `followups/my_day.html` shows."""
    day = await day_of(ctx)
    say = ctx.locale.say
    names = await names_of(ctx, [each.from_staff for each in day.hand_overs])
    return {
        "title": say(msg("My day")),
        "today": ctx.today,
        "done": say_done(ctx, done),
        "promised": _promised(ctx, day),
        "expected": [
            {"code": each.participant, "channel": say(CHANNELS[each.channel]), "at": each.at} for each in day.expected
        ],
        "reachable": [
            {"code": each.participant, "channels": [say(CHANNELS[channel]) for channel in each.channels]}
            for each in day.reachable
        ],
        "dates": [
            {"id": each.id, "code": each.participant, "kind": say(DATE_KINDS[each.kind]), "on": each.on}
            for each in day.dates
        ],
        "more": day.more,
        "offers": [_offer(each, names) for each in day.hand_overs],
        "files": [
            {
                "code": each.participant,
                "state": {"tone": PARTICIPATION_TONES[each.state], "label": say(STATES[each.state])},
                "part": say(PARTS[each.part]),
            }
            for each in day.files
        ],
        "nothing_waits": not any((day.promised, day.accompaniments, day.expected, day.dates, day.more, day.hand_overs)),
        "follows": bool(day.files),
    }  # fmt: skip


def _promised(ctx: Context, day: MyDay) -> list[PromisedShown]:
    say = ctx.locale.say
    met = [
        PromisedShown(
            each.id, each.participant, each.at, say(PLACES[each.place] if each.place else KINDS[each.kind]), each.late,
            "encounter",
        )
        for each in day.promised
    ]  # fmt: skip
    gone_along = [
        PromisedShown(each.id, each.participant, each.at, label_of(ctx, each.kind), each.late, "accompaniment")
        for each in day.accompaniments
    ]
    return sorted([*met, *gone_along], key=lambda each: (each.at, each.id))


def _offer(offer: HandOver, names: dict[UUID, str]) -> OfferShown:
    by = names.get(offer.from_staff, "") if offer.from_staff else ""
    return OfferShown(offer.participant, by, offer.her_answer is None)
