"""Finds what waits for the actor: in one statement for each list, however many files she has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Table, and_, bindparam, exists, select

from spheres_core.consents.queries.readable import permitted
from spheres_core.consents.queries.reader import read_for
from spheres_core.followups.queries.assignments import assignments, participants
from spheres_core.followups.queries.encounters import encounters
from spheres_core.followups.queries.participations import participations
from spheres_core.followups.schemas.days import (
    ExpectedContact,
    FileFollowed,
    PlannedEncounter,
    ReachableNow,
)
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries import safe_contact as safe_contacts
from spheres_core.participants.schemas.safe_contact import ContactAllowed

AHEAD = dt.timedelta(days=7)
"""How far ahead an encounter is shown."""


def _of_participant(rows: Table) -> Any:
    return and_(participants.c.tenant_id == rows.c.tenant_id, participants.c.id == rows.c.participant_id)


_mine = exists().where(
    scoped(assignments),
    assignments.c.participant_id == encounters.c.participant_id,
    assignments.c.staff_id == bindparam("staff"),
    assignments.c.ends > bindparam("now"),
)
PROMISED = prepare(
    select(encounters.c.id, participants.c.id, participants.c.code, encounters.c.at, encounters.c.kind,
           encounters.c.place)
    .join_from(encounters, participants, _of_participant(encounters))
    .where(scoped(encounters), encounters.c.state == "planned", encounters.c.at < bindparam("until"), _mine)
    .where(permitted(encounters.c.participant_id, "encounters", encounters.c.dated_on))
    .order_by(encounters.c.at, encounters.c.id)
)  # fmt: skip
FILES = prepare(
    select(participants.c.id, participants.c.code, assignments.c.part, participations.c.state)
    .join_from(assignments, participants, _of_participant(assignments))
    .join(
        participations,
        and_(
            participations.c.tenant_id == assignments.c.tenant_id, participations.c.id == assignments.c.participation_id
        ),
    )
    .where(scoped(assignments), assignments.c.staff_id == bindparam("staff"), assignments.c.ends > bindparam("now"))
    .where(permitted(assignments.c.participant_id, "participation", assignments.c.dated_on))
    .order_by(assignments.c.id)
)


async def promised(ctx: Context) -> list[PlannedEncounter]:
    """Returns what the actor has promised those whom she follows, the earliest first."""
    reader = await read_for(ctx, "follow_up")
    rows = await ctx.db.all(PROMISED, staff=ctx.actor.id, now=ctx.now, until=ctx.now + AHEAD, **reader)
    return [
        PlannedEncounter(id, _code(ctx, her, code), at, kind, place, late=at < ctx.now)
        for id, her, code, at, kind, place in rows
    ]


async def files(ctx: Context) -> dict[UUID, FileFollowed]:
    """Returns by participant whom the actor follows now and may know of."""
    reader = await read_for(ctx, "follow_up")
    rows = await ctx.db.all(FILES, staff=ctx.actor.id, now=ctx.now, **reader)
    return {her: FileFollowed(_code(ctx, her, code), part, state) for her, code, part, state in rows}


async def contacts(
    ctx: Context, files: Mapping[UUID, FileFollowed]
) -> tuple[list[ReachableNow], list[ExpectedContact]]:
    """Returns who of these may safely be reached at this moment, and who comes back by herself, the earliest first."""
    reader = await read_for(ctx, "follow_up")
    texts = safe_contacts.texts_of(ctx)
    reachable, expected = [], []
    for her, record in (await safe_contacts.latest_of(ctx, reader, list(files))).items():
        code = files[her].participant
        open_now = [
            each.channel
            for each in record.channels
            if isinstance(safe_contacts.may_reach(ctx, record, each.channel, ctx.now, texts=texts), ContactAllowed)
        ]
        if open_now:
            reachable.append(ReachableNow(code, open_now))
        expected += [
            ExpectedContact(code, each.channel, each.next_moment)
            for each in record.channels
            if each.she_contacts_us and each.next_moment is not None and each.next_moment < ctx.now + AHEAD
        ]
    order = {each.participant: at for at, each in enumerate(files.values())}
    reachable.sort(key=lambda each: order[each.participant])
    return reachable, sorted(expected, key=lambda each: each.at)


def _code(ctx: Context, her: UUID, sealed: bytes) -> str:
    return ctx.keys.open("participants", her, "code", sealed).decode()
