"""Finds what waits for the actor: in one statement for each list, however many files she has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Table, and_, bindparam, exists, select

from spheres_core.consents.queries.readable import permitted
from spheres_core.consents.queries.reader import read_for
from spheres_core.followups.queries import accompaniments, vulnerable_dates
from spheres_core.followups.queries.assignments import assignments, participants
from spheres_core.followups.queries.encounters import encounters, is_planned
from spheres_core.followups.queries.participations import participations
from spheres_core.followups.schemas.accompaniments import PlannedAccompaniment
from spheres_core.followups.schemas.days import (
    ExpectedContact,
    FileFollowed,
    PlannedEncounter,
    ReachableNow,
)
from spheres_core.followups.schemas.vulnerable_dates import DateAhead
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.plugins.registrations import DaySection
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
    .where(scoped(encounters), is_planned, encounters.c.at < bindparam("until"), _mine)
    .where(permitted(encounters.c.participant_id, "encounters", encounters.c.dated_on, asked_together=True))
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
    .where(permitted(assignments.c.participant_id, "participation", assignments.c.dated_on, asked_together=True))
    .order_by(assignments.c.id)
)


class Followed(Struct, frozen=True):
    """Tells what waits for the actor with those whom she follows now and may know of."""

    promised: list[PlannedEncounter]
    """The earliest first."""
    files: dict[UUID, FileFollowed]
    """By participant."""
    dates: list[DateAhead]
    """The next one first."""
    accompaniments: list[PlannedAccompaniment]
    """The earliest first."""
    rows: Mapping[Any, list[Any]]
    """Of what the sections ask in the same statement, by their `asks`."""


async def followed(ctx: Context, sections: Sequence[DaySection]) -> Followed:
    """Returns what waits for the actor with those whom she follows, in one statement with what the sections ask."""
    reader = await read_for(ctx, "follow_up")
    values = {"staff": ctx.actor.id, "now": ctx.now, **reader}
    asking = {asks: asks(ctx, reader) for asks in dict.fromkeys(each.asks for each in sections) if asks is not None}
    promised, files, dates, going_along, *rows = await ctx.db.ask_together(
        PROMISED.of(until=ctx.now + AHEAD, **values), FILES.of(**values), vulnerable_dates.MINE.of(**values),
        accompaniments.asks_planned(ctx, reader, ahead=AHEAD), *asking.values(),
    )  # fmt: skip
    return Followed(
        [
            PlannedEncounter(id, _code(ctx, her, code), at, kind, place, late=at < ctx.now)
            for id, her, code, at, kind, place in promised
        ],
        {her: FileFollowed(_code(ctx, her, code), part, state) for her, code, part, state in files},
        vulnerable_dates.dates_ahead(ctx, dates),
        accompaniments.planned(ctx, going_along),
        dict(zip(asking, rows, strict=True)),
    )


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
