"""The page of a receipt: the state of the referral, what the team asks, and whether it can still be withdrawn."""

from typing import Any, Final
from uuid import UUID

from spheres_core.facts import Message, msg
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.post_limits import PostsPaused
from spheres_core.foundation.web.form_fields import Field
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.referrals.operations import intake, questions
from spheres_core.referrals.operations.intake import ReceiptUnknown
from spheres_core.referrals.operations.questions import AnswerMissing, QuestionClosed
from spheres_core.referrals.schemas import LONGEST_ANSWER, ReceiptState

LONGEST_CODE: Final = 100
STATES: Final[dict[str, tuple[Message, Message]]] = {
    "received": (msg("Received"), msg("The referral has arrived. Nobody has started on it yet.")),
    "being_looked_at": (msg("Being looked at"), msg("The team is taking care of it.")),
    "closed": (msg("Closed"), msg("The team has finished with it. This looks the same whatever came of it.")),
}
"""The title of each state of a referrer's receipt, and what it means."""
OWN_STATES: Final[dict[str, tuple[Message, Message]]] = {
    "received": (msg("Received"), msg("Your request has arrived. Nobody has started on it yet.")),
    "being_looked_at": (msg("Being looked at"), msg("The team is taking care of your request.")),
    "closed": (msg("Closed"), msg("The team has finished with this request. You can send another one at any time.")),
}
"""The same for a young person who asked for herself."""


def states_of(self_referral: bool) -> dict[str, tuple[Message, Message]]:
    """Returns the states of a receipt in the words for whoever has it."""
    return OWN_STATES if self_referral else STATES


def receipt_page(ctx: Context, code: str = "", **shown: Any) -> dict[str, Any]:
    """Returns what `referrals/receipt.html` shows. `shown` says what became of a tracking code that was entered."""
    result, error = shown.get("result"), shown.pop("error", None)
    asked = ctx.locale.say("Another tracking code") if result else ctx.locale.say("Your tracking code")
    return {
        "title": ctx.locale.say("Follow a referral"),
        "code": code,
        "code_field": Field(
            "receipt", "receipt-code", asked, required=True, value="" if result else code, problem=error
        ),
        "result": None,
        "unticked": None,
        "questions": [],
        "answer_error": None,
        "answered": None,
        "longest_answer": LONGEST_ANSWER,
    } | shown  # fmt: skip


async def look_up(ctx: Context, request_scope: RequestScope, code: str, **more: Any) -> tuple[int, dict[str, Any]]:
    """Looks the receipt up. Returns the status and what the page shows, with `more` where there is a referral."""
    code = code[:LONGEST_CODE]
    try:
        request_scope.refuse_paused()
        found = await intake.look_up_receipt(ctx, code)
    except (ReceiptUnknown, PostsPaused) as refusal:
        return refusal.status, receipt_page(ctx, code, error=ctx.locale.say(refusal.message))
    return 200, receipt_page(ctx, code, **_told(ctx, found), **more)


async def answer(
    ctx: Context, request_scope: RequestScope, code: str, question: str, text: str
) -> tuple[int, dict[str, Any]]:
    """Sends an answer to a question of the team, or shows it again with why not. Returns the status and the page."""
    code = code[:LONGEST_CODE]
    try:
        request_scope.refuse_paused()
        found = await questions.answer_by_receipt(ctx, code, _id(question), text)
    except ReceiptUnknown as unknown:
        return 404, receipt_page(ctx, code, error=ctx.locale.say(unknown.message))
    except (AnswerMissing, QuestionClosed, PostsPaused) as refusal:
        problem = {"question": question, "typed": text, "text": ctx.locale.say(refusal.message)}
        if isinstance(refusal, PostsPaused):  # nothing was looked up: only what was sent is shown again
            sent = [{"id": question, "asked_at": None, "text": ""}]
            return refusal.status, receipt_page(ctx, code, questions=sent, answer_error=problem)
        _, shown = await look_up(ctx, request_scope, code)
        return refusal.status, shown | {"answer_error": problem}
    answered = ctx.locale.say("Thank you. Your answer has reached the team.")
    return 200, receipt_page(ctx, code, **_told(ctx, found), answered=answered)


async def withdraw(
    ctx: Context, request_scope: RequestScope, code: str, *, confirmed: bool
) -> tuple[int, dict[str, Any]]:
    """Withdraws the referral when that was confirmed, else asks again. Returns the status and what the page shows."""
    code = code[:LONGEST_CODE]
    if not confirmed:
        unticked = ctx.locale.say("Please tick the box to say that you mean it.")
        status, shown = await look_up(ctx, request_scope, code, unticked=unticked)
        return (422 if status == 200 else status), shown
    try:
        request_scope.refuse_paused()
        found = await intake.withdraw_by_receipt(ctx, code)
    except (ReceiptUnknown, PostsPaused) as refusal:
        return refusal.status, receipt_page(ctx, code, error=ctx.locale.say(refusal.message))
    return 200, receipt_page(ctx, code, result=_withdrawn(ctx, found))


def _told(ctx: Context, found: ReceiptState) -> dict[str, Any]:
    asked = [{"id": str(each.id), "asked_at": each.asked_at, "text": each.question} for each in found.questions]
    return {"result": _result(ctx, found), "questions": asked}


def _id(sent: str) -> UUID:
    """Returns the id of a question as the page sent it; one that no question has when it was changed."""
    try:
        return UUID(sent)
    except ValueError:
        return UUID(int=0)


def _result(ctx: Context, found: ReceiptState) -> dict[str, Any]:
    label, text = states_of(found.self_referral)[found.state]
    return {
        "label": ctx.locale.say(label),
        "text": ctx.locale.say(text),
        "can_withdraw": found.state != "closed",
        "own": found.self_referral,
    }


def _withdrawn(ctx: Context, found: ReceiptState) -> dict[str, Any]:
    """Returns the same words whether or not contact had been made: the receipt must not tell."""
    text = (
        msg(
            "If nobody has reached you yet, your request is taken back. If someone has, the team sees that you want to"
            " stop."
        )
        if found.self_referral
        else msg(
            "If nobody has contacted the young person yet, the referral is withdrawn. If somebody has, the young"
            " person alone decides."
        )
    )  # fmt: skip
    return {
        "label": ctx.locale.say("Your wish is noted"),
        "text": ctx.locale.say(text),
        "can_withdraw": False,
        "own": found.self_referral,
    }
