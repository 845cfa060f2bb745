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
from spheres_core.participants.queries.file import ParticipantFile
from spheres_core.referrals.operations.idempotency import run_once


class NotHersToRecord(NotAllowed):
    """Whoever reads the file may not write in it."""

    code = "not_hers_to_record"
    message = msg("You may read this file, but not record in it.")


async def give_consent(ctx: Context, file: ParticipantFile, posted: ConsentPosted, *, key: str = "") -> ConsentRead:
    """Records a consent; the same key and body again give the same answer.

    Raises `NotHersToRecord` and what `ledger.give_consent` raises.
    """
    _require_writing(ctx, file)

    async def act() -> ConsentRead:
        recorded = await ledger.give_consent(ctx, file.id, _given(ctx, posted))
        return await answers.read_consent(ctx, file.access, recorded.id)

    return await run_once(ctx, _own_key(ctx, file, key), posted, ConsentRead, act)


async def withdraw(ctx: Context, file: ParticipantFile, consent: UUID, *, line: UUID | None) -> Withdrawn:
    """Takes a consent, or one line of it, back. Raises `NotHersToRecord`, `ConsentUnknown`."""
    _require_writing(ctx, file)
    found = await answers.read_consent(ctx, file.access, consent)
    if line is None:
        left = await ledger.withdraw_consent(ctx, file.id, consent)
    else:
        if line not in {each.id for each in found.lines}:
            raise ConsentUnknown
        left = await ledger.withdraw_line(ctx, file.id, line)
    return await answers.withdrawn(ctx, file.access, consent, left)


async def exclude(ctx: Context, file: ParticipantFile, posted: ExclusionPosted, *, key: str = "") -> ExclusionRead:
    """Keeps somebody away; the same key and body again give the same answer.

    Raises `NotHersToRecord` and `ExclusionInvalid`.
    """
    _require_writing(ctx, file)

    async def act() -> ExclusionRead:
        id = await exclusions.exclude(
            ctx, file.id, posted.kind, staff=posted.staff or NO_PERSON, organization=posted.organization,
            information=posted.information, reason=posted.reason,
        )  # fmt: skip
        return await answers.recorded_exclusion(ctx, file.access, id)

    return await run_once(ctx, _own_key(ctx, file, key), posted, ExclusionRead, act)


async def end_exclusion(ctx: Context, file: ParticipantFile, exclusion: UUID) -> ExclusionRead:
    """Ends an exclusion. Raises `NotHersToRecord`, `ExclusionUnknown`, also for one that keeps the actor away."""
    _require_writing(ctx, file)
    await answers.read_exclusion(ctx, file.access, exclusion)
    await exclusions.end_exclusion(ctx, file.id, exclusion)
    return await answers.read_exclusion(ctx, file.access, exclusion)


async def explain_limits(ctx: Context, file: ParticipantFile, posted: ExplanationPosted) -> ExplanationList:
    """Records that the actor explained the limits of confidentiality.

    Raises `NotHersToRecord`, `ExplanationInvalid`.
    """
    _require_writing(ctx, file)
    await limits.record_explanation(ctx, file.id, on=posted.on, text_version=posted.text_version)
    return await answers.list_explanations(ctx, file.access, file.reader)


def _require_writing(ctx: Context, file: ParticipantFile) -> None:
    question = file.access.question
    decision = decision_on(
        ctx, file.access, TAKES_PART, "write", staff=question.staff, organization=question.organization
    )
    if not isinstance(decision, Allowed) or file.access.recipient != TEAM:
        raise NotHersToRecord


def _own_key(ctx: Context, file: ParticipantFile, key: str) -> str:
    """Returns a key that is this actor's and this file's own: a colleague's same key is another."""
    return f"{ctx.actor.id} {file.id} {key}" if key else ""


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
