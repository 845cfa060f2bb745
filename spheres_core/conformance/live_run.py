"""Runs the plugin on an embedded PostgreSQL, with tenants that have it and one that does not."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import itertools
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import httpx
import msgspec
import psycopg
from psycopg import sql

from spheres_core.conformance import source_reader
from spheres_core.conformance.plugin_under_test import PluginUnderTest
from spheres_core.foundation.content.pack_archives import files_of
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.plugins.discovery import Machine
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.foundation.web import guards, routes
from spheres_core.staff.schemas import ROLES
from spheres_core.testing import World, definition, migrated_database, shared_cluster, trial_region, world_maker
from spheres_core.testing.region_api import Region

NOW: Final = dt.datetime(2026, 11, 21, 15, 0, tzinfo=dt.UTC)
CORE_LANGUAGES: Final = ("fr-CA", "en-CA")
VOLATILE: Final = (
    r"(?<=[?&]next=)[A-Za-z0-9_-]{40,}|(?<=name=\"next\" value=\")[A-Za-z0-9_-]{40,}",
    r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}",
    r"\b[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}\b",
    r"(?<![\w-])[0-9A-F]{3}-[0-9A-F]{3}(?![\w-])",
    r"(?<=name=\"_once\" value=\")[A-Za-z0-9_-]{24}",
    r"(?<=name=\"_order\" value=\")[A-Za-z0-9_-]+",
    r"(?<=[=\"])[A-Za-z0-9_-]{43}\b",
    r"(?<=\"incident\":\")[0-9a-f]{12}",
)
"""Patterns of what is new in every answer: ways back after signing in (first, since other patterns fit parts of them),
ids, receipts, references, secrets and orders of forms, incident numbers."""
LANGUAGE: Final = "{language:str}"
NOBODYS: Final = "conformance_nobodys"
"""An id that no plugin has."""
MACHINE_PAGES: Final = re.compile(r"/(api/admin|administration)/")
"""Where an administrator is shown what lies on the machine: the one difference there may be."""


_ANSWERS_WITHOUT: Final[dict[bytes, dict[str, Any]]] = {}
"""Answers without a plugin, by a hash of all that decides them."""


class CheckEnvironment:
    """Makes what the rules run a plugin in: a server, copies of migrated tables, a trial region."""

    def __init__(self, plugin: PluginUnderTest, home: Path) -> None:
        self.plugin = plugin
        self._home = home
        self._open = contextlib.ExitStack()
        self._templates: dict[frozenset[str], str] = {}

    def close(self) -> None:
        """Stops the server and removes folder and databases."""
        self._open.close()

    @cached_property
    def cluster(self) -> Cluster:
        return self._open.enter_context(shared_cluster(self._home))

    @cached_property
    def folder(self) -> Path:
        """Makes a folder for plugins that are written for the checks; removed at the end."""
        return Path(self._open.enter_context(tempfile.TemporaryDirectory(prefix="spheres-check-")))

    @cached_property
    def region(self) -> Mapping[str, Any]:
        """Returns the trial region, or an empty mapping when the plugin or what it requires has a referral form."""
        made = self.plugin.plugin_set
        if any(form.key == "referral" for _, given in made.gather("forms") for form in given):
            return {}
        return trial_region.installed(self.folder)

    def machine(self, *, installed: bool, also: Mapping[str, Any]) -> Machine:
        """Returns the plugin with what it requires, the trial region, and the plugins in `also`."""
        wanted = self.plugin.wanted if installed else self.plugin.wanted - {self.plugin.id}
        chosen = {id_: each for id_, each in self.plugin.machine.plugins.items() if id_ in wanted}
        return Machine({**chosen, **self.region, **also}, {})

    def migrated(self, machine: Machine) -> str:
        """Returns a database with the tables of this machine's plugins, to copy from."""
        key = frozenset(id_ for id_, each in machine.plugins.items() if (each.root / "migrations").is_dir())
        if key not in self._templates:
            self._templates[key] = migrated_database(self.cluster, machine)
        return self._templates[key]

    @contextlib.contextmanager
    def world(self, *slugs: str, installed: bool = True, also: Mapping[str, Any] | None = None) -> Iterator[LiveRun]:
        """Runs a world. Its tenants have the plugin and those in `also`; one called `without` lacks the plugin."""
        machine = self.machine(installed=installed, also=also or {})
        with world_maker(self.cluster, machine, self.migrated(machine)) as make_world:
            yield LiveRun(self.plugin, make_world(*(self._tenant(slug, machine) for slug in slugs)))

    @cached_property
    def shared_run(self) -> LiveRun:
        """Opens the world that most rules share: tenants with the plugin, some for one rule alone, one without it."""
        return self._open.enter_context(self.world("with", "other", "without", "broken", "purged", "erased"))

    def answers_without_it(self) -> dict[str, Any]:
        """Returns what `answers_of` gives where the plugin is not on the machine.

        Of plugins that are checked in a row, many leave the same others behind: these are asked once.
        """
        machine = self.machine(installed=False, also={})
        tenant = msgspec.json.encode(self._tenant("without", machine))
        parts = [(id_, *sorted(files_of(each.root).items())) for id_, each in sorted(machine.plugins.items())]
        mark = hashlib.sha256(repr((tenant, parts)).encode()).digest()
        if mark not in _ANSWERS_WITHOUT:
            with self.world("without", installed=False) as run:
                _ANSWERS_WITHOUT[mark] = run.answers_of("without")
        return _ANSWERS_WITHOUT[mark]

    def _tenant(self, slug: str, machine: Machine) -> Any:
        mine = self.plugin.id
        plugins = [id_ for id_ in machine.plugins if slug != "without" or id_ != mine]
        settings = {mine: dict(self.plugin.config.settings)} if mine in plugins and self.plugin.config.settings else {}
        spoken = [tag for tag in self.plugin.manifest.languages if tag in CORE_LANGUAGES] or list(CORE_LANGUAGES)
        return definition(slug, *plugins, settings=settings, languages=tuple(dict.fromkeys([*spoken, *CORE_LANGUAGES])))


class LiveRun:
    """One test world in which the plugin runs."""

    def __init__(self, plugin: PluginUnderTest, world: World) -> None:
        self.plugin = plugin
        self.world = world
        world.now = NOW

    @staticmethod
    def routes_of(plugin: PluginUnderTest) -> tuple[routes.Route, ...]:
        """Returns the routes of a plugin."""
        return routes.of_plugin(plugin.plugin_set, plugin.id)

    @property
    def own_routes(self) -> tuple[routes.Route, ...]:
        """Returns the routes of the plugin under test."""
        return self.routes_of(self.plugin)

    def region(self, slug: str) -> Region:
        """Returns a tenant of the shared world, as a region of the plugin under test."""
        return Region(self.world, slug, self.plugin.id)

    def refer(self, slug: str) -> httpx.Response:
        """Sends a referral whose answers carry the facts of conformance.toml."""
        return self.region(slug).send(**self.plugin.config.referral)

    def answers(self, slug: str) -> dict[str, Any]:
        """Returns the answers of such a referral."""
        return self.region(slug).answers(**self.plugin.config.referral)

    def newest_referral(self, slug: str) -> UUID:
        """Returns the id of the referral that was received last."""
        return self.region(slug).newest()

    def deliver(self, slug: str, *, again: bool = False) -> None:
        """Delivers what the trail holds undelivered; with `again`, everything once more."""
        self.region(slug).deliver(again=again)

    def failures(self, slug: str) -> list[tuple[str, str]]:
        """Returns recipient and reason of each delivery that failed."""
        return self.region(slug).failures()

    def answers_of(self, slug: str) -> dict[str, Any]:
        """Requests every address of the core without parameters, and says who may come to each address.

        By somebody with every role, and by anybody where anybody may come: a page in one language by the one and in the
        other by the other, and from page to page in turns. Whom a guard keeps out is answered by the guard, which is
        among what is returned: one page and one other address show how. Returns the answers, volatile parts masked.
        """
        with contextlib.suppress(NotFound):  # a region's pack brings the form, and here it is absent
            self.region(slug).send()
        headers = self.world.bearer(slug, *ROLES)
        found, turns, refused = self._guards(slug), itertools.cycle((("fr", "en"), ("en", "fr"))), set()
        for path, public in sorted(self._addresses(slug)):
            paged = LANGUAGE in path
            first, second = next(turns) if paged else ("", "")
            found |= self._answer(slug, path.replace(LANGUAGE, first), "every role", headers)
            if public or paged not in refused:
                found |= self._answer(slug, path.replace(LANGUAGE, second), "anybody", {})
                refused |= set() if public else {paged}
        return found

    def _answer(self, slug: str, path: str, who: str, headers: dict[str, str]) -> dict[str, Any]:
        answer = self.world.get(f"/t/{slug}{path}", headers=headers)
        kept = {name: mask(value) for name, value in answer.headers.items() if name != "content-length"}
        return {f"GET {path} ({who})": (answer.status_code, kept, mask(answer.text))}

    def _handlers(self, slug: str) -> Iterator[tuple[str, str, Sequence[Any]]]:
        """Yields method, path and guards of each route of the tenant's app."""
        for route in self.world.loaded(slug).plugins.app.routes:
            for method, (handler, _) in getattr(route, "route_handler_map", {}).items():
                yield str(method), route.path, handler.resolve_guards()

    def _guards(self, slug: str) -> dict[str, Any]:
        """Returns who may come to each address, and the roles that carry each permission."""
        carried = self.world.loaded(slug).plugins.permissions
        found: dict[str, Any] = {f"roles of {name}": sorted(each.roles) for name, each in carried.items()}
        for method, path, kept in self._handlers(slug):
            found[f"guards of {method} {path}"] = [guards.is_public(kept), *map(guards.permission_of, kept)]
        return found

    def _addresses(self, slug: str) -> Iterator[tuple[str, bool]]:
        """Yields each address that answers `GET` and has no part to fill in but the language, and if it is public."""
        for method, path, kept in self._handlers(slug):
            if method == "GET" and "{" not in path.replace(LANGUAGE, "") and not MACHINE_PAGES.search(f"{path}/"):
                yield path, guards.is_public(kept)

    def own_answers(self, slug: str) -> Iterator[tuple[str, Any, Any]]:
        """Requests the plugin's addresses; yields each with its answer, and that of a plugin which does not exist."""
        headers = self.world.bearer(slug, *ROLES)
        for route in self.own_routes:
            address = source_reader.fill_path(route.path.replace(LANGUAGE, "fr"), str(UUID(int=0)))
            answers = []
            for place in (address, address.replace(f"/x/{self.plugin.id}", f"/x/{NOBODYS}")):
                answer = self.world.request(route.method, f"/t/{slug}{place}", headers=headers)
                kept = {name: mask(value) for name, value in answer.headers.items() if name != "content-length"}
                answers.append((answer.status_code, kept, mask(answer.text.replace(place, "<address>"))))
            yield f"{route.method} {address}", answers[0], answers[1]

    def roles_for(self, permission: str, slug: str) -> list[str]:
        """Returns the roles that carry a permission there."""
        known = self.world.loaded(slug).plugins.permissions.get(permission)
        return [role for role in ROLES if known is not None and role in known.roles]

    @contextlib.contextmanager
    def owner(self) -> Iterator[psycopg.Connection]:
        """Opens the owner's connection, committed at the end."""
        with psycopg.connect(self.world.urls.needed("owner")) as db:
            yield db

    def tables(self, slug: str) -> dict[str, list[tuple[Any, ...]]]:
        """Returns a tenant's rows in the plugin's own tables, in order."""
        tenant = self.world.loaded(slug).tenant.id
        with self.owner() as db:
            return {name: rows_of(db, name, tenant) for name in self.plugin.manifest.provides.tables}


def rows_of(db: psycopg.Connection, table: str, tenant: UUID) -> list[tuple[Any, ...]]:
    """Returns a tenant's rows of a table, as text, in order."""
    asked = sql.SQL("SELECT t::text FROM {} t WHERE tenant_id = %s ORDER BY 1").format(sql.Identifier(table))
    return db.execute(asked, [tenant]).fetchall()


@lru_cache(maxsize=1024)
def mask(text: str) -> str:
    """Returns a text without what is new in every answer. Headers and refusals are nearly all alike."""
    for pattern in VOLATILE:
        text = re.sub(pattern, "<new>", text)
    return text
