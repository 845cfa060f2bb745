"""Records that the limits of confidentiality were explained, and holds back notes on a minor until they were."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.consents.authority import may_be_minor
from spheres_core.consents.models import LimitsExplainedRow
from spheres_core.consents.queries import limits
from spheres_core.consents.settings import Settings
from spheres_core.facts import AgeRange, msg
from spheres_core.foundation.database.schema import table, uuid7
from spheres_core.foundation.database.statements import prepare
from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.queries.pack_content import legal_profile

ADD = prepare(insert(table(LimitsExplainedRow)))


class ExplanationInvalid(Invalid):
    """An explanation on a day that has not come yet, or by nobody."""

    code = "explanation_invalid"
    message = msg("The limits of confidentiality were explained today or before, by a member of staff.")


class LimitsNotExplained(Conflict):
    """A note on somebody who may be a minor, before the limits of confidentiality were explained to her."""

    code = "limits_not_explained"
    message = msg("Explain the limits of confidentiality first, and record that you did: she may be under 18.")


async def record_explanation(
    ctx: Context, participant: UUID, *, on: dt.date | None = None, text_version: str = ""
) -> UUID:
    """Records that the actor explained the limits. `on`: today when left out; `text_version`: the region's of today.

    Raises `ExplanationInvalid`.
    """
    day = on or ctx.today
    if day > ctx.today or ctx.actor.id is None:
        raise ExplanationInvalid
    id = uuid7()
    version = text_version or ctx.settings("consents", Settings).limits_text
    added = ADD.of(
        id=id, participant_id=participant, dated_on=day, explained_by=ctx.actor.id, text_version=version,
        recorded_at=ctx.now,
    )  # fmt: skip
    details = {"explanation": str(id), "text_version": version}
    await audit.record(ctx, "limits.explained", subject=("participant", participant), details=details, doing=[added])
    return id


async def require_limits_explained(
    ctx: Context, reader: Mapping[str, Any], participant: UUID, born: dt.date | AgeRange | None
) -> None:
    """Lets a note on a participant be written. Rooms call it before the first one.

    `reader`: from `queries.reader.read_for`. `born`: her date of birth or age; None counts as under 18.
    Raises `LimitsNotExplained`.
    """
    if needs_explanation(ctx, born) and not await limits.explanations(ctx, reader, participant):
        raise LimitsNotExplained


def needs_explanation(ctx: Context, born: dt.date | AgeRange | None) -> bool:
    """Returns whether the limits must be explained before the first note. `born`: as in `require_limits_explained`."""
    return may_be_minor(legal_profile(ctx), born, ctx.today)
