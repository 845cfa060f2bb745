"""The directory as the staff's pages and the API show it, in the reader's language."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from spheres_core.extra_questions import views as extra_questions
from spheres_core.facts import msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners import three_way_merge
from spheres_core.partners.operations import edit_entry
from spheres_core.partners.operations.add_entry import ADDED_TO_A_PARTNER
from spheres_core.partners.operations.entry_state import ENDING, REMOVABLE, VERIFIABLE
from spheres_core.partners.operations.record_kinds import BY_ENTRY, record_of
from spheres_core.partners.permissions import DECIDE, EDIT
from spheres_core.partners.queries.pack_content import role_names
from spheres_core.partners.queries.partners import areas
from spheres_core.partners.views import local_changes
from spheres_core.partners.views.directory_fields import KIND_TITLES, SHAPES, field_inputs, field_title, value_lines
from spheres_core.partners.views.local_changes import EditableEntry

ADD_TITLES: Final = {"services": msg("Add a service"), "contact_points": msg("Add a contact")}
"""Texts of the links that add an entry of this kind."""


async def list_page(ctx: Context) -> dict[str, Any]:
    """Returns what `partners/directory.html` names."""
    found = await local_changes.entries(ctx)
    shown = {(each.kind, each.id): summary(ctx, each) for each in found}
    owned: dict[str, list[dict[str, Any]]] = {}
    for each in found:
        if each.kind != "organizations" and each.organization and not each.removed_on:
            owned.setdefault(each.organization, []).append(shown[each.kind, each.id])
    return {
        "title": ctx.locale.say("The region's directory"),
        "conflicts": [shown[each.kind, each.id] for each in found if each.conflicts],
        "local": [shown[each.kind, each.id] for each in found if each.local],
        "withdrawn": [shown[each.kind, each.id] for each in found if each.withdrawn_on and not each.removed_on],
        "removed": [shown[each.kind, each.id] for each in found if each.removed_on],
        "organizations": sorted(
            (shown[each.kind, each.id] | {"own": owned.get(each.key, [])} for each in found
             if each.kind == "organizations" and not each.removed_on),
            key=lambda each: ctx.locale.sort_key(each["title"]),
        ),
        "others": [
            shown[each.kind, each.id] for each in found
            if each.kind != "organizations" and not each.organization and not each.removed_on
        ],
        "may_decide": ctx.may(DECIDE),
        "may_edit_all": ctx.may(EDIT),
    }  # fmt: skip


async def entry_page(
    ctx: Context, kind: str, id: UUID, refusal: Refusal | None = None, sent: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Returns what `partners/directory_entry.html` names; after a refusal with what was sent. Raises `NoSuchEntry`."""
    stored = await edit_entry.find_entry(ctx, kind, id)
    each = local_changes.as_entry(kind, stored)
    deciding = (sent or {}).get("_field")
    again = None if deciding else sent
    offered = [name for name in SHAPES if name in each.content]
    named = await area_names(ctx)
    whole = ctx.may(EDIT)
    return {
        **summary(ctx, each),
        "fields": [field_inputs(ctx, name, each.content, again, areas=named) for name in offered],
        "parts_of_it": await _parts(ctx, each),
        "extra": await extra_questions.cards(ctx, BY_ENTRY[kind], record_of(kind, stored)) if kind in BY_ENTRY else [],
        "ending": _sent_elsewhere(sent, "ending"),
        "on": (sent or {}).get("on", ctx.today.isoformat()),
        "may_verify": each.kind in VERIFIABLE and not each.removed_on,
        "may_end": each.kind in ENDING and not each.removed_on and (whole or each.kind != "organizations"),
        "may_remove": each.kind in REMOVABLE and not each.removed_on and (whole or each.kind != "organizations"),
        "may_put_back": each.kind in REMOVABLE and bool(each.removed_on) and whole,
        "adds": [(kind, ctx.locale.say(ADD_TITLES[kind])) for kind in ADDED_TO_A_PARTNER]
        if each.kind == "organizations" and not each.removed_on
        else [],
        "verified_on": each.content.get("verified_on"),
        "verified_day": _day(each.content.get("verified_on")),
        "rest": [
            {"title": ctx.locale.say(field_title(name)), "lines": value_lines(ctx, name, value)}
            for name, value in each.content.items()
            if name not in (*offered, "name_language") and value not in (None, "", [], {})
        ],
        "why": (sent or {}).get("why", ""),
        "deciding": deciding,
        "choice": (sent or {}).get("_choice", ""),
        "may_decide": ctx.may(DECIDE),
        "problems": {each.path: ctx.locale.say(each.message) for each in (refusal.errors if refusal else ())},
        "trouble": ctx.locale.say(refusal.message) if refusal and not refusal.errors else None,
    }


def summary(ctx: Context, each: EditableEntry) -> dict[str, Any]:
    """Returns an entry with what is said about it here, for a list and for the API."""
    say = ctx.locale.say
    name = ctx.locale.pick(each.title) if each.title else Text(each.key, ctx.locale.language)
    if each.kind == "partnerships":
        names = role_names(ctx)
        role = names.get(each.content["role"])
        name = (say(role) if not isinstance(role, Mapping) else ctx.locale.pick(role)) if role else name
    installed = ctx.plugins.plugins.get(each.origin)
    source = say("this region") if each.hand_made else Text(each.origin, ctx.locale.language)
    return {
        "kind": each.kind,
        "id": each.id,
        "key": each.key,
        "what": say(KIND_TITLES[each.kind]),
        "title": name,
        "organization": each.organization or None,
        "origin": each.origin,
        "origin_title": ctx.locale.pick(installed.manifest.title) if installed else source,
        "local": [
            {**_field(ctx, one.field), "theirs": value_lines(ctx, one.field, one.theirs),
             "ours": value_lines(ctx, one.field, one.ours), **_reason(one.reason)}
            for one in each.local
        ],
        "conflicts": [
            {**_field(ctx, one.field), "before": value_lines(ctx, one.field, one.before),
             "theirs": value_lines(ctx, one.field, one.theirs), "ours": value_lines(ctx, one.field, one.ours),
             "version": one.version, "since": one.since, **_reason(one.reason),
             "write": field_inputs(ctx, one.field, each.content, None) if one.field in SHAPES else None}
            for one in each.conflicts
        ],
        "withdrawn_on": each.withdrawn_on,
        "removed_on": each.removed_on,
        "hand_made": each.hand_made,
    }  # fmt: skip


async def area_names(ctx: Context) -> dict[str, Any]:
    """Returns the names of the region's areas by key."""
    return {each.key: each.name for each in await areas(ctx)}


async def _parts(ctx: Context, each: EditableEntry) -> list[dict[str, Any]]:
    """Returns what belongs to an organization and is shown."""
    if each.kind != "organizations":
        return []
    return [
        summary(ctx, one) for one in await local_changes.entries(ctx)
        if one.organization == each.key and not one.removed_on
    ]  # fmt: skip


def _day(written: str | None) -> dt.date | None:
    return dt.date.fromisoformat(written) if written else None


def _sent_elsewhere(sent: Mapping[str, str] | None, act: str) -> bool:
    return (sent or {}).get("_act") == act


def _field(ctx: Context, name: str) -> dict[str, Any]:
    return {"field": name, "title": ctx.locale.say(field_title(name))}


def _reason(reason: three_way_merge.ChangeReason | None) -> dict[str, Any]:
    return {"why": reason.why if reason else None, "at": reason.at if reason else None}
