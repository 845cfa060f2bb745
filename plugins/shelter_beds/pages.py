"""The page on which staff note tonight's free beds, under `/<language>/x/shelter_beds`."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Response, get, post

from spheres_core.plugin import (
    Context,
    Message,
    Post,
    RequestScope,
    Words,
    organization_facts,
    page,
    redirect,
    requires,
)

from . import beds

UPDATE = "shelter_beds.update"
TITLE = Message("Free beds tonight", domain="shelter_beds")
WRONG = Message("Write a whole number from 0 to 99.", domain="shelter_beds")


@get("/beds", guards=[requires(UPDATE)], name="shelter_beds_beds")
async def show(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await _page(ctx, request_scope, await beds.by_organization(ctx))


@post("/beds", guards=[requires(UPDATE)], status_code=303)
async def save(ctx: Context, request_scope: RequestScope, sent: Post) -> Response[bytes]:
    typed = {id_: sent[str(id_)].strip() for id_, _ in await _shelters(ctx)}
    wrong = [id_ for id_, text in typed.items() if text and not (text.isdecimal() and len(text) < 3)]
    if wrong:
        return await _page(ctx, request_scope, typed, {str(id_): ctx.locale.say(WRONG) for id_ in wrong})
    await beds.note(ctx, {id_: int(text) for id_, text in typed.items() if text})
    return redirect(ctx, request_scope, "shelter_beds_beds")


async def _page(
    ctx: Context, request_scope: RequestScope, free: Mapping[UUID, object], wrong: Mapping[str, str] | None = None
) -> Response[bytes]:
    found = [(id_, name, free.get(id_, "")) for id_, name in await _shelters(ctx)]
    shown: dict[str, Any] = {"title": TITLE, "night": ctx.today, "shelters": found, "problems": wrong or {}}
    return await page(ctx, request_scope, "shelter_beds/beds.html", status=422 if wrong else 200, **shown)


async def _shelters(ctx: Context) -> list[tuple[UUID, Words]]:
    """Returns the organizations that shelter young people today, by the role that the directory gives them."""
    known = await organization_facts(ctx, ctx.today)
    return [(each.id, each.name) for each in known if each.id and "shelter" in each.roles]
