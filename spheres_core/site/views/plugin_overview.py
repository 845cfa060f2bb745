"""The tenant's plugins and what switching one would do, in the reader's language: for pages, the API and commands."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from spheres_core.facts import Message, Words, msg
from spheres_core.forms import form_files
from spheres_core.foundation.content.packs import ContentChange, Finding
from spheres_core.foundation.isolation import incidents
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.lifecycle.preview import ContentItem, Preview, Upgrade, preview_switch
from spheres_core.foundation.plugins import deprecations
from spheres_core.foundation.plugins.discovery import Installed, Machine
from spheres_core.foundation.tenancy import tenants, unavailable_parts
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.runtime import Runtime
from spheres_core.partners.operations import entry_state
from spheres_core.partners.views.directory_fields import KIND_TITLES, field_title
from spheres_core.site.api_schemas.plugins import (
    IncidentShown,
    PluginListed,
    PluginPreview,
    PreviewChange,
    PreviewCode,
    PreviewContent,
    PreviewFailure,
    PreviewFormWarning,
    PreviewHook,
    PreviewNavigation,
    PreviewPart,
    PreviewPermission,
    PreviewProblem,
    PreviewReport,
    PreviewUpgrade,
    PreviewVerb,
)
from spheres_core.site.views import data_use


async def list_plugins(ctx: Context, machine: Machine) -> list[PluginListed]:
    """Returns every plugin that the tenant has or could have: those that are on first, then by title."""
    states = {state.plugin_id: state for state in await ctx.db.all(tenants.PLUGINS)}
    noted = await incidents.of_tenant(ctx.db)
    rests = {each["plugin"]: each["stops"] for each in unavailable_parts.unavailable_plugins(ctx, noted)}
    listed = []
    for id_ in {*machine.plugins, *states}:
        state, installed = states.get(id_), machine.plugins.get(id_)
        reason = ctx.plugins.left_out.get(id_)
        on = state is not None and state.active
        listed.append(
            PluginListed(
                id=id_,
                title=ctx.locale.pick(installed.manifest.title) if installed else Text(id_, ctx.locale.language),
                text=ctx.locale.pick(installed.manifest.description) if installed else None,
                version=installed.manifest.version if installed else "",
                kind=installed.manifest.tier if installed else "",
                installed=installed is not None,
                state="off" if not on else "left_out" if reason else "on",
                since=state.since if state else None,
                problem=ctx.locale.say(reason) if reason else None,
                warnings=_warnings(ctx, id_, installed),
                resting=id_ in rests,
                stops=rests.get(id_, []),
                incidents=sum(each.count for each in noted if each.plugin == id_),
            )
        )
    return sorted(listed, key=lambda each: (each.state == "off", ctx.locale.sort_key(each.title)))


async def list_incidents(ctx: Context, plugin_id: str = "") -> list[IncidentShown]:
    """Returns what went wrong in the tenant's plugins, or in one of them: the latest first."""
    noted = await incidents.of_tenant(ctx.db)
    return [
        IncidentShown(
            **msgspec.structs.asdict(each),
            resting=each.resting_until is not None and each.resting_until > ctx.now,
            stops=unavailable_parts.failure_texts(ctx, each.plugin, each.part),
        )
        for each in noted
        if plugin_id in ("", each.plugin)
    ]


def _warnings(ctx: Context, id_: str, installed: Installed | None) -> list[Text]:
    """Returns the deprecated parts that the plugin uses: all of them while it is on, else what its manifest tells."""
    used = [each for each in ctx.plugins.deprecations if each.plugin == id_]
    if not used and id_ not in ctx.plugins.plugins and installed is not None:
        used = list(deprecations.declared_deprecated_uses(installed.manifest))
    return [ctx.locale.say(each.message) for each in used]


async def entries_of(ctx: Context, plugin_id: str) -> dict[str, Any]:
    """Returns what a plugin brought into the directory: what would be removed with it, and what stays, and why."""
    plan = await entry_state.plan_removal(ctx, plugin_id)
    return {
        "removed": [_entry_title(ctx, title) for title in plan.removed],
        "stays": [{"title": _entry_title(ctx, each.title), "why": ctx.locale.say(each.why)} for each in plan.stays],
    }


def _entry_title(ctx: Context, title: Words) -> Text:
    return Text(title[""], ctx.locale.language) if "" in title else ctx.locale.pick(title)


async def preview_of(ctx: Context, plugin_id: str, runtime: Runtime) -> PluginPreview:
    """Returns what switching a plugin would do, in words. Raises `PluginUnknown`."""
    preview = await preview_switch(ctx, plugin_id, runtime=runtime)
    machine = runtime.machine_of(await runtime.read_own_packs(ctx.db))
    installed = machine.plugins.get(plugin_id)
    found = await asyncio.to_thread(_form_warnings, installed) if installed else []
    return in_words(ctx, preview, found)


def _form_warnings(installed: Installed) -> list[Finding]:
    """Returns the remarks about its forms on this machine; none where a file cannot be read."""
    try:
        return form_files.warnings(sorted(installed.root.glob(form_files.PATTERN)))
    except OSError:
        return []


def in_words(ctx: Context, preview: Preview, form_warnings: Sequence[Finding] = ()) -> PluginPreview:
    """Returns a preview with every text in the reader's language, for `site/plugin.html`, the API and the command."""
    say, manifest = ctx.locale.say, preview.manifest
    brought_roles = {each.name: each.title for each in preview.roles}
    return PluginPreview(
        plugin=preview.plugin,
        action=preview.action,
        had=preview.had,
        title=ctx.locale.pick(manifest.title) if manifest else Text(preview.plugin, ctx.locale.language),
        text=ctx.locale.pick(manifest.description) if manifest else None,
        version=manifest.version if manifest else "",
        kind=manifest.tier if manifest else "",
        owner=manifest.owner if manifest else "",
        licence=manifest.licence if manifest else "",
        problems=[
            PreviewProblem(plugin=each.plugin, message=_sentence(ctx, each.message)) for each in preview.problems
        ],
        staff=[_sentence(ctx, each) for each in preview.staff],
        content=[_content(ctx, each) for each in preview.content],
        titles={id_: ctx.locale.pick(title) for id_, title in preview.titles.items()},
        files=list(manifest.provides.content) if manifest else [],
        data=list(manifest.data.categories) if manifest else [],
        data_texts=[data_use.category(ctx, code) for code in (manifest.data.categories if manifest else ())],
        does=[PreviewHook(hook=name, text=data_use.hook(ctx, name)) for name in preview.hooks],
        trail_verbs=[PreviewVerb(verb=each.verb, title=say(each.title)) for each in preview.verbs],
        permissions=[
            PreviewPermission(
                name=each.name,
                title=say(each.title),
                roles=[say(brought_roles.get(role) or ctx.plugins.role_title(role)) for role in each.roles],
            )
            for each in preview.permissions
        ],
        reports=[
            PreviewReport(name=name, title=ctx.locale.pick(words))
            for name, words in (manifest.provides.reports.items() if manifest else ())
        ],
        navigation=[PreviewNavigation(path=each.path, title=say(each.title)) for each in preview.navigation],
        routes=preview.routes,
        hooks=list(preview.hooks),
        safeguards=list(manifest.provides.safeguards) if manifest else [],
        jobs=list(preview.jobs),
        tables=preview.tables,
        settings=preview.settings,
        languages=preview.languages,
        requires=preview.requires,
        conflicts=preview.conflicts,
        warnings=[_sentence(ctx, each) for each in preview.warnings],
        form_warnings=[
            PreviewFormWarning(
                file=each.file, sheet=each.sheet, row=each.row, column=each.column, message=say(each.message)
            )
            for each in form_warnings
        ],
        left_out=say(preview.left_out) if preview.left_out else None,
        upgrade=_upgrade(ctx, preview.upgrade),
        changes=[_change(ctx, each) for each in preview.changes],
        failure=_failure(ctx, manifest.failure if manifest else {}),
    )


CHANGES: Final[dict[str, Message]] = {
    "add": msg("new"),
    "change": msg("changed"),
    "conflict": msg("changed here too: ours holds, to be decided"),
    "absent": msg("no longer brought: it stays and is marked"),
    "clash": msg("already here from elsewhere: left alone"),
}
"""Names of what adopting content does to one entry."""


def _upgrade(ctx: Context, upgrade: Upgrade | None) -> PreviewUpgrade | None:
    if upgrade is None:
        return None
    return PreviewUpgrade(
        before=upgrade.before,
        after=upgrade.after,
        gains=[PreviewPart(part=part, name=name) for part, name in upgrade.gains],
        loses=[PreviewPart(part=part, name=name) for part, name in upgrade.loses],
        problem=_sentence(ctx, upgrade.problem) if upgrade.problem else None,
    )


def _change(ctx: Context, each: ContentChange) -> PreviewChange:
    what = KIND_TITLES.get(each.what)
    return PreviewChange(
        kind=each.kind,
        text=ctx.locale.say(CHANGES[each.kind]),
        what=each.what,
        what_title=ctx.locale.say(what) if what else Text(each.what, ctx.locale.language),
        key=each.key,
        title=ctx.locale.pick(each.title) if each.title else Text(each.key, ctx.locale.language),
        fields=list(each.fields),
        field_titles=[ctx.locale.say(field_title(name)) for name in each.fields],
    )


def _failure(ctx: Context, failure: Mapping[str, Words]) -> list[PreviewFailure]:
    return [PreviewFailure(part=part, text=ctx.locale.pick(words)) for part, words in failure.items()]


def _sentence(ctx: Context, message: Message) -> Text:
    """Translates a sentence and the messages and words among its parameters."""
    params = {name: _word(ctx, value) for name, value in message.params.items()}
    return ctx.locale.say(Message(message.msgid, params, message.domain))


def _word(ctx: Context, value: Message | Words | Any) -> Any:
    return ctx.locale.say(value) if isinstance(value, Message | Mapping) else value


def _content(ctx: Context, content: ContentItem) -> PreviewContent:
    brought = content.brought
    return PreviewContent(
        topic=brought.topic,
        key=brought.key,
        title=ctx.locale.pick(brought.title),
        languages=list(brought.languages),
        missing=[tag for tag in ctx.tenant.languages if brought.languages and not _is_in(tag, brought.languages)],
        asks=brought.asks,
        collects=[PreviewCode(code=code, text=data_use.collected(ctx, brought, code)) for code in brought.collects],
        questions=[data_use.question(ctx, each, on_record=bool(brought.record)) for each in brought.questions],
        asked_on=_asked_on(ctx, brought.record),
        in_place_of=content.in_place_of or None,
        behind=content.behind or None,
    )


def _asked_on(ctx: Context, record: str) -> Text | None:
    kind = ctx.plugins.record_kinds.get(record)
    return ctx.locale.say(kind.title) if kind else None


def _is_in(tag: str, languages: tuple[str, ...]) -> bool:
    return tag.partition("-")[0] in {each.partition("-")[0] for each in languages}
