"""Who has a form of a participant's file open at this moment. It locks nothing."""

from typing import Annotated, Any
from uuid import UUID

from litestar import get, put
from litestar.params import JSONBody, QueryParameter

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import requires
from spheres_core.participants.controllers.files import Code
from spheres_core.participants.operations import presence as operations
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries.access import find_for_caller
from spheres_core.participants.queries.presence import presence_for
from spheres_core.participants.schemas.presence import OpenForm, Presence

Section = Annotated[
    str, QueryParameter(description="The section of her file in which the form stands, such as `goals`.")
]
About = Annotated[
    UUID | None,
    QueryParameter(required=False, description="The record that the form changes; without where the section has one."),
]


@get("/participants/{participant:str}/presence", guards=[requires(READ)], name="api_participant_presence",
     tags=["participants"], summary="Which colleagues have a form of her file open")  # fmt: skip
async def show_presence(ctx: Context, participant: Code, section: Section, about: About = None) -> Presence:
    """Returns those colleagues only who may read that class of information of her at this moment, as the caller may."""
    return await presence_for(ctx, await find_for_caller(ctx, participant), OpenForm(section, about))


@put("/participants/{participant:str}/presence", guards=[requires(READ)], name="api_say_form_open",
     tags=["participants"], summary="Say that you have a form of her file open")  # fmt: skip
async def say_open(ctx: Context, participant: Code, data: JSONBody[OpenForm]) -> Presence:
    """Holds for 30 seconds, then say it again; returns which colleagues have it open too. Nobody is kept from saving,
    nothing of it goes into the trail, and it is deleted within minutes."""
    return await operations.say_open(ctx, participant, data)


HANDLERS: list[Any] = [show_presence, say_open]
