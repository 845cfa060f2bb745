"""The portrait of her strengths as a file."""

from typing import Any

from litestar import get, post
from litestar.params import JSONBody
from litestar.response import Response

from spheres_core.activities.schemas.portrait import PortraitAsked
from spheres_core.activities.views import portrait as views
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.pdf_answer import pdf_answer
from spheres_core.participants.controllers.files import Code
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries.access import find_for_caller


@get("/participants/{participant:str}/portrait", guards=[requires(READ)], name="api_portrait",
     summary="Her strengths as a page that she may keep", tags=["activities"],
     media_type="application/octet-stream")  # fmt: skip
async def read_portrait(ctx: Context, participant: Code) -> Response[bytes]:
    """Returns a tagged PDF for whoever follows her: strengths, goals reached, what she tried and how she said it was,
    without a name and without a word of the program. That it was made goes into the trail."""
    access = await find_for_caller(ctx, participant)
    return pdf_answer(await views.portrait_pdf(ctx, access, PortraitAsked()), views.FILE_NAME)


@post("/participants/{participant:str}/portrait", guards=[requires(READ)], name="api_named_portrait", status_code=200,
      summary="The same page with the name that she wants on it", tags=["activities"],
      media_type="application/octet-stream")  # fmt: skip
async def named_portrait(ctx: Context, participant: Code, data: JSONBody[PortraitAsked]) -> Response[bytes]:
    """Returns it with that name, which is kept nowhere."""
    access = await find_for_caller(ctx, participant)
    return pdf_answer(await views.portrait_pdf(ctx, access, data), views.FILE_NAME)


HANDLERS: list[Any] = [read_portrait, named_portrait]
