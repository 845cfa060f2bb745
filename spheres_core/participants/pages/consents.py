"""The page that she reads with her worker: who may see what, why, until when; one act ends one line. And receipts."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Response

from spheres_core.consents.queries import answers
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.participants.operations import consents
from spheres_core.participants.pages.files import ForPurpose, section_page
from spheres_core.participants.permissions import READ, RECORD_CONSENTS
from spheres_core.participants.queries.access import find_for_caller
from spheres_core.participants.views import consents as views

PAGE = "participant_consents"


@get("/staff/participants/{participant:str}/consents", guards=[requires(READ)], name=PAGE)
async def who_sees_what(
    ctx: Context,
    request_scope: RequestScope,
    participant: FromPath[str],
    for_purpose: ForPurpose = None,
    done: FromQuery[str] = "",
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant, for_purpose)
    shown = await views.consents_page(ctx, access, done=done)
    return await section_page(ctx, request_scope, access, "participants/consents.html", page=PAGE, **shown)


@post("/staff/participants/{participant:str}/consents/lines/{id:uuid}/end", guards=[requires(RECORD_CONSENTS)],
      name="end_consent_line", status_code=200)  # fmt: skip
async def end_line(
    ctx: Context,
    request_scope: RequestScope,
    participant: FromPath[str],
    id: FromPath[UUID],
    for_purpose: ForPurpose = None,
) -> Response[bytes]:
    """Answers with what had left: afterwards the file may be closed to whoever asked."""
    access = await find_for_caller(ctx, participant, for_purpose)
    left = await consents.end_line(ctx, access, id)
    return await rendering.page(
        ctx, request_scope, "participants/consent_ended.html", **await views.ended_page(ctx, access, left)
    )


@post("/staff/participants/{participant:str}/consents/{id:uuid}/end", guards=[requires(RECORD_CONSENTS)],
      name="end_consent", status_code=200)  # fmt: skip
async def end_consent(
    ctx: Context,
    request_scope: RequestScope,
    request: Request[Any, Any, Any],
    participant: FromPath[str],
    id: FromPath[UUID],
    for_purpose: ForPurpose = None,
) -> Response[bytes]:
    """Answers with what had left, or with why whoever takes it back may not."""
    access = await find_for_caller(ctx, participant, for_purpose)
    template, values = await views.end_consent(ctx, access, id, await read_post(request))
    return await rendering.page(ctx, request_scope, template, **values)


@get("/staff/participants/{participant:str}/consents/{id:uuid}/receipt", guards=[requires(READ)],
     name="consent_receipt")  # fmt: skip
async def receipt(
    ctx: Context,
    request_scope: RequestScope,
    participant: FromPath[str],
    id: FromPath[UUID],
    for_purpose: ForPurpose = None,
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant, for_purpose)
    shown = views.receipt_page(ctx, await answers.show_consent(ctx, access.decided, id))
    return await rendering.page(ctx, request_scope, "participants/receipt.html", code=access.code, **shown)


HANDLERS = (who_sees_what, end_line, end_consent, receipt)
