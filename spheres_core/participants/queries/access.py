"""Finds a participant for whoever calls: the one way from a code to what is kept of her.

A route below `/participants/{participant}` begins with `find_for_caller`, asks `require_class` for what it shows or
writes, and gives `access.reader` to its queries. Unknown, of another region and not to be known of are one answer.
"""

from __future__ import annotations

import datetime as dt
from typing import Final
from uuid import UUID

from spheres_core.consents.queries.access import decision_on
from spheres_core.consents.queries.reach import Reached, classes_reached, purposes_held
from spheres_core.consents.queries.reader import read_for
from spheres_core.consents.schemas import PURPOSES, Act, Allowed, Purpose
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import page_of
from spheres_core.participants.queries import participants
from spheres_core.participants.schemas.files import (
    ParticipantAccess,
    ParticipantListed,
    ParticipantsShown,
)
from spheres_core.staff.queries.members import get_member

DAILY: Final[tuple[Purpose, ...]] = ("follow_up", "coordination", "service")
"""Purposes that are looked through when a caller names none. The others are acts of their own, and are named."""


class ParticipantUnknown(NotFound):
    """There is no participant with this code whom the reader may know of."""


async def find_for_caller(ctx: Context, code: str, purpose: str | None = None) -> ParticipantAccess:
    """Returns a participant by her code, and lets the transaction read what the caller may for the purpose.

    `purpose`: None for the first of `DAILY` for which the caller may know of her. Raises `ParticipantUnknown`.
    """
    for each in await purposes_for(ctx, purpose):
        reader = await read_for(ctx, each)
        found = await participants.find_participant(ctx, reader, code)
        if found is not None:
            return ParticipantAccess(found.id, found.code, each, reader, found.access)
    raise ParticipantUnknown


async def find_for_shared_screen(ctx: Context) -> ParticipantAccess:
    """Returns the participant whom a narrowed session shows, as `find_for_caller`. Raises `ParticipantUnknown`."""
    her = ctx.actor.narrowed_to
    reader = await read_for(ctx, "follow_up")
    codes = await participants.codes_of(ctx, reader, [her] if her else [])
    if her not in codes:
        raise ParticipantUnknown
    return await find_for_caller(ctx, codes[her], "follow_up")


async def is_shown(ctx: Context) -> bool:
    """Returns whether the participant whom a narrowed session shows may still be shown."""
    try:
        await find_for_shared_screen(ctx)
    except ParticipantUnknown:
        return False
    return True


async def list_for_caller(ctx: Context, *, purpose: str | None = None, cursor: str = "") -> ParticipantsShown:
    """Returns a page of those whom the caller may know of, newest first, and writes to the trail who was shown."""
    purposes = await purposes_for(ctx, purpose)
    known: dict[UUID, list[Purpose]] = {}

    async def ask(before: UUID, limit: int) -> list[ParticipantListed]:
        found = await participants.purposes_by_participant(ctx, purposes, before=before, limit=limit)
        known.update((each.id, names) for each, names in found.items())
        return list(found)

    page = await page_of(ctx, "participants", cursor, ask)
    return ParticipantsShown(page.items, known, page.next)


async def classes_of(ctx: Context, access: ParticipantAccess, *, act: Act = "read") -> dict[str, list[Reached]]:
    """Returns the classes of information that the caller may touch of her now, with what lets him."""
    return await classes_reached(ctx, access.reader, access.id, act=act)


def reaches(
    ctx: Context, access: ParticipantAccess, information: str, *, act: Act = "read", on: dt.date | None = None
) -> bool:
    """Returns whether the caller may do this with a class of information about a day; about today without one."""
    return isinstance(decision_on(ctx, access.decided, information, act, on=on), Allowed)


def require_class(
    ctx: Context, access: ParticipantAccess, information: str, *, act: Act = "read", on: dt.date | None = None
) -> Allowed:
    """Returns the rows that let the caller do this with a class of information about a day; about today without one.

    Decided by the rows that opened the file; what is taken back meanwhile the statements that follow don't find.
    Raises `ParticipantUnknown`: the answer is that of a file that is not there.
    """
    decision = decision_on(ctx, access.decided, information, act, on=on)
    if isinstance(decision, Allowed):
        return decision
    raise ParticipantUnknown


async def whose_decision(ctx: Context, staff: UUID | None) -> tuple[UUID, str]:
    """Returns the member of staff whom a decision is about, and her organization: the actor herself, or a colleague.

    Raises `MemberUnknown`.
    """
    if staff is None or staff == ctx.actor.id:
        if ctx.actor.id is None:
            raise ParticipantUnknown
        return ctx.actor.id, ctx.actor.organization
    return staff, (await get_member(ctx, staff)).organization or ""


async def purposes_for(ctx: Context, purpose: str | None) -> list[Purpose]:
    """Returns the purposes to look through: those that are asked for and that the caller has a standing for."""
    return await purposes_held(ctx, [each for each in PURPOSES if each == purpose] if purpose else DAILY)
