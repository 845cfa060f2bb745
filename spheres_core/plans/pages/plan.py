"""Pages of her plan: strengths, goals and needs, and the forms of each."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Response
from msgspec import structs

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
from spheres_core.participants.queries.access import find_for_caller, reaches, require_class
from spheres_core.participants.queries.panels import record_panels
from spheres_core.participants.queries.said_before import said_before
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.schemas.presence import OpenForm
from spheres_core.participants.views.drafts import drafting_of, draftings_of
from spheres_core.participants.views.extra_questions import extra_sent
from spheres_core.plans.operations import goals as goal_operations
from spheres_core.plans.operations import needs as operations
from spheres_core.plans.operations import stages as stage_operations
from spheres_core.plans.queries import goals as goal_queries
from spheres_core.plans.queries import needs as queries
from spheres_core.plans.queries import suggestions
from spheres_core.plans.queries.needs import CLASS
from spheres_core.plans.queries.together import is_shared
from spheres_core.plans.schemas.goals import GoalChanged, GoalPosted, StagePosted
from spheres_core.plans.schemas.needs import NeedChanged, NeedPosted, StrengthChanged, StrengthPosted
from spheres_core.plans.views import goal_page, plan_page
from spheres_core.plans.views.confirmations import say_done
from spheres_core.plans.views.draft_forms import GOAL_FORM, GOAL_STAGE_FORM, NEED_FORM, STRENGTH_FORM
from spheres_core.plans.views.form_fields import read_form

PAGE = "plan"
FORM = "plans/form.html"
Of = Annotated[UUID | None, QueryParameter(required=False)]


@get("/staff/participants/{participant:str}/plan", guards=[requires(READ)], name=PAGE)
async def plan(
    ctx: Context,
    request_scope: RequestScope,
    participant: FromPath[str],
    for_purpose: ForPurpose = None,
    done: FromQuery[str] = "",
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant, for_purpose)
    require_class(ctx, access, CLASS)
    shown = await plan_page.plan_page(ctx, access, may_write=reaches(ctx, access, CLASS, act="write"))
    shown["may_share"] = is_shared(access)
    panels = await show_slot(ctx, request_scope, "show_plan", partial(suggestions.plan_facts, access=access))
    await record_panels(ctx, access, [each.plugin for each in panels if not each.failed])
    return await section_page(
        ctx, request_scope, access, "plans/plan.html", page=PAGE, read=(CLASS,), done=say_done(ctx, done),
        panels=panels, **shown,
    )  # fmt: skip


@get("/staff/participants/{participant:str}/plan/strength", guards=[requires(READ)], name="add_strength")
async def strength_form(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], strength: Of = None
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant)
    require_class(ctx, access, CLASS, act="write")
    return await _show_strength(ctx, request_scope, access, strength)


@post("/staff/participants/{participant:str}/plan/strength", guards=[requires(READ)], name="record_strength",
      status_code=303)  # fmt: skip
async def record_strength(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], request: Request[Any, Any, Any]
) -> Response[bytes]:
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    try:
        return await _keep_or_record_strength(ctx, request_scope, access, sent)
    except (Conflict, Invalid) as refusal:
        return await _show_strength(ctx, request_scope, access, None, sent=sent, refusal=refusal)


@post("/staff/participants/{participant:str}/plan/strengths/{id:uuid}", guards=[requires(READ)],
      name="change_strength", status_code=303)  # fmt: skip
async def change_strength(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], id: FromPath[UUID],
    request: Request[Any, Any, Any],
) -> Response[bytes]:  # fmt: skip
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    try:
        return await _keep_or_change_strength(ctx, request_scope, access, id, sent)
    except (Conflict, Invalid) as refusal:
        return await _show_strength(ctx, request_scope, access, id, sent=sent, refusal=refusal)


@get("/staff/participants/{participant:str}/plan/need", guards=[requires(READ)], name="plan_need")
async def need_form(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], need: Of = None
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant)
    require_class(ctx, access, CLASS, act="write")
    return await _show_need(ctx, request_scope, access, need)


@post("/staff/participants/{participant:str}/plan/need", guards=[requires(READ)], name="record_need", status_code=303)
async def record_need(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], request: Request[Any, Any, Any]
) -> Response[bytes]:
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    try:
        return await _keep_or_record_need(ctx, request_scope, access, sent)
    except (Conflict, Invalid) as refusal:
        return await _show_need(ctx, request_scope, access, None, sent=sent, refusal=refusal)


@post("/staff/participants/{participant:str}/plan/needs/{id:uuid}", guards=[requires(READ)], name="change_need",
      status_code=303)  # fmt: skip
async def change_need(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], id: FromPath[UUID],
    request: Request[Any, Any, Any],
) -> Response[bytes]:  # fmt: skip
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    try:
        return await _keep_or_change_need(ctx, request_scope, access, id, sent)
    except (Conflict, Invalid) as refusal:
        return await _show_need(ctx, request_scope, access, id, sent=sent, refusal=refusal)


@get("/staff/participants/{participant:str}/plan/goal", guards=[requires(READ)], name="plan_goal")
async def goal(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], goal: Of = None, done: FromQuery[str] = ""
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant)
    require_class(ctx, access, CLASS, act="read" if goal else "write")
    if goal is None:
        return await _show_new_goal(ctx, request_scope, access)
    return await _show_goal(ctx, request_scope, access, goal, done=done)


@post("/staff/participants/{participant:str}/plan/goal", guards=[requires(READ)], name="record_goal", status_code=303)
async def record_goal(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], request: Request[Any, Any, Any]
) -> Response[bytes]:
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    try:
        return await _keep_or_record_goal(ctx, request_scope, access, sent)
    except (Conflict, Invalid) as refusal:
        return await _show_new_goal(ctx, request_scope, access, sent=sent, refusal=refusal)


@post("/staff/participants/{participant:str}/plan/goals/{id:uuid}", guards=[requires(READ)], name="change_goal",
      status_code=303)  # fmt: skip
async def change_goal(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], id: FromPath[UUID],
    request: Request[Any, Any, Any],
) -> Response[bytes]:  # fmt: skip
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    try:
        return await _keep_or_change_goal(ctx, request_scope, access, id, sent)
    except (Conflict, Invalid) as refusal:
        return await _show_goal(ctx, request_scope, access, id, sent=sent, refusal=refusal)


@post("/staff/participants/{participant:str}/plan/goals/{id:uuid}/stages", guards=[requires(READ)],
      name="observe_goal_stage", status_code=303)  # fmt: skip
async def observe_stage(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], id: FromPath[UUID],
    request: Request[Any, Any, Any],
) -> Response[bytes]:  # fmt: skip
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    try:
        return await _keep_or_observe_stage(ctx, request_scope, access, id, sent)
    except (Conflict, Invalid) as refusal:
        return await _show_goal(ctx, request_scope, access, id, of_stage=True, sent=sent, refusal=refusal)


HANDLERS = (
    plan,
    strength_form,
    record_strength,
    change_strength,
    need_form,
    record_need,
    change_need,
    goal,
    record_goal,
    change_goal,
    observe_stage,
)


async def _keep_or_record_strength(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, sent: Post
) -> Response[bytes]:
    if kept := await keep_if_asked(ctx, request_scope, access, sent, STRENGTH_FORM):
        return kept
    posted = read_form(StrengthPosted, {"what": sent["what"], "identified_by": sent["identified_by"]})
    await operations.record_strength(ctx, access, posted)
    return await _done(ctx, request_scope, access, sent, "strength")


async def _keep_or_change_strength(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, id: UUID, sent: Post
) -> Response[bytes]:
    if kept := await keep_if_asked(ctx, request_scope, access, sent, STRENGTH_FORM, about=id):
        return kept
    values = {"version": sent.version(), "what": sent["what"], "identified_by": sent["identified_by"]}
    await operations.change_strength(ctx, access, id, read_form(StrengthChanged, values))
    return await _done(ctx, request_scope, access, sent, "strength")


async def _keep_or_record_need(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, sent: Post
) -> Response[bytes]:
    names = ("need", "identified_by", "urgency", "what", "met_by", "could_be_met_by", "her_words", "strength")
    if kept := await keep_if_asked(ctx, request_scope, access, sent, NEED_FORM):
        return kept
    posted = structs.replace(_read_need(sent, *names), extra=extra_sent(ctx, operations.KIND, sent))
    await operations.record_need(ctx, access, posted)
    return await _done(ctx, request_scope, access, sent, "need")


async def _keep_or_change_need(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, id: UUID, sent: Post
) -> Response[bytes]:
    names = ("state", "identified_by", "urgency", "what", "met_by", "could_be_met_by", "her_words")
    if kept := await keep_if_asked(ctx, request_scope, access, sent, NEED_FORM, about=id):
        return kept
    values = {name: sent[name] for name in names} | {"version": sent.version(), **_confirmed(sent)}
    posted = structs.replace(read_form(NeedChanged, values), extra=extra_sent(ctx, operations.KIND, sent))
    await operations.change_need(ctx, access, id, posted)
    return await _done(ctx, request_scope, access, sent, "need")


async def _keep_or_record_goal(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, sent: Post
) -> Response[bytes]:
    values = {"words": sent["words"], "proposed_by": sent["proposed_by"], "template": sent["template"] or None}
    if kept := await keep_if_asked(ctx, request_scope, access, sent, GOAL_FORM):
        return kept
    posted = read_form(GoalPosted, {**values, "needs": sent.every("needs")})
    extra = extra_sent(ctx, goal_operations.KIND, sent)
    await goal_operations.record_goal(ctx, access, structs.replace(posted, extra=extra))
    return await _done(ctx, request_scope, access, sent, "goal")


async def _keep_or_change_goal(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, id: UUID, sent: Post
) -> Response[bytes]:
    if kept := await keep_if_asked(ctx, request_scope, access, sent, GOAL_FORM, about=id):
        return kept
    await _change_goal(ctx, access, id, sent)
    return await _done(ctx, request_scope, access, sent, "goal", goal=id)


async def _keep_or_observe_stage(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, id: UUID, sent: Post
) -> Response[bytes]:
    values: dict[str, Any] = {name: sent[name] or None for name in ("placed_by", "stage", "note", "her_words")}
    if kept := await keep_if_asked(ctx, request_scope, access, sent, GOAL_STAGE_FORM, about=id):
        return kept
    rulers = {name: sent.whole(name, most=10) for name in goal_page.RULERS}
    await stage_operations.observe_stage(ctx, access, id, read_form(StagePosted, values | rulers))
    return await _done(ctx, request_scope, access, sent, "stage", goal=id)


async def _change_goal(ctx: Context, access: ParticipantAccess, id: UUID, sent: Post) -> None:
    """Changes a goal as the form says, which asks for no other needs."""
    kept = (await goal_queries.find_goal(ctx, access, id)).needs
    values = {"version": sent.version(), "state": sent["state"], "words": sent["words"], "hers": bool(sent["hers"])}
    posted = read_form(GoalChanged, {**values, "she_wants_it": bool(sent["she_wants_it"]), "needs": kept})
    extra = extra_sent(ctx, goal_operations.KIND, sent)
    await goal_operations.change_goal(ctx, access, id, structs.replace(posted, extra=extra))


async def _show_strength(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, id: UUID | None = None, *,
    sent: Post | None = None, refusal: Conflict | Invalid | None = None,
) -> Response[bytes]:  # fmt: skip
    strength = await queries.read_strength(ctx, access, id) if id else None
    drafting = await drafting_of(ctx, request_scope, access, STRENGTH_FORM, about=id, sent=sent)
    changed = strength is not None and drafting.began_at not in (None, strength.version)
    shown = plan_page.strength_form(ctx, strength, sent=drafting.sent, refusal=refusal, changed=changed)
    action, open_form = ("change_strength", OpenForm("strengths", id)) if id else ("record_strength", None)
    return await _show(
        ctx, request_scope, access, FORM, refusal, action=action, id=id, drafting=drafting, open_form=open_form, **shown
    )


async def _show_need(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, id: UUID | None, *,
    sent: Post | None = None, refusal: Conflict | Invalid | None = None,
) -> Response[bytes]:  # fmt: skip
    need = await queries.read_need(ctx, access, id) if id else None
    first = need is None and not (await queries.list_strengths(ctx, access)).items
    drafting = await drafting_of(ctx, request_scope, access, NEED_FORM, about=id, sent=sent)
    changed = need is not None and drafting.began_at not in (None, need.version)
    said = () if need else (await said_before(ctx, access)).needs
    shown = await plan_page.need_form(
        ctx, access, need, first=first, said=said, sent=drafting.sent, refusal=refusal, changed=changed
    )
    action, open_form = ("change_need", OpenForm("needs", id)) if need else ("record_need", None)
    return await _show(
        ctx, request_scope, access, FORM, refusal, action=action, id=id, drafting=drafting, open_form=open_form, **shown
    )


async def _show_new_goal(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, *, sent: Post | None = None,
    refusal: Conflict | Invalid | None = None,
) -> Response[bytes]:  # fmt: skip
    suggested = await suggestions.suggested_goals(ctx, access)
    drafting = await drafting_of(ctx, request_scope, access, GOAL_FORM, sent=sent)
    shown = goal_page.goal_form(ctx, access, suggested, sent=drafting.sent, refusal=refusal)
    return await _show(ctx, request_scope, access, FORM, refusal, action="record_goal", drafting=drafting, **shown)


async def _show_goal(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, id: UUID, *, of_stage: bool = False,
    sent: Post | None = None, refusal: Conflict | Invalid | None = None, done: str = "",
) -> Response[bytes]:  # fmt: skip
    forms: list[tuple[DraftForm, UUID | None]] = [(GOAL_FORM, id), (GOAL_STAGE_FORM, id)]
    drafting = await draftings_of(ctx, request_scope, access, forms, sent=sent)
    of_goal, of_her_stage = drafting
    shown = await goal_page.goal_page(
        ctx, access, id, of_stage=of_stage or of_her_stage.taken is not None, sent=of_goal.sent or of_her_stage.sent,
        refusal=refusal, began_at=of_goal.began_at,
    )  # fmt: skip
    return await _show(
        ctx, request_scope, access, "plans/goal.html", refusal, done=say_done(ctx, done), action="",
        drafting=drafting, open_form=OpenForm("goals", id) if shown["may_write"] else None, **shown,
    )  # fmt: skip


async def _show(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, template: str,
    refusal: Conflict | Invalid | None, *, action: str, id: UUID | None = None, **shown: Any,
) -> Response[bytes]:  # fmt: skip
    """Shows a page with its form, and with what stands against what was sent; that reading stays in the trail."""
    ctx.db.commit_on_refusal = refusal is not None
    place = {"participant": access.code} | ({"id": id} if id else {})
    address = rendering.place_of(ctx, request_scope, action, **place) if action else ""
    status = refusal.status if refusal else 200
    return await section_page(
        ctx, request_scope, access, template, page=PAGE, read=(CLASS,), status=status, action=address, **shown
    )


async def _done(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, sent: Post, act: str, *,
    goal: UUID | None = None,
) -> Response[bytes]:  # fmt: skip
    await finish(ctx, access, sent)
    name = "plan_goal" if goal else PAGE
    address = rendering.place_of(ctx, request_scope, name, participant=access.code)
    return rendering.go_to(done_address(f"{address}?goal={goal}" if goal else address, act))


def _read_need(sent: Post, *names: str) -> NeedPosted:
    return read_form(NeedPosted, {name: sent[name] for name in names} | _confirmed(sent))


def _confirmed(sent: Post) -> dict[str, bool]:
    return {"confirmed": bool(sent["confirmed"])}
