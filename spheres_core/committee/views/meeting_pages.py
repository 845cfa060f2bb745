"""Pages for members: the next meeting, what one of them may discuss in it, and a page for everybody's eyes."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from spheres_core.committee.permissions import PREPARE
from spheres_core.committee.queries import meetings, recommendations, seats
from spheres_core.committee.queries.brief import read_agenda, read_brief
from spheres_core.committee.queries.figures import sees_figures
from spheres_core.committee.schemas.agenda import Brief
from spheres_core.committee.schemas.meetings import Meeting, MeetingFound, SeatFound
from spheres_core.facts import Message, msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post
from spheres_core.partners.queries.partners import organization_names
from spheres_core.staff.queries.members import names_of

STATES: Final = {
    "planned": msg("Meeting planned"),
    "held": msg("Meeting held"),
    "called_off": msg("Meeting called off"),
}


class MeetingShown(Struct, frozen=True):
    """A meeting in a list."""

    id: UUID
    title: str
    at: Any
    body: Text | str
    place: str
    state: Text
    to_come: bool


async def committee_page(ctx: Context) -> dict[str, Any]:
    """Returns what `committee/meetings.html` shows."""
    found = (await meetings.list_meetings(ctx)).items
    shown = [meeting_shown(ctx, each) for each in found]
    ahead = sorted((each for each in shown if each.to_come), key=lambda each: each.at)
    return {
        "title": ctx.locale.say(msg("Committees")),
        "next": ahead[0] if ahead else None,
        "ahead": ahead[1:],
        "past": [each for each in shown if not each.to_come],
        "may_prepare": ctx.may(PREPARE),
        "sees_figures": await sees_figures(ctx),
    }


async def meeting_page(
    ctx: Context, found: MeetingFound, *, sent: Post | None = None, refusal: Refusal | None = None
) -> dict[str, Any]:
    """Returns what `committee/meeting.html` shows: the actor's own brief, by codes, without anybody's name."""
    brief: Brief = await read_brief(ctx, found.id)
    is_open = found.state == "planned" and ctx.now < found.ends_at
    seat = await seats.own_seat(ctx, found) if is_open else None
    begun = found.state != "planned" or ctx.now >= found.at
    announced = [] if begun else await seats.own_announcements(ctx, found.id)
    substitutes = await seats.substitutes_of(ctx, found, seat.id) if seat else []
    anybody = [("", ctx.locale.say(msg("Nobody by name: whoever is my substitute")))]
    return {
        "title": ctx.locale.say(msg("Meeting of {day}", day=ctx.locale.date(meetings.day_of(ctx, found)))),
        "meeting": meeting_shown(ctx, brief.meeting),
        "items": brief.items,
        "open": is_open,
        "may_prepare": ctx.may(PREPARE),
        "seat": seat.id if seat else None,
        "announced": [(str(each.id), "" if each.staff == ctx.actor.id else each.name) for each in announced],
        "substitutes": [*anybody, *((str(each.id), each.name) for each in substitutes)] if substitutes else [],
        "trouble": ctx.locale.say(refusal.message) if refusal else None,
    }


async def shared_page(ctx: Context, found: MeetingFound) -> dict[str, Any]:
    """Returns what `committee/screen.html` shows on a screen that everybody in the room sees: numbers, and no more.

    What may be discussed differs from member to member; it stands in each one's brief.
    """
    agenda = await read_agenda(ctx, found.id)
    return {
        "title": ctx.locale.say(msg("Meeting of {day}", day=ctx.locale.date(meetings.day_of(ctx, found)))),
        "meeting": meeting_shown(ctx, agenda.meeting),
        "numbers": [each.number for each in agenda.items],
    }


async def record_page(
    ctx: Context, found: MeetingFound, *, sent: Post | None = None, refusal: Refusal | None = None
) -> dict[str, Any]:
    """Returns what `committee/record.html` shows to who prepares meetings: who is there, and what is recommended."""
    brief = await read_brief(ctx, found.id)
    members, present = await seats.members_of(ctx, found), await seats.present_in(ctx, found.id)
    names, organizations = await names_of(ctx, [each.staff_id for each in members]), await organization_names(ctx)

    def named(each: SeatFound) -> str:
        partner = ctx.locale.pick(organizations[each.organization]) if each.organization in organizations else ""
        name = names.get(each.staff_id, "")
        return f"{name} ({partner})" if partner else name

    problems = {each.path: each.message for each in refusal.errors} if refusal else {}
    return {
        "title": ctx.locale.say(msg("Meeting of {day}", day=ctx.locale.date(meetings.day_of(ctx, found)))),
        "meeting": meeting_shown(ctx, brief.meeting),
        "version": found.version,
        "items": brief.items,
        "numbers": [(str(each.number), ctx.locale.say(msg("Item {number}", number=each.number)))
                    for each in brief.items],
        "members": [(str(each.staff_id), named(each), each.staff_id in present) for each in members],
        "there": [(str(each.staff_id), named(each)) for each in members if each.staff_id in present],
        "recommended": (await recommendations.list_of_meeting(ctx, found.id)).items,
        "open": found.state == "planned" and ctx.now < found.ends_at,
        "trouble": ctx.locale.say(refusal.message) if refusal else None,
        "problems": problems,
        "posted": sent,
    }  # fmt: skip


def meeting_shown(ctx: Context, each: Meeting) -> MeetingShown:
    """Returns a meeting as pages show it."""
    known = ctx.plugins.bodies.get(each.body)
    body: Text | str = each.body
    if known is not None:
        body = ctx.locale.say(known.title) if isinstance(known.title, Message) else ctx.locale.pick(known.title)
    ahead = each.state == "planned" and ctx.now < each.ends_at
    return MeetingShown(each.id, each.title, each.at, body, each.place, ctx.locale.say(STATES[each.state]), ahead)
