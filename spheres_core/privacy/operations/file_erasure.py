"""Erases all that is kept about somebody who takes part: by its schedule, or because she asked for it.

What goes: her files with everything that refers to them, the referrals that they began with, and what plugins keep.
What stays: in the trail, that it was so. A hold beats both. Run again after a failure, it goes on where it ended.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal
from uuid import UUID

import structlog
from msgspec import Struct
from sqlalchemy import Uuid, bindparam, select

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.reader import as_system
from spheres_core.facts import ParticipantFacts, msg
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Conflict, Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.runtime import LoadedTenant, Runtime
from spheres_core.participants.models import ParticipantRow
from spheres_core.participants.queries.access import ParticipantUnknown
from spheres_core.participants.schemas.files import ParticipantListed
from spheres_core.privacy.queries.ended_files import (
    are_held,
    file_of_referral,
    files_of_her,
    find_due,
    listed,
    referrals_of,
    still_takes_part,
)
from spheres_core.privacy.queries.whose_file import whose_file
from spheres_core.referrals.operations import subject_data
from spheres_core.referrals.operations.kept_data import Subject, begin_erasure, erase_of_plugins, erase_row
from spheres_core.referrals.queries.erasure_holds import ErasureHeld
from spheres_core.referrals.queries.referral import ReferralUnknown

Reason = Literal["schedule", "asked_for"]

log = structlog.get_logger("spheres.file_erasure")
participants = table(ParticipantRow)
LOCK: Final = prepare(
    select(participants.c.id)
    .where(scoped(participants), participants.c.id == bindparam("her", type_=Uuid()))
    .with_for_update()
)


class StillTakesPart(Conflict):
    """Her participation has not ended."""

    code = "still_takes_part"
    message = msg("She still takes part. Whoever follows her ends that with her first.")


class FileErased(Struct, frozen=True):
    """The counts of what was erased: records by plugin, rows by table, and referrals."""

    participant: str
    """Her code, which nobody gets again."""
    records: Mapping[str, int]
    rows: Mapping[str, int]
    referrals: int


async def erase_file(runtime: Runtime, loaded: LoadedTenant, code: str, *, reason: Reason) -> list[FileErased]:
    """Erases all files of whom a code names, and says what went with each.

    Raises `ParticipantUnknown`, `StillTakesPart`, `ErasureHeld` and `Unfinished`.
    """
    async with runtime.context(loaded) as ctx:
        her = await whose_file(ctx, code)
    return await _erase_all(runtime, loaded, her.id, reason)


async def erase_due_files(runtime: Runtime, loaded: LoadedTenant) -> int:
    """Erases the files of a tenant whose time is over, but those that are held, and returns how many went.

    One that cannot be erased whole is tried again the next time, and keeps no other one waiting.
    """
    async with runtime.context(loaded) as ctx, as_system(ctx):
        due = [each.participant for each in await find_due(ctx) if not each.held]
    erased = 0
    for participant in due:
        try:
            erased += len(await _erase_all(runtime, loaded, participant, "schedule"))
        except ParticipantUnknown:  # another code of somebody whose files are erased now
            continue
        except Refusal as refusal:
            log.error("file_erasure.failed", tenant=loaded.tenant.slug, code=refusal.code)
    return erased


async def erase_referral(runtime: Runtime, loaded: LoadedTenant, referral: UUID, *, reason: str) -> subject_data.Erased:
    """Erases a referral, unless the file that began with it is held. Raises as `subject_data.erase`."""
    async with runtime.context(loaded) as ctx, as_system(ctx):
        participant = await file_of_referral(ctx, referral)
        if participant is not None and await are_held(ctx, await files_of_her(ctx, participant)):
            raise ErasureHeld
    return await subject_data.erase(runtime, loaded, referral, reason=reason)


async def _erase_all(runtime: Runtime, loaded: LoadedTenant, participant: UUID, reason: Reason) -> list[FileErased]:
    async with runtime.context(loaded) as ctx, as_system(ctx):
        files = await listed(ctx, await files_of_her(ctx, participant))
        if not files:
            raise ParticipantUnknown
        await _require_free(ctx, files)
        for each in files:
            if await begin_erasure(ctx, _subject(each)):
                told = {"reason": reason}
                await audit.record(ctx, "participant.erasure_begun", subject=("participant", each.id), details=told)
    return [await _erase_one(runtime, loaded, each, files, reason) for each in files]


async def _erase_one(
    runtime: Runtime, loaded: LoadedTenant, her: ParticipantListed, files: list[ParticipantListed], reason: Reason
) -> FileErased:
    subject = _subject(her)
    await erase_of_plugins(runtime, loaded, subject, hook="erase_participant")
    async with runtime.context(loaded) as ctx, as_system(ctx):
        referrals = await referrals_of(ctx, [her.id])
    for referral in referrals:
        try:
            await subject_data.erase(runtime, loaded, referral, reason=reason)
        except ReferralUnknown:  # erased by itself before
            continue
    async with runtime.context(loaded) as ctx, as_system(ctx):
        if await ctx.db.scalar(LOCK, her=her.id) is None:
            raise ParticipantUnknown
        await _require_free(ctx, files)
        records, rows = await erase_row(ctx, subject)
        details: dict[str, Any] = {"reason": reason, "rows": rows, "records": records, "referrals": len(referrals)}
        await audit.record(ctx, "participant.erased", subject=("participant", her.id), details=details)
    return FileErased(her.code, records, rows, len(referrals))


def _subject(her: ParticipantListed) -> Subject:
    return Subject("participant", her.id, ParticipantFacts(her.id, her.code))


async def _require_free(ctx: Context, files: list[ParticipantListed]) -> None:
    ids = [each.id for each in files]
    if await are_held(ctx, ids):
        raise ErasureHeld
    if await still_takes_part(ctx, ids):
        raise StillTakesPart
