"""Bringing tenants' files into the database: read, compare, ask, merge, and let their plugins' content be adopted."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from spheres_core import app
from spheres_core.cli import environment
from spheres_core.cli.output import Speaker, Trouble, _
from spheres_core.facts import msg
from spheres_core.foundation.content.packs import ContentInvalid, Finding, line_of
from spheres_core.foundation.database.transactions import Database
from spheres_core.foundation.encryption import Keyring
from spheres_core.foundation.languages.locale_files import declared_by
from spheres_core.foundation.plugins.plugin_set import Machine, PluginSet, build_set
from spheres_core.foundation.postgres.server_record import Urls
from spheres_core.foundation.tenancy import tenants
from spheres_core.foundation.tenancy.tenants import Change, Definition, Stored

Ask = Callable[["Plan"], bool]


class Read(Struct, frozen=True):
    """A tenant's file that nothing stands against."""

    path: Path
    definition: Definition
    source: str
    plugins: PluginSet


class Plan(Struct, frozen=True):
    """What applying one file would do."""

    read: Read
    stored: Stored | None
    before: Definition | None
    changes: list[Change]

    @property
    def does_something(self) -> bool:
        """Is there anything to write? What is only kept is not."""
        return any(change.kind != "keep" for change in self.changes)


def files_here() -> list[Path]:
    """The tenants' files that come with the software: in `tenants/` here, else beside the package."""
    here = Path("tenants")
    folder = here if here.is_dir() else app.CORE.parent / "tenants"
    return sorted(folder.glob("*.toml"))


def read_all(paths: Sequence[Path], machine: Machine) -> list[Read]:
    """Read and check files without a database. Raises `ContentInvalid` with the findings of all of them."""
    made: list[Read] = []
    findings: list[Finding] = []
    for path in paths:
        try:
            made.append(read_one(path, machine))
        except ContentInvalid as invalid:
            findings += invalid.findings
    if findings:
        raise ContentInvalid(findings)
    return made


def read_one(path: Path, machine: Machine) -> Read:
    """Read and check one file: its keys, its plugins and whether they can be used together, its settings."""
    if not path.is_file():
        raise Trouble(msg("{file}: there is no such file.", file=str(path)))
    installed = [*machine.plugins, *machine.broken]
    definition, source = tenants.read_definition(
        path, installed=installed, languages=declared_by(each.manifest for each in machine.plugins.values())
    )
    made = build_set(machine, definition.plugins, app.rooms(), app.catalog_folder())
    findings = [
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
    findings += tenants.check_settings(definition, source, path.name, made.settings)
    if findings:
        raise ContentInvalid(findings)
    return Read(path, definition, source, made)


async def plan(database: Database, read: Read) -> Plan:
    """Compare a file with what is stored. Raises `ContentInvalid` when a host is another tenant's."""
    definition = read.definition
    findings = []
    async with database.transaction(None) as db:
        stored = await db.one_or_none(tenants.BY_SLUG, slug=definition.slug)
        for host in definition.hosts:
            holder = await db.one_or_none(tenants.BY_HOST, host=host)
            if holder is not None and holder.slug != definition.slug:
                taken = msg("{host} leads to the tenant {tenant} already.", host=host, tenant=holder.slug)
                line = line_of(read.source, "hosts", value=host)
                findings.append(Finding(read.path.name, taken, line=line, key="hosts"))
    if findings:
        raise ContentInvalid(findings)
    if stored is None:
        return Plan(read, None, None, tenants.difference(None, definition))
    async with database.transaction(stored.id) as db:
        before = await tenants.current(db, stored)
    return Plan(read, stored, before, tenants.difference(before, definition))


def apply_all(
    speaker: Speaker,
    paths: Sequence[Path],
    urls: Urls,
    keyring: Keyring,
    machine: Machine,
    *,
    ask: Ask | None = None,
) -> list[Plan]:
    """Apply files: all are read and compared before the first is written. `ask` may refuse each one."""
    return asyncio.run(_apply(speaker, paths, urls, keyring, machine, ask))


async def _apply(
    speaker: Speaker, paths: Sequence[Path], urls: Urls, keyring: Keyring, machine: Machine, ask: Ask | None
) -> list[Plan]:
    read = read_all(paths, machine)
    _refuse_shared_hosts(read)
    done: list[Plan] = []
    async with environment.opened(urls.needed("owner")) as owner:
        plans = [await plan(owner, each) for each in read]
        for each in plans:
            if each.does_something and (ask is None or ask(each)):
                await _write(owner, each, keyring)
                done.append(each)
            elif ask is not None and not each.does_something:
                ask(each)
    await _adopt(speaker, [each.definition.slug for each in read], urls, keyring, machine)
    return done


def _refuse_shared_hosts(read: Sequence[Read]) -> None:
    owners: dict[str, str] = {}
    for each in read:
        for host in each.definition.hosts:
            holder = owners.setdefault(host, each.definition.slug)
            if holder != each.definition.slug:
                taken = msg("{host} leads to the tenant {tenant} already.", host=host, tenant=holder)
                line = line_of(each.source, "hosts", value=host)
                raise ContentInvalid([Finding(each.path.name, taken, line=line, key="hosts")])


async def _write(owner: Database, wanted: Plan, keyring: Keyring) -> None:
    tenant_id = wanted.stored.id if wanted.stored else None
    async with owner.transaction(tenant_id) as db:
        await tenants.write(db, wanted.read.definition, wanted.before, keyring, now=dt.datetime.now(dt.UTC))


async def _adopt(speaker: Speaker, slugs: Sequence[str], urls: Urls, keyring: Keyring, machine: Machine) -> None:
    """Meet each tenant once: its plugins' partners and forms are merged into it when they are new."""
    async with environment.open_runtime(urls, keyring, machine) as runtime:
        for slug in slugs:
            async with runtime.database.transaction(None) as db:
                known: Any = await db.one_or_none(tenants.BY_SLUG, slug=slug)
            if known is not None:
                await runtime.load(slug)


_adopting = _("Merging what the plugins bring")
