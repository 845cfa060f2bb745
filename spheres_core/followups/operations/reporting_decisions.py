"""Writes down what a person decided about reporting, with the reason. Nothing is sent, and nobody is told of it."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.facts import Problem, msg
from spheres_core.followups.operations.encounters import require_words_allowed
from spheres_core.followups.queries import reporting_decisions as queries
from spheres_core.followups.queries.reporting_decisions import decisions, texts
from spheres_core.followups.schemas.reporting_decisions import (
    DecisionCode,
    ReportingDecision,
    ReportingDecisionFound,
    ReportingDecisionPosted,
)
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.access import require_class
from spheres_core.participants.schemas.files import ParticipantAccess

ADD = prepare(insert(decisions))
ADD_TEXT = prepare(insert(texts))
IN_CONTACT: frozenset[DecisionCode] = frozenset({"reported", "consulted"})
"""Decisions after which somebody was spoken or written to."""


class ReportingDecisionInvalid(Invalid):
    """A decision that is not made yet, that has no reason, or that does not say how it was carried out."""

    code = "reporting_decision_invalid"
    message = msg("Some answers need another look.")


async def record_decision(ctx: Context, file: ParticipantAccess, posted: ReportingDecisionPosted) -> ReportingDecision:
    """Records a decision of the actor. It stays as it is; a later one may correct it.

    Raises `ParticipantUnknown`, `ReportingDecisionInvalid`, `OwnWordsNotAgreed`, `LimitsNotExplained`.
    """
    queries.require_team(file)
    require_class(ctx, file, queries.INFORMATION, act="write", on=posted.decided_on)
    await _check(ctx, file, posted)
    await require_words_allowed(ctx, file, posted.decided_on, ours=posted.reason, hers=posted.her_words)
    id = uuid7()
    sealed = ctx.keys.seal("reporting_decisions", id, "reason", posted.reason.strip())
    found = ReportingDecisionFound(
        id, file.id, posted.corrects, posted.decision, posted.recipient, posted.way, posted.told, sealed,
        ctx.actor.id, ctx.now, posted.decided_on,
    )  # fmt: skip
    added = ADD.of(**{name: getattr(found, name) for name in ReportingDecisionFound.__struct_fields__})
    details = {"reporting_decision": str(id)}
    await audit.record(
        ctx, "reporting_decision.recorded", subject=("participant", file.id), details=details, doing=[added]
    )
    if hers := posted.her_words.strip():
        text = uuid7()
        await ctx.db.run(
            ADD_TEXT, id=text, participant_id=file.id, decision_id=id, dated_on=posted.decided_on,
            words=ctx.keys.seal("reporting_decision_texts", text, "words", hers),
        )  # fmt: skip
    return (await queries.with_words(ctx, file, [found]))[0]


async def _check(ctx: Context, file: ParticipantAccess, posted: ReportingDecisionPosted) -> None:
    problems = []
    if posted.decided_on > ctx.today:
        problems.append(Problem(msg("A decision was made today or before."), path="decided_on"))
    if not posted.reason.strip():
        problems.append(Problem(msg("Write down the reason."), path="reason"))
    if (posted.way is not None) != (posted.decision in IN_CONTACT):
        problems.append(Problem(_WAY_MISSING if posted.way is None else _WAY_TOO_MUCH, path="way"))
    if posted.corrects is not None and not await queries.exists(ctx, file, posted.corrects):
        problems.append(Problem(msg("There is no such decision in this file."), path="corrects"))
    if problems:
        raise ReportingDecisionInvalid(errors=problems)


_WAY_MISSING = msg("Say how you spoke or wrote to them.")
_WAY_TOO_MUCH = msg("Leave this out: nobody was spoken or written to.")
