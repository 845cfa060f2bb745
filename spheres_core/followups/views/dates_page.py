"""Dates that make need rise, on a page of her file."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from spheres_core.facts import Problem, msg
from spheres_core.followups.operations.vulnerable_dates import DatePassed
from spheres_core.followups.queries.vulnerable_dates import list_dates
from spheres_core.followups.schemas.vulnerable_dates import VulnerableDatePosted
from spheres_core.followups.views.wording import options
from spheres_core.followups.vulnerable_dates import KINDS, REPEATS
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.plugins.registrations import DraftForm, SummaryLine
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post
from spheres_core.participants.queries.access import reaches
from spheres_core.participants.schemas.files import ParticipantAccess

DATE_FORM: Final = DraftForm(
    "vulnerable_date",
    msg("Date to keep in mind"),
    dict.fromkeys(("kind", "on", "repeats", "note"), "needs_and_plan"),
    page="dates",
)


async def summarize(ctx: Context, access: ParticipantAccess) -> list[SummaryLine]:
    """Returns the next dates for the overview of her file, without words."""
    found = await list_dates(ctx, access)
    return [
        SummaryLine(ctx.locale.say(KINDS[each.kind]), ctx.locale.date(each.next_on))
        for each in found.dates
        if each.next_on is not None
    ]


async def dates_page(
    ctx: Context, access: ParticipantAccess, *, sent: Post | None = None, refusal: Refusal | None = None
) -> dict[str, Any]:
    """Returns what `followups/dates.html` shows. `refusal`: why what was `sent` was not kept."""
    found = await list_dates(ctx, access)
    return {
        "title": ctx.locale.say(msg("Dates to keep in mind")),
        "dates": [
            {
                "id": each.id,
                "kind": ctx.locale.say(KINDS[each.kind]),
                "on": each.next_on or each.on,
                "passed": each.next_on is None,
                "repeats": ctx.locale.say(REPEATS[each.repeats]),
                "note": each.note,
                "offered": each.help_offered_for is not None and each.help_offered_for == each.next_on,
            }
            for each in found.dates
        ],
        "date_kinds": options(ctx, KINDS),
        "repetitions": options(ctx, REPEATS),
        "posted": sent,
        "problems": {each.path: each.message for each in refusal.errors} if refusal else {},
        "may_write": reaches(ctx, access, "needs_and_plan", act="write"),
    }


def date_posted(sent: Post) -> VulnerableDatePosted:
    """Returns a date as it was sent. Raises `DatePassed` with the problem at its field."""
    day = sent.day("on")
    if sent.problems:
        raise DatePassed(errors=[Problem(each, path=name) for name, each in sent.problems.items()])
    values = {"kind": sent["kind"], "on": day, "repeats": sent["repeats"], "note": sent["note"]}
    try:
        return msgspec.convert(values, VulnerableDatePosted)
    except msgspec.ValidationError:
        raise DatePassed(errors=[Problem(msg("Choose one."), path="kind")]) from None
