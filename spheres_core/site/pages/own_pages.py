"""Pages on which a region writes pages of its site: looked at first, then saved, then published, or taken back."""

from typing import Annotated, Any

from litestar import Request, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Response
from msgspec import structs

from spheres_core.facts import msg
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.rendering import go_to, place_of
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.site.operations import own_pages
from spheres_core.site.permissions import WRITE
from spheres_core.site.queries.own_pages import (
    PageChangedMeanwhile,
    PageInvalid,
    PageUnknown,
    check_place,
)
from spheres_core.site.schemas import Editing
from spheres_core.site.views.own_pages import page_view, pages_view

NO_NAME = msg("A page's name is small letters, digits and hyphens, and not one of the program's.")

Tag = Annotated[str, QueryParameter(name="in", required=False)]
"""The language that is written, which need not be that of the page."""


@get("/administration/pages", guards=[requires(WRITE)], name="own_pages")
async def list_pages(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await _list(ctx, request_scope)


@post("/administration/pages", guards=[requires(WRITE)], name="new_page", status_code=303)
async def name_page(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    """Leads to a page that is not written yet."""
    slug = (await read_post(request))["slug"].strip().lower()
    try:
        check_place(ctx, slug, ctx.locale.tag)
    except PageUnknown:
        return await _list(ctx, request_scope, refused=ctx.locale.say(NO_NAME), status=422)
    return go_to(place_of(ctx, request_scope, "own_page", slug=slug))


@get("/administration/pages/{slug:str}", guards=[requires(WRITE)], name="own_page")
async def edit_page(ctx: Context, request_scope: RequestScope, slug: FromPath[str], tag: Tag = "") -> Response[bytes]:
    return await _page(ctx, request_scope, slug, tag or ctx.locale.tag)


@post("/administration/pages/{slug:str}", guards=[requires(WRITE)], name="write_page", status_code=303)
async def write_page(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], slug: FromPath[str]
) -> Response[bytes]:
    sent = await read_post(request)
    if sent["act"] == "look":
        return await _page(ctx, request_scope, slug, sent["language"], _editing(sent))
    return await _write(ctx, request_scope, slug, sent)


@post("/administration/pages/{slug:str}/take-back", guards=[requires(WRITE)], name="take_back_page", status_code=303)
async def take_back_page(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], slug: FromPath[str]
) -> Response[bytes]:
    sent = await read_post(request)
    number = sent["to"]
    await own_pages.take_back_page(ctx, slug, sent["language"], to=int(number) if number.isdecimal() else -1)
    request_scope.stale = True
    return _done(ctx, request_scope, slug, sent["language"])


HANDLERS = (list_pages, name_page, edit_page, write_page, take_back_page)


async def _list(
    ctx: Context, request_scope: RequestScope, *, refused: Text | None = None, status: int = 200
) -> Response[bytes]:
    shown = await pages_view(ctx)
    return await rendering.page(ctx, request_scope, "site/pages.html", status=status, refused=refused, **shown)


async def _write(ctx: Context, request_scope: RequestScope, slug: str, sent: Post) -> Response[bytes]:
    language, editing = sent["language"], _editing(sent)
    try:
        publish = sent["act"] == "publish"
        request_scope.stale = await own_pages.write_page(ctx, slug, language, editing, publish=publish)
    except (PageInvalid, PageChangedMeanwhile) as refusal:
        return await _refused(ctx, request_scope, slug, language, editing, refusal)
    return _done(ctx, request_scope, slug, language)


async def _refused(
    ctx: Context, request_scope: RequestScope, slug: str, language: str, editing: Editing,
    refusal: PageInvalid | PageChangedMeanwhile,
) -> Response[bytes]:  # fmt: skip
    """Shows the text again; with theirs, on which it would be saved next, when somebody else was faster."""
    if isinstance(refusal, PageChangedMeanwhile):
        editing = structs.replace(editing, base=refusal.extra["number"], conflict=True)
    return await _page(ctx, request_scope, slug, language, editing, status=refusal.status)


def _editing(sent: Post) -> Editing:
    base, order = sent["base"], sent["menu_order"].strip()
    return Editing(
        sent["text"].replace("\r\n", "\n"),
        int(base) if base.isdecimal() and len(base) < 8 else 0,
        int(order) if order.isdecimal() and len(order) < 4 else None,
        sure=sent["sure"] == "yes",
        looked_at=True,
    )


def _done(ctx: Context, request_scope: RequestScope, slug: str, language: str) -> Response[bytes]:
    return go_to(f"{place_of(ctx, request_scope, 'own_page', slug=slug)}?in={language}#versions")


async def _page(
    ctx: Context, request_scope: RequestScope, slug: str, language: str, editing: Editing | None = None, *,
    status: int = 200,
) -> Response[bytes]:  # fmt: skip
    shown = await page_view(ctx, slug, language, editing)
    return await rendering.page(ctx, request_scope, "site/edit_page.html", status=status, **shown)
