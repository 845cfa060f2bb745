"""Opens items of a meeting to its members, and closes them. Nobody reads of a committee but through these standings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from spheres_core.committee.members import seated
from spheres_core.committee.queries import agenda, seats
from spheres_core.committee.queries.agenda import ACT, CLASS
from spheres_core.committee.schemas.agenda import ItemFound
from spheres_core.committee.schemas.meetings import MeetingFound, SeatFound
from spheres_core.consents.operations import standings
from spheres_core.consents.queries.reader import as_system
from spheres_core.consents.queries.why import rows_of
from spheres_core.consents.rule import agrees
from spheres_core.consents.schemas import CLASSES, MEETING_NAME, NO_PERSON, TEAM, Act, ConsentEntry, Question
from spheres_core.foundation.tenancy.context import Context

DISCUSS: Final[tuple[Act, ...]] = ("discuss",)
ALWAYS: Final = frozenset({CLASS, "own_words", "participation"})
"""Classes that each item may draw on: the question, what she wants said, her code. Each needs a line of a consent."""
SHAREABLE: Final = frozenset(CLASSES) - ALWAYS - {"identity", "safe_contact", "legal", MEETING_NAME}
"""Classes that a team may let briefs draw on besides. Who she is and how she is reached, no committee needs;
of an emergency plan no section says more than that there is one. How she may be called follows from her lines alone."""


async def open_item(
    ctx: Context, meeting: MeetingFound, item: ItemFound, *, members: Sequence[SeatFound] | None = None
) -> None:
    """Opens an item to those members who may have it, until the meeting ends. The transaction must be the system's.

    `members`: only to these.
    """
    drawn = ALWAYS | (frozenset(item.shares) & SHAREABLE)
    nameless = await _nameless(ctx, meeting, item)
    for each in await entitled(ctx, meeting, item, members=members):
        await standings.open_standing(
            ctx, item.participant_id, "committee", recipient=each.organization or TEAM,
            classes=drawn if each.organization in nameless else drawn | {MEETING_NAME}, acts=DISCUSS,
            purpose="committee", opened_by=(ACT, item.id), staff=each.staff_id, ends=meeting.ends_at,
        )  # fmt: skip


async def entitled(
    ctx: Context, meeting: MeetingFound, item: ItemFound, *, members: Sequence[SeatFound] | None = None
) -> list[SeatFound]:
    """Returns to which members of a meeting an item is opened. The transaction must be the system's."""
    taking_part = await seats.members_of(ctx, meeting) if members is None else list(members)
    recused = {row[0] for row in await ctx.db.all(agenda.RECUSED, participant=item.participant_id)}
    police = await seats.police_of(ctx)
    return seated(taking_part, recused=recused, police=police, named=item.named)


async def lines_for(ctx: Context, participant: UUID, organization: str, information: str) -> list[ConsentEntry]:
    """Returns the lines that let an organization discuss a class of information now."""
    asked = Question(
        ctx.tenant.id, participant, NO_PERSON, organization, "discuss", information, "committee", ctx.today
    )
    return [each for each in (await rows_of(ctx, participant)).entries if agrees(asked, organization, each, ctx.now)]


def ends_with(meeting: MeetingFound, line: ConsentEntry) -> bool:
    """Returns whether a line ends with a meeting or before: its last day may be that of the meeting."""
    return line.ends <= meeting.ends_at + dt.timedelta(days=1)


async def _nameless(ctx: Context, meeting: MeetingFound, item: ItemFound) -> set[str]:
    """Returns the organizations of the police among those named that hear no name of her in this meeting."""
    hears = [
        organization
        for organization in item.named
        for line in await lines_for(ctx, item.participant_id, organization, MEETING_NAME)
        if ends_with(meeting, line)
    ]
    return set(item.named) - set(hears)


async def close_items(ctx: Context, meeting: MeetingFound) -> None:
    """Closes every item of a meeting to everybody."""
    async with as_system(ctx):
        found = await ctx.db.all(agenda.IN_MEETING, of_meeting=meeting.id)
        await standings.end_standings_by(ctx, [each.id for each in found], kind=ACT)


async def close_to(ctx: Context, meeting: MeetingFound, staff: UUID) -> None:
    """Closes every item of a meeting to one member."""
    async with as_system(ctx):
        found = await ctx.db.all(agenda.IN_MEETING, of_meeting=meeting.id)
        await standings.end_standings_by(ctx, [each.id for each in found], kind=ACT, staff=staff)


async def open_to(ctx: Context, meeting: MeetingFound, members: Sequence[SeatFound]) -> None:
    """Opens every item of a meeting that they may have to members who join it."""
    async with as_system(ctx):
        for item in await ctx.db.all(agenda.IN_MEETING, of_meeting=meeting.id):
            await open_item(ctx, meeting, item, members=members)


async def reopen(ctx: Context, meeting: MeetingFound, item: ItemFound) -> None:
    """Opens an item anew, after what it may draw on has changed. The transaction must be the system's."""
    await standings.end_standings_by(ctx, [item.id], kind=ACT, staff=NO_PERSON)
    await open_item(ctx, meeting, item)
