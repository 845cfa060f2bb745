"""Records consents, withdrawals and exclusions in a file that was opened. Only the team writes there."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from spheres_core.consents.api_schemas import (
    ConsentPosted,
    ConsentRead,
    ExclusionPosted,
    ExclusionRead,
    ExplanationList,
    ExplanationPosted,
    Withdrawn,
)
from spheres_core.consents.operations import exclusions, ledger, limits
from spheres_core.consents.operations.ledger import ConsentGiven, ConsentLine
from spheres_core.consents.queries import answers
from spheres_core.consents.queries.access import TAKES_PART, decision_on
from spheres_core.consents.queries.ledger import ConsentUnknown
from spheres_core.consents.schemas import FOREVER, LAST_DAY, NO_PERSON, TEAM, Allowed
from spheres_core.facts import AgeRange, msg
from spheres_core.foundation.errors import NotAllowed
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.referrals.operations.idempotency import run_once


class NotHersToRecord(NotAllowed):
    """Whoever reads the file may not write in it."""

    code = "not_hers_to_record"
    message = msg("You may read this file, but not record in it.")


async def give_consent(ctx: Context, access: ParticipantAccess, posted: ConsentPosted, *, key: str = "") -> ConsentRead:
    """Records a consent; the same key and body again give the same answer.

    Raises `NotHersToRecord` and what `ledger.give_consent` raises.
    """
    _require_writing(ctx, access)

    async def act() -> ConsentRead:
        recorded = await ledger.give_consent(ctx, access.id, _given(ctx, posted))
        return await answers.read_consent(ctx, access.decided, recorded.id)

    return await run_once(ctx, _own_key(ctx, access, key), posted, ConsentRead, act)


async def withdraw(ctx: Context, access: ParticipantAccess, consent: UUID, *, line: UUID | None) -> Withdrawn:
    """Takes a consent, or one line of it, back. Raises `NotHersToRecord`, `ConsentUnknown`."""
    _require_writing(ctx, access)
    found = await answers.read_consent(ctx, access.decided, consent)
    if line is None:
        left = await ledger.withdraw_consent(ctx, access.id, consent)
    else:
        if line not in {each.id for each in found.lines}:
            raise ConsentUnknown
        left = await ledger.withdraw_line(ctx, access.id, line)
    return await answers.withdrawn(ctx, access.decided, consent, left)


async def exclude(ctx: Context, access: ParticipantAccess, posted: ExclusionPosted, *, key: str = "") -> ExclusionRead:
    """Keeps somebody away; the same key and body again give the same answer.

    Raises `NotHersToRecord` and `ExclusionInvalid`.
    """
    _require_writing(ctx, access)

    async def act() -> ExclusionRead:
        id = await exclusions.exclude(
            ctx, access.id, posted.kind, staff=posted.staff or NO_PERSON, organization=posted.organization,
            information=posted.information, reason=posted.reason,
        )  # fmt: skip
        return await answers.recorded_exclusion(ctx, access.decided, id)

    return await run_once(ctx, _own_key(ctx, access, key), posted, ExclusionRead, act)


async def end_exclusion(ctx: Context, access: ParticipantAccess, exclusion: UUID) -> ExclusionRead:
    """Ends an exclusion. Raises `NotHersToRecord`, `ExclusionUnknown`, also for one that keeps the actor away."""
    _require_writing(ctx, access)
    await answers.read_exclusion(ctx, access.decided, exclusion)
    await exclusions.end_exclusion(ctx, access.id, exclusion)
    return await answers.read_exclusion(ctx, access.decided, exclusion)


async def explain_limits(ctx: Context, access: ParticipantAccess, posted: ExplanationPosted) -> ExplanationList:
    """Records that the actor explained the limits of confidentiality.

    Raises `NotHersToRecord`, `ExplanationInvalid`.
    """
    _require_writing(ctx, access)
    await limits.record_explanation(ctx, access.id, on=posted.on, text_version=posted.text_version)
    return await answers.list_explanations(ctx, access.decided, access.reader)


def _require_writing(ctx: Context, access: ParticipantAccess) -> None:
    question = access.decided.question
    decision = decision_on(
        ctx, access.decided, TAKES_PART, "write", staff=question.staff, organization=question.organization
    )
    if not isinstance(decision, Allowed) or access.decided.recipient != TEAM:
        raise NotHersToRecord


def _own_key(ctx: Context, access: ParticipantAccess, key: str) -> str:
    """Returns a key that is this actor's and this file's own: a colleague's same key is another."""
    return f"{ctx.actor.id} {access.id} {key}" if key else ""


def _given(ctx: Context, posted: ConsentPosted) -> ConsentGiven:
    """Returns what was posted, as the ledger takes it. The last day of a consent is the region's own."""
    lines = tuple(
        ConsentLine(
            each.recipient, each.information, each.purpose, each.act, _end_of(ctx, each.until), each.first_day,
            each.last_day, each.onward,
        )
        for each in posted.lines
    )  # fmt: skip
    return ConsentGiven(
        posted.kind, posted.given_on, posted.how, posted.giver, AgeRange(posted.age, posted.age), lines,
        words=posted.words, holder=posted.holder, benefit=posted.benefit, ends=_end_of(ctx, posted.until),
    )  # fmt: skip


def _end_of(ctx: Context, last: dt.date | None) -> dt.datetime:
    if last is None or last >= LAST_DAY:
        return FOREVER
    return dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), ctx.zone).astimezone(dt.UTC)
