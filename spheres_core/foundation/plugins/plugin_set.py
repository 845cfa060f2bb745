"""Plugins: found on the machine, read before imported, gathered into sets that tenants share.

A `PluginSet` is everything that one distinct combination of plugins means: hooks, content, permissions, languages.
It is built once, in a thread, and never changed; a tenant that switches a plugin on or off moves to another set.
A plugin that is not in a set has no route, form, hook or word there.
"""

import importlib.metadata
import importlib.util
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import pluggy
import structlog
from msgspec import Struct

from spheres_core import hookspecs
from spheres_core.facts import Message, msg
from spheres_core.foundation.content.packs import ContentInvalid, PackReader, content_hash, read_content
from spheres_core.foundation.isolation import hook_calls, plugin_import
from spheres_core.foundation.isolation.deadlines import run_in_thread
from spheres_core.foundation.languages import catalog_layers, locale_files, localization, registry
from spheres_core.foundation.plugins import deprecations, validation
from spheres_core.foundation.plugins.manifest import FILE, Manifest, fits, read_manifest
from spheres_core.foundation.plugins.registrations import NavigationItem, Permission, TrailVerb

ENTRY_POINTS = "spheres.plugins"

log = structlog.get_logger("spheres.plugins")


class PluginBroken(Exception):
    """A plugin cannot be used here; `message` says why in words for an administrator."""

    def __init__(self, plugin_id: str, message: Message) -> None:
        self.plugin_id = plugin_id
        self.message = message
        super().__init__(f"{plugin_id}: {message.msgid.format(**message.params)}")


class Installed(Struct, frozen=True):
    """A plugin on this machine: its folder and what its manifest says."""

    manifest: Manifest
    root: Path


class Machine(Struct, frozen=True):
    """Every plugin found on this machine, and those whose manifest cannot be read."""

    plugins: Mapping[str, Installed]
    broken: Mapping[str, ContentInvalid]


def discover(folders: Iterable[Path]) -> Machine:
    """Find plugins in folders and by entry point, reading manifests only. The first of an id wins."""
    plugins: dict[str, Installed] = {}
    broken: dict[str, ContentInvalid] = {}
    for root in [*_in_folders(folders), *_by_entry_point()]:
        if root.name in plugins:
            continue
        try:
            plugins[root.name] = Installed(read_manifest(root), root)
        except ContentInvalid as invalid:
            broken.setdefault(root.name, invalid)
    return Machine(plugins, broken)


def _in_folders(folders: Iterable[Path]) -> Iterable[Path]:
    for folder in folders:
        if folder.is_dir():
            yield from sorted(path.parent for path in folder.glob(f"*/{FILE}"))


def _by_entry_point() -> Iterable[Path]:
    for entry in sorted(importlib.metadata.entry_points(group=ENTRY_POINTS), key=lambda e: e.name):
        for folder in _folders_of(entry):
            if (folder / FILE).is_file():
                yield folder
                break
        else:
            log.error("plugin.not_found", plugin=entry.name)


def _folders_of(entry: importlib.metadata.EntryPoint) -> Iterable[Path]:
    """Where the package that an entry point names may lie: among its distribution's files, else where Python finds it.

    The first needs no import, and finds `spheres_plugins.<id>` although that name is ours in this process.
    """
    if entry.dist is not None:
        yield Path(str(entry.dist.locate_file(entry.value.replace(".", "/"))))
    try:
        spec = importlib.util.find_spec(entry.value)
    except (Exception, SystemExit) as error:  # a parent package runs when its child is looked for
        log.error("plugin.not_found", plugin=entry.name, error=type(error).__name__)
        return
    for location in (spec and spec.submodule_search_locations) or ():
        yield Path(location)


def load_module(installed: Installed, name: str) -> types.ModuleType | None:
    """Import one module of a code plugin; None when it has no such file. Raises `PluginBroken` whatever it does."""
    try:
        return plugin_import.load(installed.root, installed.manifest.id, name)
    except plugin_import.CannotImport as failed:
        raise PluginBroken(installed.manifest.id, failed.message) from failed


class PluginSet:
    """One distinct combination of plugins with the core's rooms. Shared by every tenant that has it."""

    def __init__(self, plugins: Sequence[Installed], left_out: Mapping[str, Message]) -> None:
        self.plugins = {each.manifest.id: each for each in plugins}
        self.left_out = dict(left_out)
        self.declared_safeguards: dict[str, tuple[str, ...]] = {}
        self.key = frozenset((id_, each.manifest.version) for id_, each in self.plugins.items())
        self.manager = pluggy.PluginManager("spheres")
        self.manager.add_hookspecs(hookspecs)
        self.owners: list[str] = []
        self.rooms: tuple[str, ...] = ()
        self.registered: dict[str, list[tuple[str, Any]]] = {}
        self.content: dict[str, tuple[tuple[str, Any], ...]] = {}
        self.digests: dict[str, str] = {}
        """By plugin, the hash of the content files that `content` was read from."""
        self.permissions: dict[str, Permission] = {}
        self.verbs: dict[str, TrailVerb] = {}
        self.settings: dict[str, type[Struct]] = {}
        self.languages = registry.CORE
        self.implementations: dict[str, tuple[hook_calls.HookImplementation, ...]] = {}
        self.deprecations: tuple[deprecations.DeprecatedUse, ...] = ()
        """Uses by its plugins of parts of the core that will end."""
        self.app: Any = None
        """The Litestar app of this set, made by `app`; with it the page templates and the addresses of named pages."""
        self.environment: Any = None
        self.addresses: dict[str, str] = {}
        self.catalog_folder = Path()
        self._locales: dict[tuple[str, tuple[str, ...], str], localization.Locale] = {}

    def gather(self, topic: str) -> tuple[tuple[str, Any], ...]:
        """Returns the content of this set's packs on a topic: (plugin id, content), required plugins first."""
        return self.content.get(topic, ())

    def permits(self, roles: Iterable[str], permission: str) -> bool:
        """Does one of these roles carry the permission? One that nobody registered is carried by none."""
        known = self.permissions.get(permission)
        return known is not None and not set(known.roles).isdisjoint(roles)

    def navigation(self) -> list[NavigationItem]:
        """The places in the navigation, in order."""
        items = [item for _, given in self.registered.get("register_navigation", ()) for item in given]
        return sorted(items, key=lambda item: item.order)

    async def ask(
        self, hook: str, settings: Mapping[str, Struct], *, tenant: str = "", **facts: Any
    ) -> hook_calls.HookAnswers:
        """Put a question to every plugin of the set. `settings` are the tenant's, by owner; `tenant` is its id."""
        question = hook_calls.HookCall(hook, hookspecs.ANSWERS[hook], tenant, settings, facts)
        return await hook_calls.call_hook(question, self.implementations.get(hook, ()))

    def safeguards(self, hook: str) -> frozenset[str]:
        """Plugins that declare this `check_` hook a safeguard, whether or not they could be loaded."""
        return frozenset(id_ for id_, hooks in self.declared_safeguards.items() if hook in hooks)

    def listeners(self, hook: str) -> tuple[hook_calls.HookImplementation, ...]:
        """Who is told by an `on_` hook."""
        return self.implementations.get(hook, ())

    def locale(self, tag: str, offered: tuple[str, ...], writing: str = "") -> localization.Locale:
        """The language `tag` as tenants with these languages and this way of writing speak it; kept for the next."""
        found = self._locales.get((tag, offered, writing))
        if found is None:
            found = self._locales[(tag, offered, writing)] = self._build_locale(tag, offered, writing)
        return found

    def sources(self) -> list[catalog_layers.Source]:
        """Who says texts here: the core, then its plugins."""
        core = catalog_layers.Source("spheres", self.catalog_folder, tuple(localization.REGISTRY))
        own = [(id_, each.root / "locales", each.manifest.languages) for id_, each in self.plugins.items()]
        return [core, *(catalog_layers.Source(*each) for each in own)]

    def _build_locale(self, tag: str, offered: tuple[str, ...], writing: str) -> localization.Locale:
        chain = localization.chain(tag, offered, self.languages)
        texts = {
            (language.tag, domain): localization.layered(layers)
            for language in chain
            for domain, layers in catalog_layers.layers(self.sources(), language, writing).items()
        }
        terms = {
            (language.tag, msgid): text
            for _, given in self.gather("terms")
            for msgid, words in given.items()
            for language in chain
            if (text := next((words[name] for name in language.names if words.get(name)), ""))
        }
        return localization.Locale(chain, texts, terms, self.languages)


def resolve(machine: Machine, wanted: Iterable[str]) -> tuple[list[Installed], dict[str, Message]]:
    """The wanted plugins in dependency order, and those that cannot be part of it with the reason."""
    left_out: dict[str, Message] = {}
    chosen: dict[str, Installed] = {}
    for id_ in sorted(set(wanted)):
        if id_ in machine.plugins:
            chosen[id_] = machine.plugins[id_]
        elif id_ in machine.broken:
            left_out[id_] = msg("Its plugin.toml cannot be read.")
        else:
            left_out[id_] = msg("It is not installed on this machine.")
    while refused := _refused(chosen):
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


def _refused(chosen: Mapping[str, Installed]) -> dict[str, Message]:
    refused: dict[str, Message] = {}
    for id_, each in chosen.items():
        for other, wanted in each.manifest.requires.items():
            if other not in chosen or not fits(chosen[other].manifest.version, wanted):
                refused[id_] = msg("It requires {plugin} {wanted}.", plugin=other, wanted=wanted)
        for other, wanted in each.manifest.conflicts.items():
            if other in chosen and fits(chosen[other].manifest.version, wanted):
                refused[id_] = msg("It does not go together with {plugin}.", plugin=other)
    return refused


def build_set(
    machine: Machine,
    wanted: Iterable[str],
    rooms: Mapping[str, types.ModuleType],
    catalog_folder: Path,
    build_app: Callable[[PluginSet], Any] | None = None,
    without: Mapping[str, Message] | None = None,
) -> PluginSet:
    """Build the set of these plugins. A plugin that breaks is left out and the set says so; the core never is.

    `without`: those that a tenant wants and cannot have, with the reason. What they safeguard stays shut.
    """
    names = set(wanted)
    excluded: dict[str, Message] = dict(without or {})
    while True:
        plugins, left_out = resolve(machine, names - set(excluded))
        made = PluginSet(plugins, left_out | excluded)
        made.catalog_folder = catalog_folder
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
            (each.owner, _call_register(hook, each)) for each in made.implementations.get(hook, ())
        ]
    made.settings = {registry.OWNER: registry.Settings, **dict(made.registered["register_settings"])}
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
    for caller in made.manager.get_hookcallers(hooks) or ():
        for impl in caller.get_hookimpls():
            if impl.plugin_name == id_:
                _refuse(id_, validation.problem_with_hook(caller.name, impl))


def _callers(manager: pluggy.PluginManager) -> list[pluggy.HookCaller]:
    return [caller for name, caller in sorted(vars(manager.hook).items()) if isinstance(caller, pluggy.HookCaller)]


def _call_register(hook: str, each: hook_calls.HookImplementation) -> Any:
    if not each.code:
        return each.function()
    try:
        given = run_in_thread(each.function, plugin_import.LOADING)
    except (Exception, SystemExit) as error:
        reason = plugin_import.reason_of(error)
        raise PluginBroken(each.owner, msg("{hook} failed: {reason}", hook=hook, reason=reason)) from error
    _refuse(each.owner, validation.problem_with_registered(hook, given, each.owner))
    return given


def _check_declarations(made: PluginSet, id_: str, each: Installed) -> None:
    metadata = getattr(load_module(each, "models"), "metadata", None)
    _refuse(id_, validation.problem_with_tables(metadata, each.manifest))
    hooks = {hook for hook, given in made.implementations.items() if any(one.owner == id_ for one in given)}
    registered = {hook: value for hook, given in made.registered.items() for owner, value in given if owner == id_}
    tables = validation.table_names(metadata)
    _refuse(id_, validation.problem_with_declaration(each.manifest, hooks, tables, registered))


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
            made.digests[id_] = content_hash(each.root, each.manifest.version, readers)
            for topic, value in read_content(each.root, id_, readers).items():
                gathered.setdefault(topic, []).append((id_, value))
        except ContentInvalid as invalid:
            raise PluginBroken(id_, msg("Its content cannot be used: {reason}", reason=str(invalid))) from invalid
        except Exception as error:
            reason = plugin_import.reason_of(error)
            raise PluginBroken(id_, msg("Its content cannot be used: {reason}", reason=reason)) from error
    made.content = {topic: tuple(values) for topic, values in gathered.items()}


def _read_languages(made: PluginSet) -> None:
    """The languages that the set's plugins bring, and their catalogs looked into once."""
    brought = dict(made.gather(locale_files.TOPIC))
    owners: dict[str, str] = {}
    for id_, each in made.plugins.items():
        given = brought.get(id_, ())
        _refuse(id_, locale_files.problem_with_locales(given, each.manifest.provides.locales, made.languages, owners))
        owners |= {language.tag: id_ for language in given}
        added = {language.tag: language for language in given}
        made.languages = registry.Languages({**made.languages.brought, **added})
        for path in sorted((each.root / "locales").glob("*/LC_MESSAGES/*.po")):
            try:
                localization.read_catalog(path)
            except localization.CatalogBroken as broken:
                raise PluginBroken(id_, msg("Its catalog cannot be read: {reason}", reason=str(broken))) from None
