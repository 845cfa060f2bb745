"""Pages on which a region renames terms: a new word is shown with its collisions before it is written."""

import contextlib
from typing import Annotated, Any

from litestar import Request, get, post
from litestar.params import FromQuery, QueryParameter
from litestar.response import Response

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.rendering import go_to, place_of
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.site.operations import terms
from spheres_core.site.permissions import RENAME
from spheres_core.site.queries.terms import TermInvalid
from spheres_core.site.views.terms import term_view, terms_view

Tag = Annotated[str, QueryParameter(name="in", required=False)]
"""The language whose words are meant, which need not be that of the page."""


@get("/administration/terms", guards=[requires(RENAME)], name="terms")
async def list_terms(ctx: Context, request_scope: RequestScope, tag: Tag = "") -> Response[bytes]:
    return await rendering.page(ctx, request_scope, "site/terms.html", **terms_view(ctx, tag or ctx.locale.tag))


@get("/administration/terms/term", guards=[requires(RENAME)], name="term")
async def term(ctx: Context, request_scope: RequestScope, tag: Tag = "", key: FromQuery[str] = "") -> Response[bytes]:
    return await _page(ctx, request_scope, tag, key)


@post("/administration/terms/term", guards=[requires(RENAME)], name="rename_term", status_code=303)
async def rename_term(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    sent = await read_post(request)
    language, key, text = sent["language"], sent["key"], sent["text"]
    if sent["sure"] == "yes":
        with contextlib.suppress(TermInvalid):
            await terms.rename_term(ctx, key, language=language, text=text)
            return _changed(ctx, request_scope, language)
    return await _page(ctx, request_scope, language, key, text)


@post("/administration/terms/restore", guards=[requires(RENAME)], name="restore_term", status_code=303)
async def restore_term(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    sent = await read_post(request)
    await terms.restore_term(ctx, sent["key"], language=sent["language"])
    return _changed(ctx, request_scope, sent["language"])


HANDLERS = (list_terms, term, rename_term, restore_term)


async def _page(
    ctx: Context, request_scope: RequestScope, language: str, key: str, text: str | None = None
) -> Response[bytes]:
    values = term_view(ctx, language, key, text)
    status = 422 if values["problem"] else 200
    return await rendering.page(ctx, request_scope, "site/term.html", status=status, **values)


def _changed(ctx: Context, request_scope: RequestScope, language: str) -> Response[bytes]:
    request_scope.stale = True
    return go_to(f"{place_of(ctx, request_scope, 'terms')}?in={language}")
