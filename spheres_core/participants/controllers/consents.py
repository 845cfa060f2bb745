"""Consents, exclusions and the reasons of decisions about a participant, as JSON."""

from typing import Annotated, Any
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from spheres_core.consents.api_schemas import (
    ConsentPosted,
    ConsentRead,
    ExclusionPosted,
    ExclusionRead,
    ExplanationList,
    ExplanationPosted,
    SecondAgreementPosted,
    Why,
    WithdrawalPosted,
    Withdrawn,
)
from spheres_core.consents.queries import answers
from spheres_core.consents.schemas import Act
from spheres_core.consents.views.fhir_consent import FhirConsent, fhir_consent
from spheres_core.consents.views.receipt import ConsentReceipt, consent_receipt
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.idempotency_key import Once
from spheres_core.participants.controllers.files import Code, ForPurpose
from spheres_core.participants.operations import consents
from spheres_core.participants.permissions import READ, RECORD_CONSENTS
from spheres_core.participants.queries.access import find_for_caller, whose_decision

_READING: dict[str, Any] = {"guards": [requires(READ)], "tags": ["consents"]}
_WRITING: dict[str, Any] = {"guards": [requires(RECORD_CONSENTS)], "tags": ["consents"]}
_DONE: dict[str, Any] = {**_WRITING, "status_code": 200}

OfClass = Annotated[str, QueryParameter(name="class", description="A class of information.")]
OfAct = Annotated[Act, QueryParameter(required=False, description="read, discuss, forward or write.")]
Whose = Annotated[
    UUID | None, QueryParameter(required=False, description="The member of staff it is about; yourself when left out.")
]


@get("/participants/{participant:str}/consents", name="api_consents", summary="What she agreed to", **_READING)
async def list_consents(
    ctx: Context, participant: Code, for_purpose: ForPurpose = None, cursor: FromQuery[str] = ""
) -> Page[ConsentRead]:
    """Returns her consents, the newest first. An organization sees the lines for itself only, the team sees all."""
    access = await find_for_caller(ctx, participant, for_purpose)
    return await answers.list_consents(ctx, access.decided, cursor)


@post("/participants/{participant:str}/consents", name="api_give_consent", summary="Record a consent", **_WRITING)
async def give_consent(
    ctx: Context, participant: Code, data: JSONBody[ConsentPosted], once: Once, for_purpose: ForPurpose = None
) -> ConsentRead:
    """Records what she agreed to, from now on. Refused where the region's legal profile lets the giver not consent."""
    access = await find_for_caller(ctx, participant, for_purpose)
    act = consents.give_consent
    return await once.run("consent", access.id, data, ConsentRead, lambda: act(ctx, access, data))


@get("/participants/{participant:str}/consents/{id:uuid}", name="api_consent", summary="One consent", **_READING)
async def read_consent(
    ctx: Context, participant: Code, id: FromPath[UUID], for_purpose: ForPurpose = None
) -> ConsentRead:
    """Returns one consent with the lines that the reader may know of."""
    access = await find_for_caller(ctx, participant, for_purpose)
    return await answers.show_consent(ctx, access.decided, id)


@post("/participants/{participant:str}/consents/{id:uuid}/withdraw", name="api_withdraw_consent",
      summary="Take a consent back", **_DONE)  # fmt: skip
async def withdraw_consent(
    ctx: Context,
    participant: Code,
    id: FromPath[UUID],
    data: JSONBody[WithdrawalPosted],
    for_purpose: ForPurpose = None,
) -> Withdrawn:
    """Takes a consent, or one line of it, back from now on, and says what had already left, so that she can be told."""
    access = await find_for_caller(ctx, participant, for_purpose)
    return await consents.withdraw(ctx, access, id, data)


@post("/participants/{participant:str}/consents/{id:uuid}/agree", name="api_agree_too",
      summary="Record that a parent or tutor agreed too", **_DONE)  # fmt: skip
async def agree_too(
    ctx: Context,
    participant: Code,
    id: FromPath[UUID],
    data: JSONBody[SecondAgreementPosted],
    for_purpose: ForPurpose = None,
) -> ConsentRead:
    """Puts a consent that waits in force, where the region's legal profile asks for her and a parent or tutor."""
    access = await find_for_caller(ctx, participant, for_purpose)
    return await consents.agree_too(ctx, access, id, data)


@get("/participants/{participant:str}/consents/{id:uuid}/receipt", name="api_consent_receipt",
     summary="A receipt to keep", **_READING)  # fmt: skip
async def read_receipt(
    ctx: Context, participant: Code, id: FromPath[UUID], for_purpose: ForPurpose = None
) -> ConsentReceipt:
    """Returns a receipt after ISO/IEC TS 27560 in DPV's words: no name, no organization, no word of the program."""
    access = await find_for_caller(ctx, participant, for_purpose)
    return consent_receipt(ctx, await answers.show_consent(ctx, access.decided, id))


@get("/participants/{participant:str}/consents/{id:uuid}/fhir", name="api_consent_fhir",
     summary="A consent as FHIR R4 Consent", **_READING)  # fmt: skip
async def export_fhir(
    ctx: Context, participant: Code, id: FromPath[UUID], for_purpose: ForPurpose = None
) -> FhirConsent:
    """Returns a FHIR R4 Consent whose patient is a pseudonym: the same for one participant, of no use elsewhere."""
    access = await find_for_caller(ctx, participant, for_purpose)
    return fhir_consent(ctx, access.decided, await answers.show_consent(ctx, access.decided, id))


@get("/participants/{participant:str}/exclusions", name="api_exclusions", summary="Who is kept away", **_READING)
async def list_exclusions(
    ctx: Context, participant: Code, for_purpose: ForPurpose = None, cursor: FromQuery[str] = ""
) -> Page[ExclusionRead]:
    """Returns who is kept away from her, the newest first, ended ones too. Nobody is shown one about herself."""
    access = await find_for_caller(ctx, participant, for_purpose)
    return await answers.list_exclusions(ctx, access.decided, cursor)


@post("/participants/{participant:str}/exclusions", name="api_exclude", summary="Keep somebody away", **_WRITING)
async def exclude(
    ctx: Context, participant: Code, data: JSONBody[ExclusionPosted], once: Once, for_purpose: ForPurpose = None
) -> ExclusionRead:
    """Keeps one person or one organization away from her, from now on. It beats every role and every consent."""
    access = await find_for_caller(ctx, participant, for_purpose)
    act = consents.exclude
    return await once.run("exclusion", access.id, data, ExclusionRead, lambda: act(ctx, access, data))


@post("/participants/{participant:str}/exclusions/{id:uuid}/end", name="api_end_exclusion",
      summary="No longer keep somebody away", **_DONE)  # fmt: skip
async def end_exclusion(
    ctx: Context, participant: Code, id: FromPath[UUID], for_purpose: ForPurpose = None
) -> ExclusionRead:
    """Ends an exclusion, from now on. Nobody ends one about herself: to her it is not there."""
    access = await find_for_caller(ctx, participant, for_purpose)
    return await consents.end_exclusion(ctx, access, id)


@get("/participants/{participant:str}/limits", name="api_limits_explained",
     summary="When the limits of confidentiality were explained", **_READING)  # fmt: skip
async def list_explanations(ctx: Context, participant: Code, for_purpose: ForPurpose = None) -> ExplanationList:
    """Returns the conversations about the limits of confidentiality, the oldest first."""
    access = await find_for_caller(ctx, participant, for_purpose)
    return await answers.list_explanations(ctx, access.decided, access.reader)


@post("/participants/{participant:str}/limits", name="api_explain_limits",
      summary="Record that the limits of confidentiality were explained", **_WRITING)  # fmt: skip
async def explain_limits(
    ctx: Context, participant: Code, data: JSONBody[ExplanationPosted], for_purpose: ForPurpose = None
) -> ExplanationList:
    """Records that you explained them. Nothing can be noted about somebody who may be a minor before."""
    access = await find_for_caller(ctx, participant, for_purpose)
    return await consents.explain_limits(ctx, access, data)


@get("/participants/{participant:str}/why", name="api_why", summary="Why somebody can see this", **_READING)
async def answer_why(
    ctx: Context,
    participant: Code,
    information: OfClass,
    for_purpose: ForPurpose = None,
    act: OfAct = "read",
    staff: Whose = None,
) -> Why:
    """Returns the rows that let somebody do something with a class of information today, or what is against it."""
    access = await find_for_caller(ctx, participant, for_purpose)
    id, organization = await whose_decision(ctx, staff)
    return await answers.answer_why(ctx, access.decided, information, act, staff=id, organization=organization)


HANDLERS: list[Any] = [
    list_consents, give_consent, read_consent, withdraw_consent, agree_too, read_receipt, export_fhir, list_exclusions,
    exclude, end_exclusion, list_explanations, explain_limits, answer_why,
]  # fmt: skip
