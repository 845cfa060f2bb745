"""Statements that read the rows of a tenant's directory, all or those in force on a day."""

from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Text, bindparam, cast, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import Statement, prepare, scoped
from spheres_core.partners import models
from spheres_core.partners.entry_display import OwnedRow
from spheres_core.partners.schemas.directory import DatedName


class PlainRow(Struct, frozen=True):
    """An entry that belongs to no organization."""

    key: str
    content: dict[str, Any]


class StoredFacts(Struct, frozen=True):
    """The partners of one day and the areas as JSON text: one value is read faster than a row for each."""

    organizations: str
    """An array of `FactsRow` by key."""
    areas: str
    """An array of `AreaRow` in the order in which they were brought."""


class FactsRow(Struct, frozen=True, array_like=True):
    """As much of an organization as hooks are told, with its roles of one day."""

    key: str
    name: dict[str, str]
    names: tuple[DatedName, ...] | None
    languages: tuple[str, ...] | None
    areas: tuple[str, ...] | None
    roles: tuple[str, ...]
    id: UUID


class AreaRow(Struct, frozen=True, array_like=True):
    """An area and the one that it lies in."""

    key: str
    within: str | None


_organizations = table(models.OrganizationRow)


_partnerships = table(models.PartnershipRow)


_services = table(models.ServiceRow)


_mandates = table(models.CoordinationMandateRow)


_contacts = table(models.ContactPointRow)


_emergencies = table(models.EmergencyContactRow)


_areas = table(models.ServiceArea)


_on = bindparam("on", type_=_partnerships.c.starts_on.type)


def _active(rows: Any) -> Any:
    """Restricts rows to those in force on the day, of organizations that the directory had on that day."""
    return _in_force(rows) & _kept_on(_organizations)


def _in_force(rows: Any) -> Any:
    """Restricts rows to those in force on the day: an unknown start counts as past; the last day does not count."""
    return (
        or_(rows.c.starts_on.is_(None), rows.c.starts_on <= _on)
        & or_(rows.c.ends_on.is_(None), rows.c.ends_on > _on)
        & _kept_on(rows)
    )


def _kept_on(rows: Any) -> Any:
    """Leaves out what this region had removed from its directory by that day."""
    return or_(rows.c.removed_on.is_(None), rows.c.removed_on > _on)


def _kept(rows: Any) -> Any:
    """Leaves out what this region has removed from its directory."""
    return rows.c.removed_on.is_(None)


def _of_organization(rows: Any, *conditions: Any) -> Statement[OwnedRow]:
    joined = rows.outerjoin(
        _organizations,
        (_organizations.c.tenant_id == rows.c.tenant_id) & (_organizations.c.id == rows.c.organization_id),
    )
    wanted = select(_organizations.c.key, rows.c.key, rows.c.content).select_from(joined)
    return prepare(wanted.where(scoped(rows), *conditions).order_by(rows.c.key), into=OwnedRow)


def _plain(rows: Any, *conditions: Any) -> Statement[PlainRow]:
    wanted = select(rows.c.key, rows.c.content).where(scoped(rows), *conditions)
    return prepare(wanted.order_by(rows.c.id), into=PlainRow)


ORGANIZATIONS = _plain(_organizations)


ORGANIZATION_NAMES = prepare(
    select(_organizations.c.id, _organizations.c.content["name"]).where(scoped(_organizations))
)


OF_KIND = prepare(
    select(_organizations.c.key).where(
        scoped(_organizations), _organizations.c.content["kind"].astext == bindparam("of_kind")
    )
)


KEPT_ORGANIZATIONS = _plain(_organizations, _kept(_organizations))


AREAS = _plain(_areas)


EMERGENCIES = _plain(_emergencies, _kept(_emergencies))


ROLES_ON = _of_organization(_partnerships, _active(_partnerships))


SERVICES_ON = _of_organization(_services, _active(_services))


SERVICE_IDS_ON = prepare(
    select(_organizations.c.key, _services.c.key, _services.c.content["name"], _services.c.id)
    .select_from(
        _services.join(
            _organizations,
            (_organizations.c.tenant_id == _services.c.tenant_id)
            & (_organizations.c.id == _services.c.organization_id),
        )
    )
    .where(scoped(_services), _active(_services))
    .order_by(_services.c.key)
)


ROLES_EVER = _of_organization(_partnerships, _kept(_partnerships), _kept(_organizations))


SERVICES_EVER = _of_organization(_services, _kept(_services), _kept(_organizations))


MANDATES = _of_organization(_mandates)


MANDATE_ON = _of_organization(_mandates, _active(_mandates))


CONTACTS = _of_organization(_contacts, _kept(_contacts), _kept(_organizations))


_roles = (
    select(
        _partnerships.c.organization_id.label("organization"),
        func.array_agg(func.distinct(_partnerships.c.role)).label("roles"),
    )
    .where(scoped(_partnerships), _in_force(_partnerships))
    .group_by(_partnerships.c.organization_id)
    .subquery("roles")
)


def _array(order: Any, *values: Any) -> Any:
    """Builds the text of a JSON array with one array of these values for each row, in this order."""
    rows = func.json_agg(aggregate_order_by(func.json_build_array(*values), order))
    return cast(func.coalesce(rows, literal_column("'[]'")), Text)


def _in_content(rows: Any, *names: str) -> list[Any]:
    return [rows.c.content.op("->")(literal_column(f"'{name}'")) for name in names]


FACTS_ON = prepare(
    select(
        select(
            _array(
                _organizations.c.key,
                _organizations.c.key,
                *_in_content(_organizations, "name", "names", "languages", "areas"),
                _roles.c.roles,
                _organizations.c.id,
            )
        )
        .select_from(_organizations.join(_roles, _organizations.c.id == _roles.c.organization))
        .where(scoped(_organizations), _kept_on(_organizations))
        .scalar_subquery(),
        select(_array(_areas.c.id, _areas.c.key, *_in_content(_areas, "within")))
        .where(scoped(_areas))
        .scalar_subquery(),
    ),
    into=StoredFacts,
)


REGIME_OF: Statement[Any] = prepare(
    select(_organizations.c.content["legal_regime"]["name"].as_string()).where(
        scoped(_organizations), _kept(_organizations), _organizations.c.key == bindparam("which")
    )
)


ID_OF: Statement[Any] = prepare(
    select(_organizations.c.id).where(scoped(_organizations), _organizations.c.key == bindparam("which"))
)


def by_organization(rows: list[OwnedRow]) -> dict[str, list[OwnedRow]]:
    """Returns entries by the organization they belong to."""
    found: dict[str, list[OwnedRow]] = {}
    for row in rows:
        if row.organization is not None:
            found.setdefault(row.organization, []).append(row)
    return found
