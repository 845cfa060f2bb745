"""A participant's file: the sections that rooms register, cut to what the caller may read."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from spheres_core.audit import operations as audit
from spheres_core.consents.schemas import CLASSES
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries import access as access_queries
from spheres_core.participants.schemas.files import ParticipantAccess, ParticipantFile


class Recorded(Struct, frozen=True):
    """That she takes part here."""

    participant: str
    """Her code."""


async def read_recorded(ctx: Context, access: ParticipantAccess) -> Recorded:
    """Returns the section that this room itself keeps."""
    return Recorded(access.code)


async def file_of(ctx: Context, code: str, purpose: str | None = None) -> ParticipantFile:
    """Returns her file for the caller, and writes to the trail which classes were shown by which standings.

    Raises `ParticipantUnknown`.
    """
    access = await access_queries.find_for_caller(ctx, code, purpose)
    reached = await access_queries.classes_of(ctx, access)
    known = dict.fromkeys([*CLASSES, *(each.information for each in ctx.plugins.file_sections), *reached])
    classes: dict[str, dict[str, Any]] = {name: {} for name in known if name in reached}
    for section in ctx.plugins.file_sections:
        if section.information in classes:
            classes[section.information][section.name] = await section.read(ctx, access)
    grounds = [reached[name][0] for name in classes]
    details = {
        "purpose": access.purpose,
        "classes": list(classes),
        "standings": [str(each.standing) for each in grounds],
        "entries": [str(each.entry) if each.entry else None for each in grounds],
    }
    await audit.record(ctx, "participant.file_read", subject=("participant", access.id), details=details)
    return ParticipantFile(access.code, access.purpose, classes, [name for name in known if name not in classes])
