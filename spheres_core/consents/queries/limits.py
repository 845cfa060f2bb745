"""Answers when the limits of confidentiality were explained to a participant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import bindparam, select

from spheres_core.consents.models import LimitsExplainedRow
from spheres_core.consents.queries.readable import permitted
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context

explained = table(LimitsExplainedRow)


class Explanation(Struct, frozen=True):
    """One conversation about the limits of confidentiality."""

    id: UUID
    dated_on: dt.date
    explained_by: UUID
    text_version: str


ALL = prepare(
    select(explained.c.id, explained.c.dated_on, explained.c.explained_by, explained.c.text_version)
    .where(scoped(explained), explained.c.participant_id == bindparam("hers"))
    .where(permitted(explained.c.participant_id, "participation", explained.c.dated_on))
    .order_by(explained.c.id),
    into=Explanation,
)


async def explanations(ctx: Context, reader: Mapping[str, Any], participant: UUID) -> Sequence[Explanation]:
    """Returns those that the reader may know of, the oldest first. `reader`: from `queries.reader.read_for`."""
    return await ctx.db.all(ALL, hers=participant, **reader)
