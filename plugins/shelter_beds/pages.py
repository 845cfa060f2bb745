"""The page on which staff note tonight's free beds, under `/<language>/x/shelter_beds`."""

from uuid import UUID

from litestar import Response, get, post

from spheres_core import plugin as core
from spheres_core.plugin import Context, RequestScope, requires

from . import beds

UPDATE = "shelter_beds.update"
TITLE = core.Message("Free beds tonight", domain="shelter_beds")


@get("/beds", guards=[requires(UPDATE)], name="shelter_beds_beds")
async def show(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await _page(ctx, request_scope)


@post("/beds", guards=[requires(UPDATE)], status_code=303)
async def save(ctx: Context, request_scope: RequestScope, sent: core.Post) -> Response[bytes]:
    free = {id_: sent.whole(str(id_), most=99) for id_ in await _shelters(ctx)}
    if sent.problems:
        return await _page(ctx, request_scope, sent)
    await beds.note(ctx, {id_: number for id_, number in free.items() if number is not None})
    return core.redirect(ctx, request_scope, "shelter_beds_beds")


async def _page(ctx: Context, request_scope: RequestScope, sent: core.Post | None = None) -> Response[bytes]:
    shown = {"title": TITLE, "shelters": await _shelters(ctx), "free": await beds.by_organization(ctx)}
    return await core.page(ctx, request_scope, "shelter_beds/beds.html", posted=sent, night=ctx.today, **shown)


async def _shelters(ctx: Context) -> dict[UUID, core.Words]:
    """Returns the organizations that shelter young people today, by the role that the directory gives them."""
    known = await core.organization_facts(ctx, ctx.today)
    return {each.id: each.name for each in known if each.id and "shelter" in each.roles}
