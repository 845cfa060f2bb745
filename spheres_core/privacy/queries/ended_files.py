"""Finds files of participants whose last participation ended so long ago that they are erased."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy import DateTime, Integer, Text, Uuid, any_, bindparam, exists, func, not_, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.reader import as_system
from spheres_core.consents.queries.why import rows_of
from spheres_core.followups.models import ParticipationRow
from spheres_core.followups.states import ENDED
from spheres_core.foundation.content.ages import same_day
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.models import DuplicateDecisionRow, ParticipantRow
from spheres_core.participants.schemas.files import ParticipantListed
from spheres_core.privacy.queries.whose_file import is_kept_away
from spheres_core.privacy.schemas.ended_files import EndedFile, EndedFiles, ErasureLeft
from spheres_core.privacy.settings import Settings
from spheres_core.referrals.models import Erasure
from spheres_core.referrals.operations.kept_data import CORE
from spheres_core.referrals.queries.erasure_holds import holds

SOON: Final = dt.timedelta(days=90)
MOST: Final = 500
"""Files that are shown or counted at once."""

participants, participations, decisions = table(ParticipantRow), table(ParticipationRow), table(DuplicateDecisionRow)
_begun, _part = table(Erasure).alias("begun"), table(Erasure).alias("part")
_ids = bindparam("ids", type_=ARRAY(Uuid()))
_last = func.max(participations.c.changed_at)


class LastEnd(Struct, frozen=True):
    """When the last participation of a file ended."""

    participant: UUID
    at: dt.datetime


class DueFile(Struct, frozen=True):
    """A file that is erased."""

    participant: UUID
    at: dt.datetime
    """When her last participation ended, also one under another code of hers."""
    held: bool


class _Code(Struct, frozen=True):
    id: UUID
    code: bytes


class _Left(Struct, frozen=True):
    id: UUID
    code: bytes
    begun_at: dt.datetime
    owner: str
    error: str | None


_ended = (
    select(participations.c.participant_id, _last)
    .where(scoped(participations))
    .group_by(participations.c.participant_id)
    .having(func.bool_and(participations.c.state == any_(bindparam("ended"))))
)
ENDED_BY: Final = prepare(
    _ended.having(_last < bindparam("until", type_=DateTime(timezone=True)))
    .order_by(_last, participations.c.participant_id)
    .limit(bindparam("most", type_=Integer())),
    into=LastEnd,
)
LAST_ENDS: Final = prepare(_ended.where(participations.c.participant_id == any_(_ids)), into=LastEnd)
_linked = (
    select(bindparam("her", type_=Uuid()).label("id")).cte("linked", recursive=True)
)  # fmt: skip
_one, _other = decisions.c.participant_id, decisions.c.other_id
OF_THE_SAME: Final = prepare(
    select(
        _linked.union(
            select(func.coalesce(func.nullif(_one, _linked.c.id), _other)).where(
                scoped(decisions), decisions.c.same, decisions.c.undone_at.is_(None),
                (_one == _linked.c.id) | (_other == _linked.c.id),
            )
        ).c.id
    ).order_by("id")
)  # fmt: skip
"""Codes of one person, by decisions that are in force; her own among them."""
BEGAN_WITH: Final = prepare(
    select(participations.c.referral_id)
    .where(
        scoped(participations), participations.c.participant_id == any_(_ids), participations.c.referral_id.is_not(None)
    )
    .order_by(participations.c.referral_id)
)
OF_REFERRAL: Final = prepare(
    select(participations.c.participant_id).where(
        scoped(participations), participations.c.referral_id == bindparam("referral", type_=Uuid())
    )
)
GOING_ON: Final = prepare(
    select(participations.c.id)
    .where(
        scoped(participations),
        participations.c.participant_id == any_(_ids),
        not_(participations.c.state == any_(bindparam("ended", type_=ARRAY(Text())))),
    )
    .limit(1)
)
CODES: Final = prepare(
    select(participants.c.id, participants.c.code).where(scoped(participants), participants.c.id == any_(_ids)),
    into=_Code,
)
HELD: Final = prepare(
    select(holds.c.id)
    .where(
        scoped(holds),
        holds.c.lifted_at.is_(None),
        or_(
            holds.c.participant_id == any_(_ids),
            exists().where(
                scoped(participations),
                participations.c.referral_id == holds.c.referral_id,
                participations.c.participant_id == any_(_ids),
            ),
        ),
    )
    .limit(1)
)
LEFT: Final = prepare(
    select(participants.c.id, participants.c.code, _begun.c.begun_at, _part.c.owner, _part.c.error)
    .where(
        scoped(participants), scoped(_begun), scoped(_part),
        _begun.c.subject_id == participants.c.id, _begun.c.owner == CORE,
        _part.c.done_at.is_(None),
        or_(_part.c.subject_id == participants.c.id, _part.c.subject_id.in_(
            select(participations.c.referral_id).where(
                scoped(participations), participations.c.participant_id == participants.c.id
            )
        )),
    )
    .order_by(_begun.c.begun_at, participants.c.id)
    .limit(MOST),
    into=_Left,
)  # fmt: skip
"""Parts that are not done of files whose erasing was begun: the files’ own, and those of referrals they began with."""


async def files_of_her(ctx: Context, participant: UUID) -> list[UUID]:
    """Returns the files of one person, the one that is named among them. The transaction must be the system's."""
    return [id for (id,) in await ctx.db.all(OF_THE_SAME, her=participant)]


async def referrals_of(ctx: Context, files: Collection[UUID]) -> list[UUID]:
    """Returns the referrals that files began with. The transaction must be the system's."""
    return [id for (id,) in await ctx.db.all(BEGAN_WITH, ids=list(files))]


async def file_of_referral(ctx: Context, referral: UUID) -> UUID | None:
    """Returns whose file began with a referral. The transaction must be the system's."""
    found: UUID | None = await ctx.db.scalar(OF_REFERRAL, referral=referral)
    return found


async def are_held(ctx: Context, files: Collection[UUID]) -> bool:
    """Tells whether somebody holds the erasing of one of these files, or of a referral that one began with. The
    transaction must be the system's."""
    return bool(await ctx.db.all(HELD, ids=list(files)))


async def still_takes_part(ctx: Context, files: Collection[UUID]) -> bool:
    """Tells whether a participation of one of these files has not ended. The transaction must be the system's."""
    return bool(await ctx.db.all(GOING_ON, ids=list(files), ended=sorted(ENDED)))


async def find_due(ctx: Context, within: dt.timedelta = dt.timedelta(), *, most: int | None = None) -> list[DueFile]:
    """Returns files that are erased by then, those that come first; held ones are among them.

    Somebody with several files has none erased before the last one is due. The transaction must be the system's.
    """
    until = last_moment(ctx, ctx.today + within)
    if until is None:
        return []
    due = []
    for each in await ctx.db.all(ENDED_BY, until=until, ended=sorted(ENDED), most=most):
        hers = await files_of_her(ctx, each.participant)
        ends = {each.participant: each.at for each in await ctx.db.all(LAST_ENDS, ids=hers, ended=sorted(ENDED))}
        if set(hers) == set(ends) and max(ends.values()) < until:
            due.append(DueFile(each.participant, max(ends.values()), await are_held(ctx, hers)))
    return due


async def count_due_files(ctx: Context, within: dt.timedelta) -> int:
    """Returns how many files are erased by then, at most 500; held ones are not."""
    async with as_system(ctx):
        return sum(not each.held for each in await find_due(ctx, within, most=MOST))


async def list_ended(ctx: Context) -> EndedFiles:
    """Returns files that are erased soon, and those whose erasing has not ended, without anybody from whom the actor is
    kept away. That they were shown is an entry of the trail."""
    async with as_system(ctx):
        due, left = await find_due(ctx, SOON, most=MOST), await ctx.db.all(LEFT)
        codes = await codes_to_show(ctx, [*(each.participant for each in due), *(each.id for each in left)])
    await audit.record(ctx, "ended_files.listed", shown=list(codes))
    years = ctx.settings("privacy", Settings).file_years
    shown = [_due(ctx, each, codes[each.participant], years) for each in due if each.participant in codes]
    return EndedFiles(years, shown, _left(codes, left))


def last_moment(ctx: Context, today: dt.date) -> dt.datetime | None:
    """Returns the moment before which a participation must have ended for its file to be erased on a day; None where
    the region has set no time."""
    years = ctx.settings("privacy", Settings).file_years
    if not years:
        return None
    last = same_day(today, today.year - years, leap_day="02-28")
    return dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), ctx.zone)


async def listed(ctx: Context, ids: Collection[UUID]) -> list[ParticipantListed]:
    """Returns files with their codes. The transaction must be the system's."""
    rows = await ctx.db.all(CODES, ids=list(set(ids))) if ids else []
    return [
        ParticipantListed(each.id, ctx.keys.open("participants", each.id, "code", each.code).decode()) for each in rows
    ]


async def codes_to_show(ctx: Context, ids: Collection[UUID]) -> dict[UUID, str]:
    """Returns codes, but of those from whom the actor is kept away. The transaction must be the system's."""
    found = await listed(ctx, ids)
    return {each.id: each.code for each in found if not is_kept_away(ctx, each, await rows_of(ctx, each.id))}


def _due(ctx: Context, due: DueFile, code: str, years: int) -> EndedFile:
    ended_on = due.at.astimezone(ctx.zone).date()
    return EndedFile(code, ended_on, same_day(ended_on, ended_on.year + years, leap_day="03-01"), due.held)


def _left(codes: Mapping[UUID, str], found: Sequence[_Left]) -> list[ErasureLeft]:
    parts: dict[str, list[_Left]] = {}
    for each in found:
        if each.id in codes:
            parts.setdefault(codes[each.id], []).append(each)
    return [
        ErasureLeft(code, hers[0].begun_at, sorted({each.owner for each in hers if each.error}))
        for code, hers in parts.items()
    ]
