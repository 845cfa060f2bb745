"""Brings a database to the version of the code: the core, the job queue and each plugin, one after the other.

Each component has a version table of its own, so that a plugin that has vanished never stops the core, and one that
goes back never takes another along. The order follows `requires`. Two runs at once do no harm: the second waits and
then finds nothing to do.

A revision may say what it needs of others by a module variable, `requires = {"core": "0003"}`; it is checked before
the revision runs, and the core refuses to go back below it, even when the plugin's code is gone.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory

from spheres_core.foundation.database.component_record import (
    check_needs,
    check_no_dependants,
    create_record_table,
    current_versions,
    record_component,
)
from spheres_core.foundation.database.components import (
    CORE,
    JOBS,
    Applied,
    Component,
    ComponentStatus,
    MigrationFailed,
    MigrationRefused,
    check_present,
    check_revision_names,
    component_of,
    directory_of,
    head_of,
    in_order,
    knows,
    resolve,
    version_table_of,
)
from spheres_core.foundation.database.job_schema import JobSchema
from spheres_core.foundation.database.owner_connection import connect_as_owner, migration_lock
from spheres_core.foundation.database.table_ownership import changed_tables, foreign_tables
from spheres_core.foundation.database.tenant_tables import BEGAN_EMPTY
from spheres_core.foundation.postgres.progress import Report, silent


def migrate(url: str, components: Sequence[Component], *, report: Report = silent) -> list[Applied]:
    """Brings every component to its head, as the owner. Quick when there is nothing to do.

    Raises MigrationFailed when a component cannot be migrated; those that do not need it are migrated all the same.
    """
    ordered = in_order(components)
    with connect_as_owner(url) as connection:
        if not _behind(connection, ordered):
            return []
        applied: list[Applied] = []
        failures: dict[str, BaseException] = {}
        with migration_lock(connection, report):
            create_record_table(connection)
            for component in ordered:
                blocking = [name for name in component.requires if name in failures]
                try:
                    if blocking:
                        raise MigrationRefused(f"it needs {', '.join(blocking)}")
                    check_present(component, ordered)
                    done = _upgrade(connection, component, report)
                except (Exception, SystemExit) as error:  # one plugin must not keep the others back
                    connection.rollback()
                    failures[component.name] = error
                    report(f"{component.name}: {error}")
                else:
                    applied += done
        if failures:
            raise MigrationFailed(failures) from next(iter(failures.values()))
        return applied


def status(url: str, components: Sequence[Component]) -> list[ComponentStatus]:
    """Returns the state of each component, in order, and after them those whose code is gone.

    A plugin whose revisions cannot be read is `damaged`, with the reason.
    """
    ordered = in_order(components)
    with connect_as_owner(url) as connection:
        versions = current_versions(connection)
    found = [_status_or_damage(component, versions.get(version_table_of(component))) for component in ordered]
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
    """Takes one component back to a revision (`base` for before its first). Its data of later revisions is lost.

    `only_ask`: do nothing, but refuse what would be refused.

    Raises MigrationRefused while another component, also one whose code is gone, needs more than would remain.
    """
    component = next((c for c in components if c.name == name), None)
    if component is None or component.scripts is None:
        raise MigrationRefused(f"{name} cannot go back: it has no migrations here.")
    with connect_as_owner(url) as connection, migration_lock(connection, report):
        create_record_table(connection)
        directory = directory_of(component)
        target = resolve(component, directory, revision)
        check_no_dependants(connection, component, directory, target)
        if only_ask:
            return []
        before = current_versions(connection).get(version_table_of(component))
        steps = _run(connection, component, directory, target or "base", down=True, report=report)
        after = record_component(connection, component, directory)
    return [Applied(name, before, after, steps)] if steps else []


def _upgrade(connection: sa.Connection, component: Component, report: Report) -> list[Applied]:
    before = current_versions(connection).get(version_table_of(component))
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
    check_revision_names(component, directory)
    head = head_of(component, directory)
    if before == head:
        return []
    if before is not None and not knows(directory, before):
        raise MigrationRefused(
            f"the database is at revision {before}, which this code does not know: it is newer than "
            "the code, or another plugin had this name"
        )
    check_needs(connection, [*directory.iterate_revisions(head, before or "base")])
    run = _run(connection, component, directory, "head", down=False, report=report)
    after = record_component(connection, component, directory)
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
    """Runs revisions, each in a transaction of its own."""
    steps: list[str] = []

    def revisions_to_run(current: Any, _context: Any) -> Iterator[Any]:
        revisions = directory._downgrade_revs if down else directory._upgrade_revs
        for step in revisions(target, current):
            script = step.revision
            report(f"{component.name}: {'back from ' if down else ''}{script.revision} {script.doc}")
            steps.append(script.revision)
            yield step

    foreign = component.name not in (CORE.name, JOBS.name)
    before = foreign_tables(connection, component.name) if foreign else {}
    connection.rollback()  # else Alembic would think that somebody else begins and ends its transactions

    def check_foreign_tables(ctx: Any, step: Any, heads: Any, run_args: Any) -> None:
        """Runs in the revision's own transaction, so that what it did to others is undone with it."""
        changed = changed_tables(before, foreign_tables(ctx.connection, component.name)) if foreign else []
        if changed:
            raise MigrationRefused(f"{component.name} changes tables that are not its own: {', '.join(changed)}")

    began_empty = current_versions(connection).get(version_table_of(component)) is None
    options: dict[str, Any] = {BEGAN_EMPTY: began_empty}
    environment = EnvironmentContext(Config(), directory, fn=revisions_to_run, destination_rev=target)
    with environment:
        environment.configure(
            connection=connection,
            target_metadata=component.metadata,
            version_table=version_table_of(component),
            transaction_per_migration=True,
            **options,
            on_version_apply=check_foreign_tables,
        )
        with environment.begin_transaction():
            environment.run_migrations()
    connection.rollback()
    return tuple(steps)


def _behind(connection: sa.Connection, ordered: Sequence[Component]) -> list[Component]:
    versions = current_versions(connection)
    standing = {c.name: _status_or_damage(c, versions.get(version_table_of(c))) for c in ordered}
    return [c for c in ordered if standing[c.name].state != "current"]


def _status_or_damage(component: Component, current: str | None) -> ComponentStatus:
    """Returns the state of a component. What is wrong with a plugin's revisions is its own; the core's is raised."""
    try:
        return _status_of(component, current)
    except (Exception, SystemExit) as error:
        if component.name in (CORE.name, JOBS.name):
            raise
        return ComponentStatus(component.name, "damaged", current, None, f"{type(error).__name__}: {error}"[:300])


def _status_of(component: Component, current: str | None) -> ComponentStatus:
    directory = None
    head: str | None = None
    if component.name == JOBS.name:
        head = JobSchema().head()
    elif component.scripts is not None:
        directory = directory_of(component)
        check_revision_names(component, directory)
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
