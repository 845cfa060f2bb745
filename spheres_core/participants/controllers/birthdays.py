"""Tasks: what there is to look at with a participant because of a birthday."""

from typing import Any
from uuid import UUID

from litestar import post
from litestar.params import FromPath

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import requires
from spheres_core.participants.controllers.files import Code, ForPurpose
from spheres_core.participants.operations import birthdays as operations
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries import birthdays as queries
from spheres_core.participants.queries.access import find_for_caller
from spheres_core.participants.schemas.birthdays import BirthdayTasks


@post("/participants/{participant:str}/birthday-tasks/{id:uuid}/done", guards=[requires(READ)],
      name="api_finish_birthday_task", status_code=200, tags=["participants"],
      summary="Note that a birthday was looked at with her")  # fmt: skip
async def finish_task(
    ctx: Context, participant: Code, id: FromPath[UUID], for_purpose: ForPurpose = None
) -> BirthdayTasks:
    """Returns all such tasks about her; they stand in her file too."""
    access = await find_for_caller(ctx, participant, for_purpose)
    await operations.finish_task(ctx, access, id)
    return await queries.tasks_of(ctx, access)


HANDLERS: list[Any] = [finish_task]
