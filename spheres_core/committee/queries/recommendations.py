"""Finds what meetings recommended: for members what they may discuss, for her team what is in her file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Uuid, and_, any_, bindparam, exists, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY

from spheres_core.audit import operations as audit
from spheres_core.committee.models import RecommendationSnapshotRow
from spheres_core.committee.queries import agenda
from spheres_core.committee.queries.agenda import CLASS, items
from spheres_core.committee.queries.meetings import find_meeting, is_to_come, meetings
from spheres_core.committee.queries.overdue import recommendations
from spheres_core.committee.queries.texts import texts_about
from spheres_core.committee.recommendation_states import is_overdue
from spheres_core.committee.schemas.recommendations import (
    HerRecommendation,
    MemberThen,
    Recommendation,
    RecommendationFound,
    Recommendations,
)
from spheres_core.consents.queries.readable import permitted
from spheres_core.followups.queries.assignments import assignments, participants
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import BoundStatement, prepare, scoped
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page, page_of
from spheres_core.participants.queries.access import reaches, require_class
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.staff.queries.members import names_of

snapshots = table(RecommendationSnapshotRow)


class RecommendationUnknown(NotFound):
    """There is no such recommendation, or none that the caller may discuss or read."""


class Numbered(RecommendationFound, frozen=True):
    """A recommendation's row, with its item's number and meeting."""

    number: int
    meeting_id: UUID


class SnapshotFound(MemberThen, frozen=True):
    """A row of how a member stood to a recommendation."""

    recommendation: UUID


_columns = [recommendations.c[name] for name in RecommendationFound.__struct_fields__]
_numbered = select(*_columns, items.c.number, items.c.meeting_id).join_from(
    recommendations,
    items,
    and_(items.c.tenant_id == recommendations.c.tenant_id, items.c.id == recommendations.c.item_id),
)
_to_discuss = _numbered.where(
    scoped(recommendations),
    recommendations.c.participant_id == any_(bindparam("ids", type_=ARRAY(Uuid()))),
    permitted(recommendations.c.participant_id, CLASS, recommendations.c.dated_on, act="discuss"),
)
OF_MEETING = prepare(
    _to_discuss.where(items.c.meeting_id == bindparam("of_meeting", type_=Uuid())).order_by(recommendations.c.id),
    into=Numbered,
)
ONE_TO_DISCUSS = prepare(_to_discuss.where(recommendations.c.id == bindparam("id")), into=Numbered)
_hers = _numbered.where(
    scoped(recommendations),
    recommendations.c.participant_id == bindparam("participant"),
    permitted(recommendations.c.participant_id, CLASS, recommendations.c.dated_on),
)
HERS = prepare(
    _hers.where(recommendations.c.id < bindparam("before", type_=Uuid()))
    .order_by(recommendations.c.id.desc())
    .limit(bindparam("limit", type_=Integer())),
    into=Numbered,
)
ONE_OF_HERS = prepare(_hers.where(recommendations.c.id == bindparam("id")), into=Numbered)
SNAPSHOTS = prepare(
    select(
        *(snapshots.c[name] for name in ("staff_id", "organization", "present", "entitled", "recused", "contributed",
                                         "dissented", "entries", "recommendation_id"))
    )
    .where(scoped(snapshots), snapshots.c.participant_id == bindparam("participant"))
    .where(snapshots.c.recommendation_id == any_(bindparam("ids", type_=ARRAY(Uuid()))))
    .where(permitted(snapshots.c.participant_id, CLASS, snapshots.c.dated_on))
    .order_by(snapshots.c.id),
    into=SnapshotFound,
)  # fmt: skip
_followed = exists().where(
    scoped(assignments),
    assignments.c.participant_id == recommendations.c.participant_id,
    assignments.c.staff_id == bindparam("staff"),
    assignments.c.ends > bindparam("now"),
)
TO_TELL = prepare(
    select(recommendations.c.id, participants.c.id, participants.c.code, recommendations.c.dated_on)
    .join_from(
        recommendations,
        participants,
        and_(
            participants.c.tenant_id == recommendations.c.tenant_id,
            participants.c.id == recommendations.c.participant_id,
        ),
    )
    .where(scoped(recommendations), recommendations.c.told_on.is_(None), _followed)
    .where(recommendations.c.state != literal_column("'dropped'"))
    .where(permitted(recommendations.c.participant_id, CLASS, recommendations.c.dated_on, asked_together=True))
    .order_by(recommendations.c.dated_on, recommendations.c.id)
)
TO_ASK = prepare(
    select(items.c.id, participants.c.id, participants.c.code, items.c.dated_on)
    .join_from(
        items,
        participants,
        and_(participants.c.tenant_id == items.c.tenant_id, participants.c.id == items.c.participant_id),
    )
    .where(scoped(items), items.c.state == literal_column("'on'"), items.c.asked == literal_column("'not_reached'"))
    .where(
        exists().where(
            scoped(assignments),
            assignments.c.participant_id == items.c.participant_id,
            assignments.c.staff_id == bindparam("staff"),
            assignments.c.ends > bindparam("now"),
        )
    )
    .where(exists().where(scoped(meetings), meetings.c.id == items.c.meeting_id, is_to_come))
    .where(permitted(items.c.participant_id, CLASS, items.c.dated_on, asked_together=True))
    .order_by(items.c.id)
)


async def list_of_meeting(ctx: Context, meeting: UUID) -> Recommendations:
    """Returns what a meeting recommended, as far as the actor may discuss it, and writes to the trail what was shown.

    Raises `MeetingUnknown`.
    """
    await find_meeting(ctx, meeting)
    reader = await agenda.reader_of(ctx)
    open_items = await agenda.items_to_discuss(ctx, reader, meeting)
    ids = [each.participant_id for each in open_items]
    found = await ctx.db.all(OF_MEETING, of_meeting=meeting, ids=ids, **reader) if ids else []
    codes = await agenda.codes_to_discuss(ctx, reader, open_items)
    shown = await _shown(ctx, reader, found, codes)
    await audit.record(
        ctx, "recommendations.read", subject=("meeting", meeting), shown=[each.id for each in shown]
    )  # fmt: skip
    return Recommendations(shown)


async def find_to_discuss(ctx: Context, meeting: UUID, id: UUID) -> Numbered:
    """Returns a recommendation about somebody on a meeting's agenda, also of an earlier meeting.

    Raises `MeetingUnknown`, `RecommendationUnknown`.
    """
    await find_meeting(ctx, meeting)
    reader = await agenda.reader_of(ctx)
    ids = [each.participant_id for each in await agenda.items_to_discuss(ctx, reader, meeting)]
    found = await ctx.db.one_or_none(ONE_TO_DISCUSS, id=id, ids=ids, **reader)
    if found is None:
        raise RecommendationUnknown
    return found


async def one_to_discuss(ctx: Context, meeting: UUID, id: UUID) -> Recommendation:
    """Returns one recommendation as a member sees it. Raises as `find_to_discuss`."""
    found = await find_to_discuss(ctx, meeting, id)
    reader = await agenda.reader_of(ctx)
    codes = await agenda.codes_to_discuss(ctx, reader, await agenda.items_to_discuss(ctx, reader, meeting))
    return (await _shown(ctx, reader, [found], codes))[0]


async def list_hers(ctx: Context, file: ParticipantAccess, *, cursor: str = "") -> Page[HerRecommendation]:
    """Returns a page of what was recommended about her, the last first, and writes to the trail which were shown."""
    require_class(ctx, file, CLASS)

    async def ask(before: UUID, limit: int) -> Sequence[HerRecommendation]:
        rows = await ctx.db.all(HERS, participant=file.id, before=before, limit=limit, **file.reader)
        return await hers_with_words(ctx, file, rows)

    page = await page_of(ctx, f"recommendations {file.id}", cursor, ask)
    shown = [each.id for each in page.items]
    await audit.record(ctx, "recommendations.read", subject=("participant", file.id), shown=shown)
    return page


async def find_hers(ctx: Context, file: ParticipantAccess, id: UUID) -> Numbered:
    """Returns a recommendation in her file. Raises `RecommendationUnknown`."""
    found = await ctx.db.one_or_none(ONE_OF_HERS, id=id, participant=file.id, **file.reader)
    if found is None:
        raise RecommendationUnknown
    return found


async def hers_with_words(ctx: Context, file: ParticipantAccess, found: Sequence[Numbered]) -> list[HerRecommendation]:
    """Returns recommendations with the words about them that the reader may read, and how each member stood to them."""
    ids = [each.id for each in found]
    said = await texts_about(ctx, file.reader, ids)
    then = await ctx.db.all(SNAPSHOTS, participant=file.id, ids=ids, **file.reader) if ids else []
    names = await names_of(ctx, [each.staff_id for each in found])
    hers = reaches(ctx, file, "own_words")
    return [
        HerRecommendation(
            id=each.id, version=each.version, meeting=each.meeting_id, item=each.number, what=said.of(each.id, "what"),
            dissent=said.of(each.id, "dissent"), owner=each.staff_id, owner_name=names.get(each.staff_id, ""),
            organization=each.organization, due_on=each.due_on, state=each.state,
            overdue=is_overdue(each.state, each.due_on, ctx.today), result=said.of(each.id, "result"),
            on=each.dated_on, told_on=each.told_on, told=said.of(each.id, "told"),
            her_words=said.of(each.id, "her_words") if hers else None,
            members=[_member(row) for row in then if row.recommendation == each.id],
        )
        for each in found
    ]  # fmt: skip


def asks_to_tell(ctx: Context, reader: Mapping[str, Any]) -> BoundStatement[Any]:
    """Asks what nobody has told yet to those whom the actor follows; the oldest first."""
    return TO_TELL.of(staff=ctx.actor.id, now=ctx.now, **reader)


async def to_tell(ctx: Context, rows: Sequence[Any]) -> list[tuple[str, Any]]:
    """Returns each by code and day, and writes to the trail which were shown."""
    await audit.record(ctx, "recommendations.read", shown=[row[0] for row in rows])
    return [(ctx.keys.open("participants", her, "code", code).decode(), on) for _, her, code, on in rows]


def asks_to_ask(ctx: Context, reader: Mapping[str, Any]) -> BoundStatement[Any]:
    """Asks whom nobody could ask yet what she wants said in a meeting to come, of those whom the actor follows."""
    return TO_ASK.of(staff=ctx.actor.id, now=ctx.now, **reader)


async def to_ask(ctx: Context, rows: Sequence[Any]) -> list[tuple[str, Any]]:
    """Returns each by code and day, and writes to the trail which were shown, if any."""
    if rows:
        await audit.record(ctx, "agenda_items.read", shown=[row[0] for row in rows])
    return [(ctx.keys.open("participants", her, "code", code).decode(), on) for _, her, code, on in rows]


async def _shown(ctx: Context, reader: Any, found: Sequence[Numbered], codes: Any) -> list[Recommendation]:
    said = await texts_about(ctx, reader, [each.id for each in found], act="discuss")
    names = await names_of(ctx, [each.staff_id for each in found])
    return [
        Recommendation(
            id=each.id, version=each.version, item=each.number, participant=codes.get(each.participant_id),
            what=said.of(each.id, "what"), dissent=said.of(each.id, "dissent"), owner=each.staff_id,
            owner_name=names.get(each.staff_id, ""), organization=each.organization, due_on=each.due_on,
            state=each.state, overdue=is_overdue(each.state, each.due_on, ctx.today), result=said.of(each.id, "result"),
            on=each.dated_on,
        )
        for each in found
    ]  # fmt: skip


def _member(row: SnapshotFound) -> MemberThen:
    return MemberThen(
        row.staff, row.organization, row.present, row.entitled, row.recused, row.contributed, row.dissented,
        row.entries,
    )  # fmt: skip
