"""How somebody wants to be called at meetings, as JSON, for who follows her."""

from typing import Any

from litestar import get, put
from litestar.params import JSONBody

from spheres_core.committee.operations import meeting_names as operations
from spheres_core.committee.queries import meeting_names as queries
from spheres_core.committee.schemas.meeting_names import MeetingName, MeetingNamePosted
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import requires
from spheres_core.participants.controllers.files import Code
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries.access import find_for_caller


@get("/participants/{participant:str}/meeting-name", guards=[requires(READ)], name="api_meeting_name",
     tags=["committee"], summary="How she wants to be called at meetings")  # fmt: skip
async def read_name(ctx: Context, participant: Code) -> MeetingName:
    """Returns it with the organizations that may hear it now. It goes into the trail."""
    return await queries.read_name(ctx, await find_for_caller(ctx, participant))


@put("/participants/{participant:str}/meeting-name", guards=[requires(READ)], name="api_write_meeting_name",
     tags=["committee"], summary="Write how she wants to be called at meetings")  # fmt: skip
async def write_name(ctx: Context, participant: Code, data: JSONBody[MeetingNamePosted]) -> MeetingName:
    """It takes the place of what stood there, which is not kept; an empty name takes it back. Only organizations with
    a line of their own hear it. When it was written anew in the meantime: 409, with `yours` and `theirs`."""
    return await operations.write_name(ctx, await find_for_caller(ctx, participant), data)


HANDLERS: list[Any] = [read_name, write_name]
