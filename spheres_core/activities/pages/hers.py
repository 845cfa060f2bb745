"""Pages of her file about activities: what she was asked to, one of them, and whom she must not meet."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Response

from spheres_core.activities.operations import invitations as operations
from spheres_core.activities.operations import kept_apart
from spheres_core.activities.queries.outings import CLASS
from spheres_core.activities.schemas.invitations import KeptApartPosted
from spheres_core.activities.views import file_pages as views
from spheres_core.activities.views.confirmations import say_done
from spheres_core.activities.views.draft_forms import ANSWER_FORM, FOUND_FORM, INVITATION_FORM
from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.confirmations import done_address
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.participants.pages.drafts import finish, keep_if_asked
from spheres_core.participants.pages.files import ForPurpose, section_page
from spheres_core.participants.permissions import READ, RECORD_CONSENTS
from spheres_core.participants.queries.access import find_for_caller, require_class
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.schemas.presence import OpenForm
from spheres_core.participants.views.drafts import drafting_of, draftings_of
from spheres_core.plans.schemas.needs import StrengthPosted
from spheres_core.plans.views.form_fields import read_form

PAGE, ONE = "participant_activities", "participant_activity"


@get("/staff/participants/{participant:str}/activities", guards=[requires(READ)], name=PAGE)
async def hers(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], for_purpose: ForPurpose = None,
    cursor: FromQuery[str] = "", done: FromQuery[str] = "",
) -> Response[bytes]:  # fmt: skip
    access = await find_for_caller(ctx, participant, for_purpose)
    require_class(ctx, access, CLASS)
    return await _show_list(ctx, request_scope, access, cursor=cursor, done=done)


@post("/staff/participants/{participant:str}/activities", guards=[requires(READ)], name="ask_along", status_code=303)
async def ask_along(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], request: Request[Any, Any, Any]
) -> Response[bytes]:
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    try:
        return await _keep_or_ask(ctx, request_scope, access, sent)
    except (Conflict, Invalid) as refusal:
        return await _show_list(ctx, request_scope, access, sent=sent, refusal=refusal)


@get("/staff/participants/{participant:str}/activities/{id:uuid}", guards=[requires(READ)], name=ONE)
async def one(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], id: FromPath[UUID],
    done: FromQuery[str] = "",
) -> Response[bytes]:  # fmt: skip
    access = await find_for_caller(ctx, participant)
    return await _show_one(ctx, request_scope, access, id, done=done)


@post("/staff/participants/{participant:str}/activities/{id:uuid}", guards=[requires(READ)], name="note_her_answer",
      status_code=303)  # fmt: skip
async def note_her_answer(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], id: FromPath[UUID],
    request: Request[Any, Any, Any],
) -> Response[bytes]:  # fmt: skip
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    try:
        return await _keep_or_answer(ctx, request_scope, access, id, sent)
    except (Conflict, Invalid) as refusal:
        return await _show_one(ctx, request_scope, access, id, sent=sent, refusal=refusal)


@post("/staff/participants/{participant:str}/activities/{id:uuid}/strengths", guards=[requires(READ)],
      name="record_found", status_code=303)  # fmt: skip
async def record_found(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], id: FromPath[UUID],
    request: Request[Any, Any, Any],
) -> Response[bytes]:  # fmt: skip
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    try:
        return await _keep_or_record_found(ctx, request_scope, access, id, sent)
    except (Conflict, Invalid) as refusal:
        return await _show_one(ctx, request_scope, access, id, sent=sent, refusal=refusal, finding=True)


@post("/staff/participants/{participant:str}/kept-apart", guards=[requires(RECORD_CONSENTS)], name="keep_apart",
      status_code=303)  # fmt: skip
async def keep_apart(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], request: Request[Any, Any, Any]
) -> Response[bytes]:
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    require_class(ctx, access, CLASS)
    try:
        await kept_apart.keep_apart(ctx, access, KeptApartPosted(sent["participant"].strip()[:40]))
    except Invalid as refusal:
        return await _show_list(ctx, request_scope, access, sent=sent, refusal=refusal)
    return _done(ctx, request_scope, access, "kept_apart")


@post("/staff/participants/{participant:str}/kept-apart/{id:uuid}/end", guards=[requires(RECORD_CONSENTS)],
      name="let_meet", status_code=303)  # fmt: skip
async def let_meet(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], id: FromPath[UUID]
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant)
    await kept_apart.end_keeping_apart(ctx, access, id)
    return _done(ctx, request_scope, access, "may_meet")


HANDLERS = (hers, ask_along, one, note_her_answer, record_found, keep_apart, let_meet)


async def _keep_or_ask(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, sent: Post
) -> Response[bytes]:
    require_class(ctx, access, CLASS, act="write")
    if kept := await keep_if_asked(ctx, request_scope, access, sent, INVITATION_FORM):
        return kept
    made = await operations.invite(ctx, access, views.invitation_posted(sent))
    await finish(ctx, access, sent)
    return _done(ctx, request_scope, access, "asked", made.id)


async def _keep_or_answer(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, id: UUID, sent: Post
) -> Response[bytes]:
    if kept := await keep_if_asked(ctx, request_scope, access, sent, ANSWER_FORM, about=id):
        return kept
    await operations.change_invitation(ctx, access, id, views.invitation_changed(sent))
    await finish(ctx, access, sent)
    return _done(ctx, request_scope, access, "answered", id)


async def _keep_or_record_found(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, id: UUID, sent: Post
) -> Response[bytes]:
    if kept := await keep_if_asked(ctx, request_scope, access, sent, FOUND_FORM, about=id):
        return kept
    posted = read_form(StrengthPosted, {name: sent[name] or None for name in ("what", "identified_by")})
    await operations.record_found(ctx, access, id, posted)
    await finish(ctx, access, sent)
    return _done(ctx, request_scope, access, "found", id)


async def _show_list(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, *, cursor: str = "", done: str = "",
    sent: Post | None = None, refusal: Conflict | Invalid | None = None,
) -> Response[bytes]:  # fmt: skip
    """Shows the list and its forms. After a refusal nothing was asked, but hers are shown: that stays in the trail."""
    ctx.db.commit_on_refusal = refusal is not None
    drafting = await drafting_of(ctx, request_scope, access, INVITATION_FORM, sent=sent)
    shown = await views.list_page(ctx, access, cursor=cursor, sent=sent or drafting.sent, refusal=refusal)
    shown["posted"] = sent or drafting.sent
    return await section_page(
        ctx, request_scope, access, "activities/hers.html", page=PAGE, read=(CLASS, "own_words"),
        problems=sent.problems if sent else {}, done=say_done(ctx, done), status=refusal.status if refusal else 200,
        drafting=drafting if shown["may_write"] else (), **shown,
    )  # fmt: skip


async def _show_one(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, id: UUID, *, done: str = "",
    sent: Post | None = None, refusal: Conflict | Invalid | None = None, finding: bool = False,
) -> Response[bytes]:  # fmt: skip
    """Shows one with its forms. After a refusal both sides, with what was typed; that reading stays in the trail."""
    ctx.db.commit_on_refusal = refusal is not None
    drafting = await draftings_of(ctx, request_scope, access, [(ANSWER_FORM, id), (FOUND_FORM, id)], sent=sent)
    of_answer, of_found = drafting
    shown = await views.one_page(
        ctx, access, id, began_at=of_answer.began_at,
        answering=of_answer.sent or (sent if sent and not finding else None),
        finding=of_found.sent or (sent if finding else None), refusal=refusal,
    )  # fmt: skip
    return await section_page(
        ctx, request_scope, access, "activities/hers_one.html", page=ONE, read=(CLASS, "own_words"),
        problems=sent.problems if sent else {}, done=say_done(ctx, done), status=refusal.status if refusal else 200,
        drafting=drafting if shown["of_answer"] else (),
        open_form=OpenForm("activities", id) if shown["of_answer"] else None, **shown,
    )  # fmt: skip


def _done(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, act: str, id: UUID | None = None
) -> Response[bytes]:
    place = {"participant": access.code} | ({"id": id} if id else {})
    return rendering.go_to(done_address(rendering.place_of(ctx, request_scope, ONE if id else PAGE, **place), act))
