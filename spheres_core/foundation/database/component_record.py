"""The record of every component in the database: its revisions, what they need, and whether it was uninstalled.

It stands in a table of its own, so that it is known when a plugin's code is gone.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic.script import Script, ScriptDirectory
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert

from spheres_core.foundation.database.components import JOBS, Component, MigrationRefused, version_table_of
from spheres_core.foundation.database.owner_connection import connect_as_owner

_components = sa.Table(
    "spheres_components",
    sa.MetaData(),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("revision", sa.Text),
    sa.Column("requires", JSONB, nullable=False),
    sa.Column("migrated_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
)


def create_record_table(connection: sa.Connection) -> None:
    with connection.begin():
        _components.create(connection, checkfirst=True)


def current_versions(connection: sa.Connection) -> dict[str, str | None]:
    """Returns the current revision by version table."""
    names = connection.execute(
        sa.text(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' "
            "AND (tablename LIKE '%\\_alembic\\_version' OR tablename = :jobs)"
        ),
        {"jobs": JOBS.version_table},
    ).scalars()
    selects = [
        sa.select(sa.literal(name), sa.func.max(sa.column("version_num"))).select_from(sa.table(name)) for name in names
    ]
    rows = connection.execute(sa.union_all(*selects)).all() if selects else []
    connection.rollback()
    return {row[0]: row[1] for row in rows}


def needs_of(scripts: Sequence[Script]) -> list[tuple[Script, str, str]]:
    """Returns each requirement of the revisions: the revision, the component it needs, and that one's revision."""
    return [
        (script, name, revision)
        for script in scripts
        for name, revision in getattr(script.module, "requires", {}).items()
    ]


def check_needs(connection: sa.Connection, pending: Sequence[Script]) -> None:
    rows = connection.execute(sa.select(_components.c.name, _components.c.requires)).all()
    connection.rollback()
    there = {row.name: row.requires["has"] for row in rows}
    for script, name, revision in needs_of(pending):
        if revision not in there.get(name, []):
            raise MigrationRefused(
                f"revision {script.revision} needs {name} at {revision} or later, which is not there"
            )


def record_component(connection: sa.Connection, component: Component, directory: ScriptDirectory) -> str | None:
    """Records what a component has and needs, and returns its current revision."""
    current = current_versions(connection).get(version_table_of(component))
    scripts = list(directory.iterate_revisions(current, "base")) if current else []
    needs: dict[str, list[str]] = {}
    for _, name, revision in needs_of(scripts):
        needs.setdefault(name, []).append(revision)
    row = {
        "name": component.name,
        "revision": current,
        "requires": {"has": [script.revision for script in scripts], "needs": needs},
    }
    statement = upsert(_components).values(row)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["name"],
            set_={**{k: statement.excluded[k] for k in row}, "migrated_at": sa.func.now()},
        )
    )
    connection.commit()
    return current


def check_no_dependants(
    connection: sa.Connection, component: Component, directory: ScriptDirectory, target: str | None
) -> None:
    remaining = {script.revision for script in directory.iterate_revisions(target, "base")} if target else set()
    others = connection.execute(sa.select(_components).where(_components.c.name != component.name)).all()
    connection.rollback()
    for other in others:
        missing = [r for r in other.requires["needs"].get(component.name, []) if r not in remaining]
        if missing:
            raise MigrationRefused(
                f"{component.name} cannot go back to {target or 'base'}: {other.name} needs revision "
                f"{missing[0]}. Take {other.name} back first."
            )


def record_uninstalled(url: str, name: str, *, version: str, archive: str | None) -> None:
    """Records that a component was uninstalled: when, in which version, with which archive (its SHA-256)."""
    with connect_as_owner(url) as connection:
        create_record_table(connection)
        found = connection.execute(sa.select(_components.c.requires).where(_components.c.name == name)).scalar()
        record = {"at": dt.datetime.now(dt.UTC).isoformat(), "version": version, "archive": archive}
        row = {
            "name": name,
            "revision": None,
            "requires": {**(found or {"has": [], "needs": {}}), "uninstalled": record},
        }
        statement = upsert(_components).values(row)
        changed = {key: statement.excluded[key] for key in row}
        connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=changed))
        connection.commit()


def uninstalled(url: str) -> dict[str, dict[str, Any]]:
    """Returns the components that were uninstalled, each with its record: `at`, `version`, `archive`."""
    with connect_as_owner(url) as connection:
        create_record_table(connection)
        rows = connection.execute(sa.select(_components.c.name, _components.c.requires)).all()
    return {row.name: row.requires["uninstalled"] for row in rows if "uninstalled" in row.requires}
