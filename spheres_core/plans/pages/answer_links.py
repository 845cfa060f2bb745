"""Pages of links by which a partner without an account answers one request: made in her file, opened by anybody who
has one."""

from typing import Any, Final
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Response

from spheres_core.facts import msg
from spheres_core.foundation.errors import Conflict, Invalid, Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.confirmations import done_address
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import public, public_posts, requires
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.participants.pages.files import section_page
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries.access import find_for_caller
from spheres_core.plans.operations import answer_links as operations
from spheres_core.plans.operations.answer_links import AnswerLinkGone
from spheres_core.plans.pages.requests import PAGE as REQUESTS
from spheres_core.plans.pages.requests import read_answer
from spheres_core.plans.queries import answer_links as queries
from spheres_core.plans.views import answer_link_page as views
from spheres_core.staff.operations.login_throttle import SignInPaused
from spheres_core.staff.views.link_secret import link_secret
from spheres_core.staff.views.sign_in import source_address

PAGE: Final = "answer"


@get("/staff/participants/{participant:str}/requests/{id:uuid}/link", guards=[requires(READ)], name="answer_links")
async def answer_links(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], id: FromPath[UUID]
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant)
    shown = views.links_page(ctx, id, await queries.list_links(ctx, access, id))
    return await section_page(ctx, request_scope, access, "plans/answer_links.html", page=REQUESTS, made=None, **shown)


@post("/staff/participants/{participant:str}/requests/{id:uuid}/link", guards=[requires(READ)],
      name="make_answer_link", status_code=200)  # fmt: skip
async def make_link(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], id: FromPath[UUID]
) -> Response[bytes]:
    """Answers with the link, which is shown this once."""
    access = await find_for_caller(ctx, participant)
    made = await operations.make_link(ctx, access, id)
    shown = views.links_page(ctx, id, await queries.list_links(ctx, access, id))
    return await section_page(ctx, request_scope, access, "plans/answer_links.html", page=REQUESTS, made=made, **shown)


@post("/staff/participants/{participant:str}/requests/{id:uuid}/link/{link:uuid}/revoke", guards=[requires(READ)],
      name="revoke_answer_link", status_code=303)  # fmt: skip
async def revoke_link(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], id: FromPath[UUID], link: FromPath[UUID]
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant)
    await operations.revoke_link(ctx, access, id, link)
    return rendering.go_to(
        done_address(rendering.place_of(ctx, request_scope, REQUESTS, participant=access.code), "link_revoked")
    )


@get("/answer", guards=[public], name=PAGE)
async def answer_page(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    """Asks for the secret, which a script takes out of the address."""
    return await rendering.page(
        ctx, request_scope, "plans/answer_link.html", title=ctx.locale.say(msg("Answer by a link"))
    )


@post("/answer", guards=[public_posts("links")], name="open_answer_link", status_code=200)
async def open_link(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    return await _show(ctx, request_scope, request)


@post("/answer/given", guards=[public_posts("links")], name="answer_by_link", status_code=200)
async def answer(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    sent = await read_post(request)
    try:
        await operations.answer(ctx, link_secret(sent), read_answer(sent), source=source_address(request))
    except (AnswerLinkGone, SignInPaused) as gone:
        return await _gone(ctx, request_scope, gone)
    except (Conflict, Invalid) as refusal:
        return await _show(ctx, request_scope, request, refusal)
    title = ctx.locale.say(msg("Thank you"))
    return await rendering.page(ctx, request_scope, "plans/answer_noted.html", title=title)


HANDLERS = (answer_links, make_link, revoke_link, answer_page, open_link, answer)


async def _show(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], refusal: Refusal | None = None
) -> Response[bytes]:
    sent = await read_post(request)
    secret = link_secret(sent)
    try:
        found = await operations.open_link(ctx, secret, source=source_address(request))
    except (AnswerLinkGone, SignInPaused) as gone:
        return await _gone(ctx, request_scope, gone)
    ctx.db.commit_on_refusal = True  # that it was read stays in the trail
    shown = await views.request_page(ctx, found, refusal=refusal)
    return await rendering.page(
        ctx, request_scope, "plans/answer_by_link.html", status=refusal.status if refusal else 200, secret=secret,
        begun=sent if refusal else None, answering=found.id, **shown,
    )  # fmt: skip


async def _gone(ctx: Context, request_scope: RequestScope, refusal: Refusal) -> Response[bytes]:
    shown = views.gone_page(ctx, refusal)
    return await rendering.page(ctx, request_scope, "plans/answer_gone.html", status=refusal.status, **shown)
