"""The screen that a worker and a young person look at together: her plan, her words, who may see what.

Its addresses name nobody. Its session opens nothing else, and ends when it is left; it is kept nowhere.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Response

from spheres_core.consents.schemas import Disclosure
from spheres_core.consents.views import who_sees_what as consent_words
from spheres_core.facts import msg
from spheres_core.foundation.errors import Conflict, Invalid, NotAllowed
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.confirmations import done_address
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import narrowed, requires
from spheres_core.foundation.web.panels import show_slot
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.participants.operations import consents
from spheres_core.participants.pages.files import section_page
from spheres_core.participants.permissions import READ, RECORD_CONSENTS
from spheres_core.participants.queries.access import find_for_caller, find_for_shared_screen, is_shown, reaches
from spheres_core.participants.queries.panels import record_panels
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.partners.queries.partners import organization_names
from spheres_core.plans.operations import goals, needs, stages
from spheres_core.plans.operations import together as operations
from spheres_core.plans.queries import together as queries
from spheres_core.plans.queries.suggestions import together_facts
from spheres_core.plans.schemas.cycle import CycleStagePosted
from spheres_core.plans.schemas.goals import GoalPosted, StagePosted
from spheres_core.plans.schemas.needs import StrengthPosted
from spheres_core.plans.views import together_page as views
from spheres_core.plans.views.form_fields import read_form
from spheres_core.staff.operations import sessions
from spheres_core.staff.views.session_cookie import LEFT_BEHIND, redirect_signed_out, session_cookie

PAGE: Final = "together"


@get("/staff/participants/{participant:str}/together", guards=[requires(READ)], name="begin_together")
async def begin(ctx: Context, request_scope: RequestScope, participant: FromPath[str]) -> Response[bytes]:
    access = await find_for_caller(ctx, participant, "follow_up")
    queries.require_shared(access)
    title = ctx.locale.say(msg("Look at it together"))
    return await section_page(
        ctx, request_scope, access, "plans/begin_together.html", page="begin_together", title=title
    )


@post("/staff/participants/{participant:str}/together", guards=[requires(READ)], name="open_together",
      status_code=303)  # fmt: skip
async def open_together(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], request: Request[Any, Any, Any]
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant, "follow_up")
    await operations.open_together(ctx, access, session_cookie(request_scope, request))
    answer = rendering.redirect(ctx, request_scope, PAGE)
    answer.headers["clear-site-data"] = LEFT_BEHIND  # pages of the file that the browser could go back to
    return answer


@get("/together", guards=[narrowed], name=PAGE)
async def together(ctx: Context, request_scope: RequestScope, done: FromQuery[str] = "") -> Response[bytes]:
    return await _show(ctx, request_scope, await find_for_shared_screen(ctx), done=done)


@post("/together/strengths", guards=[narrowed], name="say_strength", status_code=303)
async def say_strength(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    access, sent = await find_for_shared_screen(ctx), await read_post(request)
    try:
        await needs.record_strength(ctx, access, read_form(StrengthPosted, _words(sent) | {"identified_by": "herself"}))
    except (Conflict, Invalid) as refusal:
        return await _show(ctx, request_scope, access, form="strength", sent=sent, refusal=refusal)
    return _done(ctx, request_scope, "said")


@post("/together/goals", guards=[narrowed], name="say_goal", status_code=303)
async def say_goal(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    access, sent = await find_for_shared_screen(ctx), await read_post(request)
    try:
        await goals.record_goal(ctx, access, read_form(GoalPosted, {"words": sent["words"], "proposed_by": "herself"}))
    except (Conflict, Invalid) as refusal:
        return await _show(ctx, request_scope, access, form="goal", sent=sent, refusal=refusal)
    return _done(ctx, request_scope, "said")


@post("/together/goals/{id:uuid}/words", guards=[narrowed], name="say_goal_again", status_code=303)
async def say_goal_again(
    ctx: Context, request_scope: RequestScope, id: FromPath[UUID], request: Request[Any, Any, Any]
) -> Response[bytes]:
    access, sent = await find_for_shared_screen(ctx), await read_post(request)
    try:
        version = sent.version()
        said = read_form(GoalPosted, {"words": sent["words"], "proposed_by": "herself"})
        await operations.say_goal(ctx, access, id, words=said.words, version=version)
    except (Conflict, Invalid) as refusal:
        return await _show(ctx, request_scope, access, form=f"words-{id}", sent=sent, refusal=refusal)
    return _done(ctx, request_scope, "said")


@post("/together/goals/{id:uuid}/stages", guards=[narrowed], name="place_on_goal", status_code=303)
async def place_on_goal(
    ctx: Context, request_scope: RequestScope, id: FromPath[UUID], request: Request[Any, Any, Any]
) -> Response[bytes]:
    access, sent = await find_for_shared_screen(ctx), await read_post(request)
    values: dict[str, Any] = {"placed_by": "herself", "stage": sent["stage"] or None}
    try:
        rulers = {name: sent.whole(name, most=10) for name in views.RULERS}
        await operations.place_on_goal(ctx, access, id, read_form(StagePosted, values | rulers))
    except (Conflict, Invalid) as refusal:
        return await _show(ctx, request_scope, access, form=f"stage-{id}", sent=sent, refusal=refusal)
    return _done(ctx, request_scope, "placed")


@post("/together/place", guards=[narrowed], name="place_herself", status_code=303)
async def place_herself(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    access, sent = await find_for_shared_screen(ctx), await read_post(request)
    try:
        values = {"model": sent["model"], "her_stage": sent["stage"] or None}
        await stages.observe_cycle_stage(ctx, access, read_form(CycleStagePosted, values))
    except (Conflict, Invalid) as refusal:
        return await _show(ctx, request_scope, access, form=f"place-{sent['model']}", sent=sent, refusal=refusal)
    return _done(ctx, request_scope, "placed")


@post("/together/lines/{id:uuid}/end", guards=[narrowed], name="end_line_together", status_code=200)
async def end_line(ctx: Context, request_scope: RequestScope, id: FromPath[UUID]) -> Response[bytes]:
    """Answers with what had left: afterwards her file may be closed to whoever asked."""
    access = await find_for_shared_screen(ctx)
    if not ctx.may(RECORD_CONSENTS):
        raise NotAllowed
    left = await consents.end_line(ctx, access, id)
    return await rendering.page(ctx, request_scope, "plans/together_ended.html", **await _ended(ctx, left))


@post("/together/done", guards=[narrowed], name="close_together", status_code=303)
async def close(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    await sessions.sign_out(ctx, session_cookie(request_scope, request))
    return redirect_signed_out(request_scope, rendering.place_of(ctx, request_scope, "sign_in"))


HANDLERS = (
    begin,
    open_together,
    together,
    say_strength,
    say_goal,
    say_goal_again,
    place_on_goal,
    place_herself,
    end_line,
    close,
)


async def _show(
    ctx: Context,
    request_scope: RequestScope,
    access: ParticipantAccess,
    *,
    done: str = "",
    form: str = "",
    sent: Post | None = None,
    refusal: Conflict | Invalid | None = None,
) -> Response[bytes]:
    """Shows the screen, with what stands against what was said; that it was read stays in the trail."""
    ctx.db.commit_on_refusal = refusal is not None
    found = await queries.read_together(ctx, access)
    may = {
        "plan": reaches(ctx, access, "needs_and_plan", act="write"),
        "stages": reaches(ctx, access, "stages", act="write"),
        "consents": consents.may_record(ctx, access),
    }
    shown = views.together_page(
        ctx, found, await organization_names(ctx), may=may, form=form, sent=sent, refusal=refusal
    )
    shown["more"] = await views.shared_parts(ctx, access)
    asked = await show_slot(ctx, request_scope, "show_together", partial(together_facts, together=found))
    panels = [each for each in asked if not each.failed]  # why one failed is nothing to say to her
    await record_panels(ctx, access, [each.plugin for each in panels])
    return await rendering.page(
        ctx, request_scope, "plans/together.html", status=refusal.status if refusal else 200,
        done=views.say_done(ctx, done), panels=panels, **shown,
    )  # fmt: skip


async def _ended(ctx: Context, left: Sequence[Disclosure]) -> dict[str, Any]:
    names = await organization_names(ctx)
    return {
        "title": ctx.locale.say(msg("It is stopped")),
        "left": consent_words.left_lines(ctx, left, names),
        "open": await is_shown(ctx),
    }


def _words(sent: Post) -> dict[str, Any]:
    return {"what": sent["words"]}


def _done(ctx: Context, request_scope: RequestScope, act: str) -> Response[bytes]:
    return rendering.go_to(done_address(rendering.place_of(ctx, request_scope, PAGE), act))
