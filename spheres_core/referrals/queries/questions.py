"""Queries for the questions that were asked of a referrer."""

from uuid import UUID

from sqlalchemy import bindparam, select

from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.referrals.models import ReferralQuestion
from spheres_core.referrals.schemas import Followed, Question, ReceiptQuestion, StoredQuestion
from spheres_core.referrals.states import ASKED

questions = table(ReferralQuestion)
OF_ONE = prepare(
    select(*(questions.c[name] for name in StoredQuestion.__struct_fields__))
    .where(scoped(questions), questions.c.referral_id == bindparam("id"))
    .order_by(questions.c.id),
    into=StoredQuestion,
)


def opened(ctx: Context, stored: StoredQuestion) -> Question:
    """Returns a question with its answer, unsealed."""
    answer = _open(ctx, stored.id, "answer", stored.answer) if stored.answer else None
    question = _open(ctx, stored.id, "question", stored.question)
    return Question(stored.id, stored.asked_at, stored.asked_by, question, stored.answered_at, answer)


async def open_questions(ctx: Context, found: Followed) -> list[ReceiptQuestion]:
    """Returns what the referrer is still asked; nothing once the team no longer waits for it."""
    if found.state != ASKED or found.withdrawal_asked_at is not None:
        return []
    asked = await ctx.db.all(OF_ONE, id=found.id)
    return [
        ReceiptQuestion(each.id, each.asked_at, _open(ctx, each.id, "question", each.question))
        for each in asked
        if each.answered_at is None
    ]


def _open(ctx: Context, id: UUID, column: str, sealed: bytes) -> str:
    return ctx.keys.open("referral_questions", id, column, sealed).decode()
