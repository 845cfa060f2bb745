"""Decides what an organization may be told of an act about a participant: no more than what it may read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Text, bindparam, cast, column, null, or_, select
from sqlalchemy import table as sql_table

from spheres_core.consents.models import ConsentEntryRow
from spheres_core.consents.rule import may
from spheres_core.consents.schemas import (
    NO_ORGANIZATION,
    NO_PERSON,
    TEAM,
    Allowed,
    ConsentEntry,
    Exclusion,
    Question,
    Standing,
)
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import Statement, prepare, scoped
from spheres_core.foundation.tenancy.context import Context

Ledger = tuple[Sequence[Standing], Sequence[ConsentEntry], Sequence[Exclusion]]

_participants: Final = sql_table("participants", column("tenant_id"), column("id"), column("code"), column("dated_on"))
HER: Final = prepare(
    select(_participants.c.code, _participants.c.dated_on).where(
        scoped(_participants), _participants.c.id == bindparam("participant")
    )
)

_lines: Final = table(ConsentEntryRow)
CLASSES_OF_LINES: Final = prepare(
    select(_lines.c.information)
    .where(scoped(_lines), _lines.c.recipient == bindparam("whom", type_=Text()))
    .where(or_(_lines.c.consent_id == bindparam("consent"), _lines.c.id == bindparam("line")))
    .distinct()
)
"""The classes of the lines of a consent, or of one of its lines, that are for an organization."""


def day_and_organization(model: Any) -> Statement[Any]:
    """Returns the question on which day a record is about, and to which organization it went; none for most."""
    rows = table(model)
    organization = rows.c.organization if "organization" in rows.c else cast(null(), Text())
    return prepare(select(rows.c.dated_on, organization).where(scoped(rows), rows.c.id == bindparam("record")))


def may_be_told(
    participant: tuple[UUID, UUID], whom: str, information: str, on: dt.date, ledger: Ledger, now: dt.datetime
) -> bool:
    """Returns whether an organization, or somebody of the team, may read a class of information about a day.

    `participant`: her tenant and her id. `whom`: `TEAM`, or the key of an organization.
    """
    standings, entries, exclusions = ledger
    organization = NO_ORGANIZATION if whom == TEAM else whom
    for each in standings:
        if each.recipient == whom and (whom == TEAM or each.staff == NO_PERSON):
            asked = Question(*participant, each.staff, organization, "read", information, each.purpose, on)
            if isinstance(may(asked, standings, entries, exclusions, now), Allowed):
                return True
    return False


async def code_and_day(ctx: Context, participant: UUID) -> tuple[str, dt.date] | None:
    """Returns a participant's code and the day on which she was first recorded; None when she is gone."""
    found = await ctx.db.one_or_none(HER, participant=participant)
    return None if found is None else (ctx.keys.open("participants", participant, "code", found[0]).decode(), found[1])


async def classes_of_lines(ctx: Context, whom: str, *, consent: UUID | None, line: UUID | None) -> set[str]:
    """Returns the classes of those lines of a consent that are for an organization; `line`: of this one only."""
    return {row[0] for row in await ctx.db.all(CLASSES_OF_LINES, whom=whom, consent=consent, line=line)}
