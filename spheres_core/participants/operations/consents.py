"""Records consents, withdrawals and exclusions in a file that was opened. Only the team writes there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from spheres_core.consents.api_schemas import (
    AgreedTooPosted,
    ConsentPosted,
    ConsentRead,
    ExclusionPosted,
    ExclusionRead,
    ExplanationList,
    ExplanationPosted,
    SecondAgreementPosted,
    WithdrawalPosted,
    Withdrawn,
)
from spheres_core.consents.operations import exclusions, ledger, limits, second_agreements
from spheres_core.consents.operations.ledger import AgreedToo, ConsentGiven, ConsentLine
from spheres_core.consents.queries import answers, disclosures
from spheres_core.consents.queries.access import TAKES_PART, decision_on
from spheres_core.consents.queries.ledger import ConsentUnknown, consent_of, entry_of
from spheres_core.consents.schemas import FOREVER, LAST_DAY, NO_PERSON, TEAM, Allowed, Disclosure
from spheres_core.facts import AgeRange, msg
from spheres_core.foundation.errors import NotAllowed
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.permissions import RECORD_CONSENTS
from spheres_core.participants.schemas.files import ParticipantAccess


class NotHersToRecord(NotAllowed):
    """Whoever reads the file may not write in it."""

    code = "not_hers_to_record"
    message = msg("You may read this file, but not record in it.")


async def give_consent(ctx: Context, access: ParticipantAccess, posted: ConsentPosted) -> ConsentRead:
    """Records a consent. Raises `NotHersToRecord` and what `ledger.give_consent` raises."""
    require_writing(ctx, access)
    recorded = await ledger.give_consent(ctx, access.id, _given(ctx, posted))
    return await answers.read_consent(ctx, access.decided, recorded.id)


async def agree_too(
    ctx: Context, access: ParticipantAccess, consent: UUID, posted: SecondAgreementPosted
) -> ConsentRead:
    """Records that a parent or tutor agreed too, and puts the consent in force.

    Raises `NotHersToRecord`, `ConsentUnknown`, `NotTheirsToGive`.
    """
    require_writing(ctx, access)
    await second_agreements.agree_too(
        ctx, access.id, consent, _agreed_too(posted), born=AgeRange(posted.age, posted.age)
    )
    return await answers.read_consent(ctx, access.decided, consent)


async def withdraw(ctx: Context, access: ParticipantAccess, consent: UUID, posted: WithdrawalPosted) -> Withdrawn:
    """Does as `take_back`, and returns the consent as it stands now with what had left."""
    left = await take_back(ctx, access, consent, posted)
    return await answers.withdrawn(ctx, access.decided, consent, left)


async def take_back(
    ctx: Context, access: ParticipantAccess, consent: UUID, posted: WithdrawalPosted
) -> Sequence[Disclosure]:
    """Takes a consent, or one line of it, back. Returns what has left with it.

    Raises `NotHersToRecord`, `ConsentUnknown`, `NotTheirsToTakeBack`.
    """
    require_writing(ctx, access)
    stored = await consent_of(ctx, access.id, consent)
    if stored is None:
        raise ConsentUnknown
    await ledger.check_taker(ctx, stored, posted.by, None if posted.age is None else AgeRange(posted.age, posted.age))
    if posted.line is None:
        return await ledger.withdraw_consent(ctx, access.id, consent, by=posted.by)
    found = await answers.read_consent(ctx, access.decided, consent)
    if posted.line not in {each.id for each in found.lines}:
        raise ConsentUnknown
    return await ledger.withdraw_line(ctx, access.id, posted.line, by=posted.by)


async def end_line(ctx: Context, access: ParticipantAccess, line: UUID) -> Sequence[Disclosure]:
    """Takes one line back, as she says; one that was taken back before stays so. Returns what has left with it.

    Raises `NotHersToRecord`, `ConsentUnknown`.
    """
    require_writing(ctx, access)
    found = await entry_of(ctx, access.id, line)
    if found is None or not access.decided.shows_lines_of(found.recipient):
        raise ConsentUnknown
    if found.withdrawn_at is not None:
        return await disclosures.of_entry(ctx, access.id, line)
    return await ledger.withdraw_line(ctx, access.id, line)


async def exclude(ctx: Context, access: ParticipantAccess, posted: ExclusionPosted) -> ExclusionRead:
    """Keeps somebody away. Raises `NotHersToRecord` and `ExclusionInvalid`."""
    require_writing(ctx, access)
    id = await exclusions.exclude(
        ctx, access.id, posted.kind, staff=posted.staff or NO_PERSON, organization=posted.organization,
        information=posted.information, reason=posted.reason,
    )  # fmt: skip
    return await answers.recorded_exclusion(ctx, access.decided, id)


async def end_exclusion(ctx: Context, access: ParticipantAccess, exclusion: UUID) -> ExclusionRead:
    """Ends an exclusion. Raises `NotHersToRecord`, `ExclusionUnknown`, also for one that keeps the actor away."""
    require_writing(ctx, access)
    await answers.read_exclusion(ctx, access.decided, exclusion)
    await exclusions.end_exclusion(ctx, access.id, exclusion)
    return await answers.read_exclusion(ctx, access.decided, exclusion)


async def explain_limits(ctx: Context, access: ParticipantAccess, posted: ExplanationPosted) -> ExplanationList:
    """Records that the actor explained the limits of confidentiality.

    Raises `NotHersToRecord`, `ExplanationInvalid`.
    """
    require_writing(ctx, access)
    await limits.record_explanation(ctx, access.id, on=posted.on, text_version=posted.text_version)
    return await answers.list_explanations(ctx, access.decided, access.reader)


def may_record(ctx: Context, access: ParticipantAccess) -> bool:
    """Returns whether the caller may record consents in a file that was opened."""
    return ctx.may(RECORD_CONSENTS) and _may_write(ctx, access)


def require_writing(ctx: Context, access: ParticipantAccess) -> None:
    """Lets whoever may write in a file that was opened go on. Raises `NotHersToRecord`."""
    if not _may_write(ctx, access):
        raise NotHersToRecord


def _may_write(ctx: Context, access: ParticipantAccess) -> bool:
    question = access.decided.question
    decision = decision_on(
        ctx, access.decided, TAKES_PART, "write", staff=question.staff, organization=question.organization
    )
    return isinstance(decision, Allowed) and access.decided.recipient == TEAM


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
        also=None if posted.also is None else _agreed_too(posted.also),
    )  # fmt: skip


def _agreed_too(posted: AgreedTooPosted) -> AgreedToo:
    return AgreedToo(posted.giver, posted.given_on, posted.how)


def _end_of(ctx: Context, last: dt.date | None) -> dt.datetime:
    if last is None or last >= LAST_DAY:
        return FOREVER
    return dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), ctx.zone).astimezone(dt.UTC)
