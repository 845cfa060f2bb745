"""Writes words about items and recommendations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from spheres_core.committee.queries.texts import texts
from spheres_core.committee.schemas.agenda import TextPart
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare
from spheres_core.foundation.tenancy.context import Context

ADD = prepare(insert(texts))
HERS: Final[frozenset[TextPart]] = frozenset({"wants_said", "her_words"})
"""Parts that are her words, verbatim."""


async def write_words(
    ctx: Context, participant: UUID, about: UUID, words: Mapping[TextPart, str], *, on: dt.date, version: int = 1,
    before: Mapping[TextPart, str] | None = None,
) -> None:  # fmt: skip
    """Writes the parts of a record's words that are not as they were. `before`: by part, what was last written."""
    was = before or {}
    for part, each in words.items():
        said = each if each.strip() else ""
        if said == was.get(part, ""):
            continue
        id = uuid7()
        await ctx.db.run(
            ADD, id=id, participant_id=participant, about=about, part=part, version=version,
            information="own_words" if part in HERS else "committee",
            words=ctx.keys.seal("committee_texts", id, "words", said) if said else None, author=ctx.actor.id,
            written_at=ctx.now, dated_on=on,
        )  # fmt: skip
