"""Pages for coordinators: the list of referrals, its search, and the filters that each keeps for herself."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Response

from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.confirmations import done_address
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.referrals.operations import saved_filters
from spheres_core.referrals.permissions import READ
from spheres_core.referrals.schemas import InboxFilters
from spheres_core.referrals.views.inbox import address_of, filters_of, inbox_page, refused_filter_page, search_page

InState = Annotated[str, QueryParameter(name="state", required=False)]
LONGEST_SEARCH = 200


@get("/referrals", guards=[requires(READ)], name="inbox")
async def inbox(
    ctx: Context,
    request_scope: RequestScope,
    in_state: InState = "",
    need: FromQuery[str] = "",
    spoken: FromQuery[str] = "",
    assignee: FromQuery[str] = "",
    sort: FromQuery[str] = "",
    cursor: FromQuery[str] = "",
    done: FromQuery[str] = "",
) -> Response[bytes]:
    filters = InboxFilters(in_state, spoken, need, assignee, sort)
    shown = await inbox_page(ctx, filters, cursor=cursor, done=done)
    return await rendering.page(ctx, request_scope, "referrals/inbox.html", **shown)


@get("/referrals/search", guards=[requires(READ)], name="search_referrals")
async def search_form(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, "referrals/inbox.html", **await inbox_page(ctx, InboxFilters()))


@post("/referrals/search", guards=[requires(READ)], status_code=200)
async def search(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    sent = await read_post(request)
    typed = sent["text"].strip()[:LONGEST_SEARCH]
    shown = await search_page(ctx, typed, cursor=sent["cursor"]) if typed else await inbox_page(ctx, InboxFilters())
    return await rendering.page(ctx, request_scope, "referrals/inbox.html", **shown)


@post("/referrals/filters", guards=[requires(READ)], name="save_filter", status_code=303)
async def save_filter(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    sent = await read_post(request)
    filters = filters_of(sent)
    try:
        await saved_filters.save_filter(ctx, sent["name"], filters)
    except Invalid as refusal:
        shown = await refused_filter_page(ctx, filters, refusal, sent["name"][:LONGEST_SEARCH])
        return await rendering.page(ctx, request_scope, "referrals/inbox.html", status=refusal.status, **shown)
    return rendering.go_to(done_address(rendering.place_of(ctx, request_scope, "inbox") + address_of(filters), "saved"))


@post("/referrals/filters/{id:uuid}/delete", guards=[requires(READ)], name="delete_filter", status_code=303)
async def delete_filter(ctx: Context, request_scope: RequestScope, id: FromPath[UUID]) -> Response[bytes]:
    await saved_filters.delete_filter(ctx, id)
    return rendering.go_to(done_address(rendering.place_of(ctx, request_scope, "inbox"), "deleted"))


HANDLERS = (inbox, search_form, search, save_filter, delete_filter)
