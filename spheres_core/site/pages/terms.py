"""What the programme's words are called here, on a page: look at a new word before it is spoken, then rename."""

from typing import Annotated, Any

from litestar import Request, get, post
from litestar.params import FromQuery, QueryParameter
from litestar.response import Response

from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.rendering import go_to, place_of
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.site.operations import terms
from spheres_core.site.operations.terms import TermInvalid, TermShown, TermUnknown
from spheres_core.site.permissions import RENAME

Tag = Annotated[str, QueryParameter(name="in", required=False)]
"""The language whose words are meant, which need not be that of the page."""


@get("/administration/terms", guards=[requires(RENAME)], name="terms")
async def list_terms(ctx: Context, request_scope: RequestScope, tag: Tag = "") -> Response[bytes]:
    tag = tag or ctx.locale.tag
    return await rendering.page(
        ctx, request_scope, "site/terms.html", title=ctx.locale.say("The programme's words"), language=tag,
        terms=terms.list_terms(ctx, tag), tongues=_tongues(ctx),
    )  # fmt: skip


@get("/administration/terms/term", guards=[requires(RENAME)], name="term")
async def term(ctx: Context, request_scope: RequestScope, tag: Tag = "", key: FromQuery[str] = "") -> Response[bytes]:
    return await _page(ctx, request_scope, tag, key)


@post("/administration/terms/term", guards=[requires(RENAME)], name="rename_term", status_code=303)
async def rename_term(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    sent = await read_post(request)
    language, key, text = sent["language"], sent["key"], sent["text"]
    if sent["sure"] != "yes":
        return await _page(ctx, request_scope, language, key, text)
    try:
        await terms.rename_term(ctx, key, language=language, text=text)
    except TermInvalid:
        return await _page(ctx, request_scope, language, key, text)
    return _done(ctx, request_scope, language)


@post("/administration/terms/restore", guards=[requires(RENAME)], name="restore_term", status_code=303)
async def restore_term(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    sent = await read_post(request)
    await terms.restore_term(ctx, sent["key"], language=sent["language"])
    return _done(ctx, request_scope, sent["language"])


HANDLERS = (list_terms, term, rename_term, restore_term)


async def _page(
    ctx: Context, request_scope: RequestScope, language: str, key: str, text: str | None = None
) -> Response[bytes]:
    """One term; with a `text`, what it would be and what stands against it, before anything is written."""
    found = _one(ctx, language, key)
    problem, collisions = None, []
    if text is not None:
        try:
            collisions = terms.collisions_of(ctx, key, language=language, text=text)
        except TermInvalid as refusal:
            problem = ctx.locale.say(refusal.errors[0].message)
    return await rendering.page(
        ctx, request_scope, "site/term.html", status=422 if problem else 200, title=found.said, term=found, text=text,
        problem=problem, collisions=[ctx.locale.say(each.message) for each in collisions],
        language=language, tongue=ctx.plugins.languages[language].autonym,
    )  # fmt: skip


def _one(ctx: Context, language: str, key: str) -> TermShown:
    try:
        return next(each for each in terms.list_terms(ctx, language) if each.key == key)
    except (StopIteration, TermUnknown):
        raise NotFound from None


def _done(ctx: Context, request_scope: RequestScope, language: str) -> Response[bytes]:
    request_scope.stale = True
    return go_to(f"{place_of(ctx, request_scope, 'terms')}?in={language}")


def _tongues(ctx: Context) -> dict[str, str]:
    return {tag: ctx.plugins.languages[tag].autonym for tag in ctx.tenant.languages}
