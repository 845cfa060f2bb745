"""The directory as the staff's pages and the API show it, in the reader's language."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners import three_way_merge
from spheres_core.partners.operations import edit_entry
from spheres_core.partners.permissions import DECIDE
from spheres_core.partners.queries.pack_content import role_names
from spheres_core.partners.views import local_changes
from spheres_core.partners.views.directory_fields import KIND_TITLES, SHAPES, field_inputs, field_title, value_lines
from spheres_core.partners.views.local_changes import EditableEntry


async def list_page(ctx: Context) -> dict[str, Any]:
    """Returns what `partners/directory.html` names."""
    found = await local_changes.entries(ctx)
    shown = {(each.kind, each.id): summary(ctx, each) for each in found}
    owned: dict[str, list[dict[str, Any]]] = {}
    for each in found:
        if each.kind != "organizations" and each.organization:
            owned.setdefault(each.organization, []).append(shown[each.kind, each.id])
    return {
        "title": ctx.locale.say("The region's directory"),
        "conflicts": [shown[each.kind, each.id] for each in found if each.conflicts],
        "local": [shown[each.kind, each.id] for each in found if each.local],
        "withdrawn": [shown[each.kind, each.id] for each in found if each.withdrawn_on],
        "organizations": sorted(
            (shown[each.kind, each.id] | {"own": owned.get(each.key, [])} for each in found
             if each.kind == "organizations"),
            key=lambda each: ctx.locale.sort_key(each["title"]),
        ),
        "others": [
            shown[each.kind, each.id] for each in found if each.kind != "organizations" and not each.organization
        ],
        "may_decide": ctx.may(DECIDE),
    }  # fmt: skip


async def entry_page(
    ctx: Context, kind: str, id: UUID, refusal: Refusal | None = None, sent: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Returns what `partners/directory_entry.html` names; after a refusal with what was sent. Raises `NoSuchEntry`."""
    each = local_changes.as_entry(kind, await edit_entry.find_entry(ctx, kind, id))
    deciding = (sent or {}).get("_field")
    again = None if deciding else sent
    offered = [name for name in SHAPES if name in each.content]
    return {
        **summary(ctx, each),
        "fields": [field_inputs(ctx, name, each.content, again) for name in offered],
        "rest": [
            {"title": ctx.locale.say(field_title(name)), "lines": value_lines(ctx, name, value)}
            for name, value in each.content.items()
            if name not in (*offered, "name_language") and value not in (None, "", [], {})
        ],
        "why": (sent or {}).get("why", ""),
        "deciding": deciding,
        "choice": (sent or {}).get("_choice", ""),
        "may_decide": ctx.may(DECIDE),
        "errors": [
            {"field": problem.path, "text": ctx.locale.say(problem.message)}
            for problem in (refusal.errors if refusal else ())
        ],
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
    return {
        "kind": each.kind,
        "id": each.id,
        "key": each.key,
        "what": say(KIND_TITLES[each.kind]),
        "title": name,
        "organization": each.organization or None,
        "origin": each.origin,
        "origin_title": ctx.locale.pick(installed.manifest.title) if installed else each.origin,
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
    }  # fmt: skip


def _field(ctx: Context, name: str) -> dict[str, Any]:
    return {"field": name, "title": ctx.locale.say(field_title(name))}


def _reason(reason: three_way_merge.ChangeReason | None) -> dict[str, Any]:
    return {"why": reason.why if reason else None, "at": reason.at if reason else None}
