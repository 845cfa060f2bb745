"""Pages of services that partners are asked for: in her file, and for a partner's liaison."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Response
from msgspec import structs

from spheres_core.foundation.errors import Conflict, Invalid, NotAllowed
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.confirmations import done_address
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.participants.pages.drafts import finish, keep_if_asked
from spheres_core.participants.pages.files import ForPurpose, section_page
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries.access import find_for_caller, reaches, require_class
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.schemas.presence import OpenForm
from spheres_core.participants.views.drafts import drafting_of, draftings_of
from spheres_core.participants.views.extra_questions import extra_sent
from spheres_core.plans.operations import requests as operations
from spheres_core.plans.permissions import ANSWER
from spheres_core.plans.queries.requests import CLASS, require_team
from spheres_core.plans.schemas.requests import GapPosted, RequestAnswered, RequestPosted
from spheres_core.plans.views import request_page as views
from spheres_core.plans.views.confirmations import say_done
from spheres_core.plans.views.draft_forms import ANSWER_FORM, REQUEST_FORM
from spheres_core.plans.views.form_fields import read_form

PAGE = "service_requests"
ASKED = "requests_of_organization"
ABOUT = ("age", "language", "area")


@get("/staff/participants/{participant:str}/requests", guards=[requires(READ)], name=PAGE)
async def service_requests(
    ctx: Context,
    request_scope: RequestScope,
    participant: FromPath[str],
    for_purpose: ForPurpose = None,
    done: FromQuery[str] = "",
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant, for_purpose)
    require_class(ctx, access, CLASS)
    return await _show_requests(ctx, request_scope, access, done=done)


@get("/staff/participants/{participant:str}/requests/new", guards=[requires(READ)], name="ask_for_service")
async def request_form(ctx: Context, request_scope: RequestScope, participant: FromPath[str]) -> Response[bytes]:
    access = await find_for_caller(ctx, participant)
    require_class(ctx, access, CLASS, act="write")
    require_team(ctx, access)
    return await _show_form(ctx, request_scope, access)


@post("/staff/participants/{participant:str}/requests/new", guards=[requires(READ)], name="send_service_request",
      status_code=303)  # fmt: skip
async def send_request(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], request: Request[Any, Any, Any]
) -> Response[bytes]:
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    try:
        return await _keep_or_send_request(ctx, request_scope, access, sent)
    except (Conflict, Invalid, NotAllowed) as refusal:
        return await _show_form(ctx, request_scope, access, sent=sent, refusal=refusal)


@post("/staff/participants/{participant:str}/requests/{id:uuid}", guards=[requires(READ)], name="note_answer",
      status_code=303)  # fmt: skip
async def note_answer(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], id: FromPath[UUID],
    request: Request[Any, Any, Any],
) -> Response[bytes]:  # fmt: skip
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    try:
        return await _keep_or_note_answer(ctx, request_scope, access, id, sent)
    except (Conflict, Invalid) as refusal:
        return await _show_requests(ctx, request_scope, access, answering=id, sent=sent, refusal=refusal)


@get("/staff/requests", guards=[requires(ANSWER)], name=ASKED)
async def asked(ctx: Context, request_scope: RequestScope, done: FromQuery[str] = "") -> Response[bytes]:
    shown = await views.asked_page(ctx) | {"begun": {}, "answering": None}
    return await rendering.page(ctx, request_scope, "plans/asked.html", done=say_done(ctx, done), **shown)


@post("/staff/requests/{id:uuid}", guards=[requires(ANSWER)], name="answer_request", status_code=303)
async def answer_request(
    ctx: Context, request_scope: RequestScope, id: FromPath[UUID], request: Request[Any, Any, Any]
) -> Response[bytes]:
    sent = await read_post(request)
    try:
        await operations.answer(ctx, id, read_answer(sent))
    except (Conflict, Invalid) as refusal:
        return await _show_asked(ctx, request_scope, id, sent, refusal)
    return rendering.go_to(done_address(rendering.place_of(ctx, request_scope, ASKED), "answered"))


HANDLERS = (service_requests, request_form, send_request, note_answer, asked, answer_request)


async def _keep_or_send_request(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, sent: Post
) -> Response[bytes]:
    if kept := await keep_if_asked(ctx, request_scope, access, sent, REQUEST_FORM):
        return kept
    act = await _act(ctx, access, sent)
    return await _after(ctx, request_scope, access, sent, act)


async def _keep_or_note_answer(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, id: UUID, sent: Post
) -> Response[bytes]:
    if kept := await keep_if_asked(ctx, request_scope, access, sent, ANSWER_FORM, about=id):
        return kept
    await operations.note_answer(ctx, access, id, read_answer(sent))
    return await _after(ctx, request_scope, access, sent, "answered")


async def _act(ctx: Context, access: ParticipantAccess, sent: Post) -> str:
    """Does what the form asks for: sends a request, notes that nobody can, or only weighs services again."""
    about = {"age": sent.whole("age", most=120), "language": sent["language"], "area": sent["area"]}
    if sent.problems:
        raise Invalid
    if sent["act"] == "weigh":
        return ""
    if sent["act"] == "gap":
        gap = read_form(GapPosted, {**about, "need": sent["need"], "note": sent["what"]})
        await operations.record_gap(ctx, access, gap)
        return "gap"
    values = {name: sent[name] or None for name in ("service", "need", "what", "exception")}
    posted = read_form(RequestPosted, values | about | {"shares": sent.every("shares")})
    extra = extra_sent(ctx, operations.KIND, sent)
    await operations.send_request(ctx, access, structs.replace(posted, extra=extra))
    return "sent"


async def _after(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, sent: Post, act: str
) -> Response[bytes]:
    if not act:
        return await _show_form(ctx, request_scope, access, sent=sent)
    await finish(ctx, access, sent)
    return rendering.go_to(done_address(rendering.place_of(ctx, request_scope, PAGE, participant=access.code), act))


def read_answer(sent: Post) -> RequestAnswered:
    """Returns the answer that a form says. Raises `FormInvalid`."""
    values = {name: sent[name] or None for name in ("to", "words", "reason", "outcome")}
    return read_form(RequestAnswered, values | {"version": sent.version()})


async def _show_requests(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, *, done: str = "",
    answering: UUID | None = None, sent: Post | None = None, refusal: Conflict | Invalid | None = None,
) -> Response[bytes]:  # fmt: skip
    """Shows her requests, with what stands against what was `sent` of one; that reading stays in the trail."""
    ctx.db.commit_on_refusal = refusal is not None
    may_write = reaches(ctx, access, CLASS, act="write")
    shown = await views.requests_page(ctx, access, may_write=may_write, refusal=refusal)
    shown["answering"] = answering
    forms = [(ANSWER_FORM, each.id) for each in shown["requests"] if each.steps] if shown["may_write"] else []
    drafting = await draftings_of(ctx, request_scope, access, forms, sent=sent)
    shown["begun"] = {each.about: each.sent for each in drafting if each.sent} | ({answering: sent} if sent else {})
    return await section_page(
        ctx, request_scope, access, "plans/requests.html", page=PAGE, read=(CLASS,), done=say_done(ctx, done),
        status=refusal.status if refusal else 200, drafting=drafting,
        open_form=OpenForm("requests") if forms else None, **shown,
    )  # fmt: skip


async def _show_form(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, *, sent: Post | None = None,
    refusal: Conflict | Invalid | NotAllowed | None = None,
) -> Response[bytes]:  # fmt: skip
    ctx.db.commit_on_refusal = refusal is not None
    drafting = await drafting_of(ctx, request_scope, access, REQUEST_FORM, sent=sent)
    began = drafting.sent
    about = {name: began[name] for name in ABOUT} if began and not isinstance(refusal, Invalid) else {}
    shown = await views.request_form(ctx, access, about, sent=began, refusal=refusal)
    status = refusal.status if refusal else 200
    return await section_page(
        ctx, request_scope, access, "plans/request.html", page=PAGE, status=status, drafting=drafting, **shown
    )


async def _show_asked(
    ctx: Context, request_scope: RequestScope, answering: UUID, sent: Post, refusal: Conflict | Invalid
) -> Response[bytes]:
    ctx.db.commit_on_refusal = True  # nothing was written, and that the list was read stays in the trail
    shown = await views.asked_page(ctx, refusal=refusal) | {"begun": {answering: sent}, "answering": answering}
    return await rendering.page(ctx, request_scope, "plans/asked.html", status=refusal.status, done=None, **shown)
