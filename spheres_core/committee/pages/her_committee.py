"""Pages of her file: what a committee had on its agendas, what it recommended, and the forms for both."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Response
from msgspec import Struct

from spheres_core.committee.operations import agenda as operations
from spheres_core.committee.operations import recommendations as recommending
from spheres_core.committee.queries import agenda, her_items, recommendations
from spheres_core.committee.queries.agenda import CLASS
from spheres_core.committee.schemas.agenda import ItemChanged, ItemPosted
from spheres_core.committee.schemas.recommendations import ResultPosted, ToldPosted
from spheres_core.committee.views import her_page as views
from spheres_core.committee.views.confirmations import say_done
from spheres_core.committee.views.draft_forms import ITEM_FORM, RESULT_FORM, TOLD_FORM
from spheres_core.committee.views.recommendation_page import recommendation_page
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
from spheres_core.participants.queries.access import find_for_caller, require_class
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.schemas.presence import OpenForm
from spheres_core.participants.views.drafts import drafting_of, draftings_of
from spheres_core.plans.views.form_fields import read_form

PAGE = "her_committee"
Refused = Conflict | Invalid | NotAllowed
InMeeting = Annotated[UUID | None, QueryParameter(name="meeting", required=False)]


@get("/staff/participants/{participant:str}/committee", guards=[requires(READ)], name=PAGE)
async def her_committee(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], for_purpose: ForPurpose = None,
    done: FromQuery[str] = "",
) -> Response[bytes]:  # fmt: skip
    access = await find_for_caller(ctx, participant, for_purpose)
    require_class(ctx, access, CLASS)
    shown = await views.her_page(ctx, access)
    return await section_page(
        ctx, request_scope, access, "committee/her.html", page=PAGE, read=(CLASS,), done=say_done(ctx, done), **shown
    )


@get("/staff/participants/{participant:str}/committee/new", guards=[requires(READ)], name="put_on_agenda")
async def item_form(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], in_meeting: InMeeting = None
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant)
    require_class(ctx, access, CLASS, act="write")
    operations.require_team(access)
    return await _show_form(ctx, request_scope, access, meeting=in_meeting)


@post("/staff/participants/{participant:str}/committee/new", guards=[requires(READ)], name="record_agenda_item",
      status_code=303)  # fmt: skip
async def put_on_agenda(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], request: Request[Any, Any, Any]
) -> Response[bytes]:
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    try:
        return await _keep_or_put(ctx, request_scope, access, sent)
    except (Conflict, Invalid, NotAllowed) as refusal:
        return await _show_form(ctx, request_scope, access, sent=sent, refusal=refusal)


@get("/staff/participants/{participant:str}/committee/items/{id:uuid}", guards=[requires(READ)], name="agenda_item")
async def change_form(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], id: FromPath[UUID]
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant)
    require_class(ctx, access, CLASS, act="write")
    operations.require_team(access)
    return await _show_form(ctx, request_scope, access, id=id)


@post("/staff/participants/{participant:str}/committee/items/{id:uuid}", guards=[requires(READ)],
      name="change_agenda_item", status_code=303)  # fmt: skip
async def change_item(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], id: FromPath[UUID],
    request: Request[Any, Any, Any],
) -> Response[bytes]:  # fmt: skip
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    try:
        return await _keep_or_change(ctx, request_scope, access, id, sent)
    except (Conflict, Invalid, NotAllowed) as refusal:
        return await _show_form(ctx, request_scope, access, id=id, sent=sent, refusal=refusal)


@post("/staff/participants/{participant:str}/committee/items/{id:uuid}/take-off", guards=[requires(READ)],
      name="take_off_agenda", status_code=303)  # fmt: skip
async def take_off(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], id: FromPath[UUID]
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant)
    await operations.take_off(ctx, access, id)
    return _done(ctx, request_scope, access, "taken_off")


@get("/staff/participants/{participant:str}/committee/recommendations/{id:uuid}", guards=[requires(READ)],
     name="recommendation")  # fmt: skip
async def recommendation(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], id: FromPath[UUID]
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant)
    require_class(ctx, access, CLASS)
    return await _show_recommendation(ctx, request_scope, access, id)


@post("/staff/participants/{participant:str}/committee/recommendations/{id:uuid}/told", guards=[requires(READ)],
      name="note_told_her", status_code=303)  # fmt: skip
async def note_told(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], id: FromPath[UUID],
    request: Request[Any, Any, Any],
) -> Response[bytes]:  # fmt: skip
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    try:
        return await _keep_or_tell(ctx, request_scope, access, id, sent)
    except (Conflict, Invalid) as refusal:
        return await _show_recommendation(ctx, request_scope, access, id, sent=sent, refusal=refusal)


@post("/staff/participants/{participant:str}/committee/recommendations/{id:uuid}/result", guards=[requires(READ)],
      name="note_result_of", status_code=303)  # fmt: skip
async def note_result(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], id: FromPath[UUID],
    request: Request[Any, Any, Any],
) -> Response[bytes]:  # fmt: skip
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    try:
        return await _keep_or_end(ctx, request_scope, access, id, sent)
    except (Conflict, Invalid) as refusal:
        return await _show_recommendation(ctx, request_scope, access, id, sent=sent, refusal=refusal)


class _Meeting(Struct, frozen=True):
    """The meeting that a form names."""

    meeting: UUID


HANDLERS = (
    her_committee, item_form, put_on_agenda, change_form, change_item, take_off, recommendation, note_told, note_result
)  # fmt: skip


async def _keep_or_put(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, sent: Post
) -> Response[bytes]:
    if kept := await keep_if_asked(ctx, request_scope, access, sent, ITEM_FORM):
        return kept
    values = _values(sent)
    if sent["act"] == "look":
        return await _show_form(ctx, request_scope, access, meeting=_uuid(sent["meeting"]), sent=sent)
    meeting = read_form(_Meeting, {"meeting": sent["meeting"] or None}).meeting
    posted = read_form(ItemPosted, {"participant": access.code, **values})
    await operations.put_on_agenda(ctx, access, meeting, posted)
    await finish(ctx, access, sent)
    return _done(ctx, request_scope, access, "item")


async def _keep_or_change(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, id: UUID, sent: Post
) -> Response[bytes]:
    if kept := await keep_if_asked(ctx, request_scope, access, sent, ITEM_FORM, about=id):
        return kept
    values = _values(sent)
    if sent["act"] == "look":
        return await _show_form(ctx, request_scope, access, id=id, sent=sent)
    version = sent.version()
    await operations.change_item(ctx, access, id, read_form(ItemChanged, {"version": version, **values}))
    await finish(ctx, access, sent)
    return _done(ctx, request_scope, access, "item")


async def _keep_or_tell(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, id: UUID, sent: Post
) -> Response[bytes]:
    if kept := await keep_if_asked(ctx, request_scope, access, sent, TOLD_FORM, about=id):
        return kept
    on = sent.day("on")
    if sent.problems:
        raise Invalid
    values = {"version": sent.version(), "on": on, "told": sent["told"] or None}
    posted = read_form(ToldPosted, values | {"her_words": sent["her_words"]})
    await recommending.note_told(ctx, access, id, posted)
    await finish(ctx, access, sent)
    return _done(ctx, request_scope, access, "told_her")


async def _keep_or_end(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, id: UUID, sent: Post
) -> Response[bytes]:
    if kept := await keep_if_asked(ctx, request_scope, access, sent, RESULT_FORM, about=id):
        return kept
    values = {"version": sent.version(), "state": sent["state"] or None}
    posted = read_form(ResultPosted, values | {"result": sent["result"]})
    await recommending.note_result_in_file(ctx, access, id, posted)
    await finish(ctx, access, sent)
    return _done(ctx, request_scope, access, "result")


def _values(sent: Post) -> dict[str, Any]:
    told_on = sent.day("told_on", required=False)
    if sent.problems:
        raise Invalid
    return {
        "question": sent["question"] or None, "asked": sent["asked"] or None, "wants_said": sent["wants_said"],
        "told_on": told_on, "shares": sent.every("shares"), "police": sent.every("police"),
    }  # fmt: skip


async def _show_form(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, *, id: UUID | None = None,
    meeting: UUID | None = None, sent: Post | None = None, refusal: Refused | None = None,
) -> Response[bytes]:  # fmt: skip
    ctx.db.commit_on_refusal = refusal is not None
    item = None
    if id is not None:
        item = (await her_items.items_with_words(ctx, access, [await agenda.find_item(ctx, access, id)]))[0]
    drafting = await drafting_of(ctx, request_scope, access, ITEM_FORM, about=id, sent=sent)
    meeting = meeting or (_uuid(drafting.sent["meeting"]) if drafting.sent else None)
    shown = await views.item_form(ctx, access, item=item, meeting=meeting, sent=drafting.sent, refusal=refusal)
    open_form = OpenForm("agenda_items", id) if id is not None else None
    return await section_page(
        ctx, request_scope, access, "committee/item.html", page=PAGE, status=refusal.status if refusal else 200,
        drafting=drafting, open_form=open_form, **shown,
    )  # fmt: skip


async def _show_recommendation(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, id: UUID, *, sent: Post | None = None,
    refusal: Conflict | Invalid | None = None,
) -> Response[bytes]:  # fmt: skip
    ctx.db.commit_on_refusal = refusal is not None
    found = await recommendations.find_hers(ctx, access, id)
    forms = [(TOLD_FORM, id), (RESULT_FORM, id)]
    drafting = await draftings_of(ctx, request_scope, access, forms, sent=sent)
    shown = await recommendation_page(ctx, access, found, drafting=drafting, sent=sent, refusal=refusal)
    return await section_page(
        ctx, request_scope, access, "committee/recommendation.html", page=PAGE, read=(CLASS,),
        status=refusal.status if refusal else 200, drafting=drafting,
        open_form=OpenForm("recommendations", id), **shown,
    )  # fmt: skip


def _done(ctx: Context, request_scope: RequestScope, access: ParticipantAccess, act: str) -> Response[bytes]:
    return rendering.go_to(done_address(rendering.place_of(ctx, request_scope, PAGE, participant=access.code), act))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
