"""Builds plugin sets: orders the plugins, imports and validates them, reads their content and their languages."""

import importlib.metadata
import types
from collections.abc import Callable, Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, Final

import msgspec
import pluggy
import structlog

from spheres_core.facts import Message, Words, msg
from spheres_core.foundation.content.packs import ContentInvalid, Finding, PackReader, content_hash, content_of
from spheres_core.foundation.content.struct_reader import with_lines
from spheres_core.foundation.isolation import hook_calls, plugin_import
from spheres_core.foundation.languages import locale_files, localization, registry
from spheres_core.foundation.languages.tags import problem_with_tag
from spheres_core.foundation.plugins import deprecations, reports, validation
from spheres_core.foundation.plugins.discovery import Installed, Machine, PluginBroken, load_module
from spheres_core.foundation.plugins.manifest import fits, requirement_message
from spheres_core.foundation.plugins.plugin_set import ROLES, PluginSet
from spheres_core.foundation.plugins.registrations import Role, TrailVerb

log = structlog.get_logger("spheres.plugins")
TITLED: Final = {"register_permissions": "permissions", "register_reports": "reports"}
"""Hooks whose titles may stand in `plugin.toml` alone, and where they do."""


def resolve(machine: Machine, wanted: Iterable[str]) -> tuple[list[Installed], dict[str, Message]]:
    """Returns the wanted plugins in dependency order, and those that cannot be part of it with the reason."""
    left_out: dict[str, Message] = {}
    chosen: dict[str, Installed] = {}
    for id_ in sorted(set(wanted)):
        if id_ in machine.unmigrated:
            left_out[id_] = machine.unmigrated[id_]
        elif id_ in machine.plugins:
            chosen[id_] = machine.plugins[id_]
        elif id_ in machine.broken:
            left_out[id_] = msg(
                "Its plugin.toml cannot be used: {reason}", reason=machine.broken[id_].findings[0].message
            )
        else:
            left_out[id_] = msg("It is not installed on this machine.")
    titles = {id_: each.manifest.title for id_, each in machine.plugins.items()}
    for id_ in [*chosen]:
        if missing := _missing_package(chosen[id_].manifest.requires_python):
            left_out[id_] = missing
            del chosen[id_]
    while refused := _refused(chosen, titles):
        left_out |= refused
        for id_ in refused:
            del chosen[id_]
    graph = {id_: set(each.manifest.requires) for id_, each in chosen.items()}
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as cycle:
        for id_ in set(cycle.args[1]):
            left_out[id_] = msg("It requires itself through other plugins.")
            chosen.pop(id_, None)
        ordered, more = resolve(Machine(chosen, {}), chosen)
        return ordered, left_out | more
    return [chosen[id_] for id_ in order], left_out


def _missing_package(wanted: Mapping[str, str]) -> Message | None:
    for name, versions in wanted.items():
        try:
            there = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            there = ""
        if not there or not fits(there, versions):
            return msg("It needs the package {name} {versions} of Python.", name=name, versions=versions)
    return None


def _refused(chosen: Mapping[str, Installed], titles: Mapping[str, Words]) -> dict[str, Message]:
    refused: dict[str, Message] = {}
    for id_, each in chosen.items():
        for other, wanted in each.manifest.requires.items():
            if other not in chosen or not fits(chosen[other].manifest.version, wanted):
                refused[id_] = requirement_message(titles.get(other, other), wanted)
        for other, wanted in each.manifest.conflicts.items():
            if other in chosen and fits(chosen[other].manifest.version, wanted):
                refused[id_] = msg("It does not go together with {plugin}.", plugin=titles.get(other, other))
    return refused


def build_set(
    machine: Machine,
    wanted: Iterable[str],
    rooms: Mapping[str, types.ModuleType],
    catalog_folder: Path,
    build_app: Callable[[PluginSet], Any] | None = None,
    without: Mapping[str, Message] | None = None,
) -> PluginSet:
    """Builds the set of these plugins. A plugin that breaks is left out and the set says so; the core never is.

    `without`: those that a tenant wants and cannot have, with the reason. What they safeguard stays shut.
    """
    names = set(wanted)
    excluded: dict[str, Message] = dict(without or {})
    findings: dict[str, tuple[Finding, ...]] = {}
    while True:
        plugins, left_out = resolve(machine, names - set(excluded))
        made = PluginSet(plugins, left_out | excluded)
        made.catalog_folder = catalog_folder
        made.findings = dict(findings)
        known = [machine.plugins[id_].manifest for id_ in sorted(names) if id_ in machine.plugins]
        made.declared_safeguards = {each.id: each.provides.safeguards for each in known}
        try:
            _register(made, rooms)
            _read_contents(made)
            _read_languages(made)
            if build_app is not None:
                made.app = build_app(made)
            return made
        except PluginBroken as broken:
            log.error("plugin.left_out", plugin=broken.plugin_id, reason=str(broken))
            excluded[broken.plugin_id] = broken.message
            findings[broken.plugin_id] = broken.findings


def _register(made: PluginSet, rooms: Mapping[str, types.ModuleType]) -> None:
    made.rooms = tuple(rooms)
    for name, module in rooms.items():
        made.manager.register(module, name)
    for id_, each in made.plugins.items():
        if each.manifest.tier == "code":
            _register_code(made, id_, each)
    made.manager.check_pending()
    made.owners = [*rooms, *made.plugins]
    implementations: dict[str, list[hook_calls.HookImplementation]] = {}
    for caller in _callers(made.manager):
        for impl in reversed(caller.get_hookimpls()):
            code = impl.plugin_name in made.plugins
            implementations.setdefault(caller.name, []).append(
                hook_calls.HookImplementation(impl.plugin_name, impl.function, impl.argnames, code)
            )
    made.implementations = {hook: tuple(each) for hook, each in implementations.items()}
    for hook in validation.REGISTERED:
        made.registered[hook] = [
            (each.owner, _with_titles(made, hook, each.owner, _call_register(hook, each)))
            for each in made.implementations.get(hook, ())
        ]
    made.settings = {registry.OWNER: registry.Settings, **dict(made.registered["register_settings"])}
    made.roles = {r.name: r for _, given in made.registered["register_roles"] for r in given}
    made.record_kinds = {k.name: k for _, given in made.registered["register_record_kinds"] for k in given}
    made.record_acts = tuple(a for _, given in made.registered["register_record_acts"] for a in given)
    made.duties = tuple(d for _, given in made.registered["register_duties"] for d in given)
    made.file_sections = tuple(s for _, given in made.registered["register_file_sections"] for s in given)
    day_sections = [s for _, given in made.registered["register_day_sections"] for s in given]
    made.day_sections = tuple(sorted(day_sections, key=lambda section: section.order))
    made.bodies = {b.key: b for _, given in made.registered["register_bodies"] for b in given}
    brief_sections = [s for _, given in made.registered["register_brief_sections"] for s in given]
    made.brief_sections = tuple(sorted(brief_sections, key=lambda section: section.order))
    made.timeline_acts = {a.kind: a for _, given in made.registered["register_timeline_acts"] for a in given}
    for _, given in made.registered["register_trail_effects"]:
        for effect in given:
            made.trail_effects.setdefault(effect.verb, []).append(effect)
    made.schedules = {s.name: s for _, given in made.registered["register_schedules"] for s in given}
    made.notifier = next((given for _, given in made.registered["register_notifier"]), None)
    made.permissions = {p.name: p for _, given in made.registered["register_permissions"] for p in given}
    made.verbs = {v.verb: v for _, given in made.registered["register_trail_verbs"] for v in given}
    for id_, each in made.plugins.items():
        if each.manifest.tier == "code":
            _check_declarations(made, id_, each)
            _warn_of_deprecated_uses(made, id_)


def _register_code(made: PluginSet, id_: str, each: Installed) -> None:
    hooks = load_module(each, "hooks")
    if hooks is None:
        raise PluginBroken(id_, msg("A code plugin needs a hooks.py."))
    try:
        made.manager.register(hooks, id_)
        made.manager.check_pending()
    except (pluggy.PluginValidationError, ValueError) as error:
        raise PluginBroken(id_, msg("Its hooks do not fit: {reason}", reason=str(error).splitlines()[-1])) from None
    own = [(caller.name, impl) for caller in made.manager.get_hookcallers(hooks) or ()
           for impl in caller.get_hookimpls() if impl.plugin_name == id_]  # fmt: skip
    for hook, impl in own:
        _refuse(id_, validation.problem_with_hook(hook, impl, gathers="gather_own" in dict(own)))


def _callers(manager: pluggy.PluginManager) -> list[pluggy.HookCaller]:
    return [caller for name, caller in sorted(vars(manager.hook).items()) if isinstance(caller, pluggy.HookCaller)]


def _call_register(hook: str, each: hook_calls.HookImplementation) -> Any:
    if not each.code:
        return each.function()
    try:
        given = plugin_import.run_while_loading(each.function, each.owner, hook)
    except (Exception, SystemExit) as error:
        reason = plugin_import.reason_of(error)
        raise PluginBroken(each.owner, msg("{hook} failed: {reason}", hook=hook, reason=reason)) from error
    _refuse(each.owner, validation.problem_with_registered(hook, given, each.owner))
    return given


def _with_titles(made: PluginSet, hook: str, owner: str, given: Any) -> Any:
    """Gives what was registered without a title the one that `plugin.toml` has for it."""
    if owner not in made.plugins or hook not in TITLED:
        return given
    titles = getattr(made.plugins[owner].manifest.provides, TITLED[hook])
    return [each if each.title else msgspec.structs.replace(each, title=titles.get(each.name, {})) for each in given]


def _check_declarations(made: PluginSet, id_: str, each: Installed) -> None:
    metadata = getattr(load_module(each, "models"), "metadata", None)
    _refuse(id_, validation.problem_with_tables(metadata, each.manifest))
    hooks = {hook for hook, given in made.implementations.items() if any(one.owner == id_ for one in given)}
    registered = {hook: value for hook, given in made.registered.items() for owner, value in given if owner == id_}
    _refuse(id_, validation.problem_with_roles(registered.get("register_permissions", ()), made.roles, id_))
    for verb in registered.get("register_trail_verbs", ()):
        if verb.notifies:
            _refuse(id_, _problem_with_notice(made, verb))
    tables = validation.table_names(metadata)
    for report in registered.get("register_reports", ()):
        table = metadata.tables[report.table] if metadata is not None and report.table in tables else None
        _refuse(id_, reports.problem_with_report(report, table, made.permissions))
        if table is not None:
            made.reports[report.name] = reports.plan_report(report, table)
    _refuse(id_, reports.problem_with_comparing(registered.get("register_reports", ())))
    _refuse(id_, validation.problem_with_declaration(each.manifest, hooks, tables, registered))


def _problem_with_notice(made: PluginSet, verb: TrailVerb) -> Message | None:
    if verb.notifies not in made.permissions:
        return msg("{verb}: nobody registered the permission {name}.", verb=verb.verb, name=verb.notifies)
    problem = made.notifier.problem(verb.title) if made.notifier else None
    return msg("{verb}: {reason}", verb=verb.verb, reason=problem) if problem else None


def _warn_of_deprecated_uses(made: PluginSet, id_: str) -> None:
    answered = {
        hook: each.arguments for hook, given in made.implementations.items() for each in given if each.owner == id_
    }
    found = deprecations.deprecated_uses(id_, answered)
    for each in found:
        log.warning(
            "plugin.uses_deprecated", plugin=id_, hook=each.hook, argument=each.argument,
            successor=each.successor, removed_in=each.removed_in,
        )  # fmt: skip
    made.deprecations += found


def _refuse(id_: str, problem: Message | None) -> None:
    if problem is not None:
        raise PluginBroken(id_, problem)


def _read_contents(made: PluginSet) -> None:
    readers: list[PackReader] = [reader for _, given in made.registered["register_pack_readers"] for reader in given]
    gathered: dict[str, list[tuple[str, Any]]] = {}
    for id_, each in made.plugins.items():
        try:
            digest = made.digests[id_] = content_hash(each.root, each.manifest.version, readers)
            for topic, value in content_of(each.root, id_, digest, readers).items():
                gathered.setdefault(topic, []).append((id_, value))
        except ContentInvalid as invalid:
            raise _unusable(id_, invalid) from invalid
        except Exception as error:
            reason = plugin_import.reason_of(error)
            raise PluginBroken(id_, msg("Its content cannot be used: {reason}", reason=reason)) from error
    made.content = {topic: tuple(values) for topic, values in gathered.items()}
    for reader in readers:
        if reader.fit is not None:
            made.content |= {reader.topic: tuple(_fitted(reader, made))} if reader.topic in made.content else {}
    for _, given in made.gather(ROLES):
        for role, permissions in given.granted:
            _grant(made, role, permissions)


def _grant(made: PluginSet, role: Role, permissions: Iterable[str]) -> None:
    """Adds a role that a pack is made of to the set: the permissions say that it carries them."""
    made.roles[role.name] = role
    for name in permissions:
        carried = made.permissions[name]
        made.permissions[name] = msgspec.structs.replace(carried, roles=(*carried.roles, role.name))


def _fitted(reader: PackReader, made: PluginSet) -> Iterable[tuple[str, Any]]:
    """Yields the content of a topic as this set uses it."""
    assert reader.fit is not None
    for id_, value in made.gather(reader.topic):
        try:
            yield id_, reader.fit(value, made, id_)
        except ContentInvalid as invalid:
            raise _unusable(id_, ContentInvalid(with_lines(made.plugins[id_].root, invalid.findings))) from invalid


def _unusable(id_: str, invalid: ContentInvalid) -> PluginBroken:
    reason = msg("Its content cannot be used: {reason}", reason=str(invalid))
    return PluginBroken(id_, reason, invalid.findings)


def _read_languages(made: PluginSet) -> None:
    """Adds the languages that the set's plugins bring, and reads their catalogs once to find a broken one."""
    brought = dict(made.gather(locale_files.TOPIC))
    owners: dict[str, str] = {}
    for id_, each in made.plugins.items():
        given = brought.get(id_, ())
        _refuse(id_, locale_files.problem_with_locales(given, each.manifest.provides.locales, made.languages, owners))
        owners |= {language.tag: id_ for language in given}
        added = {language.tag: language for language in given}
        made.languages = registry.Languages({**made.languages.brought, **added})
        for path in sorted((each.root / "locales").glob("*/LC_MESSAGES/*.po")):
            folder = path.parents[1].name
            if problem := problem_with_tag(folder.partition("@")[0].replace("_", "-"), made.languages.brought):
                raise PluginBroken(id_, msg("{place}: {reason}", place=f"locales/{folder}", reason=problem))
            try:
                localization.read_catalog(path)
            except ContentInvalid as damaged:
                raise PluginBroken(id_, msg("Its catalog cannot be read: {reason}", reason=str(damaged))) from None
