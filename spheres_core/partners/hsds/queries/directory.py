"""Queries the directory as HSDS records: what it knows, and what an import brought and was not changed here."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select

from spheres_core.facts import Message, Words
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import Statement, prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners import models
from spheres_core.partners.entry_display import read_entry
from spheres_core.partners.hsds import EXTENSION
from spheres_core.partners.hsds.records import (
    OwnedContact,
    Record,
    RecordContext,
    organization_record,
    service_record,
)
from spheres_core.partners.queries import directory_rows, pack_content, partners
from spheres_core.partners.schemas.directory import Contact, Organization, Role, Service


class _Row(Struct, frozen=True):
    id: UUID
    key: str
    content: dict[str, Any]
    brought: dict[str, Any]
    changed_at: dt.datetime


def _all(model: type[Any]) -> Statement[_Row]:
    rows = table(model)
    return prepare(
        select(rows.c.id, rows.c.key, rows.c.content, rows.c.brought, rows.c.changed_at)
        .where(scoped(rows), rows.c.removed_on.is_(None))
        .order_by(rows.c.key, rows.c.id),
        into=_Row,
    )


_ORGANIZATIONS = _all(models.OrganizationRow)
_SERVICES = _all(models.ServiceRow)
_CONTACTS = _all(models.ContactPointRow)


class HsdsDirectory:
    """The tenant's directory while it is given out. Ids are those of the rows: they stay."""

    def __init__(
        self,
        context: RecordContext,
        organizations: Sequence[_Row],
        services: Sequence[_Row],
        contacts: Sequence[_Row],
        roles: Mapping[str, Sequence[Role]],
    ) -> None:
        self.context = context
        self._roles = roles
        self._organizations = {row.id: row for row in organizations}
        self._services = {row.id: row for row in services}
        self._contacts: dict[str, list[_Row]] = {}
        for row in contacts:
            self._contacts.setdefault(row.content["organization"], []).append(row)

    @property
    def organizations(self) -> list[UUID]:
        """Returns the ids of all organizations, in the order of their keys."""
        return list(self._organizations)

    def services(self, *, of: UUID | None = None) -> list[UUID]:
        """Returns the ids of all services, or of those of one organization, in the order of their keys."""
        key = self._organizations[of].key if of in self._organizations else None
        return [id_ for id_, row in self._services.items() if of is None or row.content["organization"] == key]

    def changed_at(self, service: UUID) -> dt.datetime:
        """Returns when a service that there is last changed here."""
        return self._services[service].changed_at

    def texts_of(self, id_: UUID) -> Iterator[str]:
        """Yields what an organization or service is called and says of itself, in every language."""
        row = self._services.get(id_) or self._organizations[id_]
        yield row.content.get("short_name", "")
        for name in ("name", "about", "legal_name", "note"):
            yield from row.content.get(name, {}).values()
        for each in row.content.get("names", ()):
            yield from each["name"].values()
        if owner := row.content.get("organization"):
            yield from self.texts_of(self.context.organizations[owner])

    def organization(self, id_: UUID) -> Record | None:
        """Returns an organization with its services, or None."""
        if id_ not in self._organizations:
            return None
        record = self._organization(id_)
        if offered := [self._service(each) for each in self.services(of=id_)]:
            record["services"] = offered
        return record

    def service(self, id_: UUID) -> Record | None:
        """Returns a service with its organization, or None."""
        if id_ not in self._services:
            return None
        record = self._service(id_)
        owner = self.context.organizations[self._services[id_].content["organization"]]
        return record | {"organization": self._organization(owner)}

    def _organization(self, id_: UUID) -> Record:
        row = self._organizations[id_]
        rows = self._contacts.get(row.key, [])
        now = [OwnedContact(each.id, read_entry(Contact, each.key, each.content)) for each in rows]
        before = [OwnedContact(each.id, read_entry(Contact, each.key, each.brought)) for each in rows]
        roles = self._roles.get(row.key, ())
        made = organization_record(self.context, id_, read_entry(Organization, row.key, row.content), now, roles)

        def brought() -> Record:
            return organization_record(self.context, id_, read_entry(Organization, row.key, row.brought), before, roles)

        return _with_imported_fields(made, row, brought)

    def _service(self, id_: UUID) -> Record:
        row = self._services[id_]
        owner = self.context.organizations[row.content["organization"]]
        made = service_record(self.context, id_, read_entry(Service, row.key, row.content), owner)
        return _with_imported_fields(
            made, row, lambda: service_record(self.context, id_, read_entry(Service, row.key, row.brought), owner)
        )


def _with_imported_fields(made: Record, row: _Row, make_brought: Any) -> Record:
    """Puts the fields that came with an import in place of our own, where nothing was changed here since."""
    kept: Mapping[str, Any] = row.content.get("hsds") or {}
    if not kept:
        return made
    brought: Record = make_brought()
    same = {name for name in {*made, *brought, *kept["fields"]} if made.get(name) == brought.get(name)}
    record = {name: value for name, value in made.items() if name not in same or name not in kept["without"]}
    record |= {name: value for name, value in kept["fields"].items() if name in same}
    own = record.pop(EXTENSION)
    return record | {EXTENSION: own}


async def record_context(ctx: Context, *, language: str = "") -> RecordContext:
    """Returns what records need of the tenant. `language`: the tag of the texts in HSDS fields; the reader's when
    empty."""
    spoken = [each.tag for each in ctx.locale.chain]
    rows = await ctx.db.all(_ORGANIZATIONS)
    return RecordContext(
        languages=tuple(dict.fromkeys([language, *spoken] if language else spoken)),
        zone=ctx.tenant.time_zone,
        now=ctx.now,
        areas={each.key: each.name for each in await partners.areas(ctx)},
        needs=_needs(ctx),
        organizations={row.key: row.id for row in rows},
        role_names={
            role: str(ctx.locale.say(name) if isinstance(name, Message) else ctx.locale.pick(name))
            for role, name in pack_content.role_names(ctx).items()
        },
    )


async def load_directory(ctx: Context, context: RecordContext | None = None) -> HsdsDirectory:
    """Returns the whole directory of the tenant, in the reader's language or as `context` says."""
    return HsdsDirectory(
        context or await record_context(ctx),
        await ctx.db.all(_ORGANIZATIONS),
        await ctx.db.all(_SERVICES),
        await ctx.db.all(_CONTACTS),
        {
            owner: [read_entry(Role, each.key, each.content) for each in rows]
            for owner, rows in directory_rows.by_organization(await ctx.db.all(directory_rows.ROLES_EVER)).items()
        },
    )


async def whole_directory(ctx: Context) -> dict[str, list[Record]]:
    """Returns every organization with its services, as one document that `import_document` takes: in the tenant's first
    language where HSDS has room for one only, in all of them beside it."""
    context = await record_context(ctx, language=ctx.tenant.languages[0])
    found = await load_directory(ctx, context)
    records = (found.organization(each) for each in found.organizations)
    return {"organizations": [each for each in records if each is not None]}


def _needs(ctx: Context) -> dict[str, Words]:
    found: dict[str, Words] = {}
    for _, catalogue in ctx.plugins.gather("catalogue"):
        if catalogue.needs is not None:
            found |= {each.code: each.label for each in catalogue.needs.items}
    return found
