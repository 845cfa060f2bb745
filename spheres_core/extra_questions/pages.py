"""The page on which staff answer the extra questions of one form on a record."""

from functools import partial
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Response

from spheres_core.extra_questions import operations, queries
from spheres_core.extra_questions.operations import AnswersChanged
from spheres_core.extra_questions.views import answer_page
from spheres_core.forms import queries as forms
from spheres_core.forms.posted_answers import from_pairs, with_room
from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import signed_in
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.rendering import go_to, place_of
from spheres_core.foundation.web.request_scope import RequestScope

TEMPLATE = "extra_questions/answer.html"


@get("/records/{kind:str}/{id:uuid}/extra-questions/{form:str}", guards=[signed_in], name="extra_questions")
async def show_questions(
    ctx: Context, request_scope: RequestScope, kind: FromPath[str], id: FromPath[UUID], form: FromPath[str]
) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, TEMPLATE, **await answer_page(ctx, kind, id, form))


@post("/records/{kind:str}/{id:uuid}/extra-questions/{form:str}", guards=[signed_in], name="answer_extra_questions",
      status_code=303)  # fmt: skip
async def answer_questions(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], kind: FromPath[str],
    id: FromPath[UUID], form: FromPath[str],
) -> Response[bytes]:  # fmt: skip
    status, shown = await _answer(ctx, kind, id, form, await read_post(request))
    if status == 303:
        return go_to(f"{place_of(ctx, request_scope, shown['page'], **shown['place'])}#extra-{form}")
    return await rendering.page(ctx, request_scope, TEMPLATE, status=status, **shown)


HANDLERS = (show_questions, answer_questions)


async def _answer(ctx: Context, kind: str, id: UUID, form_key: str, post: Post) -> tuple[int, dict[str, Any]]:
    """Writes what was posted. Returns 303 and where the record stands; else the status and the page to show again."""
    _, record = await queries.find_record(ctx, kind, id)
    answers = from_pairs(await forms.current(ctx, form_key, attached=True), post.pairs)
    seen = post.own.get("_answers_version", "")
    version = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0
    again = partial(answer_page, ctx, kind, id, form_key, drawn=post.own.get("_order", ""))
    if "_add" in post.own:
        return 200, await again(sent=with_room(answers, post.own["_add"]), version=version)
    try:
        await operations.answer(
            ctx, kind, id, form_key, answers, version=version, form_version=post.own.get("_version") or None
        )
    except AnswersChanged as changed:
        now = changed.theirs.version if changed.theirs else 0
        return changed.status, await again(sent=answers, refusal=changed, theirs=changed.theirs, version=now)
    except (Conflict, Invalid) as refusal:
        return refusal.status, await again(sent=answers, refusal=refusal, version=version)
    return 303, {"page": record.page, "place": record.place}
