"""Writes words about needs, strengths, goals and stages, and decides whether they may be written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from spheres_core.consents.operations import limits
from spheres_core.facts import Problem, msg
from spheres_core.followups.operations.encounters import OwnWordsNotAgreed
from spheres_core.followups.queries.participations import ages_now
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.access import reaches, require_class
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.plans.queries.texts import texts
from spheres_core.plans.schemas.words import TextPart

ADD = prepare(insert(texts))


class DayToCome(Invalid):
    """Nothing was observed on a day that is still to come."""

    code = "day_to_come"
    message = msg("That day is still to come.")


async def require_writing(
    ctx: Context, file: ParticipantAccess, information: str, *, on: dt.date, her_words: str = ""
) -> None:
    """Lets something of a class about a day be written: hers only where she agreed to that, and nothing before she
    knows what stays between them.

    Raises `ParticipantUnknown`, `DayToCome`, `OwnWordsNotAgreed`, `LimitsNotExplained`.
    """
    require_class(ctx, file, information, act="write", on=on)
    if on > ctx.today:
        raise DayToCome(errors=[Problem(DayToCome.message, path="on")])
    if her_words.strip() and not reaches(ctx, file, "own_words", act="write", on=on):
        raise OwnWordsNotAgreed(errors=[Problem(OwnWordsNotAgreed.message, path="her_words")])
    await limits.require_limits_explained(ctx, file.reader, file.id, await ages_now(ctx, file.id))


async def write_words(
    ctx: Context,
    participant: UUID,
    about: UUID,
    words: Mapping[TextPart, str],
    *,
    information: str,
    on: dt.date,
    version: int = 1,
    hers: bool = False,
    before: Mapping[TextPart, str] | None = None,
) -> None:
    """Writes the parts of a record's words that are not as they were. `hers`: all of them are her words, verbatim.

    `before`: by part, what was last written.
    """
    was = before or {}
    for part, each in words.items():
        said = each if each.strip() else ""
        if said == was.get(part, ""):
            continue
        id = uuid7()
        await ctx.db.run(
            ADD, id=id, participant_id=participant, about=about, part=part, version=version,
            information="own_words" if part == "her_words" else information, hers=hers or part == "her_words",
            words=ctx.keys.seal("plan_texts", id, "words", said) if said else None, author=ctx.actor.id,
            written_at=ctx.now, dated_on=on,
        )  # fmt: skip
