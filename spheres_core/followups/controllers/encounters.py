"""Encounters and attempts to reach her, as JSON."""

from typing import Any
from uuid import UUID

from litestar import get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from spheres_core.followups.operations import contact_attempts, encounters
from spheres_core.followups.queries import encounters as queries
from spheres_core.followups.schemas.contact_attempts import ContactAttempt, ContactAttemptPosted
from spheres_core.followups.schemas.encounters import (
    AddendumPosted,
    Encounter,
    EncounterCorrected,
    EncounterHistory,
    EncounterPosted,
)
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.idempotency_key import Once
from spheres_core.participants.controllers.files import Code
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries.access import find_for_caller


@get("/participants/{participant:str}/encounters", guards=[requires(READ)], name="api_encounters",
     summary="Encounters with her, the last written first", tags=["followups"])  # fmt: skip
async def list_encounters(ctx: Context, participant: Code, cursor: FromQuery[str] = "") -> Page[Encounter]:
    """Returns a page of them, with what the caller may read. Which were shown goes into the trail."""
    return await queries.list_encounters(ctx, await find_for_caller(ctx, participant), cursor=cursor)


@post("/participants/{participant:str}/encounters", guards=[requires(READ)], name="api_record_encounter",
      summary="Record an encounter: planned, held or missed", tags=["followups"])  # fmt: skip
async def record_encounter(ctx: Context, participant: Code, data: JSONBody[EncounterPosted], once: Once) -> Encounter:
    """Her own words are kept apart from the worker's, and only when she has agreed to it."""
    file = await find_for_caller(ctx, participant)
    act = encounters.record_encounter
    return await once.run("encounter", file.id, data, Encounter, lambda: act(ctx, file, data))


@get("/participants/{participant:str}/encounters/{id:uuid}", guards=[requires(READ)], name="api_encounter",
     summary="One encounter", tags=["followups"])  # fmt: skip
async def read_encounter(ctx: Context, participant: Code, id: FromPath[UUID]) -> Encounter:
    """Returns it with what the caller may read. The reading becomes an entry in the trail."""
    return await queries.read_encounter(ctx, await find_for_caller(ctx, participant), id)


@put("/participants/{participant:str}/encounters/{id:uuid}", guards=[requires(READ)], name="api_correct_encounter",
     summary="Write an encounter anew", tags=["followups"])  # fmt: skip
async def correct_encounter(
    ctx: Context, participant: Code, id: FromPath[UUID], data: JSONBody[EncounterCorrected]
) -> Encounter:
    """For its author on the same day, and for what is only planned. Earlier versions stay. When somebody else wrote
    it anew in the meantime: 409, with `yours` and `theirs`."""
    return await encounters.correct_encounter(ctx, await find_for_caller(ctx, participant), id, data)


@get("/participants/{participant:str}/encounters/{id:uuid}/versions", guards=[requires(READ)],
     name="api_encounter_versions", summary="What was written of an encounter before",
     tags=["followups"])  # fmt: skip
async def list_versions(ctx: Context, participant: Code, id: FromPath[UUID]) -> EncounterHistory:
    """Returns each version of its words, newest first. The reading becomes an entry in the trail."""
    return await queries.versions_of(ctx, await find_for_caller(ctx, participant), id)


@post("/participants/{participant:str}/encounters/{id:uuid}/addenda", guards=[requires(READ)],
      name="api_add_to_encounter", summary="Add to an encounter", tags=["followups"])  # fmt: skip
async def add_to_encounter(
    ctx: Context, participant: Code, id: FromPath[UUID], data: JSONBody[AddendumPosted]
) -> Encounter:
    """Leaves all that was written as it is, with this beside it."""
    return await encounters.add_to_encounter(ctx, await find_for_caller(ctx, participant), id, data)


@get("/participants/{participant:str}/contact-attempts", guards=[requires(READ)], name="api_contact_attempts",
     summary="Attempts to reach her, newest first", tags=["followups"])  # fmt: skip
async def list_attempts(ctx: Context, participant: Code, cursor: FromQuery[str] = "") -> Page[ContactAttempt]:
    """Returns a page of them. Which were shown goes into the trail."""
    return await queries.list_attempts(ctx, await find_for_caller(ctx, participant), cursor=cursor)


@post("/participants/{participant:str}/contact-attempts", guards=[requires(READ)], name="api_note_contact_attempt",
      summary="Note an attempt to reach her", tags=["followups"])  # fmt: skip
async def note_attempt(ctx: Context, participant: Code, data: JSONBody[ContactAttemptPosted]) -> ContactAttempt:
    """Says by which channel, and what came of it; never what was said. `channel` and `outcome` are those of her safe
    contact; what she excluded, and a channel that she has not confirmed, is 422 with the `allowed` outcomes."""
    return await contact_attempts.note_attempt(ctx, await find_for_caller(ctx, participant), data)


HANDLERS: list[Any] = [
    list_encounters,
    record_encounter,
    read_encounter,
    correct_encounter,
    list_versions,
    add_to_encounter,
    list_attempts,
    note_attempt,
]
