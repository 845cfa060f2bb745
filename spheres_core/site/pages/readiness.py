"""Ready to open? The facts of this region on a page and as JSON, and the note on what is covered otherwise."""

from typing import Annotated, Any
from urllib.parse import parse_qsl

import msgspec
from litestar import Request, get, post
from litestar.params import FromPath, JSONBody, PathParameter
from litestar.response import Response
from msgspec import Struct

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.application import Malformed, WrongKind
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.site.permissions import ADMINISTER
from spheres_core.site.queries import core_elements
from spheres_core.site.queries.core_elements import NoteInvalid
from spheres_core.site.views.readiness import readiness

URL_ENCODED = "application/x-www-form-urlencoded"
ElementKey = Annotated[str, PathParameter(description="The key of an element, as the list of facts gives it.")]


class NotePosted(Struct, frozen=True, forbid_unknown_fields=True):
    """How the region covers an element otherwise, and why. Both empty takes the note back."""

    how: str = ""
    why: str = ""


@get("/admin/readiness", guards=[requires(ADMINISTER)], name="api_readiness", security=[{"token": []}],
     summary="Facts about opening this region, and where it differs from the model")  # fmt: skip
async def show_readiness(ctx: Context) -> dict[str, Any]:
    """Which elements of the programme are covered and by what; nothing is scored."""
    found: dict[str, Any] = msgspec.to_builtins(await readiness(ctx), enc_hook=str)
    return found


@post("/admin/readiness/{element:str}", guards=[requires(ADMINISTER)], name="api_readiness_note", status_code=200,
      security=[{"token": []}], summary="Say how this region covers an element otherwise")  # fmt: skip
async def write_note(ctx: Context, element: ElementKey, data: JSONBody[NotePosted]) -> dict[str, Any]:
    await core_elements.write_note(ctx, element, how=data.how, why=data.why)
    return {"element": element, "how": data.how.strip(), "why": data.why.strip()}


@get("/administration/readiness", guards=[requires(ADMINISTER)], name="readiness")
async def show_page(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await _page(ctx, request_scope)


@post("/administration/readiness/{element:str}", guards=[requires(ADMINISTER)], name="readiness_note", status_code=303)
async def keep_note(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], element: FromPath[str]
) -> Response[bytes]:
    sent = await _posted(request)
    try:
        await core_elements.write_note(ctx, element, how=sent.get("how", ""), why=sent.get("why", ""))
    except NoteInvalid as refusal:
        return await _page(ctx, request_scope, refusal, {**sent, "element": element})
    where = f"{request_scope.prefix}/{rendering.short_of(ctx, request_scope)}{ctx.plugins.addresses['readiness']}"
    return Response(b"", status_code=303, headers={"location": where, "cache-control": "no-store"})


CONTROLLERS = (show_readiness, write_note)
PAGES = (show_page, keep_note)


async def _page(
    ctx: Context, request_scope: RequestScope, refusal: NoteInvalid | None = None, sent: dict[str, str] | None = None
) -> Response[bytes]:
    shown = await readiness(ctx)
    status = refusal.status if refusal else 200
    trouble = ctx.locale.say(refusal.message) if refusal else None
    again = {"element": "", **(sent or {})}
    return await rendering.page(ctx, request_scope, "site/readiness.html", status=status, ready=shown, trouble=trouble,
                                sent=again, title=ctx.locale.say("Ready to open"))  # fmt: skip


async def _posted(request: Request[Any, Any, Any]) -> dict[str, str]:
    """What was posted. Raises `WrongKind` and `Malformed`."""
    if not request.headers.get("content-type", "").startswith(URL_ENCODED):
        raise WrongKind
    try:
        body = (await request.body()).decode("ascii")
        return dict(parse_qsl(body, keep_blank_values=True, errors="strict", max_num_fields=8))
    except ValueError:
        raise Malformed from None
