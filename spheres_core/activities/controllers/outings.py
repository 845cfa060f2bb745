"""Outings, their catalogue and their costs as JSON."""

from typing import Any
from uuid import UUID

from litestar import get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from spheres_core.activities.operations import attendance, outings
from spheres_core.activities.permissions import BUDGET, PLAN
from spheres_core.activities.queries import budget, catalogue
from spheres_core.activities.queries import outings as queries
from spheres_core.activities.queries.outings import When
from spheres_core.activities.schemas.invitations import AttendancePosted
from spheres_core.activities.schemas.outings import (
    ActivityBudget,
    ActivityCatalogue,
    Outing,
    OutingBudget,
    OutingChanged,
    OutingListed,
    OutingPosted,
    OutingsPlanned,
)
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.idempotency_key import Once


@get("/activity-catalogue", guards=[requires(PLAN)], name="api_activity_catalogue",
     summary="Activities, their categories and purposes that may be chosen here", tags=["activities"])  # fmt: skip
async def read_catalogue(ctx: Context) -> ActivityCatalogue:
    """Returns what the region's packs list, in the reader's language."""
    return catalogue.activity_catalogue(ctx)


@get("/activities", guards=[requires(PLAN)], name="api_activities", summary="Outings, by day", tags=["activities"])
async def list_outings(
    ctx: Context, when: FromQuery[When] = "coming", cursor: FromQuery[str] = ""
) -> Page[OutingListed]:
    """Returns a page of those to come, the next first, or of those that were, the last first. It names nobody."""
    return await queries.list_outings(ctx, when=when, cursor=cursor)


@post("/activities", guards=[requires(PLAN)], name="api_plan_outing", summary="Plan an outing, or a weekly group",
      tags=["activities"])  # fmt: skip
async def plan_outing(ctx: Context, data: JSONBody[OutingPosted], once: Once) -> OutingsPlanned:
    """It names nobody: who comes along is noted in her file."""
    return await once.run("outing", ctx.tenant.id, data, OutingsPlanned, lambda: outings.plan_outing(ctx, data))


@get("/activities/{id:uuid}", guards=[requires(PLAN)], name="api_activity", summary="One outing", tags=["activities"])
async def read_outing(ctx: Context, id: FromPath[UUID]) -> Outing:
    """Returns it with those of whom the caller may know; that others come along is said without their number. Who was
    shown goes into the trail."""
    return await queries.read_outing(ctx, id)


@put("/activities/{id:uuid}", guards=[requires(PLAN)], name="api_change_outing", summary="Say how an outing is now",
     tags=["activities"])  # fmt: skip
async def change_outing(ctx: Context, id: FromPath[UUID], data: JSONBody[OutingChanged]) -> Outing:
    """`planned` becomes `held` or `called_off`, which stay. When somebody else wrote it anew in the meantime: 409,
    with `yours` and `theirs`."""
    return await outings.change_outing(ctx, id, data)


@post("/activities/{id:uuid}/attendance", guards=[requires(PLAN)], name="api_note_attendance", status_code=200,
      summary="Note who came", tags=["activities"])  # fmt: skip
async def note_attendance(ctx: Context, id: FromPath[UUID], data: JSONBody[AttendancePosted]) -> Outing:
    """Of those of whom the caller may know, all at once; the same again changes nothing. No reason is asked for an
    absence, and absences are counted nowhere."""
    return await attendance.note_attendance(ctx, id, data)


@put("/activities/{id:uuid}/budget", guards=[requires(BUDGET)], name="api_set_outing_budget",
     summary="Say what an outing may cost, and what it cost", tags=["activities"])  # fmt: skip
async def set_budget(ctx: Context, id: FromPath[UUID], data: JSONBody[OutingBudget]) -> Outing:
    """In cents. When somebody else wrote the outing anew in the meantime: 409, with `yours` and `theirs`."""
    return await outings.set_budget(ctx, id, data)


@get("/activity-budget", guards=[requires(BUDGET)], name="api_activity_budget",
     summary="What outings may cost and what they cost, by season", tags=["activities"])  # fmt: skip
async def read_budget(ctx: Context) -> ActivityBudget:
    """Returns sums in cents, the latest season first."""
    return await budget.season_sums(ctx)


HANDLERS: list[Any] = [
    read_catalogue,
    list_outings,
    plan_outing,
    read_outing,
    change_outing,
    note_attendance,
    set_budget,
    read_budget,
]
