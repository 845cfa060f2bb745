"""Puts a participant on the agenda of a meeting: an act of whoever follows her, as far as she has agreed to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Boolean, Date, Integer, Text, bindparam
from sqlalchemy.dialects.postgresql import ARRAY, insert

from spheres_core.audit import operations as audit
from spheres_core.committee.members import may_discuss
from spheres_core.committee.operations.item_access import ALWAYS, SHAREABLE, ends_with, entitled, lines_for, reopen
from spheres_core.committee.operations.texts import write_words
from spheres_core.committee.queries import agenda as queries
from spheres_core.committee.queries import meetings, seats
from spheres_core.committee.queries.agenda import ACT, CLASS, items
from spheres_core.committee.queries.her_items import items_with_words
from spheres_core.committee.schemas.agenda import (
    Item,
    ItemChanged,
    ItemFound,
    ItemPosted,
    Preview,
    Shared,
    TextPart,
)
from spheres_core.committee.schemas.meetings import MeetingFound
from spheres_core.consents.operations import standings
from spheres_core.consents.queries.reader import as_system
from spheres_core.consents.queries.why import rows_of
from spheres_core.consents.schemas import MEETING_NAME, TEAM
from spheres_core.facts import Problem, msg
from spheres_core.followups.queries.participations import open_one
from spheres_core.followups.states import ENDED as PARTICIPATION_ENDED
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import ChangedMeanwhile, Conflict, Invalid, NotAllowed
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.access import ParticipantUnknown
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.plans.operations.texts import require_writing

ADD = prepare(insert(items))
WRITE = prepare(
    items.update()
    .where(scoped(items), items.c.id == bindparam("which"), items.c.version == bindparam("seen", type_=Integer()))
    .values(
        state=bindparam("to", type_=Text()), carried=bindparam("is_carried", type_=Boolean()),
        asked=bindparam("was_asked", type_=Text()), told_on=bindparam("told", type_=Date()),
        shares=bindparam("sharing", type_=ARRAY(Text())), named=bindparam("naming", type_=ARRAY(Text())),
        version=items.c.version + 1, author=bindparam("who"), written_at=bindparam("now"),
    )
    .returning(items.c.id)
)  # fmt: skip


class NobodyMayDiscuss(NotAllowed):
    """She has agreed for no organization of this meeting that her situation is discussed there."""

    code = "nobody_may_discuss"
    message = msg("Nothing that was agreed to lets a member of this meeting discuss her situation.")


class NotDiscussed(Invalid):
    """A class of information that no committee needs."""

    code = "not_discussed"
    message = msg("This is not shared with a committee.")


class SheWasNotAsked(Invalid):
    """Her wish is missing, or the day on which she was told what will be shared with whom."""

    code = "she_was_not_asked"
    message = msg("Ask her what she wants said, and tell her what will be shared with whom.")


class PoliceNotNamed(Invalid):
    """The police gets an item only by a line of a consent that is given for this meeting, and ends with it."""

    code = "police_not_named"
    message = msg("For the police, a consent for this meeting alone is needed: one that ends with it.")


class NameBeyondMeeting(Invalid):
    """The police could hear how she may be called beyond this meeting."""

    code = "name_beyond_meeting"
    message = msg(
        "What lets the police hear how she may be called ends after this meeting. Ask her for one that ends with it."
    )


class AlreadyOnAgenda(Conflict):
    """She is on the agenda of this meeting already."""

    code = "already_on_agenda"
    message = msg("She is on the agenda of this meeting already.")


async def preview(ctx: Context, file: ParticipantAccess, meeting: UUID, shares: list[str]) -> Preview:
    """Returns what would be shared with each organization of a meeting, so that she can be told before.

    Raises `ParticipantUnknown`, `MeetingUnknown`, `MeetingOver`, `NobodyDiscussed`.
    """
    require_team(file)
    found = await meetings.planned_to_discuss(ctx, meeting)
    decisive = await rows_of(ctx, file.id)
    classes = ALWAYS | {MEETING_NAME} | (frozenset(shares) & SHAREABLE)
    police = await seats.police_of(ctx)
    by_organization: dict[str, list[str]] = {}
    for each in await seats.members_of(ctx, found):
        could = may_discuss(ctx.tenant.id, file.id, each, classes, decisive, on=ctx.today, now=ctx.now)
        opened = [] if CLASS not in could or each.organization in police else sorted(could)
        by_organization.setdefault(each.organization, opened)
    return Preview([Shared(key, opened) for key, opened in sorted(by_organization.items())])


async def put_on_agenda(ctx: Context, file: ParticipantAccess, meeting: UUID, posted: ItemPosted) -> Item:
    """Puts a participant on the agenda of a meeting, and opens the item to those members who may discuss it.

    Raises `ParticipantUnknown`, `NotTakingPart`, `MeetingUnknown`, `MeetingOver`, `NobodyDiscussed`,
    `SheWasNotAsked`, `NotDiscussed`, `PoliceNotNamed`, `NameBeyondMeeting`, `AlreadyOnAgenda`, `NobodyMayDiscuss`,
    `OwnWordsNotAgreed`, `LimitsNotExplained`.
    """
    require_team(file)
    await require_writing(ctx, file, CLASS, on=ctx.today, her_words=posted.wants_said)
    found = await meetings.planned_to_discuss(ctx, meeting)
    await open_one(ctx, file.id)
    await _check(ctx, file, found, posted)
    await ctx.db.lock("meeting", meeting)
    async with as_system(ctx):
        there = await ctx.db.one_or_none(queries.OF_HER_IN, of_meeting=meeting, participant=file.id)
        if there is not None and there.state == "on" and not there.carried:
            raise AlreadyOnAgenda
        item = await _add(ctx, file, found, posted) if there is None else await _write(ctx, there, posted)
        if item is None:
            raise AlreadyOnAgenda
        await _require_somebody(ctx, found, item)
        await _write_words(ctx, item, posted, {})
        await reopen(ctx, found, item)
    return (await items_with_words(ctx, file, [item]))[0]


async def change_item(ctx: Context, file: ParticipantAccess, id: UUID, posted: ItemChanged) -> Item:
    """Writes an item anew. What it may draw on changes for everybody at once.

    Raises as `put_on_agenda`, and `ItemUnknown`, `ChangedMeanwhile`.
    """
    item, found = await _to_change(ctx, file, id, her_words=posted.wants_said)
    before = (await items_with_words(ctx, file, [item]))[0]
    if item.version != posted.version:
        raise ChangedMeanwhile(extra=_sides(posted, before))
    await _check(ctx, file, found, posted)
    async with as_system(ctx):
        changed = await _write(ctx, item, posted)
        if changed is not None:
            await _require_somebody(ctx, found, changed)
            words: Mapping[TextPart, str] = {"question": before.question, "wants_said": before.wants_said or ""}
            await _write_words(ctx, changed, posted, words)
            await reopen(ctx, found, changed)
    newest = (await items_with_words(ctx, file, [await queries.find_item(ctx, file, id)]))[0]
    if changed is None:
        raise ChangedMeanwhile(extra=_sides(posted, newest))
    return newest


async def take_off(ctx: Context, file: ParticipantAccess, id: UUID) -> Item:
    """Takes an item off its agenda, and closes it to everybody. Raises `ItemUnknown`, `MeetingOver`."""
    item, _ = await _to_change(ctx, file, id)
    async with as_system(ctx):
        await _take_off(ctx, item)
    return (await items_with_words(ctx, file, [await queries.find_item(ctx, file, id)]))[0]


async def end_with_participation(ctx: Context, participant: UUID, details: Mapping[str, Any]) -> None:
    """Takes whoever no longer takes part off the agendas of meetings to come."""
    if details.get("to") not in PARTICIPATION_ENDED:
        return
    async with as_system(ctx):
        for each in await ctx.db.all(queries.OF_HER, participant=participant):
            if (await meetings.find_meeting(ctx, each.meeting_id)).state == "planned":
                await _take_off(ctx, each)


def require_team(file: ParticipantAccess) -> None:
    """Lets the program's team go on, and no partner. Raises `ParticipantUnknown`."""
    if file.decided.recipient != TEAM:
        raise ParticipantUnknown


async def _to_change(
    ctx: Context, file: ParticipantAccess, id: UUID, *, her_words: str = ""
) -> tuple[ItemFound, MeetingFound]:
    require_team(file)
    await require_writing(ctx, file, CLASS, on=ctx.today, her_words=her_words)
    item = await queries.find_item(ctx, file, id)
    return item, await meetings.planned(ctx, item.meeting_id)


async def _check(ctx: Context, file: ParticipantAccess, found: MeetingFound, posted: ItemPosted | ItemChanged) -> None:
    said = bool(posted.wants_said.strip())
    if (posted.asked == "said") != said:
        raise _at(SheWasNotAsked, "wants_said")
    if posted.asked != "not_reached" and (posted.told_on is None or posted.told_on > ctx.today):
        raise _at(SheWasNotAsked, "told_on")
    if set(posted.shares) - SHAREABLE:
        raise _at(NotDiscussed, "shares")
    await _check_police(ctx, file, found, posted)


async def _check_police(
    ctx: Context, file: ParticipantAccess, found: MeetingFound, posted: ItemPosted | ItemChanged
) -> None:
    """Lets an organization of the police be named only by a line of its own that ends with the meeting."""
    if not posted.police:
        return
    police = await seats.police_of(ctx)
    for organization in posted.police:
        lines = await lines_for(ctx, file.id, organization, CLASS)
        if organization not in police or not any(ends_with(found, each) for each in lines):
            raise _at(PoliceNotNamed, "police")
        if not all(ends_with(found, each) for each in await lines_for(ctx, file.id, organization, MEETING_NAME)):
            raise _at(NameBeyondMeeting, "police")


async def _require_somebody(ctx: Context, found: MeetingFound, item: ItemFound) -> None:
    decisive = await rows_of(ctx, item.participant_id)
    for each in await entitled(ctx, found, item):
        if may_discuss(ctx.tenant.id, item.participant_id, each, {CLASS}, decisive, on=item.dated_on, now=ctx.now):
            return
    raise NobodyMayDiscuss


async def _add(ctx: Context, file: ParticipantAccess, found: MeetingFound, posted: ItemPosted) -> ItemFound:
    highest = await ctx.db.scalar(queries.HIGHEST, of_meeting=found.id)
    item = ItemFound(
        uuid7(), file.id, found.id, (highest or 0) + 1, "on", False, posted.asked, posted.told_on,
        sorted(set(posted.shares)), sorted(set(posted.police)), 1, ctx.today,
    )  # fmt: skip
    added = ADD.of(author=ctx.actor.id, written_at=ctx.now, **msgspec.structs.asdict(item))
    await _note(ctx, item, "agenda_item.put", added)
    return item


async def _write(ctx: Context, item: ItemFound, posted: ItemPosted | ItemChanged) -> ItemFound | None:
    """Writes an item anew. Returns None when it has not the version any more that was seen."""
    shares, named = sorted(set(posted.shares)), sorted(set(posted.police))
    written = await ctx.db.run(
        WRITE, which=item.id, seen=item.version, to="on", is_carried=item.carried, was_asked=posted.asked,
        told=posted.told_on, sharing=shares, naming=named, who=ctx.actor.id, now=ctx.now,
    )  # fmt: skip
    if not written:
        return None
    changed = msgspec.structs.replace(
        item, state="on", asked=posted.asked, told_on=posted.told_on, shares=shares, named=named,
        version=item.version + 1,
    )  # fmt: skip
    await _note(ctx, changed, "agenda_item.changed")
    return changed


async def _take_off(ctx: Context, item: ItemFound) -> None:
    written = WRITE.of(
        which=item.id, seen=item.version, to="taken_off", is_carried=item.carried, was_asked=item.asked,
        told=item.told_on, sharing=item.shares, naming=[], who=ctx.actor.id, now=ctx.now,
    )  # fmt: skip
    await _note(ctx, item, "agenda_item.taken_off", written)
    await standings.end_standings_by(ctx, [item.id], kind=ACT)


async def _note(ctx: Context, item: ItemFound, verb: str, *doing: Any) -> None:
    details = {"item": str(item.id), "meeting": str(item.meeting_id), "number": item.number}
    await audit.record(ctx, verb, subject=("participant", item.participant_id), details=details, doing=doing)


async def _write_words(
    ctx: Context, item: ItemFound, posted: ItemPosted | ItemChanged, before: Mapping[TextPart, str]
) -> None:
    words: Mapping[TextPart, str] = {"question": posted.question, "wants_said": posted.wants_said}
    await write_words(ctx, item.participant_id, item.id, words, on=item.dated_on, version=item.version, before=before)


def _at(refusal: type[Invalid], path: str) -> Invalid:
    return refusal(errors=[Problem(refusal.message, path=path)])


def _sides(posted: ItemChanged, newest: Item) -> Mapping[str, Any]:
    return {"yours": msgspec.to_builtins(posted), "theirs": msgspec.to_builtins(newest)}
