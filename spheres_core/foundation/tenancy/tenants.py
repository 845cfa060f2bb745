"""Tenants: what `tenants/<slug>.toml` may say, and how it is merged into the database. Merging never deletes."""

import datetime as dt
import re
import sys
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct, field
from sqlalchemy import any_, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import insert

from spheres_core.facts import Message, Tenant, Words, msg
from spheres_core.foundation.content.packs import ContentInvalid, Finding, line_of, read_toml
from spheres_core.foundation.content.time_zones import is_time_zone
from spheres_core.foundation.content.value_kinds import kind_message, place_and_message
from spheres_core.foundation.database import models
from spheres_core.foundation.database.schema import table, uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.database.transactions import Db
from spheres_core.foundation.encryption import Keyring
from spheres_core.foundation.languages.registry import REGISTRY, Language
from spheres_core.foundation.languages.tags import wrong_tag
from spheres_core.foundation.plugins.setting_defaults import conflicts_in
from spheres_core.foundation.tenancy.sealed_settings import is_sealed, secret_names

CHANNEL = "spheres_tenants"
"""Workers listen here to learn that a tenant changed."""

SLUG = re.compile(r"[a-z][a-z0-9-]{1,30}")
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?")

tenants = table(models.TenantRow)
keys = table(models.TenantKey)
plugins = table(models.TenantPlugin)
settings = table(models.TenantSettings)


class Definition(Struct, frozen=True, forbid_unknown_fields=True):
    """A `tenants/<slug>.toml`: data only. A tenant that needs more needs a plugin."""

    slug: str
    name: Words
    languages: tuple[str, ...]
    time_zone: str
    hosts: tuple[str, ...] = ()
    illustrative: bool = False
    plugins: tuple[str, ...] = ()
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    local: Mapping[str, Any] = field(default_factory=dict)
    """The region's own words, notes and edits, in the shape that `spheres tenant export` gives them."""


class Stored(Struct, frozen=True):
    """A tenant's row."""

    id: UUID
    slug: str
    name: Words
    languages: tuple[str, ...]
    time_zone: str
    hosts: tuple[str, ...]
    illustrative: bool
    epoch: int

    def facts(self) -> Tenant:
        """Returns the tenant as plugins see it."""
        languages, zone = _one_of_all(tuple(self.languages)), sys.intern(self.time_zone)
        return Tenant(self.id, self.slug, self.name, languages, zone, self.illustrative)


@lru_cache(maxsize=1024)
def _one_of_all(languages: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the first that was equal to it: most tenants have the same languages."""
    return languages


class PluginState(Struct, frozen=True):
    """A plugin of a tenant."""

    plugin_id: str
    active: bool
    since: dt.datetime
    adopted: str | None
    adopted_version: str | None


class Change(Struct, frozen=True):
    """One line of the difference that applying a definition makes. `kind`: add, change, keep."""

    kind: str
    what: str
    before: Any = None
    after: Any = None


_columns = [tenants.c[name] for name in Stored.__struct_fields__]
BY_SLUG = prepare(select(*_columns).where(tenants.c.slug == bindparam("slug")), into=Stored)
BY_HOST = prepare(select(*_columns).where(bindparam("host") == any_(tenants.c.hosts)), into=Stored)
ALL = prepare(select(*_columns).order_by(tenants.c.slug), into=Stored)
FIRST = prepare(select(*_columns).order_by(tenants.c.id).limit(1), into=Stored)
CHANGED_SINCE = prepare(select(tenants.c.slug, tenants.c.epoch).where(tenants.c.epoch > bindparam("epoch")))
PLUGINS = prepare(
    select(plugins.c.plugin_id, plugins.c.active, plugins.c.since, plugins.c.adopted, plugins.c.adopted_version)
    .where(scoped(plugins))
    .order_by(plugins.c.plugin_id),
    into=PluginState,
)
SETTINGS = prepare(select(settings.c.owner, settings.c["values"]).where(scoped(settings)))
WRAPPED_KEY = prepare(select(keys.c.wrapped).where(scoped(keys)))
ADD_KEY = prepare(insert(keys).on_conflict_do_nothing())
_put = insert(tenants).values({name: bindparam(name) for name in Stored.__struct_fields__ if name != "epoch"})
PUT = prepare(
    _put.on_conflict_do_update(
        index_elements=["slug"],
        set_={name: _put.excluded[name] for name in ("name", "languages", "time_zone", "hosts", "illustrative")}
        | {"epoch": func.nextval(text("'tenant_epoch'"))},
    ).returning(tenants.c.id)
)
_put_plugin = insert(plugins).values(
    plugin_id=bindparam("plugin_id"),
    active=bindparam("active"),
    since=bindparam("since"),
    tenant_id=bindparam("tenant_id"),
)
PUT_PLUGIN = prepare(
    _put_plugin.on_conflict_do_update(
        index_elements=["tenant_id", "plugin_id"],
        set_={"active": _put_plugin.excluded.active, "since": _put_plugin.excluded.since},
    )
)
ADOPTED = prepare(
    plugins.update()
    .where(scoped(plugins), plugins.c.plugin_id == bindparam("which"))
    .values(adopted=bindparam("digest"), adopted_version=bindparam("version"))
)
DROP_PLUGIN = prepare(plugins.delete().where(scoped(plugins), plugins.c.plugin_id == bindparam("which")))
DROP_SETTINGS = prepare(settings.delete().where(scoped(settings), settings.c.owner == bindparam("which")))
_put_settings = insert(settings)
PUT_SETTINGS = prepare(
    _put_settings.on_conflict_do_update(
        index_elements=["tenant_id", "owner"], set_={"values": _put_settings.excluded["values"]}
    )
)


def read_definition(
    path: Path, *, installed: Sequence[str], languages: Mapping[str, Language]
) -> tuple[Definition, str]:
    """Reads a tenant's file; its text comes along for later findings. Raises `ContentInvalid` with every finding."""
    raw, source = read_toml(path)
    try:
        definition = msgspec.convert(raw, Definition)
    except msgspec.ValidationError as error:
        raise ContentInvalid([_structural(path.name, str(error), source)]) from None
    findings = [
        Finding(path.name, message, line=line_of(source, key, value=value), key=key)
        for key, value, message in _problems(definition, path, installed, languages)
    ]
    if findings:
        raise ContentInvalid(findings)
    return definition, source


def _structural(name: str, error: str, source: str) -> Finding:
    key, sentence = place_and_message(error, name)
    return Finding(name, sentence, line=line_of(source, key) or 1, key=key)


def _problems(
    definition: Definition, path: Path, installed: Sequence[str], languages: Mapping[str, Language]
) -> list[tuple[str, str | None, Message]]:
    found: list[tuple[str, str | None, Message]] = []
    if not SLUG.fullmatch(definition.slug) or definition.slug != path.stem:
        found.append(("slug", None, msg("The slug is the file's name: small letters, digits and hyphens.")))
    if not definition.languages:
        found.append(("languages", None, msg("A tenant has at least one language.")))
    if not any(definition.name.values()):
        found.append(("name", None, msg("The key {key} is missing.", key="name")))
    for tag in definition.languages:
        if tag not in languages:
            found.append(("languages", tag, wrong_tag(tag)))
        elif tag in REGISTRY and not any(definition.name.get(name) for name in REGISTRY[tag].names):
            found.append(("name", None, msg("There is no text in {language}.", language=tag)))
    if not is_time_zone(definition.time_zone):
        found.append(
            ("time_zone", None, msg("{zone} is not a time zone such as America/Toronto.", zone=definition.time_zone))
        )
    for key in ("languages", "plugins", "hosts"):
        given: tuple[str, ...] = getattr(definition, key)
        twice = dict.fromkeys(one for one in given if given.count(one) > 1)
        found += [(key, one, msg("This is named twice: {name}.", name=one)) for one in twice]
    for id_ in definition.plugins:
        if id_ not in installed:
            found.append(("plugins", id_, msg("The plugin {plugin} is not installed on this machine.", plugin=id_)))
    for host in definition.hosts:
        if not HOST.fullmatch(host):
            found.append(("hosts", host, msg("{host} is not a host name.", host=host)))
    return found


NO_DEFAULTS: Mapping[str, Mapping[str, Any]] = {}


def check_settings(
    definition: Definition,
    source: str,
    name: str,
    kinds: Mapping[str, type[Struct]],
    defaults: Mapping[str, Mapping[str, Any]] = NO_DEFAULTS,
) -> list[Finding]:
    """Findings of the `[settings.…]` tables against the structs that rooms and plugins registered.

    `defaults`: the proposals of the tenant's packs, with which its own settings have to go together.
    """
    findings: list[Finding] = []
    for owner, values in definition.settings.items():
        key = f"settings.{owner}"
        if owner not in kinds:
            sentence = msg("No room or plugin of this tenant is called {owner}.", owner=owner)
            findings.append(Finding(name, sentence, line=line_of(source, key), key=key))
            continue
        for field_ in sorted(set(values) - set(kinds[owner].__struct_fields__)):
            place = f"{key}.{field_}"
            sentence = msg("The key {key} is not known here.", key=field_)
            findings.append(Finding(name, sentence, line=line_of(source, place), key=place))
        for field_ in sorted(set(values) & set(secret_names(kinds[owner]))):
            place = f"{key}.{field_}"
            sentence = msg(
                "{key} is secret and never stands in a file: an administrator sets it on its page.", key=place
            )
            findings.append(Finding(name, sentence, line=line_of(source, place), key=place))
        known = {k: v for k, v in values.items() if k in kinds[owner].__struct_fields__}
        try:
            msgspec.convert(known, kinds[owner])
        except msgspec.ValidationError as error:
            _, _, at = str(error).partition(" - at `$")
            place = f"{key}{at.rstrip('`').removesuffix('[...]')}"
            sentence = msg("{key}: {reason}", key=place, reason=kind_message(str(error)))
            findings.append(Finding(name, sentence, line=line_of(source, place), key=place))
        else:
            for field_, sentence in conflicts_in({**defaults.get(owner, {}), **known}, kinds[owner]):
                place = f"{key}.{field_}"
                findings.append(Finding(name, sentence, line=line_of(source, place), key=place))
    return findings


def convert(owned: Mapping[str, Mapping[str, Any]], owner: str, kind: type[Struct]) -> Struct:
    """Returns a tenant's stored settings for one room or plugin as its struct. Raises `msgspec.ValidationError`."""
    return msgspec.convert(owned.get(owner, {}), kind, strict=False)


UNFIT = msg(
    "What this region has set for it does not fit its version. The region goes on without it until that is mended."
)


def convert_all(
    owned: Mapping[str, Mapping[str, Any]], kinds: Mapping[str, type[Struct]]
) -> tuple[dict[str, Struct], dict[str, str]]:
    """Returns a tenant's settings by owner, and why those of some owners do not fit; for these the defaults hold."""
    settings, misfits = {}, {}
    for owner, kind in kinds.items():
        try:
            settings[owner] = convert(owned, owner, kind) if owner in owned else _usual(kind)
        except msgspec.ValidationError as error:
            settings[owner], misfits[owner] = _usual(kind), str(error)
    return settings, misfits


@lru_cache(maxsize=256)
def _usual(kind: type[Struct]) -> Struct:
    """Returns the settings that hold where nothing was set; frozen, and so shared by all tenants."""
    return kind()


async def touch(db: Db) -> None:
    """Makes every process read the transaction's tenant anew once this is committed."""
    await db.sql("SELECT touch_tenant()")


async def current(db: Db, stored: Stored) -> Definition:
    """Returns a tenant as a definition, the way `spheres tenant export` prints it."""
    states = await db.all(PLUGINS)
    owned = await db.all(SETTINGS)
    return Definition(
        slug=stored.slug,
        name=stored.name,
        languages=tuple(stored.languages),
        time_zone=stored.time_zone,
        hosts=tuple(stored.hosts),
        illustrative=stored.illustrative,
        plugins=tuple(state.plugin_id for state in states if state.active),
        settings={row[0]: row[1] for row in owned},
    )


def difference(before: Definition | None, wanted: Definition) -> list[Change]:
    """Returns what applying would change, and what it would keep although the file does not say it."""
    if before is None:
        return [Change("add", "tenant", after=wanted.slug)] + [
            Change("add", f"plugins.{id_}") for id_ in wanted.plugins
        ]
    changes = [
        Change("change", name, getattr(before, name), getattr(wanted, name))
        for name in ("name", "languages", "time_zone", "hosts", "illustrative")
        if msgspec.to_builtins(getattr(before, name)) != msgspec.to_builtins(getattr(wanted, name))
    ]
    changes += [Change("add", f"plugins.{id_}") for id_ in wanted.plugins if id_ not in before.plugins]
    changes += [Change("keep", f"plugins.{id_}") for id_ in before.plugins if id_ not in wanted.plugins]
    for owner in sorted({*before.settings, *wanted.settings}):
        old, new = before.settings.get(owner, {}), wanted.settings.get(owner, {})
        for key in sorted({*old, *new}):
            if is_sealed(old.get(key)):
                continue
            if key not in new:
                changes.append(Change("keep", f"settings.{owner}.{key}", old[key]))
            elif key not in old:
                changes.append(Change("add", f"settings.{owner}.{key}", after=new[key]))
            elif old[key] != new[key]:
                changes.append(Change("change", f"settings.{owner}.{key}", old[key], new[key]))
    return changes


async def write(db: Db, wanted: Definition, before: Definition | None, keyring: Keyring, *, now: dt.datetime) -> UUID:
    """Merges a definition in, as the owner role. Plugins and settings the file does not name stay as they are."""
    tenant_id: UUID = await db.scalar(
        PUT,
        id=uuid7(),
        slug=wanted.slug,
        name=dict(wanted.name),
        languages=list(wanted.languages),
        time_zone=wanted.time_zone,
        hosts=list(wanted.hosts),
        illustrative=wanted.illustrative,
    )
    db.tenant_id = tenant_id
    await db.unchecked_sql("SELECT set_config('app.tenant', $1, true)", str(tenant_id))
    if before is None:
        await db.run(ADD_KEY, wrapped=keyring.new_tenant_key(tenant_id))
    had = before.plugins if before else ()
    for id_ in wanted.plugins:
        if id_ not in had:
            await db.run(PUT_PLUGIN, plugin_id=id_, active=True, since=now)
    for owner, values in wanted.settings.items():
        merged = {**(before.settings.get(owner, {}) if before else {}), **values}
        await db.run(PUT_SETTINGS, owner=owner, values=merged)
    await db.sql("SELECT pg_notify($1, $2)", CHANNEL, wanted.slug)
    return tenant_id
