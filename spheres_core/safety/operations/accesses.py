"""Opens an emergency plan to somebody on call, and notes who looked at that afterwards."""

from __future__ import annotations

import datetime as dt
from typing import Final
from uuid import UUID

from sqlalchemy import Text, bindparam
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.consents.operations.standings import open_standing
from spheres_core.consents.queries.reader import as_system
from spheres_core.consents.rule import may
from spheres_core.consents.schemas import NO_PERSON, TEAM, Act, Allowed, Standing
from spheres_core.facts import Problem, msg
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Conflict, Invalid, NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.access import ParticipantUnknown
from spheres_core.safety.queries.access import EMERGENCY, question_about, whom_a_code_names
from spheres_core.safety.queries.accesses import ONE, accesses
from spheres_core.safety.schemas.accesses import CLASSES_OPENED, LEAST_REASON, AccessOpened, AccessReviewed
from spheres_core.safety.settings import Settings

_ACTS: Final[tuple[Act, ...]] = ("read",)
ADD: Final = prepare(insert(accesses))
REVIEW: Final = prepare(
    accesses.update()
    .where(scoped(accesses), accesses.c.id == bindparam("which"), accesses.c.reviewed_at.is_(None))
    .values(reviewed_by=bindparam("who"), reviewed_at=bindparam("now"), finding=bindparam("found", type_=Text()))
)


class ReasonTooShort(Invalid):
    """A plan is opened for a reason that somebody else understands afterwards."""

    code = "reason_too_short"
    message = msg("Say why, in your own words and in at least {least} characters.", least=LEAST_REASON)


class AccessUnknown(NotFound):
    """There is no such access."""


class OwnAccess(Conflict):
    """Nobody looks at what they opened themselves."""

    code = "own_access"
    message = msg("Somebody else looks at what you opened yourself.")


class AlreadyReviewed(Conflict):
    """Somebody has looked at it."""

    code = "already_reviewed"
    message = msg("Somebody has looked at it already.")


async def open_in_emergency(ctx: Context, code: str, reason: str) -> AccessOpened:
    """Opens her plan and her safe contact for a few hours, where she has agreed to that for the actor's organization.

    Whoever follows her and her coordinators are told at once. Raises `ReasonTooShort` before anything is looked for,
    and `ParticipantUnknown` alike for codes of nobody and of whoever did not agree.
    """
    why = reason.strip()
    if len(why) < LEAST_REASON:
        raise ReasonTooShort(errors=[Problem(ReasonTooShort.message, path="reason")])
    ctx.db.commit_on_refusal = True  # that somebody tried stays in the trail
    try:
        found, decisive = await whom_a_code_names(ctx, code)
        standing = _standing(ctx, found.id)
        if not isinstance(may(question_about(ctx, found.id), [standing], *decisive[1:], ctx.now), Allowed):
            raise ParticipantUnknown
    except ParticipantUnknown:
        await audit.record(ctx, "emergency_access.refused")
        raise
    id = uuid7()
    async with as_system(ctx):
        await open_standing(
            ctx, found.id, "emergency_access", recipient=standing.recipient, classes=CLASSES_OPENED, acts=_ACTS,
            purpose="emergency", opened_by=("emergency_access", id), staff=standing.staff, ends=standing.ends,
        )  # fmt: skip
        added = ADD.of(
            id=id, participant_id=found.id, staff_id=ctx.actor.id, organization=ctx.actor.organization,
            reason=ctx.keys.seal("emergency_accesses", id, "reason", why), opened_at=ctx.now, ends=standing.ends,
            dated_on=ctx.today,
        )  # fmt: skip
        await audit.record(
            ctx, "emergency_access.opened", subject=("participant", found.id), details={"access": str(id)},
            doing=[added],
        )  # fmt: skip
    return AccessOpened(standing.ends)


async def review_access(ctx: Context, id: UUID, review: AccessReviewed) -> None:
    """Notes who looked at an access, and what was found. Raises `AccessUnknown`, `OwnAccess`, `AlreadyReviewed`."""
    async with as_system(ctx):
        found = await ctx.db.one_or_none(ONE, id=id)
        if found is None:
            raise AccessUnknown
        if found.staff_id == ctx.actor.id:
            raise OwnAccess
        if not await ctx.db.run(REVIEW, which=id, who=ctx.actor.id, now=ctx.now, found=review.finding):
            raise AlreadyReviewed
        details = {"access": str(id), "finding": review.finding}
        await audit.record(ctx, "emergency_access.reviewed", details=details)


def _standing(ctx: Context, participant: UUID) -> Standing:
    """Returns the standing that the actor would have."""
    ends = ctx.now + dt.timedelta(hours=ctx.settings("safety", Settings).access_hours)
    return Standing(
        ctx.tenant.id, uuid7(), participant, "emergency_access", ctx.actor.id or NO_PERSON,
        ctx.actor.organization or TEAM, frozenset(CLASSES_OPENED), frozenset({"read"}), EMERGENCY, ctx.now, ends,
    )  # fmt: skip
