"""Opens a participant's file for a reader: one answer for a code that is unknown, another's or not hers to read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from msgspec import Struct

from spheres_core.consents.queries.access import Access
from spheres_core.consents.queries.reader import read_for
from spheres_core.consents.schemas import Purpose
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.participants import find_participant
from spheres_core.staff.queries.members import get_member


class ParticipantUnknown(NotFound):
    """There is no participant with this code whom the reader may know of."""


class ParticipantFile(Struct, frozen=True):
    """A participant's file that was opened, with what opened it."""

    id: UUID
    code: str
    access: Access
    reader: Mapping[str, Any]
    """The parameters of `consents.queries.readable.permitted`."""


async def open_file(ctx: Context, code: str, purpose: Purpose) -> ParticipantFile:
    """Opens a file for the actor and a purpose. Raises `ParticipantUnknown`."""
    reader = await read_for(ctx, purpose)
    found = await find_participant(ctx, reader, code)
    if found is None:
        raise ParticipantUnknown
    return ParticipantFile(found.id, found.code, found.access, reader)


async def whose_decision(ctx: Context, staff: UUID | None) -> tuple[UUID, str]:
    """Returns the member of staff whom a decision is about, and her organization: the actor herself, or a colleague.

    Raises `MemberUnknown`.
    """
    if staff is None or staff == ctx.actor.id:
        if ctx.actor.id is None:
            raise ParticipantUnknown
        return ctx.actor.id, ctx.actor.organization
    return staff, (await get_member(ctx, staff)).organization or ""
