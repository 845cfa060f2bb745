"""Writes down what a meeting recommends, what came of it, and that she was told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Date, Integer, Text, bindparam
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.committee.members import may_discuss, seated
from spheres_core.committee.models import RecommendationSnapshotRow
from spheres_core.committee.operations.agenda import require_team
from spheres_core.committee.operations.item_access import ALWAYS, SHAREABLE
from spheres_core.committee.operations.texts import write_words
from spheres_core.committee.queries import agenda, meetings, seats
from spheres_core.committee.queries import recommendations as queries
from spheres_core.committee.queries.agenda import CLASS
from spheres_core.committee.queries.overdue import recommendations
from spheres_core.committee.schemas.agenda import ItemFound, TextPart
from spheres_core.committee.schemas.meetings import MeetingFound, SeatFound
from spheres_core.committee.schemas.recommendations import (
    HerRecommendation,
    MemberThen,
    Recommendation,
    RecommendationFound,
    RecommendationPosted,
    ResultPosted,
    ToldPosted,
)
from spheres_core.consents.queries.reader import as_system
from spheres_core.consents.queries.why import rows_of
from spheres_core.facts import Problem, msg
from spheres_core.foundation.database.schema import table, uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import ChangedMeanwhile, Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.plans.operations.texts import require_writing
from spheres_core.staff.queries.members import hold_active

ADD = prepare(insert(recommendations))
ADD_MEMBER = prepare(insert(table(RecommendationSnapshotRow)))
_seen = recommendations.update().where(
    scoped(recommendations),
    recommendations.c.id == bindparam("which"),
    recommendations.c.version == bindparam("seen", type_=Integer()),
)
_written = {"version": recommendations.c.version + 1, "author": bindparam("who"), "written_at": bindparam("now")}
END = prepare(_seen.values(state=bindparam("to", type_=Text()), **_written).returning(recommendations.c.id))
TELL = prepare(_seen.values(told_on=bindparam("told", type_=Date()), **_written).returning(recommendations.c.id))


class NobodyNoted(Conflict):
    """Nobody was noted as being in the meeting yet."""

    code = "nobody_noted"
    message = msg("First note who is in the meeting.")


class NotThere(Invalid):
    """Somebody is said to have taken part who was not there, or may not discuss this item."""

    code = "not_there"
    message = msg("Choose members who are in the meeting and may discuss this item.")


class OwnerUnknown(Invalid):
    """Nobody with an open account, or somebody who stays out of this item."""

    code = "owner_unknown"
    message = msg("Choose somebody who works here to take care of it.")


class DueTooEarly(Invalid):
    """A recommendation is to be carried out after the meeting."""

    code = "due_too_early"
    message = msg("Choose a day after the meeting.")


class AlreadyClosed(Conflict):
    """It was already said what came of it."""

    code = "already_closed"
    message = msg("What came of this recommendation is already written down.")


async def recommend(ctx: Context, meeting: UUID, posted: RecommendationPosted) -> Recommendation:
    """Writes down what a meeting recommends about an item, with how each member stands to it at this moment.

    By whoever prepares meetings and may discuss the item. Raises `MeetingUnknown`, `MeetingOver`, `ItemUnknown`,
    `NobodyNoted`, `NotThere`, `OwnerUnknown`, `DueTooEarly`.
    """
    found = await meetings.planned(ctx, meeting)
    item = await agenda.item_to_discuss(ctx, await agenda.reader_of(ctx), meeting, posted.item)
    on = meetings.day_of(ctx, found)
    if posted.due_on <= on:
        raise DueTooEarly(errors=[Problem(DueTooEarly.message, path="due_on")])
    async with as_system(ctx):
        then = await _members_now(ctx, found, item, posted)
        _check_there(then, posted)
        owner = await hold_active(ctx, posted.owner)
        if owner is None or any(each.staff == owner.id and each.recused for each in then):
            raise OwnerUnknown(errors=[Problem(OwnerUnknown.message, path="owner")])
        new = RecommendationFound(
            uuid7(), item.participant_id, item.id, posted.owner, owner.organization or "", posted.due_on, "open", None,
            1, on,
        )  # fmt: skip
        added = ADD.of(author=ctx.actor.id, written_at=ctx.now, **msgspec.structs.asdict(new))
        await _note(ctx, new, "recommendation.made", added, state="open", meeting=str(meeting))
        await ctx.db.run_many(ADD_MEMBER, [_row(new, each) for each in then])
        words: Mapping[TextPart, str] = {"what": posted.what, "dissent": posted.dissent}
        await write_words(ctx, item.participant_id, new.id, words, on=on)
    return await queries.one_to_discuss(ctx, meeting, new.id)


async def note_result(ctx: Context, meeting: UUID, id: UUID, posted: ResultPosted) -> Recommendation:
    """Notes in a meeting what came of a recommendation about somebody on its agenda.

    Raises `MeetingUnknown`, `RecommendationUnknown`, `ChangedMeanwhile`, `AlreadyClosed`.
    """
    found = await queries.find_to_discuss(ctx, meeting, id)
    async with as_system(ctx):
        written = await _end(ctx, found, posted)
    if not written:
        raise ChangedMeanwhile(extra=_sides(posted, await queries.one_to_discuss(ctx, meeting, id)))
    return await queries.one_to_discuss(ctx, meeting, id)


async def note_result_in_file(
    ctx: Context, file: ParticipantAccess, id: UUID, posted: ResultPosted
) -> HerRecommendation:
    """Notes what came of a recommendation, for her team.

    Raises `ParticipantUnknown`, `RecommendationUnknown`, `ChangedMeanwhile`, `AlreadyClosed`.
    """
    require_team(file)
    await require_writing(ctx, file, CLASS, on=ctx.today)
    found = await queries.find_hers(ctx, file, id)
    if not await _end(ctx, found, posted):
        raise ChangedMeanwhile(extra=_sides(posted, await _newest(ctx, file, id)))
    return await _newest(ctx, file, id)


async def note_told(ctx: Context, file: ParticipantAccess, id: UUID, posted: ToldPosted) -> HerRecommendation:
    """Notes that she was told what was recommended, in her words, and what she said to it.

    Raises `ParticipantUnknown`, `DayToCome`, `OwnWordsNotAgreed`, `RecommendationUnknown`, `ChangedMeanwhile`.
    """
    require_team(file)
    await require_writing(ctx, file, CLASS, on=posted.on, her_words=posted.her_words)
    found = await queries.find_hers(ctx, file, id)
    before = (await queries.hers_with_words(ctx, file, [found]))[0]
    if not await ctx.db.run(TELL, which=id, seen=posted.version, told=posted.on, who=ctx.actor.id, now=ctx.now):
        raise ChangedMeanwhile(extra=_sides(posted, await _newest(ctx, file, id)))
    await _note(ctx, found, "recommendation.told", None, state=found.state)
    was: Mapping[TextPart, str] = {"told": before.told, "her_words": before.her_words or ""}
    words: Mapping[TextPart, str] = {"told": posted.told, "her_words": posted.her_words}
    version = posted.version + 1
    await write_words(ctx, file.id, id, words, on=found.dated_on, version=version, before=was)
    return await _newest(ctx, file, id)


async def _newest(ctx: Context, file: ParticipantAccess, id: UUID) -> HerRecommendation:
    return (await queries.hers_with_words(ctx, file, [await queries.find_hers(ctx, file, id)]))[0]


async def _members_now(
    ctx: Context, meeting: MeetingFound, item: ItemFound, posted: RecommendationPosted
) -> list[MemberThen]:
    """Returns how each member of a meeting stands to an item at this moment."""
    members, present = await seats.members_of(ctx, meeting), await seats.present_in(ctx, meeting.id)
    if not present:
        raise NobodyNoted
    recused = {row[0] for row in await ctx.db.all(agenda.RECUSED, participant=item.participant_id)}
    police, decisive = await seats.police_of(ctx), await rows_of(ctx, item.participant_id)
    may_have = seated(members, recused=recused, police=police, named=item.named)
    classes = ALWAYS | (frozenset(item.shares) & SHAREABLE)

    def entries_of(member: SeatFound) -> list[UUID]:
        if member not in may_have:
            return []
        could = may_discuss(
            ctx.tenant.id, item.participant_id, member, classes, decisive, on=item.dated_on, now=ctx.now
        )
        return sorted(set(could.values())) if CLASS in could else []

    return [
        MemberThen(
            each.staff_id, each.organization, each.staff_id in present, bool(entries_of(each)),
            each.staff_id in recused, each.staff_id in posted.contributed, each.staff_id in posted.dissented,
            entries_of(each),
        )
        for each in members
    ]  # fmt: skip


def _check_there(then: Sequence[MemberThen], posted: RecommendationPosted) -> None:
    able = {each.staff for each in then if each.present and each.entitled}
    for path in ("contributed", "dissented"):
        if set(getattr(posted, path)) - able:
            raise NotThere(errors=[Problem(NotThere.message, path=path)])


async def _end(ctx: Context, found: RecommendationFound, posted: ResultPosted) -> bool:
    """Writes what came of a recommendation. Returns whether it still had the version that was seen."""
    if found.version != posted.version:
        return False
    if found.state != "open":
        raise AlreadyClosed
    if not await ctx.db.run(END, which=found.id, seen=posted.version, to=posted.state, who=ctx.actor.id, now=ctx.now):
        return False
    await _note(ctx, found, "recommendation.ended", None, state=posted.state)
    words: Mapping[TextPart, str] = {"result": posted.result}
    await write_words(ctx, found.participant_id, found.id, words, on=found.dated_on, version=posted.version + 1)
    return True


async def _note(ctx: Context, found: RecommendationFound, verb: str, doing: Any, **details: str) -> None:
    said = {"recommendation": str(found.id), "item": str(found.item_id), **details}
    subject = ("participant", found.participant_id)
    await audit.record(ctx, verb, subject=subject, details=said, doing=[doing] if doing is not None else [])


def _row(new: RecommendationFound, member: MemberThen) -> dict[str, Any]:
    values = msgspec.structs.asdict(member)
    return {
        "id": uuid7(), "participant_id": new.participant_id, "recommendation_id": new.id,
        "staff_id": values.pop("staff"), "dated_on": new.dated_on, **values,
    }  # fmt: skip


def _sides(posted: Any, theirs: Any) -> Mapping[str, Any]:
    return {"yours": msgspec.to_builtins(posted), "theirs": msgspec.to_builtins(theirs)}
