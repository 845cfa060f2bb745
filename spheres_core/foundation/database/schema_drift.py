"""Compares models with the database: for the test that keeps them equal, and for authors of a revision."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import autogenerate
from alembic.migration import MigrationContext

from spheres_core.foundation.database.components import CORE, Component, version_table_of
from spheres_core.foundation.database.owner_connection import connect_as_owner


def differences(url: str, component: Component) -> list[Any]:
    """Returns what its tables lack or have too much, compared with its models; empty when they agree."""
    with connect_as_owner(url) as connection:
        context = _compare_context(connection, component)
        return list(autogenerate.compare_metadata(context, component.metadata))


def draft(url: str, component: Component) -> str:
    """Returns Python lines that would bring the database to the models: a draft, to be read and corrected."""
    with connect_as_owner(url) as connection:
        context = _compare_context(connection, component)
        operations = autogenerate.produce_migrations(context, component.metadata).upgrade_ops
        return autogenerate.render_python_code(operations) if operations is not None else ""


def _compare_context(connection: sa.Connection, component: Component) -> MigrationContext:
    declared = component.metadata.tables

    def is_own(_thing: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
        if kind != "table":
            return True
        # A plugin declares the core's anchors too, to refer to them; they are not its own.
        own = component.name == CORE.name or str(name).startswith(f"{component.name}_")
        return own and name in declared

    return MigrationContext.configure(
        connection,
        opts={
            "target_metadata": component.metadata,
            "include_object": is_own,
            "compare_server_default": False,
            "version_table": version_table_of(component),
        },
    )
