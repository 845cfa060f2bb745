"""Pages for workers beside her consents: limits of confidentiality, who is kept away, why somebody sees something."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Response

from spheres_core.consents.api_schemas import ExplanationPosted
from spheres_core.consents.operations.exclusions import ExclusionInvalid
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.rendering import go_to, place_of
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.participants.operations import consents
from spheres_core.participants.pages.files import ForPurpose, section_page
from spheres_core.participants.permissions import READ, RECORD_CONSENTS
from spheres_core.participants.queries.access import find_for_caller
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.views.consents import query_of
from spheres_core.participants.views.exclusions import exclusions_page, read_exclusion
from spheres_core.participants.views.limits import limits_page
from spheres_core.participants.views.why import why_page

PAGE = "participant_consents"
OfClass = Annotated[str, QueryParameter(name="class", required=False)]
Whose = Annotated[UUID | None, QueryParameter(name="staff", required=False)]


@get("/staff/participants/{participant:str}/limits", guards=[requires(READ)], name="participant_limits")
async def limits(
    ctx: Context,
    request_scope: RequestScope,
    participant: FromPath[str],
    for_purpose: ForPurpose = None,
    done: FromQuery[str] = "",
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant, for_purpose)
    shown = await limits_page(ctx, access, done=done == "yes")
    return await section_page(ctx, request_scope, access, "participants/limits.html", page=PAGE, **shown)


@post("/staff/participants/{participant:str}/limits", guards=[requires(RECORD_CONSENTS)], name="explain_limits",
      status_code=303)  # fmt: skip
async def explain_limits(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], for_purpose: ForPurpose = None
) -> Response[bytes]:
    """Notes that the reader explained them today. Another day is written by the API."""
    access = await find_for_caller(ctx, participant, for_purpose)
    await consents.explain_limits(ctx, access, ExplanationPosted())
    here = place_of(ctx, request_scope, "participant_limits", participant=participant)
    return go_to(f"{here}?done=yes{query_of(access).replace('?', '&')}#done")


@get("/staff/participants/{participant:str}/exclusions", guards=[requires(READ)], name="participant_exclusions")
async def exclusions(
    ctx: Context,
    request_scope: RequestScope,
    participant: FromPath[str],
    for_purpose: ForPurpose = None,
    done: FromQuery[str] = "",
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant, for_purpose)
    shown = await exclusions_page(ctx, access, done=done)
    return await section_page(ctx, request_scope, access, "participants/exclusions.html", page=PAGE, **shown)


@post("/staff/participants/{participant:str}/exclusions", guards=[requires(RECORD_CONSENTS)], name="keep_away",
      status_code=303)  # fmt: skip
async def keep_away(
    ctx: Context,
    request_scope: RequestScope,
    request: Request[Any, Any, Any],
    participant: FromPath[str],
    for_purpose: ForPurpose = None,
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant, for_purpose)
    sent = await read_post(request)
    recorded, refusal = await _exclude(ctx, access, sent)
    if recorded:
        return go_to(f"{place_of(ctx, request_scope, PAGE, participant=participant)}{query_of(access)}")
    shown = await exclusions_page(ctx, access, sent=sent, refusal=refusal)
    return await section_page(
        ctx, request_scope, access, "participants/exclusions.html", page=PAGE, status=422, **shown
    )  # fmt: skip


@post("/staff/participants/{participant:str}/exclusions/{id:uuid}/end", guards=[requires(RECORD_CONSENTS)],
      name="no_longer_keep_away", status_code=303)  # fmt: skip
async def no_longer_keep_away(
    ctx: Context,
    request_scope: RequestScope,
    participant: FromPath[str],
    id: FromPath[UUID],
    for_purpose: ForPurpose = None,
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant, for_purpose)
    await consents.end_exclusion(ctx, access, id)
    here = place_of(ctx, request_scope, "participant_exclusions", participant=participant)
    return go_to(f"{here}?done=ended{query_of(access).replace('?', '&')}#done")


@get("/staff/participants/{participant:str}/why", guards=[requires(READ)], name="participant_why")
async def why(
    ctx: Context,
    request_scope: RequestScope,
    participant: FromPath[str],
    for_purpose: ForPurpose = None,
    information: OfClass = "",
    act: FromQuery[str] = "read",
    staff: Whose = None,
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant, for_purpose)
    shown = await why_page(ctx, access, information=information[:100], act=act, staff=staff)
    return await section_page(ctx, request_scope, access, "participants/why.html", page=PAGE, **shown)


HANDLERS = (limits, explain_limits, exclusions, keep_away, no_longer_keep_away, why)


async def _exclude(ctx: Context, access: ParticipantAccess, sent: Post) -> tuple[bool, Refusal | None]:
    """Records the exclusion; returns whether it is, and why not where that is no problem of a field."""
    ctx.db.commit_on_refusal = True  # the page is shown again, and that it was read stays in the trail
    posted = await read_exclusion(ctx, sent)
    if sent.problems:
        return False, None
    try:
        await consents.exclude(ctx, access, posted)
    except ExclusionInvalid as refusal:
        return False, refusal
    return True, None
