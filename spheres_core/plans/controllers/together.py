"""The screen of a worker and a young person, as JSON."""

from typing import Any

from litestar import get

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import requires
from spheres_core.participants.controllers.files import Code
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries.access import find_for_caller
from spheres_core.plans.queries.together import read_together
from spheres_core.plans.schemas.together import Together


@get("/participants/{participant:str}/together", guards=[requires(READ)], name="api_together", tags=["plans"],
     summary="What a worker and a young person look at on one screen")  # fmt: skip
async def together(ctx: Context, participant: Code) -> Together:
    """Returns what is hers and what both say: no risk, no note of a worker. For whoever follows her. It goes into the
    trail."""
    return await read_together(ctx, await find_for_caller(ctx, participant, "follow_up"))


HANDLERS: list[Any] = [together]
