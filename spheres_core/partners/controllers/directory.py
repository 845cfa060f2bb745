"""The region's own directory for staff, as JSON: what differs and why, a change, a decision."""

from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import JSONBody, PathParameter
from msgspec import Struct

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import requires
from spheres_core.partners.api_schemas import (
    DirectoryEntries,
    DirectoryEntry,
    DirectoryEntryRead,
    EntryAdded,
    EntryChanged,
    EntryState,
    EntryVerified,
)
from spheres_core.partners.operations import add_entry, edit_entry, entry_state
from spheres_core.partners.permissions import DECIDE, EDIT, EDIT_OWN
from spheres_core.partners.three_way_merge import Choice
from spheres_core.partners.views import local_changes
from spheres_core.partners.views.directory import summary

T = TypeVar("T", bound=DirectoryEntry)
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


class PartnerPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """A partner, each part in the shapes of `partners.toml` without its key."""

    organization: dict[str, Any]
    role: dict[str, Any]
    services: tuple[dict[str, Any], ...] = ()
    contacts: tuple[dict[str, Any], ...] = ()


class Addition(Struct, frozen=True, forbid_unknown_fields=True):
    """A service or a contact, in the shape of `partners.toml` without its key."""

    kind: Literal["services", "contact_points"]
    content: dict[str, Any]


class EntryEnd(Struct, frozen=True, forbid_unknown_fields=True):
    """The first day on which an entry no longer holds, `YYYY-MM-DD`, and why where a source brought it."""

    on: str
    why: str = ""


class ConflictSettled(Struct, frozen=True):
    """The field whose conflict ended, and how."""

    field: str
    choice: Choice


@get("/directory/entries", guards=[requires(EDIT_OWN)], tags=["directory"],
     summary="The directory, where it differs from its sources and why")  # fmt: skip
async def list_entries(ctx: Context) -> DirectoryEntries:
    """Returns every entry with its source, what is this region's own in it, and the conflicts that wait."""
    found = await local_changes.entries(ctx)
    return DirectoryEntries(
        [_plain(summary(ctx, each), DirectoryEntry) for each in found], sum(len(each.conflicts) for each in found)
    )


@get("/directory/entries/{kind:str}/{id:uuid}", guards=[requires(EDIT_OWN)], tags=["directory"],
     summary="One entry with its fields")  # fmt: skip
async def show_entry(ctx: Context, kind: Kind, id: Id) -> DirectoryEntryRead:
    """Returns the entry as the list does, and its fields in the shapes of `partners.toml`."""
    each = local_changes.as_entry(kind, await edit_entry.find_entry(ctx, kind, id))
    return _plain({**summary(ctx, each), "content": each.content}, DirectoryEntryRead)


@post("/directory/entries/{kind:str}/{id:uuid}", guards=[requires(EDIT_OWN)], tags=["directory"], status_code=200,
      summary="Write fields of an entry here, with the reason")  # fmt: skip
async def change_entry(ctx: Context, kind: Kind, id: Id, data: JSONBody[Changes]) -> EntryChanged:
    """Writes fields here: the next version of the source will not undo it.

    Writing what the source says gives the field back to the source.
    """
    return EntryChanged(list(await edit_entry.change_entry(ctx, kind, id, data.changes, why=data.why)))


@post("/directory/entries/{kind:str}/{id:uuid}/decide", guards=[requires(DECIDE)], tags=["directory"],
      status_code=200, summary="End a conflict between a source and this region")  # fmt: skip
async def settle(ctx: Context, kind: Kind, id: Id, data: JSONBody[Decision]) -> ConflictSettled:
    """Ends a conflict: `new` takes what the source says, `ours` keeps what holds here, `own` writes `value`."""
    await edit_entry.resolve(ctx, kind, id, data.field, choice=data.choice, value=data.value, why=data.why)
    return ConflictSettled(data.field, data.choice)


def _plain(said: dict[str, Any], kind: type[T]) -> T:
    return msgspec.convert(msgspec.to_builtins(said, enc_hook=str), kind)


@post("/directory/partners", guards=[requires(EDIT)], tags=["directory"], status_code=201,
      summary="Add a partner by hand")  # fmt: skip
async def add_partner(ctx: Context, data: JSONBody[PartnerPosted]) -> EntryAdded:
    """Writes an organization with its role, services and contacts. Hours may be given in words."""
    new = add_entry.NewPartner(data.organization, data.role, data.services, data.contacts)
    return EntryAdded("organizations", await add_entry.add_partner(ctx, new))


@post("/directory/entries/{kind:str}/{id:uuid}/add", guards=[requires(EDIT_OWN)], tags=["directory"],
      status_code=201, summary="Add a service or a contact to a partner by hand")  # fmt: skip
async def add(ctx: Context, kind: Kind, id: Id, data: JSONBody[Addition]) -> EntryAdded:
    """Writes a service or a contact of one of `organizations`."""
    await edit_entry.find_entry(ctx, kind, id)
    return EntryAdded(data.kind, await add_entry.add_to_partner(ctx, id, data.kind, data.content))


@post("/directory/entries/{kind:str}/{id:uuid}/verify", guards=[requires(EDIT_OWN)], tags=["directory"],
      status_code=200, summary="Note that an entry was checked today")  # fmt: skip
async def verify(ctx: Context, kind: Kind, id: Id) -> EntryVerified:
    """Notes today as the day of the check, of an organization with its services and contacts."""
    return EntryVerified(await entry_state.verify_entry(ctx, kind, id))


@post("/directory/entries/{kind:str}/{id:uuid}/end", guards=[requires(EDIT_OWN)], tags=["directory"],
      status_code=200, summary="Give an entry its end")  # fmt: skip
async def end(ctx: Context, kind: Kind, id: Id, data: JSONBody[EntryEnd]) -> EntryState:
    """Writes the first day on which it no longer holds; the past stays as it was."""
    await entry_state.end_entry(ctx, kind, id, on=data.on, why=data.why)
    return EntryState("ended")


@post("/directory/entries/{kind:str}/{id:uuid}/remove", guards=[requires(EDIT_OWN)], tags=["directory"],
      status_code=200, summary="Remove an entry from the directory")  # fmt: skip
async def remove(ctx: Context, kind: Kind, id: Id) -> EntryState:
    """Shows it nowhere from today on. Nothing is deleted."""
    await entry_state.remove_entry(ctx, kind, id)
    return EntryState("removed")


@post("/directory/entries/{kind:str}/{id:uuid}/put-back", guards=[requires(EDIT)], tags=["directory"],
      status_code=200, summary="Put a removed entry back")  # fmt: skip
async def put_back(ctx: Context, kind: Kind, id: Id) -> EntryState:
    """Shows it again, an organization with what was removed on the same day."""
    await entry_state.put_back_entry(ctx, kind, id)
    return EntryState("shown")


HANDLERS = (
    list_entries, show_entry, change_entry, settle, add_partner, add, verify, end, remove, put_back,
)  # fmt: skip
