"""The page on which organizations elsewhere ask, and the one on which the team reads and notes what it did."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Response

from spheres_core.facts import Problem, msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import page_of
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.form_posts import Post, read_post
from spheres_core.foundation.web.guards import public, requires
from spheres_core.foundation.web.rendering import go_to, place_of
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.inquiries import form_token, operations, queries
from spheres_core.inquiries.form_token import SlipOld, TooQuick
from spheres_core.inquiries.operations import InquiriesPaused, InquiryInvalid, StepNotOpen
from spheres_core.inquiries.permissions import ANSWER
from spheres_core.inquiries.schemas import LONGEST, NEXT, STATES, InquiryPosted

InState = Annotated[str, QueryParameter(name="state", required=False)]
TRAP = "website"
"""A field that people do not see; machines fill it in."""
ACTS = {"answered": msg("Note as answered"), "closed": msg("Close"), "open": msg("Open again")}


@get("/inquire", guards=[public], name="inquire")
async def inquire(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await _form(ctx, request_scope, Post(()))


@post("/inquire", guards=[public], status_code=201)
async def send_inquiry(ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any]) -> Response[bytes]:
    sent = await read_post(request)
    try:
        await _send(ctx, sent, request.client.host if request.client else "")
    except (InquiryInvalid, InquiriesPaused, SlipOld, TooQuick) as refusal:
        return await _form(ctx, request_scope, sent, refusal)
    title = ctx.locale.say(msg("Your message has been received"))
    return await rendering.page(ctx, request_scope, "inquiries/sent.html", status=201, title=title)


@get("/inquiries", guards=[requires(ANSWER)], name="inquiries")
async def inquiries(
    ctx: Context, request_scope: RequestScope, in_state: InState = "", cursor: FromQuery[str] = ""
) -> Response[bytes]:
    return await _list(ctx, request_scope, in_state, cursor)


@post("/inquiries/{id:uuid}", guards=[requires(ANSWER)], name="move_inquiry", status_code=303)
async def move_inquiry(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], id: FromPath[UUID]
) -> Response[bytes]:
    try:
        await operations.move_inquiry(ctx, id, (await read_post(request))["to"][:40])
    except StepNotOpen as refusal:
        return await _list(ctx, request_scope, "", "", refusal)
    return go_to(place_of(ctx, request_scope, "inquiries"))


HANDLERS = (inquire, send_inquiry, inquiries, move_inquiry)


async def _send(ctx: Context, sent: Post, source: str) -> None:
    if sent[TRAP]:
        told = msg("Please leave the last field empty. It is there for machines.")
        raise InquiryInvalid(errors=[Problem(told, path=TRAP, code="trap")])
    posted = InquiryPosted(**{name: sent[name] for name in LONGEST}, language=sent["language"])
    slip = form_token.read_slip(ctx, sent["_once"])
    await operations.send_inquiry(ctx, posted, source=source, slip=slip)


async def _form(
    ctx: Context, request_scope: RequestScope, sent: Post, refusal: Refusal | None = None
) -> Response[bytes]:
    problems = {each.path: ctx.locale.say(each.message) for each in refusal.errors} if refusal else {}
    return await rendering.page(
        ctx, request_scope, "inquiries/inquire.html", status=refusal.status if refusal else 200,
        title=ctx.locale.say(msg("Implement the programme in your region")), sent=sent, problems=problems, trap=TRAP,
        error=ctx.locale.say(refusal.message) if refusal else None, longest=LONGEST,
        slip=form_token.new_slip(ctx) if refusal is None or isinstance(refusal, SlipOld) else sent["_once"],
        tongues={tag: ctx.plugins.languages[tag].autonym for tag in ctx.tenant.languages},
        chosen=sent["language"] if sent["language"] in ctx.tenant.languages else ctx.locale.tag,
    )  # fmt: skip


async def _list(
    ctx: Context, request_scope: RequestScope, state: str, cursor: str, refusal: Refusal | None = None
) -> Response[bytes]:
    if refusal is not None:
        ctx.db.commit_on_refusal = True  # nothing was moved, but the list is shown, and that stays in the trail
    shown = await page_of(
        ctx, "inquiries", cursor,
        lambda before, limit: queries.list_inquiries(ctx, before=before, limit=limit, state=state),
    )  # fmt: skip
    here = place_of(ctx, request_scope, "inquiries")
    return await rendering.page(
        ctx, request_scope, "inquiries/list.html", status=refusal.status if refusal else 200,
        title=ctx.locale.say(msg("Inquiries from other regions")), items=shown.items, next=NEXT,
        states={code: ctx.locale.say(each) for code, each in STATES.items()},
        acts=ACTS, chosen=state if state in STATES else "",
        next_url=f"{here}?state={state}&cursor={shown.next}" if shown.next and state in ("", *STATES) else None,
        previous_url=here if cursor else None, error=ctx.locale.say(refusal.message) if refusal else None,
        tongues={tag: ctx.plugins.languages[tag].autonym for tag in ctx.tenant.languages},
    )  # fmt: skip
