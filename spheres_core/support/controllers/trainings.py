"""Trainings that staff took or gave as JSON: one's own log. Tokens of machines have none."""

from typing import Annotated, Any
from uuid import UUID

from litestar import get, post, put
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.idempotency_key import Once
from spheres_core.support.operations import trainings as operations
from spheres_core.support.permissions import LOG_TRAININGS
from spheres_core.support.queries import trainings as queries
from spheres_core.support.queries.trainings import TrainingFilters
from spheres_core.support.schemas.advice import VersionPosted
from spheres_core.support.schemas.trainings import Training, TrainingChanged, TrainingRemoved, TrainingWritten

Whose = Annotated[
    UUID | None,
    QueryParameter(name="staff", required=False, description="A member of staff, for who coordinates; else one's own."),
]
Part = Annotated[str, QueryParameter(name="part", required=False, description="`taken` or `given`.")]
Theme = Annotated[
    str, QueryParameter(name="theme", required=False, description="A code of the list `workshop_themes`.")
]


@get("/trainings", guards=[requires(LOG_TRAININGS)], name="api_trainings", tags=["support"],
     summary="Trainings that the caller took or gave, the latest first")  # fmt: skip
async def list_trainings(
    ctx: Context, staff: Whose = None, part: Part = "", theme: Theme = "", cursor: FromQuery[str] = ""
) -> Page[Training]:
    """Whoever may read the log of colleagues says whose with `staff`; for everybody else it is not there. Reading the
    list is written to the trail."""
    return await queries.list_trainings(ctx, TrainingFilters(staff, part, theme), cursor=cursor)


@post("/trainings", guards=[requires(LOG_TRAININGS)], name="api_log_training", tags=["support"],
      summary="Log a training that one took or gave")  # fmt: skip
async def log_training(ctx: Context, data: JSONBody[TrainingWritten], once: Once) -> Training:
    """Goes into one's own log. Refused with 422 `participant_code_found`, and with 409 `identifiers_found` until
    `confirmed` is sent."""

    async def logging() -> Training:
        return await queries.read_own(ctx, await operations.log_training(ctx, data))

    return await once.run("training", ctx.tenant.id, data, Training, logging)


@get("/trainings/{id:uuid}", guards=[requires(LOG_TRAININGS)], name="api_training", tags=["support"],
     summary="One training of one's own")  # fmt: skip
async def read_training(ctx: Context, id: FromPath[UUID]) -> Training:
    """For its person only. The reading goes into the trail."""
    return await queries.read_own(ctx, id)


@put("/trainings/{id:uuid}", guards=[requires(LOG_TRAININGS)], name="api_change_training", tags=["support"],
     summary="Correct a training of one's own")  # fmt: skip
async def change_training(ctx: Context, id: FromPath[UUID], data: JSONBody[TrainingChanged]) -> Training:
    """Changed on another device meanwhile: 409, with `yours` and `theirs`."""
    await operations.change_training(ctx, id, data)
    return await queries.read_own(ctx, id)


@post("/trainings/{id:uuid}/remove", guards=[requires(LOG_TRAININGS)], name="api_remove_training", status_code=200,
      tags=["support"], summary="Take a training out of one's own log")  # fmt: skip
async def remove_training(ctx: Context, id: FromPath[UUID], data: JSONBody[VersionPosted]) -> TrainingRemoved:
    """Deletes it. Refused with 409 when it has changed in the meantime."""
    await operations.remove_training(ctx, id, data.version)
    return TrainingRemoved()


HANDLERS: list[Any] = [list_trainings, log_training, read_training, change_training, remove_training]
