"""The page on which the portrait of her strengths is made, and the file."""

from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Response

from spheres_core.activities.schemas.portrait import LONGEST_NAME, PortraitAsked
from spheres_core.activities.views import portrait as views
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.pdf_answer import pdf_answer
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.participants.pages.files import section_page
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries.access import find_for_caller
from spheres_core.plans.queries.together import require_shared

PAGE = "portrait"


@get("/staff/participants/{participant:str}/portrait", guards=[requires(READ)], name=PAGE)
async def portrait(ctx: Context, request_scope: RequestScope, participant: FromPath[str]) -> Response[bytes]:
    access = await find_for_caller(ctx, participant)
    require_shared(access)
    shown = views.portrait_page(ctx)
    return await section_page(ctx, request_scope, access, "activities/portrait.html", page=PAGE, **shown)


@post("/staff/participants/{participant:str}/portrait", guards=[requires(READ)], name="print_portrait", status_code=200)
async def print_portrait(ctx: Context, participant: FromPath[str], request: Request[Any, Any, Any]) -> Response[bytes]:
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    asked = PortraitAsked(sent["name"][:LONGEST_NAME], sent["language"][:20])
    return pdf_answer(await views.portrait_pdf(ctx, access, asked), views.FILE_NAME)


HANDLERS = (portrait, print_portrait)
