"""Finds her participations. Conditions of the reader stand beside the tenant's, as in every query about her."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, select

from spheres_core.audit import operations as audit
from spheres_core.consents.models import ConsentRow
from spheres_core.consents.operations import limits
from spheres_core.consents.queries import limits as explanations
from spheres_core.consents.queries.readable import permitted
from spheres_core.facts import AgeRange, msg
from spheres_core.followups.models import ParticipationRow
from spheres_core.followups.schemas.participations import Participation, ParticipationFound, Participations
from spheres_core.followups.states import OPEN, steps_by_hand
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Conflict, NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.referrals.queries import referral as referral_queries
from spheres_core.referrals.schemas import ReferralRow
from spheres_core.referrals.states import AGREED

consents, participations = table(ConsentRow), table(ParticipationRow)
_all = (
    select(*(participations.c[name] for name in ParticipationFound.__struct_fields__))
    .where(scoped(participations), participations.c.participant_id == bindparam("participant"))
    .order_by(participations.c.id.desc())
)
ALL = prepare(_all, into=ParticipationFound)
"""For operations, which say for whom they read."""
READABLE = prepare(
    _all.where(permitted(participations.c.participant_id, "participation", participations.c.dated_on)),
    into=ParticipationFound,
)


REFERRALS = prepare(
    select(participations.c.referral_id)
    .where(scoped(participations), participations.c.participant_id == bindparam("her"))
    .where(participations.c.referral_id.is_not(None))
    .order_by(participations.c.id.desc())
)


ANY_AGE: Final = AgeRange(12, 24)
"""Her ages where nothing is known: what holds for each of them holds for her."""
AGREES = prepare(
    select(consents.c.id).where(
        scoped(consents), consents.c.id == bindparam("consent"), consents.c.withdrawn_at.is_(None)
    )
)


class NotTakingPart(NotFound):
    """She does not take part now."""

    code = "not_taking_part"


class NotAgreed(Conflict):
    """The referral is not one that she has agreed to, or it was converted before."""

    code = "referral_not_agreed"
    message = msg("This referral is not, or no longer, waiting to become a participation.")


async def list_participations(ctx: Context, reader: Mapping[str, Any], participant: UUID) -> Participations:
    """Returns her episodes, newest first. `reader`: from `consents.queries.reader.read_for`."""
    found = await ctx.db.all(READABLE, participant=participant, **reader)
    await audit.record(ctx, "participations.listed", subject=("participant", participant))
    return Participations([shown(each) for each in found])


async def latest_shown(ctx: Context, participant: UUID) -> Participation:
    """Returns her last episode as it is told, after something was done with it. Raises `NotTakingPart`."""
    found = await latest(ctx, participant)
    if found is None:
        raise NotTakingPart
    return shown(found)


async def latest(ctx: Context, participant: UUID) -> ParticipationFound | None:
    """Returns her last episode, for an operation; None when there is none that the transaction's reader may know of."""
    return await ctx.db.one_or_none(ALL, participant=participant)


async def still_agrees(ctx: Context, episode: ParticipationFound) -> bool:
    """Returns whether she has not taken back that she takes part. The transaction must be the system's."""
    return await ctx.db.scalar(AGREES, consent=episode.consent_id) is not None


async def ages_now(ctx: Context, participant: UUID) -> AgeRange | None:
    """Returns the ages between which she is today, by what her referrals said; None when nothing is known of it."""
    return await _ages_by(ctx, await ctx.db.all(REFERRALS, her=participant))


async def _ages_by(ctx: Context, referrals: Sequence[tuple[UUID]]) -> AgeRange | None:
    for (id,) in referrals:
        found = await ctx.db.one_or_none(referral_queries.ONE, id=id)
        ages = None if found is None else ages_of(found, ctx.today)
        if ages is not None:
            return ages
    return None


def ages_of(referral: ReferralRow, on: dt.date) -> AgeRange | None:
    """Returns the ages between which she is on a day, by what a referral said; None when it said nothing."""
    ages = (referral.age_least, referral.age_most) if referral.age is None else (referral.age, referral.age)
    least, most = ages
    if least is None:
        return None
    return AgeRange(least, (least if most is None else most) + on.year - referral.received_on.year)


async def agreed_referral(ctx: Context, id: UUID) -> ReferralRow:
    """Returns a referral that waits to become a participation. Raises `NotAgreed`, `ReferralUnknown`."""
    found = await referral_queries.row(ctx, id)
    if found.state != AGREED:
        raise NotAgreed
    return found


async def open_one(ctx: Context, participant: UUID) -> ParticipationFound:
    """Returns the episode that has not ended. Raises `NotTakingPart`."""
    return _open_among(await ctx.db.all(ALL, participant=participant))


async def open_for_words(
    ctx: Context, reader: Mapping[str, Any], participant: UUID, *, words: bool
) -> ParticipationFound:
    """Returns the same for something that is about to be written. `words`: whether it holds any.

    Raises `LimitsNotExplained` for words to somebody who may be a minor and was not told what stays between them,
    `NotTakingPart`.
    """
    episodes, referrals, explained = await ctx.db.batch(
        ALL.of(participant=participant), REFERRALS.of(her=participant), explanations.ALL.of(hers=participant, **reader)
    )
    if words and not explained and limits.needs_explanation(ctx, await _ages_by(ctx, referrals)):
        raise limits.LimitsNotExplained
    return _open_among(episodes)


def _open_among(episodes: Sequence[ParticipationFound]) -> ParticipationFound:
    if not episodes or episodes[0].state not in OPEN:
        raise NotTakingPart
    return episodes[0]


def shown(found: ParticipationFound) -> Participation:
    """Returns what is told of an episode."""
    return Participation(
        id=found.id,
        state=found.state,
        version=found.version,
        begun_on=found.dated_on,
        changed_at=found.changed_at,
        previous=found.previous_id,
        steps=steps_by_hand(found.state),
    )
