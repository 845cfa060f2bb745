"""Sections of a participant's file that this room keeps, for whoever may read their class of information."""

from __future__ import annotations

from spheres_core.followups.queries import assignments, encounters, participations
from spheres_core.followups.schemas.assignments import Assignments
from spheres_core.followups.schemas.encounters import Encounter
from spheres_core.followups.schemas.participations import Participations
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page
from spheres_core.participants.schemas.files import ParticipantAccess


async def read_participations(ctx: Context, access: ParticipantAccess) -> Participations:
    """Returns her episodes, newest first."""
    return await participations.list_participations(ctx, access.reader, access.id)


async def read_assignments(ctx: Context, access: ParticipantAccess) -> Assignments:
    """Returns who follows her and who did, newest first."""
    return await assignments.list_assignments(ctx, access.reader, access.id)


async def read_encounters(ctx: Context, access: ParticipantAccess) -> Page[Encounter]:
    """Returns the last page of her encounters; the others are at a route of their own."""
    return await encounters.list_encounters(ctx, access)
