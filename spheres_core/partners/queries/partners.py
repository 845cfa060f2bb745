"""Reads the partners of a tenant, with what they do, offer and are called on a day."""

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct

from spheres_core.extra_questions import queries as extra_questions
from spheres_core.facts import OrganizationFacts, ServiceFacts, Words
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.areas import with_inner_areas, with_outer_areas
from spheres_core.partners.conflict_of_interest import exclusion
from spheres_core.partners.dated_names import name_on, one_of_names_on, other_names, stored_name_on
from spheres_core.partners.entry_display import OwnedRow, read_entry, show_contact, show_role, show_service
from spheres_core.partners.queries.directory_rows import (
    AREAS,
    CONTACTS,
    FACTS_ON,
    ID_OF,
    KEPT_ORGANIZATIONS,
    MANDATE_ON,
    MANDATES,
    OF_KIND,
    ORGANIZATION_NAMES,
    ORGANIZATIONS,
    REGIME_OF,
    ROLES_ON,
    SERVICE_IDS_ON,
    SERVICES_ON,
    AreaRow,
    FactsRow,
    StoredFacts,
    by_organization,
)
from spheres_core.partners.queries.pack_content import role_names
from spheres_core.partners.schemas.directory import Area, Mandate, Organization
from spheres_core.partners.schemas.display import Coordination, Partner, ShownContact, ShownService
from spheres_core.partners.settings import PartnersSettings

DIRECTORIES_KEPT: Final = 1024
"""Directories whose facts stay made in a process; each is some 10 kB. With fewer than the regions that are asked in
turn, each reading makes them anew."""

_FACTS_ROWS = msgspec.json.Decoder(list[FactsRow])
_AREA_ROWS = msgspec.json.Decoder(list[AreaRow])


async def partners_on(ctx: Context, on: dt.date) -> list[Partner]:
    """Returns the organizations that had a role on this day, with what they did, offered and how to reach them."""
    roles = by_organization(await ctx.db.all(ROLES_ON, on=on))
    offered = by_organization(await ctx.db.all(SERVICES_ON, on=on))
    reached = by_organization(await ctx.db.all(CONTACTS))
    names = role_names(ctx)
    found = []
    for row in await ctx.db.all(ORGANIZATIONS):
        if row.key not in roles:
            continue
        entry = read_entry(Organization, row.key, row.content)
        found.append(
            Partner(
                key=entry.key,
                name=name_on(entry, on),
                short_name=entry.short_name,
                legal_name=entry.legal_name,
                other_names=other_names(entry, on),
                kind=entry.kind,
                parent=entry.parent,
                areas=entry.areas,
                languages=entry.languages,
                legal_regime=entry.legal_regime,
                note=entry.note,
                status=entry.status,
                roles=tuple(show_role(each, names) for each in roles[row.key]),
                services=tuple(show_service(ctx, each) for each in offered.get(row.key, ())),
                contacts=tuple(show_contact(ctx, each) for each in reached.get(row.key, ())),
            )
        )
    return found


async def coordinator_on(ctx: Context, on: dt.date) -> Coordination | None:
    """Returns who coordinates on this day; None before the first mandate or while nobody is named."""
    rows = await _with_names(ctx, await ctx.db.all(MANDATE_ON, on=on), on)
    return rows[0] if rows else None


async def coordination_history(ctx: Context) -> list[Coordination]:
    """Returns every coordination mandate, the oldest first."""
    found = await _with_names(ctx, await ctx.db.all(MANDATES), ctx.today)
    return sorted(found, key=lambda each: each.since)


async def services(ctx: Context, on: dt.date, *, audience: str | None = None) -> list[ShownService]:
    """Returns the services offered on this day, for one audience or all."""
    shown = [show_service(ctx, row) for row in await ctx.db.all(SERVICES_ON, on=on)]
    return [each for each in shown if audience is None or each.audience == audience]


async def programme_contacts(ctx: Context) -> list[ShownContact]:
    """Returns how to reach the program itself."""
    return [show_contact(ctx, row) for row in await ctx.db.all(CONTACTS) if row.organization is None]


async def areas(ctx: Context) -> list[Area]:
    """Returns the tenant's areas, in the order in which they were brought."""
    return [read_entry(Area, row.key, row.content) for row in await ctx.db.all(AREAS)]


async def organization_names(ctx: Context) -> dict[str, Words]:
    """Returns what each organization of the directory is called, by key; without those that were removed."""
    return {row.key: row.content["name"] for row in await ctx.db.all(KEPT_ORGANIZATIONS)}


async def organizations_of_kind(ctx: Context, kind: str) -> set[str]:
    """Returns the keys of organizations of a kind, also of those that were removed from the directory."""
    return {row[0] for row in await ctx.db.all(OF_KIND, of_kind=kind)}


async def organization_names_by_id(ctx: Context) -> dict[UUID, Words]:
    """Returns what each organization that the directory ever had is called, by its id."""
    return {row[0]: row[1] for row in await ctx.db.all(ORGANIZATION_NAMES)}


async def organization_facts(ctx: Context, on: dt.date) -> list[OrganizationFacts]:
    """Returns the partners of this day as hooks see them."""
    return await with_meanings(
        ctx, facts_from_stored((await ctx.db.all(FACTS_ON, on=on))[0], on=on).organizations, on=on
    )


async def with_meanings(
    ctx: Context, organizations: list[OrganizationFacts], *, on: dt.date
) -> list[OrganizationFacts]:
    """Returns organizations with what was answered to extra questions on them and on their services of this day.

    Asks the database only where such a question has a meaning.
    """
    own = await extra_questions.meanings_on(ctx, "organization")
    offered = await extra_questions.meanings_on(ctx, "service")
    if not own and not offered:
        return organizations
    services: dict[str, list[ServiceFacts]] = {}
    for organization, key, name, id in await ctx.db.all(SERVICE_IDS_ON, on=on) if offered else ():
        if id in offered:
            services.setdefault(organization, []).append(ServiceFacts(key, name, offered[id], id))
    return [
        msgspec.structs.replace(
            each, meanings=own.get(each.id, {}) if each.id else {}, services=tuple(services.get(each.key, ()))
        )
        for each in organizations
    ]


async def legal_regime_of(ctx: Context, organization: str) -> str | None:
    """Returns the act that an organization's records live under: empty when it is not stated, None when it is unknown
    here."""
    rows = await ctx.db.all(REGIME_OF, which=organization)
    return (rows[0][0] or "") if rows else None


class DirectoryFacts(Struct, frozen=True):
    """The partners of one day as hooks see them, and which areas lie in which."""

    organizations: list[OrganizationFacts]
    around: Mapping[str, set[str]]
    """Every area with those around it."""


def facts_from_stored(stored: StoredFacts, *, on: dt.date) -> DirectoryFacts:
    """Returns the answer to `FACTS_ON`, for rooms that send it along with questions of their own. Who serves an area
    serves the areas in it.

    The text of a directory is the same from one reading to the next: what was made of it is kept for as long.
    """
    known = _facts_of_text(stored.organizations, stored.areas, on)
    return DirectoryFacts([*known.organizations], known.around)


@lru_cache(maxsize=DIRECTORIES_KEPT)
def _facts_of_text(organizations: str, areas: str, on: dt.date) -> DirectoryFacts:
    within = {each.key: each.within or "" for each in _AREA_ROWS.decode(areas)}
    around = {each: with_outer_areas(each, within) for each in within}
    found = [
        OrganizationFacts(
            key=row.key,
            name=one_of_names_on(row.name, row.names, on) if row.names else row.name,
            roles=row.roles,
            languages=row.languages or (),
            areas=with_inner_areas(row.areas or (), around),
            id=row.id,
        )
        for row in _FACTS_ROWS.decode(organizations)
    ]
    return DirectoryFacts(found, around)


def without_conflicts(ctx: Context, known: DirectoryFacts, *, area: str | None) -> list[OrganizationFacts]:
    """Returns the organizations that the region proposes in this place.
    A place that is none of its areas is not known."""
    rules = ctx.settings("partners", PartnersSettings).not_proposed
    if not rules:
        return known.organizations
    where = known.around.get(area) if area else None
    return [each for each in known.organizations if exclusion(each.key, where, rules) is None]


async def organization_id(ctx: Context, key: str) -> UUID | None:
    """Returns the id of an organization of this tenant by its key, or None."""
    found: UUID | None = await ctx.db.scalar(ID_OF, which=key)
    return found


async def _with_names(ctx: Context, rows: list[OwnedRow], on: dt.date) -> list[Coordination]:
    names = {each.key: stored_name_on(each.content, on) for each in await ctx.db.all(ORGANIZATIONS)}
    found = []
    for row in rows:
        mandate = read_entry(Mandate, row.key, row.content)
        found.append(
            Coordination(
                organization=mandate.organization,
                name=names[mandate.organization],
                since=mandate.starts,
                until=mandate.ends,
                day_confirmed=mandate.day_confirmed,
                status=mandate.status,
            )
        )
    return found
