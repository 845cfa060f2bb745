"""Agendas and briefs as JSON, each with what the caller may discuss."""

from typing import Any
from uuid import UUID

from litestar import get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from spheres_core.committee.operations import agenda as operations
from spheres_core.committee.operations.recusals import recuse as recuse_member
from spheres_core.committee.permissions import MEET
from spheres_core.committee.queries import brief as queries
from spheres_core.committee.queries import her_items
from spheres_core.committee.schemas.agenda import (
    Agenda,
    Brief,
    Item,
    ItemChanged,
    ItemPosted,
    Preview,
    Recused,
    RecusePosted,
)
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.idempotency_key import Once
from spheres_core.participants.controllers.files import Code
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries.access import find_for_caller


@get("/meetings/{id:uuid}/agenda", guards=[requires(MEET)], name="api_agenda", tags=["committee"],
     summary="The items of a meeting that the caller may discuss")  # fmt: skip
async def read_agenda(ctx: Context, id: FromPath[UUID]) -> Agenda:
    """Returns their numbers, and codes where she lets the caller's organization know them. It goes into the trail."""
    return await queries.read_agenda(ctx, id)


@post("/meetings/{id:uuid}/agenda", guards=[requires(READ)], name="api_put_on_agenda", tags=["committee"],
      summary="Put a participant on the agenda of a meeting")  # fmt: skip
async def put_on_agenda(ctx: Context, id: FromPath[UUID], data: JSONBody[ItemPosted], once: Once) -> Item:
    """Lets whoever follows her do it. It opens to members whose organization she lets discuss it, and to nobody else:
    403 where that is none of them."""
    file = await find_for_caller(ctx, data.participant)
    return await once.run("agenda_item", id, data, Item, lambda: operations.put_on_agenda(ctx, file, id, data))


@get("/meetings/{id:uuid}/brief", guards=[requires(MEET)], name="api_brief", tags=["committee"],
     summary="Everything that the caller may discuss in a meeting")  # fmt: skip
async def read_brief(ctx: Context, id: FromPath[UUID]) -> Brief:
    """Returns it with what she lets the caller discuss; what she wants said stands first. It goes into the trail, and
    what so leaves for another organization is recorded."""
    return await queries.read_brief(ctx, id)


@post("/meetings/{id:uuid}/recuse", guards=[requires(MEET)], name="api_recuse", status_code=200, tags=["committee"],
      summary="Stay out of an item")  # fmt: skip
async def recuse(ctx: Context, id: FromPath[UUID], data: JSONBody[RecusePosted]) -> Recused:
    """From now on the item is not there for that member, in this meeting and in later ones."""
    return await recuse_member(ctx, id, data)


@get("/participants/{participant:str}/agenda-items", guards=[requires(READ)], name="api_agenda_items",
     tags=["committee"], summary="What a committee had on its agendas of her, the last first")  # fmt: skip
async def list_items(ctx: Context, participant: Code, cursor: FromQuery[str] = "") -> Page[Item]:
    """Returns a page of them. It goes into the trail."""
    return await her_items.list_items(ctx, await find_for_caller(ctx, participant), cursor=cursor)


@get("/participants/{participant:str}/agenda-items/preview", guards=[requires(READ)], name="api_preview_agenda_item",
     tags=["committee"], summary="What would be shared with whom")  # fmt: skip
async def preview(ctx: Context, participant: Code, meeting: FromQuery[UUID], shares: FromQuery[str] = "") -> Preview:
    """Returns it for each organization of a meeting, so that she can be told before. `shares`: classes, with commas."""
    file = await find_for_caller(ctx, participant)
    return await operations.preview(ctx, file, meeting, [each for each in shares.split(",") if each])


@put("/participants/{participant:str}/agenda-items/{id:uuid}", guards=[requires(READ)], name="api_change_agenda_item",
     tags=["committee"], summary="Write an item anew")  # fmt: skip
async def change_item(ctx: Context, participant: Code, id: FromPath[UUID], data: JSONBody[ItemChanged]) -> Item:
    """When it was changed in the meantime: 409, with `yours` and `theirs`."""
    return await operations.change_item(ctx, await find_for_caller(ctx, participant), id, data)


@post("/participants/{participant:str}/agenda-items/{id:uuid}/take-off", guards=[requires(READ)],
      name="api_take_off_agenda", status_code=200, tags=["committee"],
      summary="Take an item off its agenda")  # fmt: skip
async def take_off(ctx: Context, participant: Code, id: FromPath[UUID]) -> Item:
    """It closes to everybody at once."""
    return await operations.take_off(ctx, await find_for_caller(ctx, participant), id)


HANDLERS: list[Any] = [read_agenda, put_on_agenda, read_brief, recuse, list_items, preview, change_item, take_off]
