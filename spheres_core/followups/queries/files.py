"""Answers what whoever opened a file may do with each class of information in it."""

from __future__ import annotations

import datetime as dt

from msgspec import structs

from spheres_core.consents.rule import may
from spheres_core.consents.schemas import Act, Allowed
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.file import ParticipantUnknown
from spheres_core.participants.schemas.files import ParticipantAccess


def reaches(
    ctx: Context, file: ParticipantAccess, information: str, act: Act = "read", *, on: dt.date | None = None
) -> bool:
    """Returns whether the actor may do this with a class of information about a day; about today without one."""
    decided = file.decided
    asked = structs.replace(decided.question, information=information, act=act, dated_on=on or ctx.today)
    decision = may(asked, decided.standings, decided.entries, decided.exclusions, ctx.now)
    return isinstance(decision, Allowed)


def require(
    ctx: Context, file: ParticipantAccess, information: str, act: Act = "read", *, on: dt.date | None = None
) -> None:
    """Raises `ParticipantUnknown` unless the actor may do this: the answer is that of a file that is not there."""
    if not reaches(ctx, file, information, act, on=on):
        raise ParticipantUnknown
