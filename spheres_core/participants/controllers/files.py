"""Participants and their files."""

from typing import Annotated, Any

from litestar import get
from litestar.params import FromQuery, PathParameter, QueryParameter

from spheres_core.consents.schemas import PURPOSES
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import requires
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries import access
from spheres_core.participants.schemas.files import ParticipantFile, ParticipantPage
from spheres_core.participants.views import file, participant_list

Code = Annotated[str, PathParameter(description="The participant's code.")]
ForPurpose = Annotated[
    str | None,
    QueryParameter(
        name="purpose",
        required=False,
        description="The purpose of reading. Without it: the first of follow-up, coordination and service for which"
        " the caller has to do with her.",
        schema_extra={"enum": list(PURPOSES)},
    ),
]


@get("/participants", guards=[requires(READ)], name="api_participants", tags=["participants"],
     summary="Participants with whom the caller has to do, newest first")  # fmt: skip
async def list_participants(
    ctx: Context, for_purpose: ForPurpose = None, cursor: FromQuery[str] = ""
) -> ParticipantPage:
    """Returns a page of codes. Who was shown goes into the trail."""
    return participant_list.participant_page(await access.list_for_caller(ctx, purpose=for_purpose, cursor=cursor))


@get("/participants/{participant:str}", guards=[requires(READ)], name="api_participant", tags=["participants"],
     summary="A participant's file, with what the caller may read")  # fmt: skip
async def read_file(ctx: Context, participant: Code, for_purpose: ForPurpose = None) -> ParticipantFile:
    """Returns the classes of information that the caller may read, and the names of those that are withheld. What was
    read, and what allowed it, becomes an entry in the trail."""
    return await file.file_of(ctx, participant, for_purpose)


HANDLERS: list[Any] = [list_participants, read_file]
