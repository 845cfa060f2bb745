"""How a participant can safely be reached."""

from typing import Any

from litestar import get, post, put
from litestar.params import JSONBody

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import requires
from spheres_core.participants.controllers.files import Code, ForPurpose
from spheres_core.participants.operations import first_text_answers
from spheres_core.participants.operations import safe_contact as operations
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries.access import find_for_caller
from spheres_core.participants.schemas.safe_contact import (
    ConfirmationPosted,
    FirstTextAnswerPosted,
    FirstTextAnswerRead,
    SafeContactPosted,
    SafeContactRead,
)
from spheres_core.participants.views import safe_contact as views


@get("/participants/{participant:str}/safe-contact", guards=[requires(READ)], name="api_safe_contact",
     tags=["participants"], summary="How she can safely be reached, now")  # fmt: skip
async def read_safe_contact(ctx: Context, participant: Code, for_purpose: ForPurpose = None) -> SafeContactRead:
    """Returns what she said of each channel, and a line for each: whether she may be contacted by it at this moment, by
    which texts, and what can be noted of it."""
    return await views.safe_contact_of(ctx, participant, for_purpose)


@put("/participants/{participant:str}/safe-contact", guards=[requires(READ)], name="api_write_safe_contact",
     tags=["participants"], summary="Write how she can safely be reached")  # fmt: skip
async def write_safe_contact(
    ctx: Context, participant: Code, data: JSONBody[SafeContactPosted], for_purpose: ForPurpose = None
) -> SafeContactRead:
    """Writes a new version; the earlier ones stay. Refused with 409 and both sides when a colleague was faster."""
    access = await find_for_caller(ctx, participant, for_purpose)
    await operations.write_safe_contact(ctx, access, data.safe_contact, version=data.version)
    return await views.read_section(ctx, access)


@post("/participants/{participant:str}/safe-contact/confirmations", guards=[requires(READ)],
      name="api_confirm_safe_contact", status_code=200, tags=["participants"],
      summary="Note that a channel is still safe, or is not")  # fmt: skip
async def confirm(
    ctx: Context, participant: Code, data: JSONBody[ConfirmationPosted], for_purpose: ForPurpose = None
) -> SafeContactRead:
    """To be asked at each contact. A channel that is not safe is closed at once, until she confirms it again."""
    access = await find_for_caller(ctx, participant, for_purpose)
    await operations.confirm(ctx, access, data.channel, safe=data.safe, version=data.version)
    return await views.read_section(ctx, access)


@post("/participants/{participant:str}/safe-contact/answers", guards=[requires(READ)],
      name="api_answer_to_first_text", status_code=200, tags=["participants"],
      summary="Tell what may be sent after an answer to a first text")  # fmt: skip
async def take_answer(
    ctx: Context, participant: Code, data: JSONBody[FirstTextAnswerPosted], for_purpose: ForPurpose = None
) -> FirstTextAnswerRead:
    """Compares what was answered with her words; nothing of it is kept. Only after her word more than a first text may
    be sent. Coordinators are told of any other answer, without words."""
    access = await find_for_caller(ctx, participant, for_purpose)
    return await first_text_answers.take_answer(ctx, access, data.channel, data.said)


HANDLERS: list[Any] = [read_safe_contact, write_safe_contact, confirm, take_answer]
