"""Holds the erasing of what is kept about somebody: place it, look at it again, lift it. A hold beats every erasure."""

import datetime as dt
from uuid import UUID

from sqlalchemy import Date, bindparam
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.facts import Problem, msg
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import ChangedMeanwhile, Conflict, Invalid, NotAllowed
from spheres_core.foundation.tenancy.context import Context
from spheres_core.privacy.queries.erasure_holds import HoldStored, find_hold
from spheres_core.privacy.queries.whose_file import whose_file
from spheres_core.privacy.schemas.erasure_holds import HoldLifted, HoldPosted, HoldReviewed
from spheres_core.referrals.queries import referral as referrals
from spheres_core.referrals.queries.erasure_holds import holds
from spheres_core.support.operations.word_checks import check_words

ADD = prepare(insert(holds))
_this = (scoped(holds), holds.c.id == bindparam("which"))
_next = {"version": holds.c.version + 1}
REVIEW = prepare(holds.update().where(*_this).values(review_on=bindparam("to_day", type_=Date()), **_next))
LIFT = prepare(holds.update().where(*_this).values(lifted_by=bindparam("who"), lifted_at=bindparam("now"), **_next))


class HoldInvalid(Invalid):
    """Something does not fit; `errors` name each place."""

    code = "erasure_hold_invalid"


class HoldIsLifted(Conflict):
    """A hold that was lifted holds nothing any more."""

    code = "erasure_hold_lifted"
    message = msg("This was lifted: it holds nothing any more.")


async def place_hold(ctx: Context, posted: HoldPosted) -> UUID:
    """Holds the erasing of what is kept about the person of a referral, or of a file. Returns its id.

    A file is held with all files of the same person, and with the referrals that they began with. Raises
    `ReferralUnknown`, `ParticipantUnknown`, `HoldInvalid`, `ParticipantCodeFound`, `IdentifiersFound`, and `NotAllowed`
    for whoever is no person.
    """
    me = _person(ctx)
    _require_to_come(ctx, posted.review_on)
    if not posted.reason.strip():
        raise HoldInvalid(errors=[Problem(msg("Say why."), path="reason", code="missing")])
    subject = await _held_by(ctx, posted)
    await check_words(ctx, {"reason": posted.reason}, confirmed=posted.confirmed)
    id = uuid7()
    adding = ADD.of(
        id=id, referral_id=subject[1] if subject[0] == "referral" else None,
        participant_id=subject[1] if subject[0] == "participant" else None,
        reason=ctx.keys.seal("erasure_holds", id, "reason", posted.reason.strip()),
        review_on=posted.review_on, placed_by=me, placed_at=ctx.now, lifted_by=None, lifted_at=None, version=1,
    )  # fmt: skip
    details = {"hold": str(id), "review_on": posted.review_on.isoformat()}
    await audit.record(ctx, "erasure_hold.placed", subject=subject, details=details, doing=[adding])
    return id


async def review_hold(ctx: Context, id: UUID, posted: HoldReviewed) -> None:
    """Notes that somebody looked at it, and that it holds on. Raises `HoldUnknown`, `HoldIsLifted`, `HoldInvalid`,
    `ChangedMeanwhile`."""
    row = await _live(ctx, id, posted.version)
    _require_to_come(ctx, posted.review_on)
    doing = REVIEW.of(which=id, to_day=posted.review_on)
    details = {"hold": str(id), "review_on": posted.review_on.isoformat()}
    await audit.record(ctx, "erasure_hold.reviewed", subject=row.subject, details=details, doing=[doing])


async def lift_hold(ctx: Context, id: UUID, posted: HoldLifted) -> None:
    """Lifts a hold; nothing is erased by that. Raises as `review_hold`."""
    row = await _live(ctx, id, posted.version)
    doing = LIFT.of(which=id, who=_person(ctx), now=ctx.now)
    await audit.record(ctx, "erasure_hold.lifted", subject=row.subject, details={"hold": str(id)}, doing=[doing])


async def _held_by(ctx: Context, posted: HoldPosted) -> tuple[str, UUID]:
    """Returns the kind and the id of what is held. Raises as `place_hold`."""
    if (posted.referral is None) is (not posted.participant.strip()):
        which = Problem(
            msg("Say which referral or which file, and one of them only."), path="participant", code="which"
        )
        raise HoldInvalid(errors=[which])
    if posted.referral is None:
        return "participant", (await whose_file(ctx, posted.participant)).id
    if await ctx.db.one_or_none(referrals.ONE, id=posted.referral) is None:
        raise referrals.ReferralUnknown
    return "referral", posted.referral


def _person(ctx: Context) -> UUID:
    if ctx.actor.kind != "staff" or ctx.actor.id is None:
        raise NotAllowed
    return ctx.actor.id


def _require_to_come(ctx: Context, day: dt.date) -> None:
    if day <= ctx.today:
        raise HoldInvalid(errors=[Problem(msg("Choose a day to come."), path="review_on", code="past")])


async def _live(ctx: Context, id: UUID, version: int) -> HoldStored:
    _person(ctx)
    row = await find_hold(ctx, id)
    if row.lifted_at is not None:
        raise HoldIsLifted
    if row.version != version:
        theirs = {"review_on": row.review_on.isoformat(), "version": row.version}
        raise ChangedMeanwhile(extra={"yours": {"version": version}, "theirs": theirs})
    return row
