"""The state that a process keeps while it runs: the machine's plugins, the sets built from them, the tenants met.

The dispatcher, the worker and the commands each hold one `Runtime`. Nothing in it is a person's; all can be let go.
"""

import asyncio
import contextlib
import datetime as dt
import types
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import asyncpg
import msgspec
import structlog
from msgspec import Struct

from spheres_core.facts import Message, Tenant
from spheres_core.foundation.database.transactions import Database, Db
from spheres_core.foundation.encryption import Keyring, TenantKeys
from spheres_core.foundation.languages import registry
from spheres_core.foundation.plugins.discovery import Machine
from spheres_core.foundation.plugins.plugin_set import PluginSet
from spheres_core.foundation.plugins.set_builder import build_set
from spheres_core.foundation.plugins.setting_defaults import with_defaults
from spheres_core.foundation.tenancy import (
    content_adoption,
    own_packs,
    own_terms,
    post_limits,
    sealed_settings,
    tenants,
)
from spheres_core.foundation.tenancy.context import SYSTEM, Actor, Context
from spheres_core.foundation.tenancy.tenant_locales import TenantLocales

SETS_KEPT = 64
"""Distinct plugin sets that stay built; the least recently used is let go."""

LATE_EPOCHS = 100
"""Changes committed after a later one was seen; a transaction that takes longer than that many others is not known."""

log = structlog.get_logger("spheres.runtime")


class LoadedTenant(Struct, frozen=True):
    """A tenant as a process knows it: its facts, its plugin set, its settings, its keys."""

    tenant: Tenant
    plugins: PluginSet
    own: own_packs.OwnPacks
    """The packs of its own that are in force."""
    settings: Mapping[str, Struct]
    own_content: Mapping[str, Any]
    """By topic of content, its own beside its packs."""
    keys: TenantKeys
    locales: TenantLocales
    """How it speaks each of its languages."""
    shorts: Mapping[str, str]
    """Language tags by the short tag that stands in addresses."""
    hosts: tuple[str, ...]
    epoch: int


class Runtime:
    """One per process."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        machine: Machine,
        rooms: Mapping[str, types.ModuleType],
        catalog_folder: Path,
        build_app: Callable[[PluginSet], Any] | None = None,
        *,
        adopts: bool = True,
        after_build: Callable[[], None] | None = None,
    ) -> None:
        self.database = database
        self.keyring = keyring
        self.machine = machine
        self.rooms = rooms
        self.catalog_folder = catalog_folder
        self._build_app = build_app
        self._adopts = adopts
        """Adopt what plugins bring when a tenant is met; False for those who only preview what that would do."""
        self._after_build = after_build
        """Called in the thread that has built a plugin set, when the set is whole."""
        self._sets: OrderedDict[tuple[frozenset[str], frozenset[str], own_packs.OwnPacks], PluginSet] = OrderedDict()
        self._usual_settings: WeakKeyDictionary[PluginSet, dict[str, Struct]] = WeakKeyDictionary()
        """The settings of tenants of a set that have set nothing; one mapping for all of them."""
        self.unpacked = own_packs.UnpackedPacks()
        self._loaded: dict[str, LoadedTenant] = {}
        self._hosts: dict[str, str] = {}
        self.post_limits: Mapping[str, post_limits.PostLimit] | None = None
        """How much anybody may post; None for a process that takes no posts, or takes all (tests)."""
        self._load_lock = asyncio.Lock()
        self._candidate_lock = asyncio.Lock()
        self._unloads = 0
        self._newest = 0
        self.unopened: set[str] = set()
        """Tenants whose key did not open when it was last tried."""
        self.clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)

    async def load(self, slug: str) -> LoadedTenant | None:
        """Returns the tenant with this slug, or None. Cached until the tenant changes."""
        return self._loaded.get(slug) or await self._read_and_load(tenants.BY_SLUG, slug=slug)

    async def load_by_host(self, host: str) -> LoadedTenant | None:
        """Returns the tenant that a host name is mapped to, or None."""
        slug = self._hosts.get(host)
        return await (self.load(slug) if slug else self._read_and_load(tenants.BY_HOST, host=host))

    async def _read_and_load(self, statement: Any, **values: Any) -> LoadedTenant | None:
        before = self._unloads
        async with self.database.transaction(None) as db:
            stored = await db.one_or_none(statement, **values)
        if stored is None:
            return None
        async with self._load_lock:
            known = self._loaded.get(stored.slug)
            if known is not None and known.epoch >= stored.epoch:
                return known
            loaded = await self._load(stored)
        if before != self._unloads:  # what was read may be old already: it serves this request and is not kept
            return loaded
        self._loaded[stored.slug] = loaded
        self._hosts |= dict.fromkeys(loaded.hosts, stored.slug)
        return loaded

    async def _load(self, stored: tenants.Stored) -> LoadedTenant:
        async with self.database.transaction(stored.id) as db:
            states = [state for state in await db.all(tenants.PLUGINS) if state.active]
            owned = {row[0]: row[1] for row in await db.all(tenants.SETTINGS)}
            keys = await self._open_keys(stored, db)
            terms = {(row[0], row[1]): row[2] for row in await db.all(own_terms.TERMS)}
            own = await self.read_own_packs(db)
        made, settings = await self._set_with_fitting_settings(
            stored, frozenset(state.plugin_id for state in states), owned, own
        )
        settings = sealed_settings.with_secrets(settings, owned, keys)
        spoken = settings[registry.OWNER]
        async with self.database.transaction(stored.id) as db:
            own_content = await content_adoption.load_own_content(db, made)
        assert isinstance(spoken, registry.Settings)
        facts = stored.facts()
        loaded = LoadedTenant(
            tenant=facts,
            plugins=made,
            own=own,
            settings=settings,
            own_content=own_content,
            keys=keys,
            locales=TenantLocales(made, facts.languages, writing=spoken.writing, terms=terms),
            shorts=registry.short_tags(facts.languages),
            hosts=tuple(stored.hosts),
            epoch=stored.epoch,
        )
        await self._adopt(loaded, states)
        return loaded

    async def open_keys(self, stored: tenants.Stored) -> TenantKeys:
        """Opens a tenant's keys, as loading it does. Raises `KeyTrouble`."""
        async with self.database.transaction(stored.id) as db:
            return await self._open_keys(stored, db)

    async def _open_keys(self, stored: tenants.Stored, db: Db) -> TenantKeys:
        self.unopened.add(stored.slug)
        keys = self.keyring.unwrap(stored.id, await db.scalar(tenants.WRAPPED_KEY))
        self.unopened.discard(stored.slug)
        return keys

    async def _set_with_fitting_settings(
        self, stored: tenants.Stored, wanted: frozenset[str], owned: Mapping[str, Any], own: own_packs.OwnPacks
    ) -> tuple[PluginSet, dict[str, Struct]]:
        """Returns the set that fits what the tenant has set, without plugins whose settings do not fit (any more)."""
        without: frozenset[str] = frozenset()
        while True:
            made = await self.plugin_set(wanted, without, own)
            settings, misfits = tenants.convert_all(with_defaults(owned, made.setting_defaults), made.settings)
            for owner, reason in misfits.items():
                log.error("tenant.settings_do_not_fit", tenant=stored.slug, owner=owner, reason=reason)
            unfit = frozenset(misfits) & made.plugins.keys()
            if not unfit:
                return made, settings if owned else self._usual_settings.setdefault(made, settings)
            without |= unfit

    async def _adopt(self, loaded: LoadedTenant, states: list[tenants.PluginState]) -> None:
        for state in states if self._adopts else ():
            if not content_adoption.is_adoption_due(loaded.plugins, state.plugin_id, state.adopted):
                continue
            try:
                async with self.context(loaded) as ctx:
                    await content_adoption.adopt(ctx, state.plugin_id)
            except (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError):
                raise
            except Exception as error:  # the tenant goes on with what it had; the preview says what is due
                log.error("tenant.cannot_adopt", tenant=loaded.tenant.slug, plugin=state.plugin_id,
                          error=type(error).__name__)  # fmt: skip

    async def read_own_packs(self, db: Db) -> own_packs.OwnPacks:
        """Returns the own packs of the transaction's tenant that are in force, each unpacked for this process."""
        own = frozenset(await db.all(own_packs.IN_FORCE))
        await self.unpacked.unpack(db, own)
        return own

    async def preview(self, db: Db, loaded: LoadedTenant, key: own_packs.OwnPackKey) -> LoadedTenant:
        """Returns the tenant as it would be with a version of a pack; nobody else gets it."""
        await self.unpacked.unpack(db, [key])
        own = own_packs.with_pack(await self.read_own_packs(db), key.plugin_id, key)
        active = frozenset(state.plugin_id for state in await db.all(tenants.PLUGINS) if state.active)
        owned = {row[0]: row[1] for row in await db.all(tenants.SETTINGS)}
        made = await self.plugin_set(active | {key.plugin_id}, own=own)
        settings, _ = tenants.convert_all(with_defaults(owned, made.setting_defaults), made.settings)
        writing = settings[registry.OWNER]
        assert isinstance(writing, registry.Settings)
        offered = loaded.tenant.languages
        locales = TenantLocales(made, offered, writing=writing.writing, terms=loaded.locales.terms)
        return msgspec.structs.replace(loaded, plugins=made, own=own, settings=settings, locales=locales)

    def machine_of(self, own: own_packs.OwnPacks) -> Machine:
        """Returns the plugins that a tenant with these packs has to choose from."""
        return self.unpacked.machine_with(self.machine, own)

    async def plugin_set(
        self,
        wanted: frozenset[str],
        without: frozenset[str] = frozenset(),
        own: own_packs.OwnPacks = frozenset(),
    ) -> PluginSet:
        """Returns the set of these plugins, built in a thread when nobody needed it before.

        `without`: those among them whose settings a tenant has set in a way that does not fit.
        """
        own = _in_use(own, wanted)
        found = self._sets.get((wanted, without, own)) or await self._build(wanted, without, self.machine_of(own))
        return self.cache_set(wanted, found, without, own)

    async def candidate_set(
        self, wanted: frozenset[str], own: own_packs.OwnPacks = frozenset(), *, migrated: str = ""
    ) -> PluginSet:
        """Returns the set of these plugins as it would be: built aside and let go again, unless it is there already.

        `migrated`: a plugin that is looked at as if its tables were those of its code. Such a set is for looking only.
        """
        async with self._candidate_lock:
            own = _in_use(own, wanted)
            machine = self.machine_of(own)
            if migrated in machine.unmigrated:
                return await self._build(wanted, frozenset(), machine.having(migrated))
            return self._sets.get((wanted, frozenset(), own)) or await self._build(wanted, frozenset(), machine)

    async def _build(self, wanted: frozenset[str], without: frozenset[str], machine: Machine) -> PluginSet:
        reasons = dict.fromkeys(sorted(without), tenants.UNFIT)
        return await asyncio.to_thread(self._build_in_thread, machine, wanted, reasons)

    def _build_in_thread(self, machine: Machine, wanted: frozenset[str], reasons: Mapping[str, Message]) -> PluginSet:
        made = build_set(machine, wanted, self.rooms, self.catalog_folder, self._build_app, reasons)
        if self._after_build is not None:
            self._after_build()
        return made

    def cache_set(
        self,
        wanted: frozenset[str],
        made: PluginSet,
        without: frozenset[str] = frozenset(),
        own: own_packs.OwnPacks = frozenset(),
    ) -> PluginSet:
        """Holds a set that a tenant uses, unless one is held already; the least recently used is let go."""
        key = (wanted, without, _in_use(own, wanted))
        kept = self._sets.setdefault(key, made)
        self._sets.move_to_end(key)
        while len(self._sets) > SETS_KEPT:
            self._sets.popitem(last=False)
        return kept

    def unload(self, slug: str) -> None:
        """Reads this tenant anew at its next request; requests under way keep what they have."""
        self._unloads += 1
        loaded = self._loaded.pop(slug, None)
        for host in loaded.hosts if loaded else ():
            self._hosts.pop(host, None)

    async def refresh(self) -> None:
        """Forgets every tenant whose row is newer than what this process knows."""
        async with self.database.transaction(None) as db:
            changed = await db.all(tenants.CHANGED_SINCE, epoch=self._newest - LATE_EPOCHS)
        self._newest = max([self._newest, *(epoch for _, epoch in changed)])
        for slug, epoch in changed:
            known = self._loaded.get(slug)
            if known is not None and known.epoch < epoch:
                self.unload(slug)

    async def count_post(self, loaded: LoadedTenant, db: Db, kind: str, source: str) -> None:
        """Counts a post that anybody may send, before its transaction `db` begins.

        Raises `PostsPaused` when it is one too many.
        """
        if self.post_limits is not None:
            await post_limits.count_post(
                db, self.keyring, loaded.tenant.id, self.post_limits[kind], kind, source, self.clock()
            )

    def make_context(
        self, loaded: LoadedTenant, db: Db, *, actor: Actor = SYSTEM, language: str | None = None
    ) -> Context:
        """Returns a context for this tenant over an open transaction; `language` is one of the tenant's tags."""
        offered = loaded.tenant.languages
        return Context(
            tenant=loaded.tenant,
            plugins=loaded.plugins,
            db=db,
            keys=loaded.keys,
            actor=actor,
            locale=loaded.locales.locale(language or offered[0]),
            locales=loaded.locales,
            now=self.clock(),
            all_settings=loaded.settings,
            own_content=loaded.own_content,
        )

    @contextlib.asynccontextmanager
    async def context(
        self, loaded: LoadedTenant, *, actor: Actor = SYSTEM, language: str | None = None
    ) -> AsyncIterator[Context]:
        """Returns a context with a transaction of its own, for the worker and the commands."""
        async with self.database.transaction(loaded.tenant.id) as db:
            yield self.make_context(loaded, db, actor=actor, language=language)


def _in_use(own: own_packs.OwnPacks, wanted: frozenset[str]) -> own_packs.OwnPacks:
    """Returns the packs that count for a set: those of plugins that it wants."""
    return frozenset(each for each in own if each.plugin_id in wanted)
