"""The region's own directory for staff, as JSON: what differs and why, a change, a decision."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import JSONBody, PathParameter
from msgspec import Struct, field

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import requires
from spheres_core.partners.operations import edit_entry
from spheres_core.partners.permissions import DECIDE, EDIT
from spheres_core.partners.three_way_merge import Choice
from spheres_core.partners.views import local_changes
from spheres_core.partners.views.directory import summary

Kind = Annotated[str, PathParameter(description="The kind of entry, as the list gives it, such as `services`.")]
Id = Annotated[UUID, PathParameter(description="The entry's id, as the list gives it.")]


class Changes(Struct, frozen=True, forbid_unknown_fields=True):
    """Fields to write, by name, in the shapes of `partners.toml`; and why."""

    changes: dict[str, Any]
    why: str = ""


class Decision(Struct, frozen=True, forbid_unknown_fields=True):
    """How a conflict ends. `value` goes with `own`."""

    field: str
    choice: Choice
    why: str = ""
    value: Any = None


class DirectoryEntries(Struct, frozen=True):
    """Each entry with its source, what is the region's own in it and why, and what waits for a decision."""

    entries: list[dict[str, Any]]
    waiting: int = field(default=0)
    """Conflicts that wait."""


@get("/directory/entries", guards=[requires(EDIT)], security=[{"token": []}],
     summary="The directory, where it differs from its sources and why")  # fmt: skip
async def list_entries(ctx: Context) -> DirectoryEntries:
    found = await local_changes.entries(ctx)
    shown = [msgspec.to_builtins(summary(ctx, each), enc_hook=str) for each in found]
    return DirectoryEntries(shown, sum(len(each.conflicts) for each in found))


@get("/directory/entries/{kind:str}/{id:uuid}", guards=[requires(EDIT)], security=[{"token": []}],
     summary="One entry with its fields")  # fmt: skip
async def show_entry(ctx: Context, kind: Kind, id: Id) -> dict[str, Any]:
    each = local_changes.as_entry(kind, await edit_entry.entry(ctx, kind, id))
    return {**msgspec.to_builtins(summary(ctx, each), enc_hook=str), "content": each.content}


@post("/directory/entries/{kind:str}/{id:uuid}", guards=[requires(EDIT)], security=[{"token": []}], status_code=200,
      summary="Write fields of an entry here, with the reason")  # fmt: skip
async def change_entry(ctx: Context, kind: Kind, id: Id, data: JSONBody[Changes]) -> dict[str, Any]:
    """The next version of its source will not undo it. Writing what the source says gives the field back."""
    return {"changed": list(await edit_entry.change_entry(ctx, kind, id, data.changes, why=data.why))}


@post("/directory/entries/{kind:str}/{id:uuid}/decide", guards=[requires(DECIDE)], security=[{"token": []}],
      status_code=200, summary="End a conflict between a source and this region")  # fmt: skip
async def settle(ctx: Context, kind: Kind, id: Id, data: JSONBody[Decision]) -> dict[str, Any]:
    """`new` takes what the source says, `ours` keeps what holds here, `own` writes `value`."""
    await edit_entry.settle(ctx, kind, id, data.field, choice=data.choice, value=data.value, why=data.why)
    return {"field": data.field, "choice": data.choice}


HANDLERS = (list_entries, show_entry, change_entry, settle)
