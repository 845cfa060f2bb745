"""Names, for the trail, the standing and the line of a consent that let each row of a list be shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Text, Uuid, any_, bindparam, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from spheres_core.consents.queries.readable import PARAMETERS, reach
from spheres_core.foundation.database.statements import prepare
from spheres_core.foundation.tenancy.context import Context


class Ground(Struct, frozen=True):
    """The rows that let a class of information about one participant be read, and about which days."""

    participant: UUID
    standing: UUID
    entry: UUID | None
    """None where the standing needs no consent."""
    first_day: dt.date
    last_day: dt.date


_within = reach(PARAMETERS, literal("read", Text()), named=True).subquery("within")
GROUNDS = prepare(
    select(_within.c.participant_id, _within.c.standing, _within.c.entry, _within.c.first_day, _within.c.last_day)
    .where(_within.c.participant_id == any_(bindparam("ids", type_=ARRAY(Uuid()))))
    .where(_within.c.information == bindparam("information", type_=Text())),
    into=Ground,
)


async def of_list(
    ctx: Context, reader: Mapping[str, Any], days: Mapping[UUID, dt.date], information: str
) -> Mapping[UUID, Ground]:
    """Returns what lets each participant be shown. `days`: by participant, the day that what is shown is about.

    `reader`: from `queries.reader.read_for`. Whom nothing lets be shown any more is missing: leave her out.
    """
    if not days:
        return {}
    rows = await ctx.db.all(GROUNDS, ids=list(days), information=information, **reader)
    return {row.participant: row for row in rows if row.first_day <= days[row.participant] <= row.last_day}


def in_trail(grounds: Sequence[Ground]) -> dict[str, list[str | None]]:
    """Returns what an entry of the trail says of a list: a standing and an entry for each that was shown, in order."""
    return {
        "standings": [str(each.standing) for each in grounds],
        "entries": [str(each.entry) if each.entry else None for each in grounds],
    }
