"""Questions about the directory: answered for a day, from the tenant's own rows only.

Whom to call is always answered: a contact that was verified long ago is shown with a warning, never
hidden.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import bindparam, func, or_, select

from spheres_core.facts import Message, OrganizationFacts, Words
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import Statement, prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners import code_lists, legal_profiles, models
from spheres_core.partners.conflict_of_interest import exclusion
from spheres_core.partners.dated_names import name_on, other_names, stored_name_on
from spheres_core.partners.directory_file import TOPIC
from spheres_core.partners.entry_display import (
    OwnedRow,
    PartnersSettings,
    as_emergency,
    read_entry,
    show_contact,
    show_emergency,
    show_role,
    show_service,
)
from spheres_core.partners.schemas import (
    ROLES,
    Area,
    Coordination,
    DataGovernance,
    EmergencyContact,
    Mandate,
    Organization,
    Partner,
    ShownContact,
    ShownEmergencyContact,
    ShownService,
)


class PlainRow(Struct, frozen=True):
    """An entry that belongs to no organization."""

    key: str
    content: dict[str, Any]


class FactsRow(Struct, frozen=True):
    """An organization with its roles of one day."""

    key: str
    content: dict[str, Any]
    roles: list[str]


_organizations = table(models.OrganizationRow)
_partnerships = table(models.PartnershipRow)
_services = table(models.ServiceRow)
_mandates = table(models.CoordinationMandateRow)
_contacts = table(models.ContactPointRow)
_emergencies = table(models.EmergencyContactRow)
_areas = table(models.ServiceArea)
_on = bindparam("on", type_=_partnerships.c.starts_on.type)


def _active(rows: Any) -> Any:
    """In force on the day: an unknown start counts as past; the last day does not count."""
    return or_(rows.c.starts_on.is_(None), rows.c.starts_on <= _on) & or_(
        rows.c.ends_on.is_(None), rows.c.ends_on > _on
    )


def _of_organization(rows: Any, *conditions: Any) -> Statement[OwnedRow]:
    joined = rows.outerjoin(
        _organizations,
        (_organizations.c.tenant_id == rows.c.tenant_id) & (_organizations.c.id == rows.c.organization_id),
    )
    wanted = select(_organizations.c.key, rows.c.key, rows.c.content).select_from(joined)
    return prepare(wanted.where(scoped(rows), *conditions).order_by(rows.c.key), into=OwnedRow)


def _plain(rows: Any) -> Statement[PlainRow]:
    return prepare(select(rows.c.key, rows.c.content).where(scoped(rows)).order_by(rows.c.id), into=PlainRow)


ORGANIZATIONS = _plain(_organizations)
AREAS = _plain(_areas)
EMERGENCIES = _plain(_emergencies)
ROLES_ON = _of_organization(_partnerships, _active(_partnerships))
SERVICES_ON = _of_organization(_services, _active(_services))
ROLES_EVER = _of_organization(_partnerships)
SERVICES_EVER = _of_organization(_services)
MANDATES = _of_organization(_mandates)
MANDATE_ON = _of_organization(_mandates, _active(_mandates))
CONTACTS = _of_organization(_contacts)
FACTS_ON = prepare(
    select(
        _organizations.c.key,
        _organizations.c.content,
        func.array_agg(func.distinct(_partnerships.c.role)).label("roles"),
    )
    .join(
        _partnerships,
        (_organizations.c.tenant_id == _partnerships.c.tenant_id)
        & (_organizations.c.id == _partnerships.c.organization_id),
    )
    .where(scoped(_organizations), scoped(_partnerships), _active(_partnerships))
    .group_by(_organizations.c.tenant_id, _organizations.c.id)
    .order_by(_organizations.c.key),
    into=FactsRow,
)
ID_OF: Statement[Any] = prepare(
    select(_organizations.c.id).where(scoped(_organizations), _organizations.c.key == bindparam("which"))
)


async def partners_on(ctx: Context, on: dt.date) -> list[Partner]:
    """The organizations that had a role on this day, with what they did, offered and how to reach
    them."""
    roles = by_owner(await ctx.db.all(ROLES_ON, on=on))
    offered = by_owner(await ctx.db.all(SERVICES_ON, on=on))
    reached = by_owner(await ctx.db.all(CONTACTS))
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
    """Who coordinates on this day; None before the first mandate or while nobody is named."""
    rows = await _with_names(ctx, await ctx.db.all(MANDATE_ON, on=on), on)
    return rows[0] if rows else None


async def coordination_history(ctx: Context) -> list[Coordination]:
    """Every coordination mandate, the oldest first."""
    found = await _with_names(ctx, await ctx.db.all(MANDATES), ctx.today)
    return sorted(found, key=lambda each: each.since)


def coordination_to_confirm(ctx: Context) -> Words | None:
    """What is said instead of a coordinator while nobody has been named, or None."""
    return next(
        (d.coordination_to_confirm for _, d in ctx.plugins.gather(TOPIC) if d.coordination_to_confirm),
        None,
    )


def data_governance(ctx: Context) -> DataGovernance | None:
    """Who decides what becomes of the region's data, where a pack says that somebody does or should."""
    return next((d.data_governance for _, d in ctx.plugins.gather(TOPIC) if d.data_governance), None)


async def services(ctx: Context, on: dt.date, *, audience: str | None = None) -> list[ShownService]:
    """The services offered on this day, for one audience or all."""
    shown = [show_service(ctx, row) for row in await ctx.db.all(SERVICES_ON, on=on)]
    return [each for each in shown if audience is None or each.audience == audience]


async def programme_contacts(ctx: Context) -> list[ShownContact]:
    """How to reach the programme itself."""
    return [show_contact(ctx, row) for row in await ctx.db.all(CONTACTS) if row.organization is None]


async def areas(ctx: Context) -> list[Area]:
    """The tenant's areas, in the order in which they were brought."""
    return [read_entry(Area, row.key, row.content) for row in await ctx.db.all(AREAS)]


async def emergency_contacts(ctx: Context, *, area: str | None = None) -> list[ShownEmergencyContact]:
    """Whom to reach right now: for one area and those around it, or for all areas of the tenant.

    Immediate danger first, then the youth protection lines that the legal profile has for these
    areas. Never empty because something is old: stale contacts are shown with their date.
    """
    within = {each.key: each.within for each in await areas(ctx)}
    reached = set(within) if area is None else around(area, within)
    entries = [read_entry(EmergencyContact, row.key, row.content) for row in await ctx.db.all(EMERGENCIES)]
    entries += [as_emergency(line) for line in _lines(ctx)]
    order = ("immediate_danger", "shelter", "listening", "youth_protection")
    shown = [each for each in entries if not reached.isdisjoint(each.areas)]
    return [show_emergency(ctx, each) for each in sorted(shown, key=lambda each: order.index(each.audience))]


async def organization_facts(ctx: Context, on: dt.date) -> list[OrganizationFacts]:
    """The partners of this day as hooks see them, in one statement."""
    return facts(await ctx.db.all(FACTS_ON, on=on), await ctx.db.all(AREAS), on=on)


def facts(rows: Sequence[FactsRow], places: Sequence[PlainRow], *, on: dt.date) -> list[OrganizationFacts]:
    """The answers to `FACTS_ON` and `AREAS`, for rooms that send them along with questions of their own. Who serves
    an area serves the areas in it."""
    within = {each.key: str(each.content.get("within", "")) for each in places}
    return [
        OrganizationFacts(
            key=row.key,
            name=stored_name_on(row.content, on),
            roles=tuple(row.roles),
            languages=tuple(row.content.get("languages", ())),
            areas=_with_inner(row.content.get("areas", ()), within),
        )
        for row in rows
    ]


def without_conflicts(
    ctx: Context, organizations: Sequence[OrganizationFacts], *, area: str | None, places: Sequence[PlainRow]
) -> list[OrganizationFacts]:
    """The organizations that the region proposes in this place. A place that is none of its areas is not known."""
    rules = ctx.settings("partners", PartnersSettings).not_proposed
    within = {each.key: str(each.content.get("within", "")) for each in places}
    where = around(area, within) if area in within else None
    return [each for each in organizations if exclusion(each.key, where, rules) is None]


def _with_inner(areas: Sequence[str], within: Mapping[str, str]) -> tuple[str, ...]:
    inner = [each for each in within if each not in areas and not around(each, within).isdisjoint(areas)]
    return (*areas, *inner)


async def organization_id(ctx: Context, key: str) -> UUID | None:
    """The id of an organization of this tenant by its key, or None."""
    found: UUID | None = await ctx.db.scalar(ID_OF, which=key)
    return found


def legal_profile(ctx: Context) -> legal_profiles.LegalProfile | None:
    """The legal profile of this tenant's plugins, the last one where several bring one."""
    given = ctx.plugins.gather(legal_profiles.TOPIC)
    return given[-1][1] if given else None


def label(ctx: Context, list_name: str, code: str) -> Words | None:
    """The label of a code in one of the region's lists (`needs`, `principles` …), or None."""
    for _, catalogue in reversed(ctx.plugins.gather("catalogue")):
        listed: code_lists.CodeList | None = getattr(catalogue, list_name)
        if listed is not None and (found := listed.label(code)) is not None:
            return found
    return None


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


def by_owner(rows: list[OwnedRow]) -> dict[str, list[OwnedRow]]:
    """Entries by the organization they belong to."""
    found: dict[str, list[OwnedRow]] = {}
    for row in rows:
        if row.organization is not None:
            found.setdefault(row.organization, []).append(row)
    return found


def role_names(ctx: Context) -> dict[str, Message | Words]:
    """What each role is called: the programme's and the region's own."""
    names: dict[str, Message | Words] = dict(ROLES)
    for _, directory in ctx.plugins.gather(TOPIC):
        names |= directory.role_names
    return names


def _lines(ctx: Context) -> list[legal_profiles.YouthProtectionLine]:
    return [line for _, profile in ctx.plugins.gather(legal_profiles.TOPIC) for line in profile.youth_protection_lines]


def around(area: str, within: Mapping[str, str]) -> set[str]:
    """An area and those around it."""
    found: set[str] = set()
    while area and area not in found:
        found.add(area)
        area = within.get(area, "")
    return found
