"""The card that she may carry as a file."""

from typing import Any

from litestar import get
from litestar.params import FromQuery
from litestar.response import Response

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.pdf_answer import pdf_answer
from spheres_core.participants.controllers.files import Code
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries.access import find_for_caller
from spheres_core.safety.schemas.card import CardSize
from spheres_core.safety.views import card as views


@get("/participants/{participant:str}/emergency-plan/card", guards=[requires(READ)], name="api_emergency_card",
     summary="What she wants to carry of her emergency plan", tags=["safety"],
     media_type="application/octet-stream")  # fmt: skip
async def read_card(ctx: Context, participant: Code, size: FromQuery[CardSize] = "page") -> Response[bytes]:
    """Returns a tagged PDF in her language for whoever follows her: of the plan to which she agreed, the sections that
    she wants on it, as a page or as a small card, without a name of hers and without a word of the program. That it was
    made goes into the trail. Where nothing stands on it: 409."""
    access = await find_for_caller(ctx, participant)
    return pdf_answer(await views.card_pdf(ctx, access, size), views.FILE_NAME)


HANDLERS: list[Any] = [read_card]
