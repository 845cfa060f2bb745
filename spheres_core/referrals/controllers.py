"""Referrals as JSON."""

from typing import Annotated, Any, get_args
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.response import Response

from spheres_core.forms import queries as forms
from spheres_core.forms.meanings import REFERRAL
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.idempotency import run_once
from spheres_core.foundation.tenancy.pagination import Page
from spheres_core.foundation.web.guards import public_posts, requires
from spheres_core.foundation.web.idempotency_key import IdempotencyKey
from spheres_core.foundation.web.request_body import LARGEST_UPLOAD
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.referrals.operations import (
    answer_export,
    assignment,
    attachments,
    intake,
    questions,
    triage,
)
from spheres_core.referrals.operations.answer_export import ExportPosted
from spheres_core.referrals.permissions import EXPORT, READ, TRIAGE
from spheres_core.referrals.queries import attachments as attachment_queries
from spheres_core.referrals.queries import inbox
from spheres_core.referrals.queries import referral as referral_queries
from spheres_core.referrals.schemas import (
    AnswerPosted,
    AssigneePosted,
    AttachmentKept,
    InboxFilters,
    QuestionPosted,
    ReceiptPosted,
    ReceiptState,
    Received,
    ReferralLine,
    ReferralPosted,
    ReferralRead,
    SearchPosted,
    StateCode,
    TransitionPosted,
)
from spheres_core.referrals.views.answer_export import file_answer
from spheres_core.referrals.views.attachments import FileSent, attachment_answer

QuestionPath = Annotated[str, QueryParameter(description="The path of the question that the file answers.")]
InState = Annotated[
    str | None,
    QueryParameter(
        name="state",
        required=False,
        description="Only referrals in this state; `all` for every state. Without it: those that are not settled.",
        schema_extra={"enum": [*get_args(StateCode), "all"]},
    ),
]
Assignee = Annotated[
    str, QueryParameter(required=False, description="Only those that this member of staff takes care of, or `nobody`.")
]
Sort = Annotated[
    str | None,
    QueryParameter(required=False, description="Newest or oldest first.", schema_extra={"enum": ["newest", "oldest"]}),
]


@post(
    "/referrals",
    guards=[public_posts("referrals")],
    name="api_receive_referral",
    summary="Refer a young person",
    tags=["referrals"],
)
async def receive(
    ctx: Context, request_scope: RequestScope, data: JSONBody[ReferralPosted], idempotency_key: IdempotencyKey = ""
) -> Received:
    """Stores a referral with its answers and returns the receipt, which is shown once and kept nowhere."""
    act = intake.receive_referral
    return await run_once(ctx, idempotency_key, data, Received, lambda: act(ctx, data), source=request_scope.source)


@post("/referrals/attachments", guards=[public_posts("attachments")], name="api_keep_attachment",
      summary="Send a file, to be an answer", tags=["referrals"], operation_class=FileSent,
      request_max_body_size=LARGEST_UPLOAD)  # fmt: skip
async def keep_attachment(
    ctx: Context, request: Request[Any, Any, Any], question: QuestionPath, form: FromQuery[str] = REFERRAL
) -> AttachmentKept:
    """Keeps what may be kept of the file for two hours, and returns a handle: the answer to its question, once. The
    body is the file itself; its kind is told by its bytes. No place, device or author stays in it."""
    return await attachments.keep_attachment(ctx, await forms.current(ctx, form), question, await request.body())


@get("/referrals/{id:uuid}/attachments/{attachment:uuid}", guards=[requires(READ)], name="api_attachment",
     tags=["triage"], media_type="application/octet-stream", summary="A file of a referral")  # fmt: skip
async def open_attachment(ctx: Context, id: FromPath[UUID], attachment: FromPath[UUID]) -> Response[bytes]:
    """Returns a file of `attachments`. That it was opened becomes an entry in the trail."""
    return attachment_answer(await attachment_queries.open_attachment(ctx, id, attachment))


@post("/receipts", guards=[public_posts("receipts")], name="api_receipt", status_code=200,
      summary="What became of a referral", tags=["referrals"])  # fmt: skip
async def look_up_receipt(ctx: Context, data: JSONBody[ReceiptPosted]) -> ReceiptState:
    """Returns how far a referral has come; never whether the young person takes part."""
    return await intake.look_up_receipt(ctx, data.receipt)


@post("/receipts/withdraw", guards=[public_posts("receipts")], name="api_withdraw", status_code=200,
      summary="Take a referral back", tags=["referrals"])  # fmt: skip
async def withdraw(ctx: Context, data: JSONBody[ReceiptPosted]) -> ReceiptState:
    """Withdraws a referral while no contact was made. Later the wish is noted, and the answer is the same."""
    return await intake.withdraw_by_receipt(ctx, data.receipt)


@post("/receipts/answer", guards=[public_posts("receipts")], name="api_answer_question", status_code=200,
      summary="Answer a question of the team", tags=["referrals"])  # fmt: skip
async def answer_question(ctx: Context, data: JSONBody[AnswerPosted]) -> ReceiptState:
    """Stores the referrer's answer to one of the receipt's `questions`, for the team only."""
    return await questions.answer_by_receipt(ctx, data.receipt, data.question, data.answer)


@get("/referrals", guards=[requires(READ)], name="api_referrals", tags=["triage"],
     summary="Referrals, newest first")  # fmt: skip
async def list_referrals(
    ctx: Context,
    in_state: InState = None,
    language: FromQuery[str] = "",
    need: FromQuery[str] = "",
    assignee: Assignee = "",
    sort: Sort = None,
    cursor: FromQuery[str] = "",
) -> Page[ReferralLine]:
    """Returns a page of referrals, open ones unless a state is asked. Which were shown goes into the trail."""
    filters = InboxFilters(in_state or "", language, need, assignee, sort or "")
    return await inbox.list_referrals(ctx, filters, cursor=cursor)


@post("/referrals/search", guards=[requires(READ)], name="api_search_referrals", status_code=200, tags=["triage"],
      summary="Search referrals")  # fmt: skip
async def search_referrals(ctx: Context, data: JSONBody[SearchPosted]) -> Page[ReferralLine]:
    """Returns referrals by their reference, or by an exact name, number or address. The words are kept nowhere."""
    return await inbox.search(ctx, data.text, InboxFilters(data.state), cursor=data.cursor)


@post("/referrals/export", guards=[requires(EXPORT)], name="api_export_referrals", status_code=200, tags=["triage"],
      media_type="application/octet-stream", summary="Answers of many referrals as a file")  # fmt: skip
async def export_referrals(ctx: Context, data: JSONBody[ExportPosted]) -> Response[bytes]:
    """Returns a workbook, a csv file, or a zip of csv files when the form has repeats. Who was in it stays in the
    trail, with the purpose."""
    return file_answer(await answer_export.export_answers(ctx, data))


@get("/referrals/{id:uuid}", guards=[requires(READ)], name="api_referral", tags=["triage"],
     summary="One referral")  # fmt: skip
async def read_referral(ctx: Context, id: FromPath[UUID]) -> ReferralRead:
    """Returns a referral with its answers and history. The reading becomes an entry in the trail."""
    return await referral_queries.referral(ctx, id, plain=True)


@post("/referrals/{id:uuid}/transitions", guards=[requires(TRIAGE)], name="api_move_referral", status_code=200,
      summary="Take the next step", tags=["triage"])  # fmt: skip
async def move_referral(ctx: Context, id: FromPath[UUID], data: JSONBody[TransitionPosted]) -> ReferralRead:
    """Takes a referral to one of its `steps`. Some steps need a reason, so that colleagues understand it later."""
    return await triage.move_referral(ctx, id, data.to, reason=data.reason, duplicate_of=data.duplicate_of)


@post("/referrals/{id:uuid}/questions", guards=[requires(TRIAGE)], name="api_ask_referrer", status_code=200,
      summary="Ask the referrer for information", tags=["triage"])  # fmt: skip
async def ask_referrer(ctx: Context, id: FromPath[UUID], data: JSONBody[QuestionPosted]) -> ReferralRead:
    """Asks the referrer, who reads and answers with the tracking code. The referral waits for the answer."""
    await questions.ask_referrer(ctx, id, data.question)
    return await referral_queries.referral(ctx, id, plain=True)


@post("/referrals/{id:uuid}/assignee", guards=[requires(TRIAGE)], name="api_assign_referral", status_code=200,
      summary="Say who takes care of it", tags=["triage"])  # fmt: skip
async def assign_referral(ctx: Context, id: FromPath[UUID], data: JSONBody[AssigneePosted]) -> ReferralRead:
    """Notes which member of staff takes care of a referral."""
    await assignment.assign(ctx, id, data.assignee)
    return await referral_queries.referral(ctx, id, plain=True)


HANDLERS: list[Any] = [
    receive,
    keep_attachment,
    open_attachment,
    look_up_receipt,
    withdraw,
    answer_question,
    list_referrals,
    search_referrals,
    export_referrals,
    read_referral,
    move_referral,
    ask_referrer,
    assign_referral,
]
