"""Pages on which a worker records what she agreed to, and that a parent or tutor agreed too."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Response

from spheres_core.consents.api_schemas import ConsentRead
from spheres_core.foundation.errors import Invalid, Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.idempotency_key import Once
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.rendering import go_to, place_of
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.participants.operations import consents
from spheres_core.participants.pages.drafts import finish, keep_if_asked
from spheres_core.participants.pages.files import ForPurpose, section_page
from spheres_core.participants.permissions import RECORD_CONSENTS
from spheres_core.participants.queries.access import find_for_caller
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.views.consent_form import (
    KINDS,
    agree_form,
    consent_form,
    read_agreement,
    read_consent,
)
from spheres_core.participants.views.consents import query_of
from spheres_core.participants.views.draft_forms import CONSENT_FORMS
from spheres_core.participants.views.drafts import drafting_of

PAGE = "participant_consents"
FORM, AGREE = "participants/consent_form.html", "participants/agree_form.html"


@get("/staff/participants/{participant:str}/consents/new", guards=[requires(RECORD_CONSENTS)], name="new_consent")
async def new_consent(
    ctx: Context,
    request_scope: RequestScope,
    participant: FromPath[str],
    for_purpose: ForPurpose = None,
    kind: FromQuery[str] = "",
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant, for_purpose)
    consents.require_writing(ctx, access)
    return await _show_consent(ctx, request_scope, access, kind)


@post("/staff/participants/{participant:str}/consents/new", guards=[requires(RECORD_CONSENTS)], name="record_consent",
      status_code=303)  # fmt: skip
async def record_consent(
    ctx: Context,
    request_scope: RequestScope,
    request: Request[Any, Any, Any],
    participant: FromPath[str],
    for_purpose: ForPurpose = None,
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant, for_purpose)
    sent = await read_post(request)
    return await _keep(ctx, request_scope, access, sent) or await _record_and_show(ctx, request_scope, access, sent)


@get("/staff/participants/{participant:str}/consents/{id:uuid}/agree", guards=[requires(RECORD_CONSENTS)],
     name="agree_too")  # fmt: skip
async def agree_too(
    ctx: Context,
    request_scope: RequestScope,
    participant: FromPath[str],
    id: FromPath[UUID],
    for_purpose: ForPurpose = None,
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant, for_purpose)
    consents.require_writing(ctx, access)
    return await section_page(ctx, request_scope, access, AGREE, page=PAGE, **await agree_form(ctx, access, id))


@post("/staff/participants/{participant:str}/consents/{id:uuid}/agree", guards=[requires(RECORD_CONSENTS)],
      name="record_agreement_too", status_code=303)  # fmt: skip
async def record_agreement_too(
    ctx: Context,
    request_scope: RequestScope,
    request: Request[Any, Any, Any],
    participant: FromPath[str],
    id: FromPath[UUID],
    for_purpose: ForPurpose = None,
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant, for_purpose)
    sent = await read_post(request)
    recorded, refusal = await _agree(ctx, access, id, sent)
    if recorded:
        return _back(ctx, request_scope, access, "agreed")
    shown = await agree_form(ctx, access, id, posted=sent, error=refusal.message if refusal else None)
    return await section_page(ctx, request_scope, access, AGREE, page=PAGE, status=422, **shown)


HANDLERS = (new_consent, record_consent, agree_too, record_agreement_too)


async def _record(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, sent: Post
) -> tuple[bool, Refusal | None]:
    """Records the consent; returns whether it is, and why not where that is no problem of a field."""
    ctx.db.commit_on_refusal = True  # the page is shown again, and that it was read stays in the trail
    kind = next((each for each in KINDS if each == sent["kind"]), None)
    if kind is None:
        return False, None
    posted = read_consent(ctx, sent, kind)
    if sent.problems:
        return False, None
    try:
        once, act = Once(request_scope, sent["_once"]), consents.give_consent
        await once.run("consent", access.id, posted, ConsentRead, lambda: act(ctx, access, posted))
    except Invalid as refusal:
        return False, refusal
    return True, None


async def _agree(ctx: Context, access: ParticipantAccess, consent: UUID, sent: Post) -> tuple[bool, Refusal | None]:
    ctx.db.commit_on_refusal = True  # likewise
    posted = read_agreement(ctx, sent)
    if sent.problems:
        return False, None
    try:
        await consents.agree_too(ctx, access, consent, posted)
    except Invalid as refusal:
        return False, refusal
    return True, None


async def _keep(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, sent: Post
) -> Response[bytes] | None:
    form = next((form for kind, form in CONSENT_FORMS.items() if kind == sent["kind"]), None)
    try:
        return await keep_if_asked(ctx, request_scope, access, sent, form) if form else None
    except Invalid as refusal:
        return await _show_consent(ctx, request_scope, access, sent["kind"], status=422, sent=sent, refusal=refusal)


async def _record_and_show(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, sent: Post
) -> Response[bytes]:
    recorded, refusal = await _record(ctx, request_scope, access, sent)
    if recorded:
        await finish(ctx, access, sent)
        return _back(ctx, request_scope, access, "recorded")
    return await _show_consent(ctx, request_scope, access, sent["kind"], status=422, sent=sent, refusal=refusal)


async def _show_consent(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, kind: str, *, status: int = 200,
    sent: Post | None = None, refusal: Refusal | None = None,
) -> Response[bytes]:  # fmt: skip
    form = next((form for each, form in CONSENT_FORMS.items() if each == kind), None)
    drafting = [await drafting_of(ctx, request_scope, access, form, sent=sent)] if form else []
    began = drafting[0].sent if drafting else sent
    shown = await consent_form(ctx, access, kind, sent=began, refusal=refusal)
    return await section_page(ctx, request_scope, access, FORM, page=PAGE, status=status, drafting=drafting, **shown)


def _back(ctx: Context, request_scope: RequestScope, access: ParticipantAccess, done: str) -> Response[bytes]:
    here = place_of(ctx, request_scope, PAGE, participant=access.code)
    return go_to(f"{here}?done={done}{query_of(access).replace('?', '&')}#done")
