"""Pages of one question of a draft, and of its rules."""

from typing import Any
from uuid import uuid4

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Response

from spheres_core.forms import queries
from spheres_core.forms.operations.drafts import QuestionUnknown
from spheres_core.forms.permissions import EDIT
from spheres_core.forms.views.question_page import question_view, receive_question
from spheres_core.forms.views.rule_page import receive_rule, rule_view
from spheres_core.forms.xlsform.draft_changes import fields_of
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.rendering import go_to, place_of
from spheres_core.foundation.web.request_scope import RequestScope


@get("/administration/forms/{key:str}/question", guards=[requires(EDIT)], name="form_question")
async def question(
    ctx: Context, request_scope: RequestScope, key: FromPath[str], id: FromQuery[str] = "", after: FromQuery[str] = ""
) -> Response[bytes]:
    stored = await queries.stored_draft(ctx, key)
    if id and fields_of(stored.draft, id) is None:
        raise QuestionUnknown
    shown = question_view(ctx, stored, id or str(uuid4()), after=after)
    return await rendering.page(ctx, request_scope, "forms/question.html", **shown)


@post("/administration/forms/{key:str}/question", guards=[requires(EDIT)], name="save_form_question", status_code=303)
async def save(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], key: FromPath[str]
) -> Response[bytes]:
    sent = await read_post(request)
    id, status, shown = await receive_question(ctx, key, sent)
    if shown is not None:
        return await rendering.page(ctx, request_scope, "forms/question.html", status=status, **shown)
    return go_to(_next(ctx, request_scope, key, id, sent["_do"]))


@get("/administration/forms/{key:str}/rule", guards=[requires(EDIT)], name="form_rule")
async def rule(
    ctx: Context,
    request_scope: RequestScope,
    request: Request[Any, Any, Any],
    key: FromPath[str],
    id: FromQuery[str] = "",
    which: FromQuery[str] = "relevant",
) -> Response[bytes]:
    sent = request.query_params
    tried = {name.removeprefix("try."): sent.getall(name) for name in sent if name.startswith("try.")}
    stored = await queries.stored_draft(ctx, key)
    shown = rule_view(ctx, stored, id, which, tried=tried or None)
    return await rendering.page(ctx, request_scope, "forms/rule.html", **shown)


@post("/administration/forms/{key:str}/rule", guards=[requires(EDIT)], name="save_form_rule", status_code=303)
async def save_rule(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], key: FromPath[str]
) -> Response[bytes]:
    sent = await read_post(request)
    await receive_rule(ctx, key, sent)
    page = place_of(ctx, request_scope, "form_rule", key=key)
    return go_to(f"{page}?id={sent['id']}&which={sent['which']}#rule")


HANDLERS = (question, save, rule, save_rule)


def _next(ctx: Context, request_scope: RequestScope, key: str, id: str, do: str) -> str:
    if do == "done":
        return f"{place_of(ctx, request_scope, 'form_draft', key=key)}#q-{id}"
    page = place_of(ctx, request_scope, "form_question", key=key)
    return f"{page}?after={id}" if do == "next" else f"{page}?id={id}#saved"
