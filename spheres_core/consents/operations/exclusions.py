"""Keeps a member of staff or an organization away from a participant. It beats every role and every consent."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.consents.models import ExclusionRow
from spheres_core.consents.queries.ledger import ExclusionUnknown
from spheres_core.consents.schemas import EVERY_CLASS, FOREVER, NO_ORGANIZATION, NO_PERSON, ExclusionKind
from spheres_core.facts import msg
from spheres_core.foundation.database.schema import table, uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.tenancy.context import Context

exclusions = table(ExclusionRow)
ADD = prepare(insert(exclusions))
END = prepare(
    exclusions.update()
    .where(scoped(exclusions), exclusions.c.id == bindparam("exclusion"))
    .where(exclusions.c.participant_id == bindparam("hers"), exclusions.c.ends > bindparam("now"))
    .values(ends=bindparam("now"))
)


class ExclusionInvalid(Invalid):
    """An exclusion that names neither a person nor an organization, or both."""

    code = "exclusion_invalid"
    message = msg("Say who is to be kept away: one person, or one organization.")


async def exclude(
    ctx: Context,
    participant: UUID,
    kind: ExclusionKind,
    *,
    staff: UUID = NO_PERSON,
    organization: str = NO_ORGANIZATION,
    information: str = EVERY_CLASS,
    reason: str = "",
) -> UUID:
    """Keeps one person or one organization away, from now on. Raises `ExclusionInvalid`."""
    if (staff == NO_PERSON) == (organization == NO_ORGANIZATION):
        raise ExclusionInvalid
    id = uuid7()
    added = ADD.of(
        id=id, participant_id=participant, kind=kind, staff_id=staff, organization=organization,
        information=information, starts=ctx.now, ends=FOREVER, recorded_by=ctx.actor.id,
        reason=ctx.keys.seal("exclusions", id, "reason", reason) if reason else None,
    )  # fmt: skip
    details = {"exclusion": str(id), "kind": kind}
    await audit.record(ctx, "exclusion.recorded", subject=("participant", participant), details=details, doing=[added])
    return id


async def end_exclusion(ctx: Context, participant: UUID, exclusion: UUID) -> None:
    """Ends an exclusion, from now on. Raises `ExclusionUnknown`."""
    if not await ctx.db.run(END, exclusion=exclusion, hers=participant, now=ctx.now):
        raise ExclusionUnknown
    details = {"exclusion": str(exclusion)}
    await audit.record(ctx, "exclusion.ended", subject=("participant", participant), details=details)
