"""Links by which a partner without an account answers one request, as JSON."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, JSONBody

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import public_posts, requires
from spheres_core.participants.controllers.files import Code
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries.access import find_for_caller
from spheres_core.plans.operations import answer_links as operations
from spheres_core.plans.queries import answer_links as queries
from spheres_core.plans.schemas.answer_links import AnsweredByLink, AnswerLinkMade, AnswerLinks, LinkOpened
from spheres_core.plans.schemas.requests import PartnerRequest
from spheres_core.staff.views.sign_in import source_address


@get("/participants/{participant:str}/requests/{id:uuid}/links", guards=[requires(READ)], name="api_answer_links",
     summary="Links by which a request can be answered, the last first", tags=["plans"])  # fmt: skip
async def list_links(ctx: Context, participant: Code, id: FromPath[UUID]) -> AnswerLinks:
    """For the team. Says how each stands, and never its secret."""
    return AnswerLinks(await queries.list_links(ctx, await find_for_caller(ctx, participant), id))


@post("/participants/{participant:str}/requests/{id:uuid}/links", guards=[requires(READ)], name="api_make_answer_link",
      summary="Make a link by which a request can be answered without an account", tags=["plans"])  # fmt: skip
async def make_link(ctx: Context, participant: Code, id: FromPath[UUID]) -> AnswerLinkMade:
    """For the team, in a session of one's own: 403 for tokens. The link is shown this once; an earlier one closes."""
    return await operations.make_link(ctx, await find_for_caller(ctx, participant), id)


@post("/participants/{participant:str}/requests/{id:uuid}/links/{link:uuid}/revoke", guards=[requires(READ)],
      name="api_revoke_answer_link", status_code=200, summary="Close a link at once", tags=["plans"])  # fmt: skip
async def revoke_link(ctx: Context, participant: Code, id: FromPath[UUID], link: FromPath[UUID]) -> AnswerLinks:
    """Returns the links as they are from then on."""
    file = await find_for_caller(ctx, participant)
    await operations.revoke_link(ctx, file, id, link)
    return AnswerLinks(await queries.list_links(ctx, file, id))


@post("/answer-links/request", guards=[public_posts("links")], name="api_request_by_link", status_code=200,
      summary="The request that a link leads to", tags=["plans"])  # fmt: skip
async def open_link(ctx: Context, request: Request[Any, Any, Any], data: JSONBody[LinkOpened]) -> PartnerRequest:
    """Needs no account. Whatever has ended or never was answers the same 404."""
    return await operations.open_link(ctx, data.secret, source=source_address(request))


@post("/answer-links/answer", guards=[public_posts("links")], name="api_answer_by_link", status_code=200,
      summary="Answer the request that a link leads to", tags=["plans"])  # fmt: skip
async def answer(ctx: Context, request: Request[Any, Any, Any], data: JSONBody[AnsweredByLink]) -> PartnerRequest:
    """When it was changed in the meantime: 409, with `yours` and `theirs`."""
    return await operations.answer(ctx, data.secret, data.answer, source=source_address(request))


HANDLERS: list[Any] = [list_links, make_link, revoke_link, open_link, answer]
