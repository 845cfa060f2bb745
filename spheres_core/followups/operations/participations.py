"""Begins a participation of a referral that she agreed to, and takes it from step to step."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec
from msgspec import structs
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.consents.operations import ledger, standings
from spheres_core.consents.operations.ledger import AgreedToo, ConsentGiven, ConsentLine
from spheres_core.consents.queries.reader import as_system
from spheres_core.consents.schemas import FOREVER, TEAM
from spheres_core.facts import AgeRange, Message, ParticipantFacts, ParticipationStep, Problem, msg
from spheres_core.followups.operations import assignments
from spheres_core.followups.operations.coordination import open_coordination
from spheres_core.followups.operations.steps import ChangedMeanwhile, write_step
from spheres_core.followups.permissions import ASSIGN
from spheres_core.followups.queries import assignments as assignment_queries
from spheres_core.followups.queries.participations import (
    ANY_AGE,
    NotAgreed,
    NotTakingPart,
    ages_of,
    latest,
    latest_shown,
    participations,
    still_agrees,
)
from spheres_core.followups.schemas.participations import (
    Agreement,
    Participation,
    ParticipationBegun,
    ParticipationPosted,
    StepPosted,
)
from spheres_core.followups.states import ENDED, RefusalCode, Situation, may_come_back, refusal, steps_by_hand
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare
from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.operations import checks
from spheres_core.participants.operations import participants as participant_operations
from spheres_core.participants.queries import participants as participant_queries
from spheres_core.participants.queries.access import require_class
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.referrals.operations.transitions import write_transition
from spheres_core.referrals.queries import referral as referral_queries
from spheres_core.referrals.states import AGREED, CONVERTED
from spheres_core.staff.queries import members

ADD = prepare(insert(participations))
TAKING_PART = (
    ConsentLine(TEAM, "participation", "follow_up"),
    ConsentLine(TEAM, "participation", "coordination"),
)
"""Who knows from her agreement that she takes part: the team. Everything else is agreed to by itself."""


class AgreementMissing(Invalid):
    """Nothing is begun without her own dated agreement."""

    code = "agreement_missing"
    message = msg("A participation begins with her own agreement: please note when and how she gave it.")


class ParentAgreementMissing(Invalid):
    """The legal profile asks, at her age, that a parent or tutor agrees as well."""

    code = "parent_agreement_missing"
    message = msg(
        "By the region’s legal profile, a parent or tutor must agree too at her age: please note that as well."
    )


class AgreementInFuture(Invalid):
    """She has agreed today or before."""

    code = "agreement_in_future"
    message = msg("She has agreed today or before, not on a day to come.")


class AgreementOld(Invalid):
    """Who comes back agrees anew."""

    code = "agreement_old"
    message = msg("She was here before: coming back needs an agreement that she gave since.")


class StillTakingPart(Conflict):
    """She takes part already."""

    code = "still_taking_part"
    message = msg("She takes part already.")


class ParticipantCodeUnknown(Invalid):
    """No participant has this code."""

    code = "participant_unknown"
    message = msg("Nobody has this code here.")


class StepForbidden(Conflict):
    """The participation cannot go there from where it is; `allowed` names where it can."""

    code = "step_forbidden"
    message = msg("This cannot be done from where the participation is now.")


class StepIncomplete(Invalid):
    """Something is missing that this step needs."""

    code = "step_incomplete"
    message = msg("This step needs something more.")


NEVER_HELD_UP: Final = frozenset({"her_wish", "death", "entered_in_error"})
"""Reasons of steps that no plugin is asked about: what she wishes is hers to decide."""
INCOMPLETE: dict[RefusalCode, tuple[str, Message]] = {
    "reason_missing": ("reason", msg("Please say why.")),
    "reason_forbidden": ("reason", msg("This is no reason for this step.")),
    "closing_conversation_missing": (
        "conversation_on",
        msg("Please note when a closing conversation was offered to her."),
    ),
    "her_agreement_missing": ("to", AgreementMissing.message),
    "pivot_missing": ("to", msg("Please say first who her pivot worker is.")),
}


async def begin_participation(ctx: Context, referral: UUID, posted: ParticipationPosted) -> ParticipationBegun:
    """Makes a participation of a referral, with her agreement and under a random code, or the one that she had.

    Raises `AgreementMissing`, `AgreementInFuture`, `AgreementOld`, `ParentAgreementMissing`, `NotTheirsToGive`,
    `NotAgreed`, `StillTakingPart`, `ParticipantCodeUnknown`, `WorkerInvalid`, `ReferralUnknown`.
    """
    found = await referral_queries.row(ctx, referral)
    agreement = posted.agreement
    if agreement is None:
        raise AgreementMissing(errors=[Problem(AgreementMissing.message, path="agreement")])
    if agreement.on > ctx.today:
        raise AgreementInFuture(errors=[Problem(AgreementInFuture.message, path="agreement.on")])
    if found.state != AGREED:
        raise NotAgreed
    async with as_system(ctx):
        participant, code, previous = await _who(ctx, posted.participant, agreement)
        await write_transition(ctx, referral, AGREED, CONVERTED)
        born = ages_of(found, ctx.today) or ANY_AGE
        id = await _add(ctx, participant, agreement, referral=referral, previous=previous, born=born)
        if posted.pivot is not None:
            await assignments.assign(ctx, participant, posted.pivot, "pivot")
        else:
            await assignments.tell_gap(ctx, participant, id)
    return ParticipationBegun(code, id, "active" if posted.pivot else "proposed")


async def begin_transferred(ctx: Context, code: str, agreement: Agreement, born: AgeRange) -> ParticipationBegun:
    """Makes a participation of a transfer from another region, with her agreement to go on here, under a new code.

    The code was drawn when it was accepted. Raises `ParentAgreementMissing`, `NotTheirsToGive`.
    """
    async with as_system(ctx):
        new = await participant_operations.add_participant(ctx, code)
        id = await _add(ctx, new.id, agreement, referral=None, previous=None, born=born)
    return ParticipationBegun(new.code, id, "proposed")


async def take_step(ctx: Context, file: ParticipantAccess, posted: StepPosted) -> Participation:
    """Takes her participation to its next state. When it has ended nobody follows her, or sees anything by that.

    For those who follow her, and for coordinators. Raises `ParticipantUnknown` for everybody else, `NotTakingPart`,
    `StepForbidden`, `StepIncomplete`, `ChangedMeanwhile`.
    """
    participant = file.id
    if not ctx.may(ASSIGN):
        require_class(ctx, file, "participation", act="write")
    await ctx.db.lock("followup", participant)
    found = await latest(ctx, participant)
    if found is None:
        raise NotTakingPart
    if posted.version != found.version:
        async with as_system(ctx):
            both = {"yours": posted, "theirs": await latest_shown(ctx, participant)}
        raise ChangedMeanwhile(extra=msgspec.to_builtins(both) | {"version": found.version, "state": found.state})
    if posted.conversation_on is not None and posted.conversation_on > ctx.today:
        raise StepIncomplete(errors=[Problem(msg("That day is still to come."), path="conversation_on")])
    async with as_system(ctx):
        following = await assignment_queries.current(ctx, participant)
        now = Situation(
            found.state,
            agreed=await still_agrees(ctx, found),
            has_pivot=any(each.part == "pivot" for each in following),
        )
        _check(now, posted)
    if posted.reason not in NEVER_HELD_UP:
        step = ParticipationStep(ParticipantFacts(file.id, file.code), found.state, posted.to, posted.reason)
        asked = await ctx.ask("check_participation_step", step=step)
        checks.heed(ctx, "check_participation_step", asked, confirmed=posted.confirmed)
    async with as_system(ctx):
        await write_step(
            ctx,
            found,
            posted.to,
            reason=posted.reason,
            conversation_on=posted.conversation_on,
            note=posted.note.strip(),
        )
        if posted.to in ENDED:
            await assignments.end_all(ctx, participant)
        return await latest_shown(ctx, participant)


def _check(now: Situation, posted: StepPosted) -> None:
    refused = refusal(now, posted.to, posted.reason, conversation_offered=posted.conversation_on is not None)
    allowed = steps_by_hand(now.state)
    if refused == "step_forbidden" or posted.to not in allowed:
        raise StepForbidden(extra={"state": now.state, "allowed": list(allowed)})
    if refused is not None:
        path, message = INCOMPLETE[refused]
        raise StepIncomplete(errors=[Problem(message, path=path, code=refused)])


async def _who(ctx: Context, code: str, agreement: Agreement) -> tuple[UUID, str, UUID | None]:
    """Returns the participant, her code, and the episode before when she has come back."""
    if not code:
        new = await participant_operations.add_participant(ctx)
        return new.id, new.code, None
    known = await participant_queries.known_by(ctx, code)
    last = None if known is None else await latest(ctx, known.id)
    if known is None or last is None:
        raise ParticipantCodeUnknown(errors=[Problem(ParticipantCodeUnknown.message, path="participant")])
    await ctx.db.lock("followup", known.id)
    if not may_come_back(last.state):
        raise StillTakingPart
    if agreement.on < last.changed_at.astimezone(ctx.zone).date():
        raise AgreementOld(errors=[Problem(AgreementOld.message, path="agreement.on")])
    await standings.end_standings(ctx, known.id, opened_by=("participation", last.id))
    return known.id, known.code, last.id


async def _add(
    ctx: Context,
    participant: UUID,
    agreement: Agreement,
    *,
    referral: UUID | None,
    previous: UUID | None,
    born: AgeRange,
) -> UUID:
    also = None if agreement.also is None else AgreedToo(*structs.astuple(agreement.also))
    given = ConsentGiven(
        "participation", agreement.on, agreement.how, "herself", born, TAKING_PART, agreement.words, also=also
    )
    recorded = await ledger.give_consent(ctx, participant, given)
    if recorded.starts >= FOREVER:
        raise ParentAgreementMissing(errors=[Problem(ParentAgreementMissing.message, path="agreement.also")])
    id, consent = uuid7(), recorded.id
    added = ADD.of(
        id=id, participant_id=participant, referral_id=referral, previous_id=previous, consent_id=consent,
        state="proposed", version=1, dated_on=ctx.today, changed_at=ctx.now,
    )  # fmt: skip
    details = {"participation": str(id), "consent": str(consent)}
    await audit.record(ctx, "participation.begun", subject=("participant", participant), details=details, doing=[added])
    for each in await members.holders(ctx, ASSIGN):
        await open_coordination(ctx, participant, id, each)
    return id
