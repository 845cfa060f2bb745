"""Pages of accompaniments: those of encounters, those of the law apart, and one as it stands."""

from typing import Any, cast
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Response

from spheres_core.followups.accompaniment_kinds import AccompanimentClass
from spheres_core.followups.operations import accompaniments as operations
from spheres_core.followups.queries import accompaniments as queries
from spheres_core.followups.schemas.accompaniments import Accompaniment, AccompanimentCorrected
from spheres_core.followups.views.accompaniment_form import DRAFTS, accompaniment_posted
from spheres_core.followups.views.accompaniment_pages import PAGES, accompaniment_page, accompaniments_page
from spheres_core.followups.views.confirmations import say_done
from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.plugins.registrations import DraftForm
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
from spheres_core.participants.queries.access import find_for_caller, require_class
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.schemas.presence import OpenForm
from spheres_core.participants.views.drafts import drafting_of

ONE = "accompaniment"


@get("/staff/participants/{participant:str}/accompaniments", guards=[requires(READ)], name=PAGES["encounters"])
async def accompaniments(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], for_purpose: ForPurpose = None,
    cursor: FromQuery[str] = "", done: FromQuery[str] = "",
) -> Response[bytes]:  # fmt: skip
    access = await find_for_caller(ctx, participant, for_purpose)
    return await _show_list(ctx, request_scope, access, "encounters", cursor=cursor, done=done)


@get("/staff/participants/{participant:str}/legal-steps", guards=[requires(READ)], name=PAGES["legal"])
async def legal_steps(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], for_purpose: ForPurpose = None,
    cursor: FromQuery[str] = "", done: FromQuery[str] = "",
) -> Response[bytes]:  # fmt: skip
    access = await find_for_caller(ctx, participant, for_purpose)
    return await _show_list(ctx, request_scope, access, "legal", cursor=cursor, done=done)


@post("/staff/participants/{participant:str}/accompaniments", guards=[requires(READ)], name="record_accompaniment",
      status_code=303)  # fmt: skip
async def record_accompaniment(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], request: Request[Any, Any, Any]
) -> Response[bytes]:
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    information: AccompanimentClass = "legal" if sent["information"] == "legal" else "encounters"
    try:
        return await _record(ctx, request_scope, access, information, sent)
    except (Conflict, Invalid) as refusal:
        return await _show_list(ctx, request_scope, access, information, sent=sent, refusal=refusal)


@get("/staff/participants/{participant:str}/accompaniments/{id:uuid}", guards=[requires(READ)], name=ONE)
async def accompaniment(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], id: FromPath[UUID],
    done: FromQuery[str] = "",
) -> Response[bytes]:  # fmt: skip
    access = await find_for_caller(ctx, participant)
    found = await queries.read_accompaniment(ctx, access, id)
    return await _show_one(ctx, request_scope, access, found, done=done)


@post("/staff/participants/{participant:str}/accompaniments/{id:uuid}", guards=[requires(READ)],
      name="correct_accompaniment", status_code=303)  # fmt: skip
async def correct_accompaniment(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], id: FromPath[UUID],
    request: Request[Any, Any, Any],
) -> Response[bytes]:  # fmt: skip
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    try:
        return await _correct(ctx, request_scope, access, id, sent)
    except (Conflict, Invalid) as refusal:
        found = await queries.read_accompaniment(ctx, access, id)
        return await _show_one(ctx, request_scope, access, found, sent=sent, refusal=refusal)


HANDLERS = (accompaniments, legal_steps, record_accompaniment, accompaniment, correct_accompaniment)


async def _record(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, information: AccompanimentClass, sent: Post
) -> Response[bytes]:
    require_class(ctx, access, information, act="write")
    if kept := await keep_if_asked(ctx, request_scope, access, sent, DRAFTS[information]):
        return kept
    made = await operations.record_accompaniment(ctx, access, accompaniment_posted(ctx, sent))
    await finish(ctx, access, sent)
    address = rendering.place_of(ctx, request_scope, PAGES[made.information], participant=access.code)
    return rendering.go_to(done_address(address, "recorded"))


async def _correct(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, id: UUID, sent: Post
) -> Response[bytes]:
    found = await queries.read_accompaniment(ctx, access, id)
    if kept := await keep_if_asked(ctx, request_scope, access, sent, _form_of(found), about=id):
        return kept
    corrected = cast(AccompanimentCorrected, accompaniment_posted(ctx, sent, correcting=True))
    await operations.correct_accompaniment(ctx, access, id, corrected)
    await finish(ctx, access, sent)
    address = rendering.place_of(ctx, request_scope, ONE, participant=access.code, id=id)
    return rendering.go_to(done_address(address, "recorded"))


async def _show_list(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, information: AccompanimentClass, *,
    cursor: str = "", done: str = "", sent: Post | None = None, refusal: Conflict | Invalid | None = None,
) -> Response[bytes]:  # fmt: skip
    """Shows the list and its form. After a refusal nothing was written, but hers are shown: that stays in the trail."""
    ctx.db.commit_on_refusal = refusal is not None
    drafting = await drafting_of(ctx, request_scope, access, DRAFTS[information], sent=sent)
    shown = await accompaniments_page(ctx, access, information, cursor=cursor, sent=drafting.sent, refusal=refusal)
    return await section_page(
        ctx, request_scope, access, "followups/accompaniments.html", page=PAGES[information],
        read=(information, "own_words"), done=say_done(ctx, done), status=refusal.status if refusal else 200,
        drafting=drafting, **shown,
    )  # fmt: skip


async def _show_one(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, found: Accompaniment, *, done: str = "",
    sent: Post | None = None, refusal: Conflict | Invalid | None = None,
) -> Response[bytes]:  # fmt: skip
    """Shows one. After a refusal both sides, with all that was typed in its fields; that reading stays in the trail."""
    ctx.db.commit_on_refusal = refusal is not None
    drafting = await drafting_of(ctx, request_scope, access, _form_of(found), about=found.id, sent=sent)
    shown = await accompaniment_page(
        ctx, access, found, began_at=drafting.began_at, sent=drafting.sent, refusal=refusal
    )
    section = "legal_steps" if found.information == "legal" else "accompaniments"
    open_form = OpenForm(section, found.id) if shown["may_correct"] else None
    return await section_page(
        ctx, request_scope, access, "followups/accompaniment.html", page=ONE, read=(found.information, "own_words"),
        done=say_done(ctx, done), status=refusal.status if refusal else 200, drafting=drafting,
        open_form=open_form, **shown,
    )  # fmt: skip


def _form_of(found: Accompaniment) -> DraftForm:
    return DRAFTS["legal" if found.information == "legal" else "encounters"]
