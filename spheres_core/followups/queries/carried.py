"""Finds what goes along with files that are handed over: what was promised, dates that make need rise, and drafts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from msgspec import structs
from sqlalchemy import Uuid, any_, bindparam, distinct, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from spheres_core.consents.queries import why
from spheres_core.consents.queries.readable import permitted
from spheres_core.consents.rule import agrees
from spheres_core.consents.schemas import NO_PERSON, TEAM, Question
from spheres_core.followups.queries.accompaniments import accompaniments
from spheres_core.followups.queries.encounters import encounters, is_planned
from spheres_core.followups.queries.vulnerable_dates import dates
from spheres_core.followups.schemas.hand_overs import Carried, NextDate, Promise, PromisedAccompaniment
from spheres_core.followups.vulnerable_dates import next_day
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.drafts import drafts

_ids = bindparam("participants", type_=ARRAY(Uuid()))
PROMISED = prepare(
    select(encounters.c.participant_id, encounters.c.at, encounters.c.kind)
    .where(scoped(encounters), encounters.c.participant_id == any_(_ids), is_planned)
    .where(permitted(encounters.c.participant_id, "encounters", encounters.c.dated_on))
    .order_by(encounters.c.at)
)
GOING_ALONG = prepare(
    select(
        accompaniments.c.participant_id, accompaniments.c.at, accompaniments.c.kind, accompaniments.c.information
    )
    .where(scoped(accompaniments), accompaniments.c.participant_id == any_(_ids), accompaniments.c.state == "planned")
    .where(permitted(accompaniments.c.participant_id, accompaniments.c.information, accompaniments.c.dated_on))
    .order_by(accompaniments.c.at)
)  # fmt: skip
CLASSES: Final = ("encounters", "legal", "needs_and_plan")
"""The classes of what goes along."""
DATES = prepare(
    select(dates.c.participant_id, dates.c.first_on, dates.c.repeats, dates.c.kind)
    .where(scoped(dates), dates.c.participant_id == any_(_ids), dates.c.ended_at.is_(None))
    .where(permitted(dates.c.participant_id, "needs_and_plan", dates.c.dated_on))
)
BEGUN = prepare(
    select(drafts.c.participant_id, func.count(distinct(drafts.c.copy_id)))
    .where(scoped(drafts), drafts.c.participant_id == any_(_ids), drafts.c.writer == bindparam("writer", type_=Uuid()))
    .where(permitted(drafts.c.participant_id, drafts.c.information, drafts.c.dated_on))
    .group_by(drafts.c.participant_id)
)


async def carried_with(ctx: Context, reader: Mapping[str, Any], participants: Sequence[UUID]) -> dict[UUID, Carried]:
    """Returns by participant what would go along, as far as the reader may read it."""
    values = {"participants": list(participants), **reader}
    promised, going, near, begun = await ctx.db.batch(
        PROMISED.of(**values), GOING_ALONG.of(**values), DATES.of(**values),
        BEGUN.of(writer=ctx.actor.id, **values),
    )  # fmt: skip
    found = {id: Carried([], [], accompaniments=[]) for id in participants}
    for id, at, kind in promised:
        found[id].promised.append(Promise(at, kind))
    for id, *about in going:
        found[id].accompaniments.append(PromisedAccompaniment(*about))
    for id, first, repeats, kind in near:
        day = next_day(first, repeats, ctx.today)
        if day is not None:
            found[id].dates.append(NextDate(day, kind))
    for each in found.values():
        each.dates.sort(key=lambda date: date.on)
    counted = dict(begun)
    return {id: structs.replace(each, drafts=counted.get(id, 0)) for id, each in found.items()}


async def still_shared(ctx: Context, participants: Sequence[UUID]) -> dict[UUID, frozenset[str]]:
    """Returns by participant which of these classes she lets the team read now. The transaction must be the system's.

    What went along with an offer is seen no longer than what it was taken from.
    """
    if not participants:
        return {}
    entries = await ctx.db.batch(*(why.ENTRIES.of(participant=id) for id in participants))
    return {
        id: frozenset(
            information
            for information in CLASSES
            if any(
                agrees(
                    Question(ctx.tenant.id, id, NO_PERSON, "", "read", information, "follow_up", ctx.today),
                    TEAM,
                    entry,
                    ctx.now,
                )
                for entry in hers
            )
        )
        for id, hers in zip(participants, entries, strict=True)
    }
