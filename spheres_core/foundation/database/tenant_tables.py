"""Creates the tables of tenants with row-level security, by the same policies everywhere.

Row-level security is forced, so that it holds for the owner too; the owner passes by a policy of its own, or data
migrations would change nothing in silence. A rule test looks for exactly these policies.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import sqlalchemy as sa

from spheres_core.foundation.database import anchors
from spheres_core.foundation.postgres.roles import APP, OWNER

TENANT_POLICY: Final = "tenant"
OWNER_POLICY: Final = "owner"
OWN_TENANT: Final = "tenant_id = nullif(current_setting('app.tenant', true), '')::uuid"
OWN_TENANT_ASKED_ONCE: Final = "tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::uuid)"
"""The same, asked once a statement and unknown to its plan, for `ASKED_ONCE`."""
ASKED_ONCE: Final = frozenset({"standings", "consent_entries", "exclusions"})
"""Tables that decide about participants, each asked with others in one statement. A plan made by statistics of one
tenant looks at each pair of their rows for a tenant that had none when the statistics were gathered."""
BEGAN_EMPTY: Final = "began_empty"
"""An option of a run of migrations (`op.get_context().opts`): whether it began with nothing of its component."""
EXEMPT_TABLES: Final[dict[str, str]] = {
    "procrastinate_jobs": "jobs carry ids, never words; workers serve all tenants",
    "procrastinate_events": "states of jobs only",
    "procrastinate_periodic_defers": "names and times of recurring jobs only",
    "procrastinate_workers": "heartbeats of workers only",
    "jobs_version": "the version of the job schema; the application has no right on it",
    "public_post_counts": "counts under keyed hashes only; the application has no right on it but by a function",
    "spheres_components": "versions of components; the application has no right on it",
}
"""Tables without a tenant, each with the reason. Version tables (`*_alembic_version`) belong to none either."""


def tenant_table(name: str, metadata: sa.MetaData, *columns_and_constraints: sa.schema.SchemaItem) -> sa.Table:
    """Declares a plugin's own table for its `models.py`: with `tenant_id` first in its key, and inside its tenant.

    The anchors that it refers to become known to the metadata.
    """
    made = [*_with_tenant(columns_and_constraints)]
    references = [each for each in made if isinstance(each, sa.ForeignKeyConstraint)]
    referred = {element.target_fullname.rpartition(".")[0] for each in references for element in each.elements}
    for anchor in anchors.ALL:
        if anchor.table in referred - metadata.tables.keys():
            anchor.stub(metadata)
    return sa.Table(name, metadata, *made)


def _with_tenant(given: Sequence[sa.schema.SchemaItem]) -> Iterator[sa.schema.SchemaItem]:
    """Yields the columns and constraints of a table, with `tenant_id` unless it is there, and with what refers."""
    has_tenant = any(isinstance(each, sa.Column) and each.name == "tenant_id" for each in given)
    if not has_tenant:
        yield sa.Column("tenant_id", sa.Uuid(), primary_key=True)
    yield from given
    if not has_tenant:
        yield anchors.TENANT.reference()
    for each in given:
        if isinstance(each, sa.Column) and (anchor := each.info.get(anchors.REFERS_TO)):
            yield anchor.reference(each.name)


def create_tenant_table(
    op: Any, name: str, *columns_and_constraints: sa.schema.SchemaItem, append_only: bool = False
) -> sa.Table:
    """Creates a table of tenants' rows with row-level security; `tenant_id` and its reference come along by themselves.

    Its primary key, unique keys and foreign keys must begin with `tenant_id`: ValueError says which does not.
    `append_only`: the application may add and read, never change or delete (the trail).
    """
    table: sa.Table = op.create_table(name, *_with_tenant(columns_and_constraints))
    _check_keys(table)  # only now do its constraints know their columns; a refusal undoes the revision
    protect(op, name, append_only=append_only)
    return table


def protect(op: Any, table: str, *, append_only: bool = False) -> None:
    """Turns row-level security on for a table and gives the application its rights, never TRUNCATE."""
    name = _quoted(table)
    op.execute(
        f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; "
        f"CREATE POLICY {TENANT_POLICY} ON {name} TO {APP} USING ({OWN_TENANT}) WITH CHECK ({OWN_TENANT}); "
        f"CREATE POLICY {OWNER_POLICY} ON {name} TO {OWNER} USING (true) WITH CHECK (true)"
    )
    grant(op, table, "SELECT, INSERT" if append_only else "SELECT, INSERT, UPDATE, DELETE")


def grant(op: Any, table: str, rights: str) -> None:
    """Gives the application rights on a table without row-level security (it must be in an exemption list)."""
    op.execute(f"GRANT {rights} ON {_quoted(table)} TO {APP}")


def _check_keys(table: sa.Table) -> None:
    keys: list[tuple[str, list[str]]] = [("primary key", [c.name for c in table.primary_key.columns])]
    for constraint in table.constraints:
        if isinstance(constraint, sa.UniqueConstraint):
            keys.append(("unique key", [c.name for c in constraint.columns]))
        elif isinstance(constraint, sa.ForeignKeyConstraint):
            keys.append(("foreign key", list(constraint.column_keys)))
    keys += [("unique index", [c.name for c in i.columns]) for i in table.indexes if i.unique]
    for kind, columns in keys:
        if columns[:1] != ["tenant_id"]:
            shown = ", ".join(columns) or "nothing"
            raise ValueError(f"table {table.name}: its {kind} ({shown}) must begin with tenant_id")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
