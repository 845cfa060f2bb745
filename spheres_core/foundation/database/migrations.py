"""Brings a database to the version of the code: the core, the job queue and each plugin, one after the other.

Each component has a version table of its own, so that a plugin that has vanished never stops the core, and one that
goes back never takes another along. The order follows `requires`. Two runs at once do no harm: the second waits and
then finds nothing to do.

A revision may say what it needs of others by a module variable, `requires = {"core": "0003"}`; it is checked before
the revision runs, and the core refuses to go back below it, even when the plugin's code is gone.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, Final

import psycopg
import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.pool import NullPool

from spheres_core.foundation.database.components import (
    CORE,
    JOBS,
    Applied,
    Component,
    ComponentStatus,
    MigrationFailed,
    MigrationRefused,
    check_present,
    component_of,
    directory_of,
    head_of,
    in_order,
    knows,
    resolve,
    version_table_of,
)
from spheres_core.foundation.database.job_schema import JobSchema
from spheres_core.foundation.database.table_ownership import of_others, touched
from spheres_core.foundation.postgres.errors import PostgresUnavailable
from spheres_core.foundation.postgres.progress import Report, silent
from spheres_core.foundation.postgres.roles import OWNER

__all__ = [
    "CORE",
    "JOBS",
    "Applied",
    "Component",
    "ComponentStatus",
    "MigrationFailed",
    "MigrationRefused",
    "buried",
    "bury",
    "connect_as_owner",
    "downgrade",
    "migrate",
    "status",
]

LOCK: Final = 0x5048_4552_4553
"""Key of the advisory lock under which migrations run."""
_LOCK_TIMEOUT: Final = "30s"

_components = sa.Table(
    "spheres_components",
    sa.MetaData(),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("revision", sa.Text),
    sa.Column("requires", JSONB, nullable=False),
    sa.Column("migrated_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
)


def migrate(url: str, components: Sequence[Component], *, report: Report = silent) -> list[Applied]:
    """Bring every component to its head, as the owner. Quick when there is nothing to do.

    Raises MigrationFailed when a component cannot be migrated; those that do not need it are migrated all the same.
    """
    ordered = in_order(components)
    with connect_as_owner(url) as connection:
        if not _behind(connection, ordered):
            return []
        applied: list[Applied] = []
        failures: dict[str, Exception] = {}
        with _alone(connection, report):
            _prepare(connection)
            for component in ordered:
                blocking = [name for name in component.requires if name in failures]
                try:
                    if blocking:
                        raise MigrationRefused(f"it needs {', '.join(blocking)}")
                    check_present(component, ordered)
                    done = _upgrade(connection, component, report)
                except Exception as error:  # one plugin must not keep the others back
                    connection.rollback()
                    failures[component.name] = error
                    report(f"{component.name}: {error}")
                else:
                    applied += done
        if failures:
            raise MigrationFailed(failures) from next(iter(failures.values()))
        return applied


def status(url: str, components: Sequence[Component]) -> list[ComponentStatus]:
    """Where each component stands, in order, and after them those whose code is gone."""
    ordered = in_order(components)
    with connect_as_owner(url) as connection:
        versions = _versions(connection)
    found = [_standing(component, versions.get(version_table_of(component))) for component in ordered]
    known = {version_table_of(component) for component in ordered}
    return found + [
        ComponentStatus(component_of(table), "vanished", version, None)
        for table, version in sorted(versions.items())
        if table not in known and version is not None
    ]


def downgrade(
    url: str,
    components: Sequence[Component],
    name: str,
    revision: str,
    *,
    report: Report = silent,
    only_ask: bool = False,
) -> list[Applied]:
    """Take one component back to a revision (`base` for before its first). Its data of later revisions is lost.

    `only_ask`: do nothing, but refuse what would be refused.

    Raises MigrationRefused while another component, also one whose code is gone, needs more than would remain.
    """
    component = next((c for c in components if c.name == name), None)
    if component is None or component.scripts is None:
        raise MigrationRefused(f"{name} cannot go back: it has no migrations here.")
    with connect_as_owner(url) as connection, _alone(connection, report):
        _prepare(connection)
        directory = directory_of(component)
        target = resolve(component, directory, revision)
        _check_nobody_needs_more(connection, component, directory, target)
        if only_ask:
            return []
        before = _versions(connection).get(version_table_of(component))
        steps = _run(connection, component, directory, target or "base", down=True, report=report)
        after = _remember(connection, component, directory)
    return [Applied(name, before, after, steps)] if steps else []


def bury(url: str, name: str, *, version: str, archive: str | None) -> None:
    """Note that a component was taken off for good: when, in which version, with which archive (its SHA-256)."""
    with connect_as_owner(url) as connection:
        _prepare(connection)
        found = connection.execute(sa.select(_components.c.requires).where(_components.c.name == name)).scalar()
        note = {"at": dt.datetime.now(dt.UTC).isoformat(), "version": version, "archive": archive}
        row = {"name": name, "revision": None, "requires": {**(found or {"has": [], "needs": {}}), "uninstalled": note}}
        statement = upsert(_components).values(row)
        changed = {key: statement.excluded[key] for key in row}
        connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=changed))
        connection.commit()


def buried(url: str) -> dict[str, dict[str, Any]]:
    """The components that were taken off for good, and what was noted of each."""
    with connect_as_owner(url) as connection:
        _prepare(connection)
        rows = connection.execute(sa.select(_components.c.name, _components.c.requires)).all()
    return {row.name: row.requires["uninstalled"] for row in rows if "uninstalled" in row.requires}


# -- one component ----------------------------------------------------------------------------------


def _upgrade(connection: sa.Connection, component: Component, report: Report) -> list[Applied]:
    before = _versions(connection).get(version_table_of(component))
    if component.name == JOBS.name:
        if before == JobSchema().head():
            return []
        steps = []
        for step in JobSchema().upgrade(connection, before):
            report(f"{component.name}: {step}")
            steps.append(step)
        return [Applied(component.name, before, JobSchema().head(), tuple(steps))]
    if component.scripts is None:
        return []
    directory = directory_of(component)
    head = head_of(component, directory)
    if before == head:
        return []
    if before is not None and not knows(directory, before):
        raise MigrationRefused(
            f"the database is at revision {before}, which this code does not know: it is newer than "
            "the code, or another plugin had this name"
        )
    _check_needs(connection, [*directory.iterate_revisions(head, before or "base")])
    run = _run(connection, component, directory, "head", down=False, report=report)
    after = _remember(connection, component, directory)
    return [Applied(component.name, before, after, run)] if run else []


def _run(
    connection: sa.Connection,
    component: Component,
    directory: ScriptDirectory,
    target: str,
    *,
    down: bool,
    report: Report,
) -> tuple[str, ...]:
    """Run revisions, each in a transaction of its own."""
    steps: list[str] = []

    def wanted(current: Any, _context: Any) -> Iterator[Any]:
        revisions = directory._downgrade_revs if down else directory._upgrade_revs
        for step in revisions(target, current):
            script = step.revision
            report(f"{component.name}: {'back from ' if down else ''}{script.revision} {script.doc}")
            steps.append(script.revision)
            yield step

    foreign = component.name not in (CORE.name, JOBS.name)
    before = of_others(connection, component.name) if foreign else {}
    connection.rollback()  # else Alembic would think that somebody else begins and ends its transactions

    def check_belongings(ctx: Any, step: Any, heads: Any, run_args: Any) -> None:
        """In the revision's own transaction, so that what it did to others is undone with it."""
        changed = touched(before, of_others(ctx.connection, component.name)) if foreign else []
        if changed:
            raise MigrationRefused(f"{component.name} changes tables that are not its own: {', '.join(changed)}")

    environment = EnvironmentContext(Config(), directory, fn=wanted, destination_rev=target)
    with environment:
        environment.configure(
            connection=connection,
            target_metadata=component.metadata,
            version_table=version_table_of(component),
            transaction_per_migration=True,
            on_version_apply=check_belongings,
        )
        with environment.begin_transaction():
            environment.run_migrations()
    connection.rollback()
    return tuple(steps)


def _needs(scripts: Sequence[Script]) -> list[tuple[Script, str, str]]:
    """What revisions say they need: the revision, the component, and that component's revision."""
    return [
        (script, name, revision)
        for script in scripts
        for name, revision in getattr(script.module, "requires", {}).items()
    ]


def _check_needs(connection: sa.Connection, pending: Sequence[Script]) -> None:
    rows = connection.execute(sa.select(_components.c.name, _components.c.requires)).all()
    connection.rollback()
    there = {row.name: row.requires["has"] for row in rows}
    for script, name, revision in _needs(pending):
        if revision not in there.get(name, []):
            raise MigrationRefused(
                f"revision {script.revision} needs {name} at {revision} or later, which is not there"
            )


def _remember(connection: sa.Connection, component: Component, directory: ScriptDirectory) -> str | None:
    """Note what a component has and needs, so that it is known when its code is gone."""
    current = _versions(connection).get(version_table_of(component))
    scripts = list(directory.iterate_revisions(current, "base")) if current else []
    needs: dict[str, list[str]] = {}
    for _, name, revision in _needs(scripts):
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


def _check_nobody_needs_more(
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


# -- versions ---------------------------------------------------------------------------------------


def _versions(connection: sa.Connection) -> dict[str, str | None]:
    """The revision in each version table of the database."""
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


def _behind(connection: sa.Connection, ordered: Sequence[Component]) -> list[Component]:
    versions = _versions(connection)
    return [c for c in ordered if versions.get(version_table_of(c)) != _standing(c, None).head]


def _standing(component: Component, current: str | None) -> ComponentStatus:
    directory = None
    head: str | None = None
    if component.name == JOBS.name:
        head = JobSchema().head()
    elif component.scripts is not None:
        directory = directory_of(component)
        head = head_of(component, directory)
    if current == head:
        state = "current"
    elif current is None:
        state = "new"
    elif directory is not None and not knows(directory, current):
        state = "ahead"
    else:
        state = "behind"
    return ComponentStatus(component.name, state, current, head)


# -- the connection ---------------------------------------------------------------------------------


@contextlib.contextmanager
def connect_as_owner(url: str) -> Iterator[sa.Connection]:
    """A connection as the owner, whatever login the address has: what is created belongs to the owner."""
    engine = sa.create_engine(
        "postgresql+psycopg://",
        creator=lambda: psycopg.connect(url, connect_timeout=20, application_name="spheres migrate"),
        poolclass=NullPool,
    )
    try:
        connection = engine.connect()
    except sa.exc.OperationalError as error:
        raise PostgresUnavailable(f"The database does not answer: {error.orig}") from error
    with connection:
        try:
            connection.execute(sa.text(f"SET ROLE {OWNER}"))
        except sa.exc.DBAPIError as error:
            raise MigrationRefused(f"Migrations run as {OWNER}, and this login may not do so: {error.orig}") from error
        connection.commit()
        yield connection


@contextlib.contextmanager
def _alone(connection: sa.Connection, report: Report) -> Iterator[None]:
    """Hold the lock under which migrations run; it ends with the connection at the latest."""
    if not connection.scalar(sa.select(sa.func.pg_try_advisory_lock(LOCK))):
        report("Another migration is running; waiting for it …")
        connection.execute(sa.select(sa.func.pg_advisory_lock(LOCK)))
    # Whoever holds a table for long must not make everyone wait behind us.
    connection.execute(sa.text(f"SET lock_timeout = '{_LOCK_TIMEOUT}'"))
    connection.commit()
    try:
        yield
    finally:
        connection.rollback()
        connection.execute(sa.select(sa.func.pg_advisory_unlock(LOCK)))
        connection.execute(sa.text("RESET lock_timeout"))
        connection.commit()


def _prepare(connection: sa.Connection) -> None:
    with connection.begin():
        _components.create(connection, checkfirst=True)
