"""What changes the tenant's directory: adopting what a pack brings.

Adopting is a three-way merge, field by field: what the pack said before, what it says now, what
holds here. A field that was changed here stays as it is here. Nothing is ever deleted: an entry the
pack no longer brings stays and is reported.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import msgspec
import structlog
from msgspec import Struct
from sqlalchemy import Table, bindparam, insert, select, update

from spheres_core.audit import operations as audit
from spheres_core.foundation.context import Context
from spheres_core.foundation.db import Statement, prepare, scoped, table, uuid7
from spheres_core.partners import models
from spheres_core.partners.directory import chain_problem
from spheres_core.partners.schemas import Difference, Directory, Mandate

log = structlog.get_logger("spheres.partners")

MERGE_LOCK = "spheres.partners.adopt"


class Entry(Struct, frozen=True):
    """One entry of a directory on its way into a table."""

    key: str
    content: dict[str, Any]


class _Row(Struct, frozen=True):
    id: UUID
    origin: str
    key: str
    content: dict[str, Any]
    brought: dict[str, Any]


class _Kind:
    """A table of the directory: its entries, and the clear columns that follow from an entry's
    content."""

    def __init__(
        self,
        model: type[Any],
        entries: Callable[[Directory], Sequence[Entry]],
        columns: Callable[[dict[str, Any]], dict[str, Any]] = lambda content: {},
        *,
        of_organization: bool = False,
    ) -> None:
        own: Table = table(model)
        self.name = own.name
        self.entries = entries
        self.columns = columns
        self.of_organization = of_organization
        self.all: Statement[_Row] = prepare(
            select(own.c.id, own.c.origin, own.c.key, own.c.content, own.c.brought).where(
                scoped(own)
            ),
            into=_Row,
        )
        self.add: Statement[Any] = prepare(insert(own))
        fixed = {"tenant_id", "id", "origin", "key"}
        self.change: Statement[Any] = prepare(
            update(own)
            .where(scoped(own), own.c.id == bindparam("row_id"))
            .values({c.key: bindparam(f"new_{c.key}") for c in own.c if c.key not in fixed})
        )

    def clear(self, content: dict[str, Any], organizations: dict[str, UUID]) -> dict[str, Any]:
        """The clear columns of an entry."""
        if not self.of_organization:
            return self.columns(content)
        return {
            **self.columns(content),
            "organization_id": organizations.get(content["organization"]),
        }


def _plain(entry: Struct, *without: str, organization: str | None = None) -> dict[str, Any]:
    content: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(entry))
    plain = {name: value for name, value in content.items() if name not in ("key", *without)}
    return plain if organization is None else {**plain, "organization": organization}


def _date(content: dict[str, Any], name: str) -> Any:
    return msgspec.convert(content.get(name), type=dt.date | None)


def _span(content: dict[str, Any]) -> dict[str, Any]:
    return {"starts_on": _date(content, "from"), "ends_on": _date(content, "until")}


def _verified(content: dict[str, Any]) -> dict[str, Any]:
    return {"verified_on": _date(content, "verified_on")}


def _organizations(directory: Directory) -> list[Entry]:
    return [
        Entry(each.key, _plain(each, "roles", "services", "contacts"))
        for each in directory.organizations
    ]


def _roles(directory: Directory) -> list[Entry]:
    return [
        Entry(f"{each.key}.{role.own_key}", _plain(role, organization=each.key))
        for each in directory.organizations
        for role in each.roles
    ]


def _services(directory: Directory) -> list[Entry]:
    return [
        Entry(service.key, _plain(service, organization=each.key))
        for each in directory.organizations
        for service in each.services
    ]


def _contacts(directory: Directory) -> list[Entry]:
    of_programme = [
        Entry(contact.key, _plain(contact, organization="")) for contact in directory.contacts
    ]
    return of_programme + [
        Entry(contact.key, _plain(contact, organization=each.key))
        for each in directory.organizations
        for contact in each.contacts
    ]


def _mandates(directory: Directory) -> list[Entry]:
    closed_first = sorted(directory.coordination, key=lambda each: (each.ends is None, each.starts))
    return [Entry(each.key, _plain(each)) for each in closed_first]


_AREAS = _Kind(models.ServiceArea, lambda d: [Entry(each.key, _plain(each)) for each in d.areas])
_ORGANIZATIONS = _Kind(models.OrganizationRow, _organizations)
_MANDATES = _Kind(models.CoordinationMandateRow, _mandates, _span, of_organization=True)
_REST = (
    _Kind(
        models.PartnershipRow,
        _roles,
        lambda content: {"role": content["role"], **_span(content)},
        of_organization=True,
    ),
    _Kind(
        models.ServiceRow,
        _services,
        lambda content: {**_span(content), **_verified(content)},
        of_organization=True,
    ),
    _Kind(
        models.ContactPointRow,
        _contacts,
        lambda content: {"kind": content["kind"], **_verified(content)},
        of_organization=True,
    ),
    _Kind(
        models.EmergencyContactRow,
        lambda d: [Entry(each.key, _plain(each)) for each in d.emergency_contacts],
        lambda content: {"areas": content["areas"], **_verified(content)},
    ),
)


async def adopt(ctx: Context, directory: Directory, plugin_id: str) -> list[Difference]:
    """Merge what a plugin brings into the tenant's directory and say what that changed. Twice
    changes nothing."""
    await ctx.db.sql(
        "SELECT pg_advisory_xact_lock(hashtext($1), hashtext($2))", MERGE_LOCK, str(ctx.tenant.id)
    )
    differences = await _merge(ctx, _AREAS, directory, plugin_id, {})
    differences += await _merge(ctx, _ORGANIZATIONS, directory, plugin_id, {})
    organizations = {row.key: row.id for row in await ctx.db.all(_ORGANIZATIONS.all)}
    for kind in _REST:
        differences += await _merge(ctx, kind, directory, plugin_id, organizations)
    if await _keeps_one_coordinator(ctx, directory):
        differences += await _merge(ctx, _MANDATES, directory, plugin_id, organizations)
    else:
        differences += [
            Difference("clash", _MANDATES.name, each.key) for each in directory.coordination
        ]
    if changed := [each for each in differences if each.kind in ("add", "change")]:
        await audit.record(
            ctx, "directory.adopted", details={"plugin": plugin_id, "entries": len(changed)}
        )
    clashes = [each.key for each in differences if each.kind == "clash"]
    if clashes:
        log.warning("partners.clash", tenant=ctx.tenant.slug, plugin=plugin_id, keys=clashes)
    return differences


def merge(brought: dict[str, Any], here: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """What holds after an upgrade: the new value of each field, but for those that were changed
    here."""
    local = {name: value for name, value in here.items() if brought.get(name) != value}
    return {**now, **local}


async def _merge(
    ctx: Context, kind: _Kind, directory: Directory, plugin_id: str, organizations: dict[str, UUID]
) -> list[Difference]:
    known = {row.key: row for row in await ctx.db.all(kind.all)}
    entries = kind.entries(directory)
    differences: list[Difference] = []
    for entry in entries:
        row = known.get(entry.key)
        if row is None:
            await _add(ctx, kind, entry, plugin_id, organizations)
            differences.append(Difference("add", kind.name, entry.key))
        elif row.origin != plugin_id:
            differences.append(Difference("clash", kind.name, entry.key))
        else:
            differences += await _update(ctx, kind, entry, row, organizations)
    given = {entry.key for entry in entries}
    return differences + [
        Difference("absent", kind.name, key)
        for key, row in sorted(known.items())
        if row.origin == plugin_id and key not in given
    ]


async def _add(
    ctx: Context, kind: _Kind, entry: Entry, plugin_id: str, organizations: dict[str, UUID]
) -> None:
    values = kind.clear(entry.content, organizations)
    await ctx.db.run(
        kind.add,
        id=uuid7(),
        origin=plugin_id,
        key=entry.key,
        content=entry.content,
        brought=entry.content,
        **values,
    )


async def _update(
    ctx: Context, kind: _Kind, entry: Entry, row: _Row, organizations: dict[str, UUID]
) -> list[Difference]:
    content = merge(row.brought, row.content, entry.content)
    changed = tuple(sorted(n for n in content if content[n] != row.content.get(n)))
    kept = tuple(
        sorted(
            name
            for name in content
            if content[name] != entry.content.get(name)
            and entry.content.get(name) != row.brought.get(name)
        )
    )
    if content != row.content or entry.content != row.brought:
        values = {
            f"new_{name}": value for name, value in kind.clear(content, organizations).items()
        }
        await ctx.db.run(
            kind.change, row_id=row.id, new_content=content, new_brought=entry.content, **values
        )
    found = [Difference("change", kind.name, entry.key, changed)] if changed else []
    return found + ([Difference("keep_local", kind.name, entry.key, kept)] if kept else [])


async def _keeps_one_coordinator(ctx: Context, directory: Directory) -> bool:
    """Would exactly one organization coordinate on any date after this merge?"""
    known = {row.key: row for row in await ctx.db.all(_MANDATES.all)}
    after = {key: row.content for key, row in known.items()}
    for entry in _MANDATES.entries(directory):
        row = known.get(entry.key)
        after[entry.key] = merge(row.brought, row.content, entry.content) if row else entry.content
    mandates = [msgspec.convert({**content, "key": key}, Mandate) for key, content in after.items()]
    return chain_problem(mandates) is None
