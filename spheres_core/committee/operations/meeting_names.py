"""Writes how somebody wants to be called at meetings, with her. Who hears it follows from lines of consents alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import Date, Integer, LargeBinary, bindparam
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.committee.operations.agenda import require_team
from spheres_core.committee.queries.meeting_names import HERS, name_of, names
from spheres_core.committee.schemas.meeting_names import MeetingName, MeetingNameFound, MeetingNamePosted
from spheres_core.consents.schemas import MEETING_NAME
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import ChangedMeanwhile
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.plans.operations.texts import require_writing

ADD = prepare(
    insert(names).on_conflict_do_nothing(index_elements=["tenant_id", "participant_id"]).returning(names.c.id)
)
WRITE = prepare(
    names.update()
    .where(scoped(names), names.c.id == bindparam("which"), names.c.version == bindparam("seen", type_=Integer()))
    .values(
        called=bindparam("to", type_=LargeBinary()), version=names.c.version + 1, author=bindparam("who"),
        written_at=bindparam("now"), dated_on=bindparam("day", type_=Date()),
    )
    .returning(names.c.id)
)  # fmt: skip


async def write_name(ctx: Context, file: ParticipantAccess, posted: MeetingNamePosted) -> MeetingName:
    """Writes how she wants to be called from now on, in the place of what stood there; nothing, when she takes it back.

    Raises `ChangedMeanwhile` with both sides, `ParticipantUnknown`, `LimitsNotExplained`.
    """
    require_team(file)
    await require_writing(ctx, file, MEETING_NAME, on=ctx.today)
    found = await ctx.db.one_or_none(HERS, participant=file.id, **file.reader)
    if (found.version if found else 0) != posted.version or not await _write(ctx, file, found, posted.called.strip()):
        raise ChangedMeanwhile(extra=await _sides(ctx, file, posted))
    details = {"version": posted.version + 1}
    await audit.record(ctx, "meeting_name.written", subject=("participant", file.id), details=details)
    return await name_of(ctx, file)


async def _write(ctx: Context, file: ParticipantAccess, found: MeetingNameFound | None, called: str) -> bool:
    """Returns whether nobody wrote it in the meantime."""
    id = found.id if found else uuid7()
    sealed = ctx.keys.seal("meeting_names", id, "called", called) if called else None
    if found is None:
        added = await ctx.db.all(
            ADD, id=id, participant_id=file.id, called=sealed, version=1, author=ctx.actor.id, written_at=ctx.now,
            dated_on=ctx.today,
        )  # fmt: skip
        return bool(added)
    written = await ctx.db.all(
        WRITE, which=id, seen=found.version, to=sealed, who=ctx.actor.id, now=ctx.now, day=ctx.today
    )
    return bool(written)


async def _sides(ctx: Context, file: ParticipantAccess, posted: MeetingNamePosted) -> Mapping[str, Any]:
    return {"yours": msgspec.to_builtins(posted), "theirs": msgspec.to_builtins(await name_of(ctx, file))}
