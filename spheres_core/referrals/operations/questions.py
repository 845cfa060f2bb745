"""Questions to the referrer: a coordinator asks, and whoever has the tracking code reads and answers."""

from uuid import UUID

from sqlalchemy import bindparam, true
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.facts import Problem, msg
from spheres_core.foundation.database.schema import table, uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.referrals.models import Referral, ReferralQuestion
from spheres_core.referrals.operations import intake
from spheres_core.referrals.operations.transitions import write_transition
from spheres_core.referrals.operations.triage import StepForbidden
from spheres_core.referrals.queries import questions as question_queries
from spheres_core.referrals.queries import referral as referral_queries
from spheres_core.referrals.schemas import LONGEST_ANSWER, LONGEST_QUESTION, ReceiptState
from spheres_core.referrals.states import ASKED, INITIAL, LOOKED_AT

referrals = table(Referral)
questions = table(ReferralQuestion)

ASK = prepare(insert(questions))
ANSWER = prepare(
    questions.update()
    .where(scoped(questions), questions.c.id == bindparam("which"))
    .values(answer=bindparam("sealed"), answered_at=bindparam("now"))
)
ARRIVED = prepare(
    referrals.update().where(scoped(referrals), referrals.c.id == bindparam("which")).values(answer_arrived=true())
)


class QuestionMissing(Invalid):
    """A question has words, and not too many."""

    code = "question_missing"
    message = msg("Please write your question, in at most {most} characters.", most=LONGEST_QUESTION)


class AnswerMissing(Invalid):
    """An answer has words, and not too many."""

    code = "answer_missing"
    message = msg("Please write your answer, in at most {most} characters.", most=LONGEST_ANSWER)


class QuestionClosed(Conflict):
    """The question was answered before, or the team no longer waits for it."""

    code = "question_closed"
    message = msg("This question was answered in the meantime, or the team no longer needs an answer.")


async def ask_referrer(ctx: Context, id: UUID, text: str) -> None:
    """Stores a question to the referrer, and takes the referral to the state that waits for the answer.

    Raises `QuestionMissing`, `StepForbidden`, `ChangedMeanwhile`, `ReferralUnknown`.
    """
    found, words = await referral_queries.row(ctx, id), text.strip()
    if not words or len(words) > LONGEST_QUESTION:
        raise QuestionMissing(errors=[Problem(QuestionMissing.message, path="question")])
    if found.state not in (INITIAL, LOOKED_AT, ASKED):
        raise StepForbidden(extra={"state": found.state})
    if found.state == INITIAL:
        await write_transition(ctx, id, INITIAL, LOOKED_AT)
    if found.state != ASKED:
        await write_transition(ctx, id, LOOKED_AT, ASKED)
    question = uuid7()
    await audit.record(
        ctx,
        "referral.asked",
        subject=("referral", id),
        details={"question": str(question)},
        doing=[
            ASK.of(
                id=question,
                referral_id=id,
                asked_at=ctx.now,
                asked_by=ctx.actor.id,
                question=ctx.keys.seal("referral_questions", question, "question", words),
            )
        ],
    )


async def answer_by_receipt(ctx: Context, receipt: str, question: UUID, text: str) -> ReceiptState:
    """Stores the referrer's answer. With the last one that was waited for, the referral is looked at again.

    Raises `ReceiptUnknown`, `QuestionClosed`, `AnswerMissing`.
    """
    found, words = await intake.find_by_receipt(ctx, receipt, lock=True), text.strip()
    waiting = {each.id for each in await question_queries.open_questions(ctx, found)}
    if question not in waiting:
        raise QuestionClosed
    if not words or len(words) > LONGEST_ANSWER:
        raise AnswerMissing(errors=[Problem(AnswerMissing.message, path="answer")])
    sealed = ctx.keys.seal("referral_questions", question, "answer", words)
    await ctx.db.run(ANSWER, which=question, sealed=sealed, now=ctx.now)
    if waiting == {question}:
        await write_transition(ctx, found.id, ASKED, LOOKED_AT)
    await audit.record(
        ctx,
        "referral.answered",
        subject=("referral", found.id),
        details={"question": str(question)},
        doing=[ARRIVED.of(which=found.id)],
    )
    return await intake.receipt_state(ctx, receipt)
