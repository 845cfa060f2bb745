"""Finds services that partners were asked for: for the team all of hers, for an organization its own and no others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Integer, Text, Uuid, and_, bindparam, exists, literal_column, or_, select

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.readable import permitted
from spheres_core.consents.queries.reader import read_for
from spheres_core.consents.schemas import TEAM
from spheres_core.followups.queries.assignments import assignments
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import BoundStatement, prepare, scoped
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page, page_of
from spheres_core.participants.queries.access import require_class
from spheres_core.participants.queries.extra_answers import extra_about, extra_for
from spheres_core.participants.queries.participants import participants
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.plans.models import ServiceGapRow, ServiceRequestRow
from spheres_core.plans.queries.texts import texts_about, texts_for
from spheres_core.plans.request_states import steps_from
from spheres_core.plans.schemas.requests import Gap, GapFound, PartnerRequest, RequestFound, ServiceRequest

CLASS: Final = "service_requests"
requests, gaps = table(ServiceRequestRow), table(ServiceGapRow)


class RequestUnknown(NotFound):
    """There is no such request, or none that the caller may read."""


_organization = bindparam("of_organization", type_=Text())
_all = (
    select(*(requests.c[name] for name in RequestFound.__struct_fields__))
    .where(scoped(requests), permitted(requests.c.participant_id, CLASS, requests.c.dated_on))
    .where(or_(_organization == TEAM, requests.c.organization == _organization))
)
_hers = _all.where(requests.c.participant_id == bindparam("participant"))
_page = (requests.c.id < bindparam("before", type_=Uuid()), bindparam("limit", type_=Integer()))
LIST = prepare(_hers.where(_page[0]).order_by(requests.c.id.desc()).limit(_page[1]), into=RequestFound)
ONE = prepare(_hers.where(requests.c.id == bindparam("id")), into=RequestFound)
OF_ORGANIZATION = prepare(_all.where(_page[0]).order_by(requests.c.id.desc()).limit(_page[1]), into=RequestFound)
ONE_OF_ORGANIZATION = prepare(_all.where(requests.c.id == bindparam("id")), into=RequestFound)
CODES = prepare(
    select(participants.c.id, participants.c.code)
    .where(scoped(participants), participants.c.id == bindparam("her"))
    .where(permitted(participants.c.id, "participation", participants.c.dated_on))
)
GAPS = prepare(
    select(*(gaps.c[name] for name in GapFound.__struct_fields__))
    .where(scoped(gaps), gaps.c.participant_id == bindparam("participant"))
    .where(permitted(gaps.c.participant_id, CLASS, gaps.c.dated_on))
    .where(gaps.c.id < bindparam("before", type_=Uuid()))
    .order_by(gaps.c.id.desc())
    .limit(bindparam("limit", type_=Integer())),
    into=GapFound,
)


_followed = exists().where(
    scoped(assignments),
    assignments.c.participant_id == requests.c.participant_id,
    assignments.c.staff_id == bindparam("staff"),
    assignments.c.ends > bindparam("now"),
)
UNANSWERED = prepare(
    select(requests.c.id, participants.c.id, participants.c.code, requests.c.service, requests.c.dated_on)
    .join_from(
        requests,
        participants,
        and_(participants.c.tenant_id == requests.c.tenant_id, participants.c.id == requests.c.participant_id),
    )
    .where(scoped(requests), requests.c.state.in_([literal_column("'sent'"), literal_column("'acknowledged'")]))
    .where(_followed, permitted(requests.c.participant_id, CLASS, requests.c.dated_on, asked_together=True))
    .order_by(requests.c.id)
)


async def list_requests(ctx: Context, file: ParticipantAccess, *, cursor: str = "") -> Page[ServiceRequest]:
    """Returns a page of what was asked for her, the last first, and writes to the trail which were shown."""
    require_class(ctx, file, CLASS)
    of = {"participant": file.id, "of_organization": file.decided.recipient, **file.reader}

    async def ask(before: UUID, limit: int) -> Sequence[ServiceRequest]:
        rows = await ctx.db.all(LIST, before=before, limit=limit, **of)
        return await requests_with_words(ctx, file, rows)

    page = await page_of(ctx, f"requests {file.id}", cursor, ask)
    await _note(ctx, page.items, file.id)
    return page


async def read_request(ctx: Context, file: ParticipantAccess, id: UUID) -> ServiceRequest:
    """Returns one request, and writes to the trail that it was read. Raises `RequestUnknown`."""
    found = (await requests_with_words(ctx, file, [await find_request(ctx, file, id)]))[0]
    await _note(ctx, [found], file.id)
    return found


async def find_request(ctx: Context, file: ParticipantAccess, id: UUID) -> RequestFound:
    """Returns one request's row. Raises `RequestUnknown`."""
    of = {"participant": file.id, "of_organization": file.decided.recipient, **file.reader}
    found = await ctx.db.one_or_none(ONE, id=id, **of)
    if found is None:
        raise RequestUnknown
    return found


async def requests_with_words(
    ctx: Context, file: ParticipantAccess, found: Sequence[RequestFound]
) -> list[ServiceRequest]:
    """Returns requests with the words about them. What the team noted for itself no organization sees."""
    ids = [each.id for each in found]
    said, extra = await texts_about(ctx, file, ids), await extra_about(ctx, file, ids)
    ours = file.decided.recipient == TEAM
    return [
        ServiceRequest(
            id=each.id, version=each.version, service=each.service, organization=each.organization, need=each.need,
            what=said.of(each.id, "what"), age=each.age, language=each.language, area=each.area, shares=each.shares,
            state=each.state, reason=each.reason, outcome=each.outcome, answer=said.of(each.id, "answer"),
            exception=said.of(each.id, "exception") if ours else "",
            bypasses_waiting_list=each.bypasses_waiting_list, on=each.dated_on, changed_at=each.written_at,
            steps=steps_from(each.state, partner=not ours), extra=extra.get(each.id, {}),
        )
        for each in found
    ]  # fmt: skip


async def list_for_organization(ctx: Context, *, cursor: str = "") -> Page[PartnerRequest]:
    """Returns a page of what the caller's organization is asked for, as far as she has agreed to it, the last first.

    Writes to the trail which were shown. A caller who works for no organization is asked for nothing.
    """
    if not ctx.actor.organization:
        return Page([], None)
    reader = await _of_organization(ctx)

    async def ask(before: UUID, limit: int) -> Sequence[PartnerRequest]:
        rows = await ctx.db.all(OF_ORGANIZATION, before=before, limit=limit, **reader)
        return [await for_partner(ctx, reader, each) for each in rows]

    page = await page_of(ctx, f"requests {ctx.actor.organization}", cursor, ask)
    await _note(ctx, page.items)
    return page


async def find_for_organization(ctx: Context, id: UUID) -> tuple[RequestFound, Mapping[str, Any]]:
    """Returns one request of the caller's organization, and the parameters by which it was found.

    Raises `RequestUnknown`.
    """
    reader = await _of_organization(ctx)
    found = await ctx.db.one_or_none(ONE_OF_ORGANIZATION, id=id, **reader)
    if found is None:
        raise RequestUnknown
    return found, reader


async def for_partner(ctx: Context, reader: Mapping[str, Any], found: RequestFound) -> PartnerRequest:
    """Returns what an organization sees of a request. `reader`: from `find_for_organization`."""
    said = await texts_for(ctx, reader, found.participant_id, [found.id])
    extra = await extra_for(ctx, reader, found.participant_id, [found.id])
    codes = await ctx.db.all(CODES, her=found.participant_id, **reader)
    return PartnerRequest(
        id=found.id, version=found.version, service=found.service, need=found.need, what=said.of(found.id, "what"),
        age=found.age, language=found.language, area=found.area, state=found.state,
        answer=said.of(found.id, "answer"), bypasses_waiting_list=found.bypasses_waiting_list, on=found.dated_on,
        steps=steps_from(found.state, partner=True),
        participant=next((ctx.keys.open("participants", id, "code", code).decode() for id, code in codes), None),
        extra=extra.get(found.id, {}),
    )  # fmt: skip


async def list_gaps(ctx: Context, file: ParticipantAccess, *, cursor: str = "") -> Page[Gap]:
    """Returns a page of needs that nobody could meet, the last first, and writes to the trail which were shown."""
    require_team(ctx, file)
    require_class(ctx, file, CLASS)

    async def ask(before: UUID, limit: int) -> Sequence[Gap]:
        rows = await ctx.db.all(GAPS, participant=file.id, before=before, limit=limit, **file.reader)
        return await gaps_with_words(ctx, file, rows)

    page = await page_of(ctx, f"gaps {file.id}", cursor, ask)
    await _note(ctx, page.items, file.id)
    return page


async def gaps_with_words(ctx: Context, file: ParticipantAccess, found: Sequence[GapFound]) -> list[Gap]:
    """Returns gaps with the words about them."""
    said = await texts_about(ctx, file, [each.id for each in found])
    return [
        Gap(
            each.id, each.need, each.age, each.language, each.area, said.of(each.id, "note"), each.dated_on, each.author
        )
        for each in found
    ]


def require_team(ctx: Context, file: ParticipantAccess) -> None:
    """Lets the program's team go on, and no partner. Raises `RequestUnknown`."""
    if file.decided.recipient != TEAM:
        raise RequestUnknown


async def _of_organization(ctx: Context) -> Mapping[str, Any]:
    if not ctx.actor.organization:
        raise RequestUnknown
    return {**await read_for(ctx, "service"), "of_organization": ctx.actor.organization}


async def _note(ctx: Context, shown: Sequence[Any], participant: UUID | None = None) -> None:
    subject = None if participant is None else ("participant", participant)
    await audit.record(ctx, "service_requests.read", subject=subject, shown=[each.id for each in shown])


def asks_unanswered(ctx: Context, reader: Mapping[str, Any]) -> BoundStatement[Any]:
    """Asks what no partner has answered yet for those whom the actor follows, the oldest first."""
    return UNANSWERED.of(staff=ctx.actor.id, now=ctx.now, **reader)


async def show_unanswered(ctx: Context, rows: Sequence[Any]) -> list[tuple[str, str, dt.date]]:
    """Returns code, service and day of each, and writes to the trail which were shown."""
    await audit.record(ctx, "service_requests.read", shown=[row[0] for row in rows])
    return [
        (ctx.keys.open("participants", her, "code", code).decode(), service, on) for _, her, code, service, on in rows
    ]
