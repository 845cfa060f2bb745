"""Opens a file for whoever calls, and answers what she may do with each class of information in it."""

from __future__ import annotations

import datetime as dt
from typing import Final

from msgspec import structs

from spheres_core.consents.rule import may
from spheres_core.consents.schemas import Act, Allowed, Purpose
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries import file as files
from spheres_core.participants.queries.file import ParticipantFile, ParticipantUnknown

DAILY: Final[tuple[Purpose, ...]] = ("follow_up", "coordination", "service")
"""Purposes of everyday work, in the order in which a file is tried to be opened for one."""


async def open_file(ctx: Context, code: str) -> ParticipantFile:
    """Opens a file for the first of `DAILY` for which the actor may know of her. Raises `ParticipantUnknown`."""
    for purpose in DAILY:
        try:
            return await files.open_file(ctx, code, purpose)
        except NotFound:
            continue
    raise ParticipantUnknown


def reaches(
    ctx: Context, file: ParticipantFile, information: str, act: Act = "read", *, on: dt.date | None = None
) -> bool:
    """Returns whether the actor may do this with a class of information about a day; about today without one."""
    access = file.access
    asked = structs.replace(access.question, information=information, act=act, dated_on=on or ctx.today)
    decision = may(asked, access.standings, access.entries, access.exclusions, ctx.now)
    return isinstance(decision, Allowed)


def require(
    ctx: Context, file: ParticipantFile, information: str, act: Act = "read", *, on: dt.date | None = None
) -> None:
    """Raises `ParticipantUnknown` unless the actor may do this: the answer is that of a file that is not there."""
    if not reaches(ctx, file, information, act, on=on):
        raise ParticipantUnknown
