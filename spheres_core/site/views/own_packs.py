"""Values of the pages on which a region uploads its packs, looks at them, and puts a version in force."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from spheres_core.facts import Message, msg
from spheres_core.foundation.content.packs import Finding
from spheres_core.foundation.lifecycle.own_packs import obstacles_to_pack
from spheres_core.foundation.lifecycle.preview import preview_plan
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.own_packs import StoredPack
from spheres_core.foundation.tenancy.runtime import Runtime
from spheres_core.site.api_schemas.own_packs import PackChange, PackFinding, PackShown, PackState, PackVersion
from spheres_core.site.operations.own_packs import plan_draft
from spheres_core.site.plugin_diff import Change
from spheres_core.site.queries.own_packs import PackListed, differences, listed, removed_entries, version_before
from spheres_core.site.views.administration import TOPICS

MOST_CHANGES: Final = 200
LONGEST: Final = 160
SHOWN_AT_ONCE: Final = 12
"""Changes; of more, the page shows how many there are in each file, and which when it is asked."""
MANIFEST: Final = "manifest"
_KINDS: Final[dict[str, Message]] = {"add": msg("new"), "remove": msg("gone"), "change": msg("changed")}
_COUNTED: Final[dict[str, Message]] = {
    "add": msg("new: {n}"),
    "remove": msg("gone: {n}"),
    "change": msg("changed: {n}"),
}
_ADOPTED: Final[dict[str, Message]] = {
    "add": msg("New entries in the directory and the forms: {n}"),
    "change": msg("Entries that change: {n}"),
    "conflict": msg("Entries that were changed here too, where yours stays until somebody decides: {n}"),
    "absent": msg("Entries that the pack no longer has, which stay and are marked: {n}"),
    "clash": msg("Entries that another plugin brought, which are left alone: {n}"),
}


async def packs_view(
    ctx: Context, runtime: Runtime, *, findings: Sequence[Finding] = (), id: str = ""
) -> dict[str, Any]:
    """Returns the values of `site/packs.html`; `findings`: what is wrong with what was just uploaded."""
    own = await runtime.read_own_packs(ctx.db)
    found = await listed(ctx, own)
    return {
        "title": ctx.locale.say("Packs of this region"),
        "packs": [
            {
                "id": each.pack.id,
                "plugin": each.pack.plugin_id,
                "title": ctx.locale.pick(each.pack.title),
                "version": each.pack.version,
                "uploaded_at": each.pack.uploaded_at,
                "published_at": each.pack.published_at,
                "state": state_of(each),
            }
            for each in found
        ],
        "sheets": [
            {"id": id_, "title": ctx.locale.pick(each.manifest.title)}
            for id_, each in ctx.plugins.plugins.items()
            if each.manifest.tier == "pack"
        ],
        "findings": findings_in_words(ctx, findings),
        "wanted_id": id or ctx.tenant.slug.replace("-", "_"),
    }


async def pack_view(
    ctx: Context, runtime: Runtime, pack: StoredPack, *, refusals: Sequence[Message] = ()
) -> dict[str, Any]:
    """Returns the values of `site/pack.html`: what a version would change, before it is in force."""
    plan = await plan_draft(ctx, pack, runtime)
    preview = await preview_plan(ctx, plan)
    found = await listed(ctx, await runtime.read_own_packs(ctx.db))
    mine = next(each for each in found if each.pack.id == pack.id)
    before = version_before(found, pack.plugin_id)
    changes = [] if mine.in_force else await differences(ctx, plan)
    counted = {kind: sum(1 for each in preview.changes if each.kind == kind) for kind in _ADOPTED}
    obstacles = [each.message for each in obstacles_to_pack(ctx, plan)]
    obstacles += [each.message for each in removed_entries(ctx, plan)]
    return {
        "title": ctx.locale.pick(pack.title),
        "pack": pack,
        "in_force": mine.in_force and mine.on,
        "never": pack.published_at is None,
        "back_to": before.version if before else None,
        "problems": [ctx.locale.say(each) for each in (*obstacles, *refusals)],
        "is_new": pack.plugin_id not in ctx.plugins.plugins,
        "brings": [
            {"topic": ctx.locale.say(TOPICS[topic]), "items": [ctx.locale.pick(each.brought.title) for each in items]}
            for topic, items in _by_topic(preview.content).items()
        ],
        "adopts": [ctx.locale.say(_ADOPTED[kind], n=n) for kind, n in counted.items() if n],
        "changes": [_change(ctx, each) for each in changes[:MOST_CHANGES]],
        "groups": _groups(ctx, changes[:MOST_CHANGES]),
        "counts": _counts(ctx, changes),
        "more": max(0, len(changes) - MOST_CHANGES),
        "languages": ctx.tenant.languages,
    }


def pack_versions(ctx: Context, found: Sequence[PackListed]) -> list[PackVersion]:
    """Returns versions for the API."""
    return [
        PackVersion(
            each.pack.id, each.pack.plugin_id, ctx.locale.pick(each.pack.title), each.pack.version, state_of(each),
            each.pack.uploaded_at, each.pack.published_at,
        )
        for each in found
    ]  # fmt: skip


async def shown_pack(ctx: Context, runtime: Runtime, pack: StoredPack) -> PackShown:
    """Returns a version for the API, with what it would change."""
    view = await pack_view(ctx, runtime, pack)
    found = await listed(ctx, await runtime.read_own_packs(ctx.db))
    (version,) = pack_versions(ctx, [each for each in found if each.pack.id == pack.id])
    changes = [PackChange(**each) for each in view["changes"]]
    return PackShown(version, view["problems"], changes, view["more"], view["back_to"])


def pack_findings(ctx: Context, findings: Sequence[Finding]) -> list[PackFinding]:
    """Returns findings for the API, each with its place, errors first."""
    return [
        PackFinding(
            each.file, each.sheet, each.row, each.column, each.line, each.key, each.severity,
            ctx.locale.say(each.message),
        )
        for each in sorted(findings, key=lambda one: one.severity != "error")
    ]  # fmt: skip


def state_of(listed: PackListed) -> PackState:
    """Returns whether a version is in force, was in force, or never was."""
    if listed.in_force and listed.on:
        return "in_force"
    return "before" if listed.pack.published_at else "draft"


def findings_in_words(ctx: Context, findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Returns findings as rows of a table: file, place and what is wrong there."""
    rows = []
    for each in sorted(findings, key=lambda one: (one.severity != "error", one.file, one.sheet or "", one.row or 0)):
        places = [
            each.sheet,
            ctx.locale.say("row {n}", n=each.row) if each.row else None,
            each.column,
            ctx.locale.say("line {n}", n=each.line) if each.line else None,
            each.key,
        ]
        rows.append({
            "file": each.file,
            "place": [str(place) for place in places if place],
            "said": ctx.locale.say(each.message),
            "is_error": each.severity == "error",
        })  # fmt: skip
    return rows


def _by_topic(content: Sequence[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for each in content:
        if each.brought.topic in TOPICS:
            found.setdefault(each.brought.topic, []).append(each)
    return found


def _change(ctx: Context, change: Change) -> dict[str, Any]:
    return {
        "part": change.part,
        "what": change.what,
        "kind": ctx.locale.say(_KINDS[change.kind]),
        "before": _short(change.before),
        "after": _short(change.after),
    }


def _groups(ctx: Context, changes: Sequence[Change]) -> list[dict[str, Any]]:
    """Returns changes by where they stand, what the pack says of itself last; without those that say nothing."""
    found: dict[str, list[Change]] = {}
    for each in sorted(changes, key=lambda one: one.part == MANIFEST):
        if each.before or each.after:
            found.setdefault(each.part, []).append(each)
    return [
        {
            "part": ctx.locale.say("What the pack says of itself") if part == MANIFEST else None,
            "file": part,
            "counts": _counts(ctx, rows),
            "open": len(changes) <= SHOWN_AT_ONCE,
            "rows": [
                _change(ctx, each) | {"before": _in_words(ctx, each.before), "after": _in_words(ctx, each.after)}
                for each in rows
            ],
        }
        for part, rows in found.items()
    ]


def _counts(ctx: Context, changes: Sequence[Change]) -> str:
    """Returns how many things are new, changed and gone."""
    counted = {kind: sum(1 for each in changes if each.kind == kind) for kind in _KINDS}
    return " · ".join(ctx.locale.say(_COUNTED[kind], n=ctx.locale.number(n)) for kind, n in counted.items() if n)


def _in_words(ctx: Context, value: Any) -> str:
    """Returns a value for people: a text that stands in several languages in the reader's."""
    known = {short for each in ctx.plugins.languages.values() for short in (each.short, each.tag)}
    if (
        isinstance(value, Mapping)
        and value
        and known.issuperset(value)
        and all(isinstance(v, str) for v in value.values())
    ):
        return _short(str(ctx.locale.pick(value)))
    return _short(value)


def _short(value: Any) -> str:
    said = (
        "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    )
    return said if len(said) <= LONGEST else f"{said[:LONGEST]}…"
