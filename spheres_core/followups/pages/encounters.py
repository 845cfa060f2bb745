"""Pages of encounters: the list, one to write, and one as it stands: corrected on the same day, added to later."""

from functools import partial
from typing import Annotated, Any, cast
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Response

from spheres_core.followups.operations import encounters as operations
from spheres_core.followups.queries import encounters as queries
from spheres_core.followups.schemas.encounters import EncounterCorrected
from spheres_core.followups.views.confirmations import say_done
from spheres_core.followups.views.destinations import back_to, place_after
from spheres_core.followups.views.encounter_form import ADDENDUM_FORM, ENCOUNTER_FORM, addendum_of, posted_of
from spheres_core.followups.views.encounter_pages import encounter_page, encounters_page, new_page
from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.plugins.registrations import DraftForm
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.confirmations import done_address
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.panels import show_slot
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.participants.pages.drafts import finish, keep_if_asked
from spheres_core.participants.pages.files import ForPurpose, section_page
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries.access import find_for_caller, require_class
from spheres_core.participants.queries.panels import panel_facts, record_panels
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.schemas.presence import OpenForm
from spheres_core.participants.views.drafts import drafting_of, draftings_of

PAGE = "encounters"
ONE = "encounter"
Origin = Annotated[str, QueryParameter(name="from", required=False)]


@get("/staff/participants/{participant:str}/encounters", guards=[requires(READ)], name=PAGE)
async def list_encounters(
    ctx: Context,
    request_scope: RequestScope,
    participant: FromPath[str],
    for_purpose: ForPurpose = None,
    cursor: FromQuery[str] = "",
    done: FromQuery[str] = "",
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant, for_purpose)
    shown = await encounters_page(ctx, access, cursor=cursor)
    return await section_page(
        ctx, request_scope, access, "followups/encounters.html", page=PAGE, read=("encounters", "own_words"),
        done=say_done(ctx, done), **shown,
    )  # fmt: skip


@get("/staff/participants/{participant:str}/encounters/new", guards=[requires(READ)], name="new_encounter")
async def new_encounter(
    ctx: Context,
    request_scope: RequestScope,
    participant: FromPath[str],
    origin: Origin = "",
    done: FromQuery[str] = "",
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant)
    require_class(ctx, access, "encounters", act="write")
    drafting = await drafting_of(ctx, request_scope, access, ENCOUNTER_FORM, also={"from": back_to(origin)})
    shown = new_page(ctx, access, origin=origin, draft=drafting.taken)
    return await _show_new(ctx, request_scope, access, drafting=drafting, done=say_done(ctx, done), **shown)


@post("/staff/participants/{participant:str}/encounters", guards=[requires(READ)], name="record_encounter",
      status_code=303)  # fmt: skip
async def record_encounter(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], request: Request[Any, Any, Any]
) -> Response[bytes]:
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    try:
        return await _record(ctx, request_scope, access, sent)
    except (Conflict, Invalid) as refusal:
        shown = new_page(ctx, access, origin=sent["from"], sent=sent, refusal=refusal)
        drafting = await drafting_of(ctx, request_scope, access, ENCOUNTER_FORM, sent=sent)
        return await _show_new(ctx, request_scope, access, status=refusal.status, drafting=drafting, **shown)


@get("/staff/participants/{participant:str}/encounters/{id:uuid}", guards=[requires(READ)], name=ONE)
async def encounter(
    ctx: Context,
    request_scope: RequestScope,
    participant: FromPath[str],
    id: FromPath[UUID],
    done: FromQuery[str] = "",
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant)
    drafting = await draftings_of(ctx, request_scope, access, _forms_of(id))
    shown = await encounter_page(ctx, access, id, draft=drafting[0].taken, added=drafting[1].sent)
    return await _show_one(ctx, request_scope, access, drafting=drafting, done=say_done(ctx, done), **shown)


@post("/staff/participants/{participant:str}/encounters/{id:uuid}", guards=[requires(READ)], name="correct_encounter",
      status_code=303)  # fmt: skip
async def correct_encounter(
    ctx: Context,
    request_scope: RequestScope,
    participant: FromPath[str],
    id: FromPath[UUID],
    request: Request[Any, Any, Any],
) -> Response[bytes]:
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    try:
        return await _correct(ctx, request_scope, access, id, sent)
    except (Conflict, Invalid) as refusal:
        return await _show_refusal(ctx, request_scope, access, id, sent, refusal)


@post("/staff/participants/{participant:str}/encounters/{id:uuid}/addenda", guards=[requires(READ)],
      name="add_to_encounter", status_code=303)  # fmt: skip
async def add_to_encounter(
    ctx: Context,
    request_scope: RequestScope,
    participant: FromPath[str],
    id: FromPath[UUID],
    request: Request[Any, Any, Any],
) -> Response[bytes]:
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    try:
        return await _add(ctx, request_scope, access, id, sent)
    except (Conflict, Invalid) as refusal:
        return await _show_refusal(ctx, request_scope, access, id, sent, refusal)


HANDLERS = (list_encounters, new_encounter, record_encounter, encounter, correct_encounter, add_to_encounter)


async def _record(ctx: Context, request_scope: RequestScope, access: ParticipantAccess, sent: Post) -> Response[bytes]:
    if kept := await keep_if_asked(ctx, request_scope, access, sent, ENCOUNTER_FORM):
        return kept
    await operations.record_encounter(ctx, access, posted_of(ctx, sent))
    await finish(ctx, access, sent)
    name, place = place_after(sent["from"], access.code)
    return rendering.go_to(done_address(rendering.place_of(ctx, request_scope, name, **place), "recorded"))


async def _correct(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, id: UUID, sent: Post
) -> Response[bytes]:
    kept = await queries.read_encounter(ctx, access, id)
    if for_later := await keep_if_asked(ctx, request_scope, access, sent, ENCOUNTER_FORM, about=id):
        return for_later
    corrected = cast(EncounterCorrected, posted_of(ctx, sent, kept))
    await operations.correct_encounter(ctx, access, id, corrected)
    await finish(ctx, access, sent)
    return _done(ctx, request_scope, access, id, "recorded")


async def _add(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, id: UUID, sent: Post
) -> Response[bytes]:
    if for_later := await keep_if_asked(ctx, request_scope, access, sent, ADDENDUM_FORM, about=id):
        return for_later
    await operations.add_to_encounter(ctx, access, id, addendum_of(sent))
    await finish(ctx, access, sent)
    return _done(ctx, request_scope, access, id, "added")


def _forms_of(id: UUID) -> list[tuple[DraftForm, UUID | None]]:
    return [(ENCOUNTER_FORM, id), (ADDENDUM_FORM, id)]


async def _show_new(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, *, status: int = 200, **shown: Any
) -> Response[bytes]:
    template = "followups/new_encounter.html"
    panels = await show_slot(ctx, request_scope, "show_encounter_form", partial(panel_facts, access=access))
    await record_panels(ctx, access, [each.plugin for each in panels if not each.failed])
    return await section_page(
        ctx, request_scope, access, template, page="new_encounter", status=status, panels=panels, **shown
    )


async def _show_one(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, *, status: int = 200, **shown: Any
) -> Response[bytes]:
    read = ("encounters", "own_words")
    template = "followups/encounter.html"
    open_form = OpenForm("encounters", shown["encounter"].id) if shown["may_correct"] else None
    return await section_page(
        ctx, request_scope, access, template, page=ONE, read=read, status=status, open_form=open_form, **shown
    )


async def _show_refusal(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, id: UUID, sent: Post, refusal: Any
) -> Response[bytes]:
    """Shows both sides, with all that was typed in its fields; that reading stays in the trail."""
    ctx.db.commit_on_refusal = True
    shown = await encounter_page(ctx, access, id, sent=sent, refusal=refusal)
    drafting = await draftings_of(ctx, request_scope, access, _forms_of(id), sent=sent)
    return await _show_one(ctx, request_scope, access, status=refusal.status, drafting=drafting, **shown)


def _done(ctx: Context, request_scope: RequestScope, access: ParticipantAccess, id: UUID, act: str) -> Response[bytes]:
    address = rendering.place_of(ctx, request_scope, ONE, participant=access.code, id=id)
    return rendering.go_to(done_address(address, act))
