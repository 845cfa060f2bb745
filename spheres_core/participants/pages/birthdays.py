"""The page of what there is to look at with her because of a birthday."""

from uuid import UUID

from litestar import get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Response

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.confirmations import done_address
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.participants.operations import birthdays as operations
from spheres_core.participants.pages.files import ForPurpose, section_page
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries.access import find_for_caller, reaches, require_class
from spheres_core.participants.views import birthdays as views
from spheres_core.participants.views.confirmations import say_done

PAGE = "birthdays"


@get("/staff/participants/{participant:str}/birthdays", guards=[requires(READ)], name=PAGE)
async def birthdays(
    ctx: Context,
    request_scope: RequestScope,
    participant: FromPath[str],
    for_purpose: ForPurpose = None,
    done: FromQuery[str] = "",
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant, for_purpose)
    require_class(ctx, access, "participation")
    shown = await views.birthdays_page(ctx, access, may_write=reaches(ctx, access, "participation", act="write"))
    template = "participants/birthdays.html"
    return await section_page(ctx, request_scope, access, template, page=PAGE, done=say_done(ctx, done), **shown)


@post("/staff/participants/{participant:str}/birthdays/{id:uuid}", guards=[requires(READ)],
      name="finish_birthday_task", status_code=303)  # fmt: skip
async def finish_task(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], id: FromPath[UUID]
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant)
    await operations.finish_task(ctx, access, id)
    address = rendering.place_of(ctx, request_scope, PAGE, participant=access.code)
    return rendering.go_to(done_address(address, "looked_at"))


HANDLERS = (birthdays, finish_task)
