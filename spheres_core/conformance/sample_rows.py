"""Makes rows for a plugin's tables from its models, so that a rule about data has data to check."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from spheres_core.conformance.plugin_under_test import PluginUnderTest
from spheres_core.conformance.rules import NotApplicable
from spheres_core.facts import msg
from spheres_core.foundation.content.packs import Finding
from spheres_core.foundation.database.owner_connection import connect_as_owner
from spheres_core.foundation.plugins.discovery import load_module

SAMPLE_VALUES: Final[tuple[tuple[type, Callable[[int], Any]], ...]] = (
    (sa.Uuid, lambda _: uuid.uuid4()),
    (sa.Boolean, lambda number: number % 2 == 0),
    (sa.DateTime, lambda number: dt.datetime(2026, 11, 21, tzinfo=dt.UTC) + dt.timedelta(minutes=number)),
    (sa.Date, lambda _: dt.date(2026, 11, 21)),
    (sa.Numeric, lambda number: number),
    (sa.Integer, lambda number: number),
    (sa.LargeBinary, lambda _: b"check"),
    (sa.JSON, lambda _: {}),
    (sa.ARRAY, lambda _: []),
    (sa.String, lambda number: f"check {number}"),
)


def own_tables(plugin: PluginUnderTest) -> list[sa.Table]:
    """Returns the plugin's tables, those first that others refer to. Raises `NotApplicable` when it has none."""
    if not plugin.has_code:
        raise NotApplicable(msg("It has no tables."))
    module = load_module(plugin.machine.plugins[plugin.id], "models")
    metadata = getattr(module, "metadata", None)
    found = [each for each in metadata.sorted_tables if not each.info.get("anchor")] if metadata is not None else []
    if not found:
        raise NotApplicable(msg("It has no tables."))
    return found


def insert_rows(plugin: PluginUnderTest, url: str, tenant_id: UUID, *, each: int) -> None:
    """Inserts up to `each` rows for a tenant into every table of the plugin, referring to what the tenant has.

    A row that a rule of the table's own does not take is left out.
    """
    with connect_as_owner(url) as connection:
        for table in own_tables(plugin):
            known = {
                tuple(one.column_keys): _referenced_keys(connection, one, tenant_id)
                for one in table.foreign_key_constraints
            }
            for number in range(each):
                _insert(connection, table, tenant_id, number, known)
        connection.commit()


def untried(plugin: PluginUnderTest, tables: Mapping[str, Sequence[Any]]) -> Iterator[Finding]:
    """Yields a warning for each table without rows: what a rule says of it was tried on nothing."""
    for table, rows in tables.items():
        if not rows:
            message = msg("No row could be put into {table}, so this was not tried with its rows.", table=table)
            yield plugin.manifest_finding(message, "provides.tables", severity="warning")


def _referenced_keys(connection: sa.Connection, constraint: sa.ForeignKeyConstraint, tenant_id: UUID) -> Sequence[Any]:
    target, *names = (str(one.target_fullname) for one in constraint.elements)
    table = target.rpartition(".")[0]
    columns: list[Any] = [sa.column(full.rpartition(".")[2]) for full in (target, *names)]
    asked = sa.select(*columns).select_from(sa.table(table)).where(columns[0] == sa.literal(tenant_id, sa.Uuid()))
    return connection.execute(asked).all()


def _insert(
    connection: sa.Connection, table: sa.Table, tenant_id: UUID, number: int, known: Mapping[tuple[str, ...], Any]
) -> None:
    values: dict[str, Any] = {"tenant_id": tenant_id}
    for columns, there in known.items():
        if not there:
            return
        values |= zip(columns, there[number % len(there)], strict=True)
    for column in table.columns:
        if column.name not in values and column.server_default is None:
            values[column.name] = _value(column, number)
    with connection.begin_nested() as point:
        try:
            connection.execute(insert(table).values(values).on_conflict_do_nothing())
        except sa.exc.DBAPIError:
            point.rollback()


def _value(column: sa.Column[Any], number: int) -> Any:
    if isinstance(column.type, sa.Enum):
        return column.type.enums[0]
    for kind, make in SAMPLE_VALUES:
        if isinstance(column.type, kind):
            return make(number)
    return None
