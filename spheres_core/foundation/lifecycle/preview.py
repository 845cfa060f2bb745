"""Previews a switch of one plugin for one tenant, found out by building the other set aside. Changes nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

import msgspec
import structlog
from msgspec import Struct

from spheres_core.facts import Message, Words, msg
from spheres_core.foundation.content.packs import ContentChange, ContentInvalid, DescribedContent
from spheres_core.foundation.lifecycle.activation import (
    Obstacle,
    StoredTable,
    SwitchPlan,
    misfit,
    obstacles_to,
    own_tables,
    plan_switch,
    stored_table,
)
from spheres_core.foundation.plugins import validation
from spheres_core.foundation.plugins.manifest import Manifest, fits
from spheres_core.foundation.plugins.plugin_set import PluginSet
from spheres_core.foundation.plugins.registrations import NavigationItem, Permission, Role, TrailVerb
from spheres_core.foundation.plugins.translation_coverage import TranslationCoverage, translation_coverage_of
from spheres_core.foundation.tenancy import content_adoption
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.runtime import Runtime
from spheres_core.foundation.web import routes
from spheres_core.foundation.web.routes import Route

log = structlog.get_logger("spheres.activation")


class RelatedPlugin(Struct, frozen=True):
    """Another plugin that a manifest names: required, or in conflict."""

    plugin: str
    versions: str
    active: bool
    """The tenant has it, in such a version."""


class ContentItem(Struct, frozen=True):
    """One thing that the plugin's content brings, and what it meets."""

    brought: DescribedContent
    in_place_of: str = ""
    """The plugin whose thing of that name would not be used any more."""
    behind: str = ""
    """The plugin whose thing of that name is used instead of this one."""


class SettingDefault(Struct, frozen=True):
    """One thing that a tenant may set, and what holds when it does not."""

    name: str
    default: Any


class Upgrade(Struct, frozen=True):
    """A version that lies on this machine and that the tenant has not adopted: from which, to which."""

    before: str
    """Empty when it is not known."""
    after: str
    gains: tuple[tuple[str, str], ...] = ()
    """Declarations of its manifest that the running one lacks: (part of the manifest, name)."""
    loses: tuple[tuple[str, str], ...] = ()
    problem: Message | None = None
    """The reason why it could not be adopted."""


class Preview(Struct, frozen=True):
    """The effect of switching one plugin for one tenant. Nothing of the tenant was touched to find out."""

    plugin: str
    action: Literal["on", "off"]
    had: bool
    """The tenant has it, or had it and keeps what it left."""
    manifest: Manifest | None
    """None when the tenant has a plugin that is not on this machine any more."""
    routes: tuple[Route, ...]
    permissions: tuple[Permission, ...]
    roles: tuple[Role, ...]
    """Roles of its own."""
    navigation: tuple[NavigationItem, ...]
    hooks: tuple[str, ...]
    verbs: tuple[TrailVerb, ...]
    """Entries of its own that it writes into the trail."""
    jobs: tuple[str, ...]
    """The hooks that run later, in the worker."""
    settings: tuple[SettingDefault, ...]
    content: tuple[ContentItem, ...]
    tables: tuple[StoredTable, ...]
    languages: tuple[TranslationCoverage, ...]
    requires: tuple[RelatedPlugin, ...]
    conflicts: tuple[RelatedPlugin, ...]
    titles: Mapping[str, Words]
    """The titles of the plugins that are named here by their ids."""
    staff: tuple[Message, ...]
    """Changes for those who work here."""
    problems: tuple[Obstacle, ...]
    warnings: tuple[Message, ...]
    """Parts of the core that it uses and that a later version will not have any more."""
    left_out: Message | None
    """Why the tenant does not have it although it is on."""
    upgrade: Upgrade | None
    """For a plugin that is on: what lies on this machine is not what the tenant adopted."""
    changes: tuple[ContentChange, ...]
    """Changes that adopting its content would make to the tenant's directory and forms."""


async def preview_switch(ctx: Context, plugin_id: str, *, runtime: Runtime) -> Preview:
    """Returns the effect of switching it to the other of on and off. Raises `PluginUnknown`."""
    sides = await plan_switch(ctx, plugin_id, runtime=runtime)
    return await preview_plan(ctx, sides)


async def preview_plan(ctx: Context, sides: SwitchPlan) -> Preview:
    """Returns the effect of a switch whose both sides are built."""
    plugin_id = sides.plugin
    made, manifest = sides.having, sides.manifest
    registered = {
        hook: next((given for owner, given in made.registered[hook] if owner == plugin_id), None)
        for hook in validation.REGISTERED
    }
    hooks = _hooks(made, plugin_id)
    settings = registered["register_settings"]
    content = tuple(_content_items(sides))
    upgrade, changes = await _preview_adoption(ctx, sides)
    problems = await obstacles_to(ctx, sides)
    if not sides.on and upgrade is not None and upgrade.problem is not None:
        problems += (Obstacle(plugin_id, upgrade.problem),)
    named = {each.in_place_of for each in content} | {each.behind for each in content}
    named |= {each.plugin for each in problems} | ({*manifest.requires, *manifest.conflicts} if manifest else set())
    return Preview(
        plugin=plugin_id,
        action="off" if sides.on else "on",
        had=sides.had,
        manifest=manifest,
        routes=routes.of_plugin(made, plugin_id) if plugin_id in made.plugins else (),
        permissions=tuple(registered["register_permissions"] or ()),
        roles=tuple(registered["register_roles"] or ()),
        navigation=tuple(registered["register_navigation"] or ()),
        hooks=hooks,
        verbs=tuple(registered["register_trail_verbs"] or ()),
        jobs=tuple(hook for hook in hooks if hook.startswith("on_")),
        settings=tuple(SettingDefault(n, getattr(settings(), n)) for n in settings.__struct_fields__)
        if settings
        else (),
        content=content,
        tables=tuple([await stored_table(ctx.db, name) for name in own_tables(manifest)]),
        languages=translation_coverage_of(made, plugin_id, ctx.tenant.languages),
        requires=_related_plugins(sides, manifest.requires.items() if manifest else ()),
        conflicts=_related_plugins(sides, manifest.conflicts.items() if manifest else ()),
        titles={id_: each.manifest.title for id_, each in sides.machine.plugins.items() if id_ in named},
        staff=(*_for_staff(made, registered, hooks, content), *_outside(made, plugin_id)),
        problems=problems,
        warnings=tuple(each.message for each in made.deprecations if each.plugin == plugin_id),
        left_out=await _left_out(ctx, sides),
        upgrade=upgrade if sides.on else None,
        changes=changes,
    )


async def _preview_adoption(ctx: Context, sides: SwitchPlan) -> tuple[Upgrade | None, tuple[ContentChange, ...]]:
    """Returns what adopting the plugin's files on this machine would do; (None, ()) when that was done."""
    installed = sides.machine.plugins.get(sides.plugin)
    if installed is None:
        return None, ()
    try:
        there = await content_adoption.read_plugin_on_disk(installed, ctx.plugins)
        if there.digest == sides.adopted:
            return None, ()
        upgrade = _upgrade(sides.adopted_version, installed.manifest, there.manifest)
    except ContentInvalid as invalid:
        reason = msg("Its content cannot be used: {reason}", reason=str(invalid))
        return Upgrade(sides.adopted_version, "", problem=reason), ()
    try:
        return upgrade, tuple(await content_adoption.preview_adoption(ctx, there))
    except Exception as error:
        log.warning("activation.cannot_foresee", plugin=sides.plugin, error=type(error).__name__)
        reason = msg("What it brings does not fit what is here already ({kind}).", kind=type(error).__name__)
        return msgspec.structs.replace(upgrade, problem=reason), ()


def _upgrade(before: str, running: Manifest, there: Manifest) -> Upgrade:
    old, new = set(_declared(running)), set(_declared(there))
    return Upgrade(before, there.version, tuple(sorted(new - old)), tuple(sorted(old - new)))


def _declared(manifest: Manifest) -> Iterator[tuple[str, str]]:
    for part in ("hooks", "tables", "permissions", "roles", "content", "safeguards"):
        yield from ((part, name) for name in getattr(manifest.provides, part))
    yield from (("data", name) for name in manifest.data.categories)


async def _left_out(ctx: Context, sides: SwitchPlan) -> Message | None:
    if not sides.on:
        return None
    if sides.unmigrated is not None:
        return sides.unmigrated
    if sides.plugin in sides.having.settings and (unfit := await misfit(ctx, sides)):
        return unfit
    return sides.having.left_out.get(sides.plugin)


def _hooks(made: PluginSet, plugin_id: str) -> tuple[str, ...]:
    answered = (hook for hook, given in made.implementations.items() if any(i.owner == plugin_id for i in given))
    return tuple(sorted(hook for hook in answered if hook not in validation.REGISTERED))


def _related_plugins(sides: SwitchPlan, named: Iterable[tuple[str, str]]) -> tuple[RelatedPlugin, ...]:
    return tuple(
        RelatedPlugin(
            other, wanted, other in sides.now.plugins and fits(sides.now.plugins[other].manifest.version, wanted)
        )
        for other, wanted in named
    )


def _content_items(sides: SwitchPlan) -> Iterator[ContentItem]:
    """Yields what the plugin's content brings. Of two things with one name, that of the later plugin is used."""
    for reader in content_adoption.pack_readers_of(sides.having):
        if reader.describe is None:
            continue
        described = [(id_, reader.describe(value)) for id_, value in sides.having.gather(reader.topic)]
        place = next((n for n, (id_, _) in enumerate(described) if id_ == sides.plugin), None)
        if place is None:
            continue
        for each in described[place][1]:
            before = [id_ for id_, given in described[:place] if _names(given, each)]
            behind = [id_ for id_, given in described[place + 1 :] if _names(given, each)]
            yield ContentItem(each, in_place_of="" if behind or not before else before[-1], behind=(behind or [""])[-1])


def _names(given: Sequence[DescribedContent], wanted: DescribedContent) -> bool:
    return any(each.key == wanted.key for each in given)


def _outside(made: PluginSet, plugin_id: str) -> Iterator[Message]:
    """Yields what the plugin has to do with what is not here: hours at which it acts, addresses, packages."""
    installed = made.plugins.get(plugin_id)
    if installed is None:
        return
    for name, schedule in made.schedules.items():
        if name.startswith(f"{plugin_id}."):
            hours = ", ".join(f"{hour}:00" for hour in sorted(schedule.hours))
            yield msg("It acts by itself at {hours}: {title}", hours=hours, title=schedule.title)
    for address in installed.manifest.data.sent_to:
        yield msg("It sends data to {address}.", address=address)
    for package in installed.manifest.requires_python:
        yield msg("It uses the package {name} of Python.", name=package)


def _for_staff(
    made: PluginSet, registered: dict[str, Any], hooks: Sequence[str], content: Sequence[ContentItem]
) -> Iterator[Message]:
    for item in registered["register_navigation"] or ():
        yield msg("There is a new place in the menu: {title}", title=item.title)
    for role in registered["register_roles"] or ():
        yield msg("There is a new role: {title}", title=role.title)
    for permission in registered["register_permissions"] or ():
        for role in permission.roles:
            yield msg("{role} may: {what}", role=made.role_title(role), what=permission.title)
    if any(hook.startswith(("assess_", "propose_", "suggest_")) for hook in hooks):
        yield msg("It gives its own opinion, which is shown beside the others. A person still decides.")
    if any(hook.startswith("check_") for hook in hooks):
        yield msg("It looks over what is written before it is kept, and may ask to mend it.")
    for each in content:
        if each.in_place_of:
            yield msg("“{title}” takes the place of the one from {plugin}.", title=each.brought.title,
                      plugin=made.plugins[each.in_place_of].manifest.title)  # fmt: skip
