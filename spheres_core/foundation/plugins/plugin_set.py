"""One distinct combination of plugins and all that follows from it: hooks, content, permissions, languages.

A `PluginSet` is built once (`set_builder`), in a thread, and never changed; a tenant that switches a plugin on or off
moves to another set. A plugin that is not in a set has no route, form, hook or word there.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeVar

import pluggy
from msgspec import Struct

from spheres_core import hookspecs
from spheres_core.facts import Message, Words, msg
from spheres_core.foundation.content.packs import Finding
from spheres_core.foundation.isolation import hook_calls
from spheres_core.foundation.languages import catalog_layers, localization, registry
from spheres_core.foundation.plugins import deprecations
from spheres_core.foundation.plugins.bodies import Body, BriefSection
from spheres_core.foundation.plugins.discovery import Installed
from spheres_core.foundation.plugins.registrations import (
    EVERY_ROLE,
    DaySection,
    Duty,
    FileSection,
    NavigationItem,
    Notifier,
    Permission,
    RecordAct,
    RecordKind,
    Role,
    TimelineActs,
    TrailEffect,
    TrailVerb,
)
from spheres_core.foundation.plugins.reports import ReportPlan
from spheres_core.foundation.plugins.schedules import Schedule

T = TypeVar("T")

NAVIGATION: Final = "navigation"
SETTINGS: Final = "settings"
ROLES: Final = "roles"
"""Topics of content that a set itself goes by."""


class PluginSet:
    """One distinct combination of plugins with the core's rooms. Shared by every tenant that has it."""

    def __init__(self, plugins: Sequence[Installed], left_out: Mapping[str, Message]) -> None:
        self.plugins = {each.manifest.id: each for each in plugins}
        self.left_out = dict(left_out)
        self.findings: dict[str, tuple[Finding, ...]] = {}
        """By plugin that was left out for its content: the places in its files."""
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
        self.roles: dict[str, Role] = {}
        self.permissions: dict[str, Permission] = {}
        self.verbs: dict[str, TrailVerb] = {}
        self.record_kinds: dict[str, RecordKind] = {}
        self.record_acts: tuple[RecordAct, ...] = ()
        self.duties: tuple[Duty, ...] = ()
        self.file_sections: tuple[FileSection, ...] = ()
        self.day_sections: tuple[DaySection, ...] = ()
        self.bodies: dict[str, Body] = {}
        self.brief_sections: tuple[BriefSection, ...] = ()
        self.timeline_acts: dict[str, TimelineActs] = {}
        """By kind of act."""
        self.trail_effects: dict[str, list[TrailEffect]] = {}
        self.schedules: dict[str, Schedule] = {}
        self.reports: dict[str, ReportPlan] = {}
        self.notifier: Notifier | None = None
        self.settings: dict[str, type[Struct]] = {}
        self.languages = registry.CORE
        self.implementations: dict[str, tuple[hook_calls.HookImplementation, ...]] = {}
        self.deprecations: tuple[deprecations.DeprecatedUse, ...] = ()
        """Uses by its plugins of parts of the core that will end."""
        self.app: Any = None
        """The Litestar app of this set, made by `app`; with it the page templates and the addresses of named pages."""
        self.environment: Any = None
        self.files: Any = None
        """Static files of its plugins."""
        self.addresses: dict[str, str] = {}
        self.catalog_folder = Path()
        self._locales: dict[tuple[str, tuple[str, ...], str], localization.Locale] = {}
        self._made: dict[Callable[[PluginSet], Any], Any] = {}

    def gather(self, topic: str) -> tuple[tuple[str, Any], ...]:
        """Returns the content of this set's packs on a topic: (plugin id, content), required plugins first."""
        return self.content.get(topic, ())

    def once(self, make: Callable[["PluginSet"], T]) -> T:
        """Returns what a room makes of this set and needs at many requests: made at the first and kept with the set."""
        if make not in self._made:
            self._made[make] = make(self)
        made: T = self._made[make]
        return made

    def permits(self, roles: Iterable[str], permission: str) -> bool:
        """Returns whether one of these roles carries the permission. One that nobody registered is carried by none."""
        known = self.permissions.get(permission)
        if known is None:
            return False
        held = set(roles)
        return not held.isdisjoint(known.roles) or bool(held and EVERY_ROLE in known.roles)

    def is_plugin_role(self, role: str) -> bool:
        """Returns whether a plugin brought this role."""
        return role in self.roles and "." in role

    def role_title(self, role: str) -> Message | Words:
        """Returns the name of a role; for one that nobody registers any more, its code with spaces."""
        known = self.roles.get(role)
        if role == EVERY_ROLE:
            return msg("Everybody on the staff")
        return known.title if known else Message(role.rpartition(".")[2].replace("_", " ").capitalize())

    def navigation(self) -> list[NavigationItem]:
        """Returns the places in the navigation, in order."""
        registered = [item for _, given in self.registered.get("register_navigation", ()) for item in given]
        by_path = {item.path: item for item in registered}
        by_path |= {item.path: item for _, content in self.gather(NAVIGATION) for item in content.items}
        return sorted(by_path.values(), key=lambda item: item.order)

    @cached_property
    def setting_defaults(self) -> Mapping[str, Mapping[str, Any]]:
        """Returns what the set's packs propose for settings, by owner; of two proposals, the later plugin's."""
        found: dict[str, dict[str, Any]] = {}
        for _, content in self.gather(SETTINGS):
            for owner, values in content.values.items():
                found.setdefault(owner, {}).update(values)
        return found

    def tables_of(self, plugin: str) -> frozenset[str]:
        """Returns the tables that are a plugin's own."""
        return frozenset(self.plugins[plugin].manifest.provides.tables)

    def safeguards(self, hook: str) -> frozenset[str]:
        """Plugins that declare this `check_` hook a safeguard, whether or not they could be loaded."""
        return frozenset(id_ for id_, hooks in self.declared_safeguards.items() if hook in hooks)

    def listeners(self, hook: str) -> tuple[hook_calls.HookImplementation, ...]:
        """Returns the implementations that an `on_` hook calls."""
        return self.implementations.get(hook, ())

    def locale(self, tag: str, offered: tuple[str, ...], writing: str = "") -> localization.Locale:
        """Returns, and keeps, the language `tag` as tenants with these languages and this way of writing speak it."""
        found = self._locales.get((tag, offered, writing))
        if found is None:
            found = self._locales[(tag, offered, writing)] = self._build_locale(tag, offered, writing)
        return found

    def sources(self) -> list[catalog_layers.Source]:
        """Returns the sources of texts here: the core, then its plugins."""
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
