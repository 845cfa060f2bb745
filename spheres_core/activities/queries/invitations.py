"""Finds to what she was asked, with her words for whoever may read her own words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Integer, Uuid, and_, any_, bindparam, exists, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

from spheres_core.activities.models import OutingTextRow
from spheres_core.activities.queries.outings import CLASS, content_of, holds_seat, invitations, outings
from spheres_core.activities.schemas.invitations import InvitationFound, OutingInvitation, TextPart
from spheres_core.audit import operations as audit
from spheres_core.consents.queries.readable import permitted
from spheres_core.followups.queries.assignments import assignments, participants
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import BoundStatement, prepare, scoped
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page, page_of
from spheres_core.participants.queries.access import reaches, require_class
from spheres_core.participants.schemas.files import ParticipantAccess

texts = table(OutingTextRow)
PLAN_CLASS: Final = "needs_and_plan"
AHEAD: Final = dt.timedelta(days=7)
"""How far ahead an outing stands in a worker's day."""
AFTERWARDS: Final = dt.timedelta(days=14)
"""How long after an outing a worker's day reminds of asking her how it was."""


class InvitationUnknown(NotFound):
    """She was not asked to this, or the caller may not know of it."""


class TextFound(Struct, frozen=True):
    """A row of words."""

    id: UUID
    invitation_id: UUID
    part: TextPart
    words: bytes | None


_of_outing = and_(outings.c.tenant_id == invitations.c.tenant_id, outings.c.id == invitations.c.outing_id)
_readable = (scoped(invitations), permitted(invitations.c.participant_id, CLASS, invitations.c.dated_on))
_own = [name for name in InvitationFound.__struct_fields__ if name in invitations.c and name not in ("at", "state")]
_columns = [(invitations if name in _own else outings).c[name] for name in InvitationFound.__struct_fields__]
_hers = (
    select(*_columns)
    .join_from(invitations, outings, _of_outing)
    .where(*_readable, invitations.c.participant_id == bindparam("participant", type_=Uuid()))
)
LIST = prepare(
    _hers.where(invitations.c.id < bindparam("before", type_=Uuid()))
    .order_by(invitations.c.id.desc())
    .limit(bindparam("limit", type_=Integer())),
    into=InvitationFound,
)
ONE = prepare(_hers.where(invitations.c.id == bindparam("id")), into=InvitationFound)
TO_OUTING = prepare(_hers.where(invitations.c.outing_id == bindparam("outing")), into=InvitationFound)
TEXTS = prepare(
    select(*(texts.c[name] for name in TextFound.__struct_fields__))
    .where(scoped(texts), texts.c.participant_id == bindparam("participant"))
    .where(texts.c.invitation_id == any_(bindparam("ids", type_=ARRAY(Uuid()))))
    .where(permitted(texts.c.participant_id, "own_words", texts.c.dated_on))
    .ext(distinct_on(texts.c.invitation_id, texts.c.part))
    .order_by(texts.c.invitation_id, texts.c.part, texts.c.id.desc()),
    into=TextFound,
)
_followed = exists().where(
    scoped(assignments),
    assignments.c.participant_id == invitations.c.participant_id,
    assignments.c.staff_id == bindparam("staff"),
    assignments.c.ends > bindparam("now"),
)
WAITING = prepare(
    select(invitations.c.id, participants.c.id, participants.c.code, outings.c.activity, outings.c.at,
           invitations.c.answer)
    .join_from(invitations, outings, _of_outing)
    .join(
        participants,
        and_(
            participants.c.tenant_id == invitations.c.tenant_id, participants.c.id == invitations.c.participant_id
        ),
    )
    .where(scoped(invitations), _followed, holds_seat(invitations))
    .where(permitted(invitations.c.participant_id, CLASS, invitations.c.dated_on, asked_together=True))
    .where(outings.c.state != bindparam("off"))
    .where(outings.c.at < bindparam("outings_until"), outings.c.at > bindparam("since"))
    .where(or_(outings.c.at > bindparam("now"), invitations.c.attendance.is_(None)))
    .order_by(outings.c.at, invitations.c.id)
)  # fmt: skip


class InvitationWaiting(Struct, frozen=True):
    """Somebody whom the reader follows goes to an outing soon, or was to go to one of which nothing is noted yet."""

    id: UUID
    participant: str
    activity: str
    at: dt.datetime
    answer: str


async def list_invitations(ctx: Context, file: ParticipantAccess, *, cursor: str = "") -> Page[OutingInvitation]:
    """Returns a page of what she was asked to, the last first, and writes to the trail which were shown."""
    require_class(ctx, file, CLASS)

    async def ask(before: UUID, limit: int) -> Sequence[OutingInvitation]:
        rows = await ctx.db.all(LIST, participant=file.id, before=before, limit=limit, **file.reader)
        return await with_words(ctx, file, rows)

    page = await page_of(ctx, f"invitations {file.id}", cursor, ask)
    await audit.record(
        ctx, "outing_invitations.read", subject=("participant", file.id), shown=[each.id for each in page.items]
    )
    return page


async def read_invitation(ctx: Context, file: ParticipantAccess, id: UUID) -> OutingInvitation:
    """Returns one, and writes to the trail that it was read. Raises `InvitationUnknown`."""
    found = await find_invitation(ctx, file, id)
    await audit.record(ctx, "outing_invitations.read", subject=("participant", file.id), shown=[id])
    return (await with_words(ctx, file, [found]))[0]


async def find_invitation(ctx: Context, file: ParticipantAccess, id: UUID) -> InvitationFound:
    """Returns one's row. Raises `InvitationUnknown`."""
    found = await ctx.db.one_or_none(ONE, participant=file.id, id=id, **file.reader)
    if found is None:
        raise InvitationUnknown
    return found


async def with_words(ctx: Context, file: ParticipantAccess, found: Sequence[InvitationFound]) -> list[OutingInvitation]:
    """Returns invitations with her words as far as the reader may read them, in one statement for all."""
    hers, plan = reaches(ctx, file, "own_words"), reaches(ctx, file, PLAN_CLASS)
    ids = [each.id for each in found]
    rows = await ctx.db.all(TEXTS, participant=file.id, ids=ids, **file.reader) if ids and hers else []
    said = {(row.invitation_id, row.part): row for row in rows}
    return [
        OutingInvitation(
            id=each.id, version=each.version, outing=each.outing_id, activity=each.activity,
            place=content_of(ctx, each, each.outing_id).place, at=each.at, state=each.state, how=each.how,
            answer=each.answer, attendance=each.attendance, need=each.need_id if plan else None,
            strength=each.strength_id if plan else None,
            expects=_opened(ctx, said, each.id, "expects") if hers else None,
            felt=_opened(ctx, said, each.id, "felt") if hers else None,
            author=each.author, written_at=each.written_at,
        )
        for each in found
    ]  # fmt: skip


def asks_waiting(ctx: Context, reader: Mapping[str, Any]) -> BoundStatement[Any]:
    """Asks for outings of those whom the actor follows: of the next days, and those of which nothing is noted yet."""
    return WAITING.of(
        staff=ctx.actor.id,
        now=ctx.now,
        outings_until=ctx.now + AHEAD,
        since=ctx.now - AFTERWARDS,
        off="called_off",
        **reader,
    )


def waiting(ctx: Context, rows: Sequence[Any]) -> list[InvitationWaiting]:
    """Returns what is told of each."""
    return [
        InvitationWaiting(id, ctx.keys.open("participants", her, "code", code).decode(), activity, at, answer)
        for id, her, code, activity, at, answer in rows
    ]


def _opened(ctx: Context, said: Mapping[tuple[UUID, TextPart], TextFound], invitation: UUID, part: TextPart) -> str:
    row = said.get((invitation, part))
    if row is None or row.words is None:
        return ""
    return ctx.keys.open("outing_texts", row.id, "words", row.words).decode()
