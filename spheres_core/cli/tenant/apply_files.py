"""Applies tenants' files to the database: reads, compares, asks, merges, and adopts their plugins' content."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import asyncpg
import msgspec
from msgspec import Struct

from spheres_core import app
from spheres_core.app import assembly
from spheres_core.cli import environment
from spheres_core.cli.output import CommandError, Output
from spheres_core.conformance.published_names import unpublished_imports
from spheres_core.facts import Message, msg
from spheres_core.foundation.content.packs import ContentChange, ContentInvalid, Finding, line_of
from spheres_core.foundation.content.value_kinds import place_and_message
from spheres_core.foundation.database.transactions import Database
from spheres_core.foundation.encryption import Keyring
from spheres_core.foundation.languages.locale_files import declared_by
from spheres_core.foundation.languages.tags import wrong_tag
from spheres_core.foundation.plugins.discovery import Machine
from spheres_core.foundation.plugins.plugin_set import PluginSet
from spheres_core.foundation.plugins.set_builder import build_set
from spheres_core.foundation.postgres.server_record import Urls
from spheres_core.foundation.tenancy import content_adoption, own_terms, tenants
from spheres_core.foundation.tenancy.runtime import LoadedTenant, Runtime
from spheres_core.foundation.tenancy.tenants import Change, Definition, Stored
from spheres_core.partners.operations.local_entries import problem_with
from spheres_core.site.operations import local_state
from spheres_core.site.queries.core_elements import ELEMENTS
from spheres_core.site.schemas import CarriedTerm, LocalState

Ask = Callable[["ApplyPlan"], bool]


class TenantFile(Struct, frozen=True):
    """Holds a tenant's file in which nothing is wrong."""

    path: Path
    definition: Definition
    source: str
    plugins: PluginSet
    local: LocalState = LocalState()


class ApplyPlan(Struct, frozen=True):
    """Holds the changes that applying one file would make."""

    file: TenantFile
    stored: Stored | None
    before: Definition | None
    changes: list[Change]
    content: list[ContentChange] = []
    """Changes that merging in the plugins' content and the local state made; filled when the file was applied."""

    @property
    def does_something(self) -> bool:
        """Says whether there is anything to write, beyond what is only kept."""
        return any(change.kind != "keep" for change in self.changes)


def default_files() -> list[Path]:
    """Returns the tenants' files in `tenants/` of the working directory."""
    return sorted(Path("tenants").glob("*.toml"))


def read_files(paths: Sequence[Path], machine: Machine) -> list[TenantFile]:
    """Reads and checks files without a database. Raises `ContentInvalid` with the findings of all of them."""
    made: list[TenantFile] = []
    findings: list[Finding] = []
    for path in paths:
        try:
            made.append(read_file(path, machine))
        except ContentInvalid as invalid:
            findings += invalid.findings
    if findings:
        raise ContentInvalid(findings)
    return made


def read_file(path: Path, machine: Machine) -> TenantFile:
    """Reads and checks one file: its keys, its plugins and whether they can be used together, its settings."""
    if not path.is_file():
        raise CommandError(msg("{file}: there is no such file.", file=str(path)))
    installed = [*machine.plugins, *machine.broken]
    definition, source = tenants.read_definition(
        path, installed=installed, languages=declared_by(each.manifest for each in machine.plugins.values())
    )
    made = build_set(machine, definition.plugins, app.rooms(), app.catalog_folder(), assembly.build_app)
    findings = [
        Finding(
            path.name,
            msg("The plugin {plugin} cannot be used: {reason}", plugin=id_, reason=each.message),
            line=line_of(source, "plugins", value=id_),
            key="plugins",
        )
        for id_, plugin in made.plugins.items()
        for each in unpublished_imports(plugin)
    ]
    findings += [
        Finding(
            path.name,
            msg("The plugin {plugin} cannot be used: {reason}", plugin=id_, reason=reason),
            line=line_of(source, "plugins", value=id_),
            key="plugins",
        )
        for id_, reason in made.left_out.items()
    ]
    findings += [
        Finding(
            path.name,
            msg("The language {tag} comes with a plugin that this tenant does not have.", tag=tag),
            line=line_of(source, "languages", value=tag),
            key="languages",
        )
        for tag in definition.languages
        if tag not in made.languages
    ]
    findings += tenants.check_settings(definition, source, path.name, made.settings, made.setting_defaults)
    local, wrong = _read_local(definition, source, path.name, made)
    findings += wrong
    if findings:
        raise ContentInvalid(findings)
    return TenantFile(path, definition, source, made, local)


def _read_local(definition: Definition, source: str, name: str, made: PluginSet) -> tuple[LocalState, list[Finding]]:
    """Returns what the region wrote itself, and what is wrong with it."""
    try:
        local = msgspec.convert(definition.local, LocalState)
    except msgspec.ValidationError as error:
        place, why = place_and_message(str(error), "local")
        key = f"local.{place}".rstrip(".")
        return LocalState(), [Finding(name, why, line=line_of(source, key), key=key)]
    found: list[tuple[str, str, Message | None]] = [
        ("local.terms", each.language, wrong_tag(each.language, definition.languages))
        for each in local.terms
        if each.language not in definition.languages
    ]
    found += [("local.terms", each.key, _problem_with_term(each, made)) for each in local.terms]
    found += [
        ("local.notes", each.element, msg("There is no such element of the program."))
        for each in local.notes
        if each.element not in {element.key for element in ELEMENTS}
    ]
    found += [("local.entries", each.key, problem_with(each)) for each in local.entries]
    return local, [Finding(name, why, line=_line_of(source, at), key=key) for key, at, why in found if why is not None]


def _problem_with_term(carried: CarriedTerm, made: PluginSet) -> Message | None:
    term = own_terms.marked(made).get(carried.key)
    if term is None:
        return msg("“{key}” is not a word that this region may call otherwise.", key=carried.key)
    return own_terms.problem_with(term, carried.text)


def _line_of(source: str, value: str) -> int | None:
    """Returns the first line below `[[local…]]` that holds a value."""
    lines = source.splitlines()
    start = next((at for at, line in enumerate(lines) if line.lstrip().startswith(("[local", "[[local"))), 0)
    return next(
        (at for at, line in enumerate(lines[start:], start + 1) if json.dumps(value, ensure_ascii=False) in line), None
    )


async def compare(database: Database, file: TenantFile) -> ApplyPlan:
    """Compares a file with what is stored. Raises `ContentInvalid` when a host is another tenant's."""
    definition = file.definition
    findings = []
    async with database.transaction(None) as db:
        stored = await db.one_or_none(tenants.BY_SLUG, slug=definition.slug)
        for host in definition.hosts:
            holder = await db.one_or_none(tenants.BY_HOST, host=host)
            if holder is not None and holder.slug != definition.slug:
                taken = msg("{host} leads to the tenant {tenant} already.", host=host, tenant=holder.slug)
                line = line_of(file.source, "hosts", value=host)
                findings.append(Finding(file.path.name, taken, line=line, key="hosts"))
    if findings:
        raise ContentInvalid(findings)
    if stored is None:
        changes = tenants.difference(None, definition)
        changes += [Change("add", f"terms.{each.language}.{each.key}", after=each.text) for each in file.local.terms]
        changes += [Change("add", f"notes.{each.element}", after=each.how) for each in file.local.notes]
        changes += [Change("add", f"pages.{each.language}.{each.slug}") for each in file.local.pages]
        changes += [Change("add", f"forms.{each.key}") for each in file.local.forms]
        changes += [Change("add", f"directory.{each.table}.{each.key}") for each in file.local.entries]
        return ApplyPlan(file, None, None, changes)
    async with database.transaction(stored.id) as db:
        before = await tenants.current(db, stored)
        local = await local_state.difference(db, file.local)
    return ApplyPlan(file, stored, before, [*tenants.difference(before, definition), *local])


def apply_all(
    output: Output,
    paths: Sequence[Path],
    urls: Urls,
    keyring: Keyring,
    machine: Machine,
    *,
    ask: Ask | None = None,
) -> list[ApplyPlan]:
    """Applies files: all are read and compared before the first is written. `ask` may refuse each one."""
    return asyncio.run(_apply(output, paths, urls, keyring, machine, ask))


async def _apply(
    output: Output, paths: Sequence[Path], urls: Urls, keyring: Keyring, machine: Machine, ask: Ask | None
) -> list[ApplyPlan]:
    files = read_files(paths, msgspec.structs.replace(machine, unmigrated={}))
    _refuse_shared_hosts(files)
    agreed: list[ApplyPlan] = []
    async with environment.open_database(urls.needed("owner")) as owner:
        plans = [await compare(owner, each) for each in files]
        for each in plans:
            if each.does_something and (ask is None or ask(each)):
                await _write(owner, each, keyring)
                agreed.append(each)
            elif ask is not None and not each.does_something:
                ask(each)
    changed = await _adopt(output, plans, agreed, urls, keyring, machine)
    return [
        msgspec.structs.replace(each, content=changed[each.file.definition.slug])
        for each in plans
        if each in agreed or changed[each.file.definition.slug]
    ]


def _refuse_shared_hosts(files: Sequence[TenantFile]) -> None:
    owners: dict[str, str] = {}
    for each in files:
        for host in each.definition.hosts:
            holder = owners.setdefault(host, each.definition.slug)
            if holder != each.definition.slug:
                taken = msg("{host} leads to the tenant {tenant} already.", host=host, tenant=holder)
                line = line_of(each.source, "hosts", value=host)
                raise ContentInvalid([Finding(each.path.name, taken, line=line, key="hosts")])


async def _write(owner: Database, wanted: ApplyPlan, keyring: Keyring) -> None:
    tenant_id = wanted.stored.id if wanted.stored else None
    async with owner.transaction(tenant_id) as db:
        await tenants.write(db, wanted.file.definition, wanted.before, keyring, now=dt.datetime.now(dt.UTC))


async def _adopt(
    output: Output,
    plans: Sequence[ApplyPlan],
    agreed: Sequence[ApplyPlan],
    urls: Urls,
    keyring: Keyring,
    machine: Machine,
) -> dict[str, list[ContentChange]]:
    """Merges into each tenant what its plugins bring and, where its file was agreed to, what it wrote itself.

    Returns by slug what that changed. A plugin whose content cannot be merged is named; the region goes on without.
    """
    changed: dict[str, list[ContentChange]] = {}
    async with environment.open_runtime(urls, keyring, machine, adopts=False) as runtime:
        for each in plans:
            slug = each.file.definition.slug
            changes = changed.setdefault(slug, [])
            loaded = await runtime.load(slug)
            if loaded is None:
                continue
            async with runtime.context(loaded) as ctx:
                states = [state for state in await ctx.db.all(tenants.PLUGINS) if state.active]
            for state in states:
                if content_adoption.is_adoption_due(loaded.plugins, state.plugin_id, state.adopted):
                    changes += await _adopt_plugin(output, runtime, loaded, state.plugin_id)
            if each in agreed:
                async with runtime.context(loaded) as ctx:
                    changes += await local_state.merge_local_state(ctx, each.file.local)
    return changed


async def _adopt_plugin(output: Output, runtime: Runtime, loaded: LoadedTenant, plugin_id: str) -> list[ContentChange]:
    try:
        async with runtime.context(loaded) as ctx:
            return await content_adoption.adopt(ctx, plugin_id)
    except (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError):
        raise
    except Exception as error:
        why = msg("What {plugin} brings to {tenant} could not be merged ({kind}); the region goes on with what it had.",
                  plugin=plugin_id, tenant=loaded.tenant.slug, kind=type(error).__name__)  # fmt: skip
        output.print_notice(why)
        return []
