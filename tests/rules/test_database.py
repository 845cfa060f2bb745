"""The catalogue: every table, index, constraint, policy and role of a migrated database keeps its tenants apart.

What is checked is what stands in PostgreSQL's own catalogue, not what a migration meant to make, on each version
that we promise. A table that is forgotten shows up here by itself; the last tests take row-level
security away and see it noticed.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

import psycopg
import pytest
from psycopg import sql

from spheres_core import app
from spheres_core.consents.queries import policies
from spheres_core.foundation.database import migrations
from spheres_core.foundation.database.reader_settings import READER_SETTINGS
from spheres_core.foundation.database.schema_drift import differences
from spheres_core.foundation.database.tenant_tables import (
    ASKED_ONCE,
    EXEMPT_TABLES,
    OWN_TENANT,
    OWN_TENANT_ASKED_ONCE,
    OWNER_POLICY,
    TENANT_POLICY,
)
from spheres_core.foundation.plugins.discovery import Machine
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.foundation.postgres.roles import APP, BACKUP, OWNER
from spheres_core.foundation.postgres.server_record import Urls
from spheres_core.testing import MakeDatabase, database_maker, migrated_database
from spheres_core.testing.migrated_templates import migrated_template

TENANTS: Final = "tenants"
"""Where tenants are found; it holds nothing about people and every role may read it."""
APPEND_ONLY: Final = frozenset(
    {
        "tool_versions",
        "trail_entries", "form_versions", "referral_moves", "participation_moves", "limits_explained", "disclosures",
        "encounter_texts", "accompaniment_texts", "outing_texts", "reporting_decisions", "reporting_decision_texts",
        "recusals", "recommendation_snapshots", "committee_texts", "committee_figures",
        "contact_attempts", "goal_stages", "cycle_stages", "plan_texts", "plan_moves",
        "emergency_plan_texts", "emergency_plan_not_now", "participant_extra_answers",
        "service_request_moves", "service_gaps", "brought_entries", "identity_links",
    }
)  # fmt: skip
ONE_OF_MANY: Final = {
    "extra_answers": ("organization_id", "service_id"), "erasure_holds": ("participant_id",),
}  # fmt: skip
"""By table, references that stand empty where a row has another one of them."""
KIND: Final = READER_SETTINGS["kind"]
OF_PARTICIPANTS: Final = tuple(f"participant_{command}" for command in ("select", "insert", "update", "delete"))
"""The policies that a table about participants has besides."""
ONE, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)

TABLES: Final = "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
FLAGS: Final = (
    "SELECT relname::text, relrowsecurity, relforcerowsecurity FROM pg_class"
    " WHERE relname = ANY(%s) AND relnamespace = 'public'::regnamespace"
)
POLICIES: Final = (
    "SELECT tablename::text, policyname, permissive, cmd, roles::text[], qual, with_check FROM pg_policies"
    " WHERE tablename = ANY(%s)"
)
KEYS: Final = (
    "SELECT t.relname::text, c.conname, c.contype::text, array_agg(a.attname::text ORDER BY k.n), f.relname"
    " FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid AND t.relnamespace = 'public'::regnamespace"
    " CROSS JOIN LATERAL unnest(c.conkey) WITH ORDINALITY k(attnum, n)"
    " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum"
    " LEFT JOIN pg_class f ON f.oid = c.confrelid WHERE t.relname = ANY(%s)"
    " AND c.contype IN ('p', 'u', 'f', 'x') GROUP BY t.relname, c.oid, c.conname, c.contype, f.relname"
)
UNIQUE_INDEXES: Final = (
    "SELECT t.relname::text, i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid, 1, true) FROM pg_index i"
    " JOIN pg_class t ON t.oid = i.indrelid AND t.relnamespace = 'public'::regnamespace"
    " WHERE t.relname = ANY(%s) AND i.indisunique"
)
OWNERS: Final = "SELECT tablename::text, tableowner FROM pg_tables WHERE tablename = ANY(%s) AND schemaname = 'public'"
GRANTS: Final = (
    "SELECT table_name::text, grantee, privilege_type FROM information_schema.role_table_grants"
    " WHERE table_name = ANY(%s)"
)
RIGHTS: Final = "SELECT privilege_type FROM information_schema.role_table_grants WHERE table_name = %s AND grantee = %s"


@pytest.fixture(params=["18", "15"], scope="module")
def make_migrated(request: pytest.FixtureRequest, machine: Machine) -> Iterator[Callable[[str], Urls]]:
    """Makes migrated databases with the core, the job queue and every plugin's tables, on each version."""
    cluster: Cluster = request.getfixturevalue("cluster" if request.param == "18" else "cluster_15")
    with database_maker(cluster) as make_database:
        yield partial(make_database, template=migrated_database(cluster, machine))


@pytest.fixture(scope="module")
def urls(make_migrated: Callable[[str], Urls]) -> Urls:
    """Such a database, empty."""
    return make_migrated("catalogue")


@pytest.fixture
def owner(urls: Urls) -> Iterator[psycopg.Connection]:
    """The owner's connection; nothing that a test does with it stays."""
    with psycopg.connect(urls.needed("owner")) as db:
        yield db
        db.rollback()


def ask(db: psycopg.Connection, query: str, *values: Any) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    return db.execute(query, list(values) or None).fetchall()  # type: ignore[arg-type]


def tenant_tables(db: psycopg.Connection) -> list[str]:
    """Every table but the exempt, those of versions, and `tenants` itself."""
    names = sorted(name for (name,) in ask(db, TABLES))
    return [n for n in names if n not in EXEMPT_TABLES and n != TENANTS and not n.endswith("_alembic_version")]


ByTable = Mapping[str, list[tuple[Any, ...]]]


def of_tables(db: psycopg.Connection, query: str, tables: Sequence[str]) -> ByTable:
    """The rows of a query about tables, by table: what is asked of each alone takes as long as of all."""
    found: dict[str, list[tuple[Any, ...]]] = {table: [] for table in tables}
    for table, *row in ask(db, query, list(tables)):
        found[table].append(tuple(row))
    return found


def defects(db: psycopg.Connection, *, only: str = "") -> list[str]:
    """Returns what is missing in the row-level security between tenants, table by table, or of one table."""
    tables = [table for table in tenant_tables(db) if only in ("", table)]
    flags, found, keys, unique, owners, grants = (
        of_tables(db, each, tables) for each in (FLAGS, POLICIES, KEYS, UNIQUE_INDEXES, OWNERS, GRANTS)
    )
    return [
        f"{table}: {told}"
        for table in tables
        for told in (
            *_wall(db, table, flags[table], {name: rest for name, *rest in found[table]}),
            *_keys(keys[table], unique[table]),
            *_rights(table, owners[table], grants[table]),
        )
    ]


def _wall(
    db: psycopg.Connection, table: str, flags: list[tuple[Any, ...]], policy: Mapping[str, Sequence[Any]]
) -> Iterator[str]:
    if flags != [(True, True)]:
        yield "row-level security is not forced"
    found = {name: tuple(rest) for name, rest in policy.items()}
    expected = {TENANT_POLICY, OWNER_POLICY}
    if table in policies.TABLES:
        expected |= set(OF_PARTICIPANTS)
        yield from _participants_wall(db, table, found)
    if set(found) != expected:
        yield f"its policies are {sorted(found)}"
        return
    permissive, command, roles, using, check = found[TENANT_POLICY]
    read = OWN_TENANT_ASKED_ONCE if table in ASKED_ONCE else OWN_TENANT
    as_it_should = _same(using, read) and _same(check, OWN_TENANT)
    if (permissive, command, roles) != ("PERMISSIVE", "ALL", [APP]) or not as_it_should:
        yield f"its policy for tenants is {found[TENANT_POLICY]}"
    if found[OWNER_POLICY] != ("PERMISSIVE", "ALL", [OWNER], "true", "true"):
        yield f"its policy for the owner is {found[OWNER_POLICY]}"


def _participants_wall(db: psycopg.Connection, table: str, found: dict[str, tuple[Any, ...]]) -> Iterator[str]:
    """Its policies about participants are those that the code would write today, on a copy of the table."""
    copy = f"{table}_copy"
    with db.transaction(force_rollback=True):
        db.execute(f"CREATE TABLE {copy} (LIKE {table})")
        policies.restrict(Executor(db), copy, policies.TABLES[table])
        expected = {row[0]: row[1:] for row in of_tables(db, POLICIES, [copy])[copy]}
    for name in OF_PARTICIPANTS:
        written = tuple(each.replace(copy, table) if isinstance(each, str) else each for each in expected[name])
        if found.get(name) != written or written[0] != "RESTRICTIVE" or written[2] != [APP]:
            yield f"its policy {name} is {found.get(name)}"


class Executor:
    """As much of Alembic's `op` as policies need."""

    def __init__(self, db: psycopg.Connection) -> None:
        self.db = db

    def execute(self, statement: str) -> None:
        self.db.execute(statement.replace("%", "%%"))  # type: ignore[arg-type]


def _same(condition: str | None, given: str) -> bool:
    """Is this, as PostgreSQL writes it back, the condition that migrations give?"""
    written = (condition or "").lower().replace("::text", "").replace(' as "nullif"', "")
    return _without_brackets(written) == _without_brackets(given.lower())


def _without_brackets(condition: str) -> str:
    return "".join(c for c in condition if c not in "() ")


def _keys(keys: list[tuple[Any, ...]], unique: list[tuple[Any, ...]]) -> Iterator[str]:
    kinds = {"p": "primary key", "u": "unique key", "f": "foreign key", "x": "exclusion"}
    if not any(kind == "p" for _, kind, _, _ in keys):
        yield "it has no primary key"
    for name, kind, columns, target in keys:
        if columns[0] != "tenant_id":
            yield f"{kinds[kind]} {name} begins with {columns[0]}"
        if kind == "f" and target != TENANTS and len(columns) < 2:
            yield f"{name} refers to {target} by the tenant alone"
    if not any(kind == "f" and target == TENANTS for _, kind, _, target in keys) and not any(
        kind == "f" for _, kind, _, _ in keys
    ):
        yield "nothing ties it to its tenant"
    for name, first in unique:
        if first != "tenant_id":
            yield f"unique index {name} begins with {first}"


def _rights(table: str, owners: list[tuple[Any, ...]], grants: list[tuple[Any, ...]]) -> Iterator[str]:
    if owners != [(OWNER,)]:
        yield f"it belongs to {owners}"
    rights = {right for grantee, right in grants if grantee == APP}
    wanted = {"SELECT", "INSERT"} if table in APPEND_ONLY else {"SELECT", "INSERT", "UPDATE", "DELETE"}
    if rights != wanted:
        yield f"the application may {sorted(rights)}"
    if others := sorted({grantee for grantee, _ in grants if grantee not in (APP, OWNER)}):
        yield f"rights were given to {others}"


def test_every_table_has_the_same_row_level_security(owner: psycopg.Connection) -> None:
    found = tenant_tables(owner)
    assert {"referrals", "trail_entries", "staff", "tenant_keys", "form_versions"} <= set(found)
    assert set(found) >= APPEND_ONLY
    assert defects(owner) == []


def test_every_table_about_participants_is_restricted_to_who_may_see_them(owner: psycopg.Connection) -> None:
    about = "SELECT attrelid::regclass::text FROM pg_attribute WHERE attname = 'participant_id' AND NOT attisdropped"
    found = {name for (name,) in ask(owner, about)} & set(tenant_tables(owner))

    assert found - set(policies.TABLES) == set(policies.EXEMPT)
    assert all(len(reason.split()) >= 3 for reason in policies.EXEMPT.values())
    with owner.transaction(force_rollback=True):
        owner.execute("DROP POLICY participant_select ON participants")
        assert defects(owner, only="participants") != []


def test_what_the_policies_ask_is_what_the_code_would_write_today(owner: psycopg.Connection) -> None:
    """A constant of the rule that changes needs a migration that makes the view anew: this finds it missing."""
    defined = "SELECT pg_get_viewdef(%s::regclass)"
    with owner.transaction(force_rollback=True):
        views = (*policies.REACH.values(), *policies.TEAM_REACH.values())
        stands = {view: ask(owner, defined, view) for view in views}
        for view in stands:
            owner.execute(f"ALTER VIEW {view} RENAME TO {view}_as_it_stands")  # type: ignore[arg-type]
        policies.create_reach(Executor(owner))
        policies.create_team_reach(Executor(owner))

        assert {view: ask(owner, defined, view) for view in stands} == stands


def test_tables_without_a_tenant_are_listed_with_a_reason_and_hold_nothing_of_people(owner: psycopg.Connection) -> None:
    everything = {name for (name,) in ask(owner, TABLES)}
    assert set(EXEMPT_TABLES) <= everything, "an exemption without a table is a hole kept open"
    assert all(len(reason.split()) >= 3 for reason in EXEMPT_TABLES.values())
    for table in sorted(everything - set(tenant_tables(owner))):
        rights = {right for (right,) in ask(owner, RIGHTS, table, APP)}
        assert "TRUNCATE" not in rights
        if not table.startswith("procrastinate_"):
            assert rights == ({"SELECT"} if table == TENANTS else set()), table


def test_the_list_of_tenants_may_be_read_by_all_and_changed_by_the_owner_only(owner: psycopg.Connection) -> None:
    found = {row[0]: row[1:] for row in of_tables(owner, POLICIES, [TENANTS])[TENANTS]}
    assert found == {
        "everybody": ("PERMISSIVE", "SELECT", [APP], "true", None),
        OWNER_POLICY: ("PERMISSIVE", "ALL", [OWNER], "true", "true"),
    }
    flags = "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = 'tenants'"
    assert ask(owner, flags) == [(True, True)]


def test_no_role_of_ours_can_pass_row_level_security_but_the_one_that_only_reads(owner: psycopg.Connection) -> None:
    rows = ask(
        owner,
        "SELECT rolname, rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_roles"
        " WHERE rolname = ANY(%s)", [OWNER, APP, BACKUP],
    )  # fmt: skip
    assert {name: attributes for name, *attributes in rows} == {
        OWNER: [False, False, False, False, False],
        APP: [False, False, False, False, False],
        BACKUP: [False, False, False, False, True],
    }
    member_of = (
        "SELECT m.rolname, r.rolname FROM pg_auth_members g JOIN pg_roles m ON m.oid = g.member"
        " JOIN pg_roles r ON r.oid = g.roleid WHERE m.rolname = ANY(%s)"
    )
    assert ask(owner, member_of, [OWNER, APP, BACKUP]) == [(BACKUP, "pg_read_all_data")]


def test_the_application_owns_nothing_and_can_empty_nothing(owner: psycopg.Connection) -> None:
    owned = "SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) IN (%s, %s)"
    assert ask(owner, owned, APP, BACKUP) == []
    functions = "SELECT proname FROM pg_proc WHERE pg_get_userbyid(proowner) IN (%s, %s)"
    assert ask(owner, functions, APP, BACKUP) == []
    for (table,) in ask(owner, TABLES):
        may = "SELECT has_table_privilege(%s, %s, 'TRUNCATE'), has_table_privilege(%s, %s, 'REFERENCES, TRIGGER')"
        assert ask(owner, may, APP, table, APP, table) == [(False, False)], table
    create = "SELECT has_schema_privilege(%s, 'public', 'CREATE')"
    temporary = "SELECT has_database_privilege(%s, current_database(), 'CREATE, TEMP')"
    assert ask(owner, create, APP) == ask(owner, temporary, APP) == [(False,)]


def test_nothing_else_lets_rows_past_row_level_security(owner: psycopg.Connection) -> None:
    """Views run as their owner, and so do some functions: none of them reads tenants' rows. One function counts posts
    under keys that it is given, one deletes who had a form open until a moment, the last grows the number of the
    transaction's own tenant; only the application may call them."""
    views = "SELECT relname FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace"
    reach = sorted((*policies.REACH.values(), *policies.TEAM_REACH.values()))
    assert sorted(name for (name,) in ask(owner, views)) == reach
    for (options,) in ask(owner, "SELECT reloptions FROM pg_class WHERE relname = ANY(%s)", reach):
        assert options == ["security_invoker=true"], "it runs as whoever asks"
    definers = (
        "SELECT proname, pronargs, prorettype::regtype::text, pg_get_userbyid(proowner), proconfig, proacl::text[]"
        " FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    )
    callers = [f"{OWNER}=X/{OWNER}", f"{APP}=X/{OWNER}"]
    assert sorted(ask(owner, definers)) == [
        ("count_public_post", 3, "integer", OWNER, ["search_path=pg_catalog, pg_temp"], callers),
        ("forget_closed_forms", 1, "void", OWNER, ["search_path=pg_catalog, pg_temp"], callers),
        ("touch_tenant", 0, "void", OWNER, ["search_path=pg_catalog, pg_temp"], callers),
    ]


def test_the_application_may_say_that_its_own_tenant_has_changed_and_no_other(peopled: Urls) -> None:
    epochs = "SELECT id, epoch FROM tenants WHERE id = ANY(%s)"
    with psycopg.connect(peopled.app) as db:
        before = dict(ask(db, epochs, [ONE, OTHER]))
        db.execute("SELECT touch_tenant()")
        assert dict(ask(db, epochs, [ONE, OTHER])) == before, "without a tenant nothing is touched"
        db.execute("SELECT set_config('app.tenant', %s, true)", [str(ONE)])
        db.execute("SELECT touch_tenant()")
        after = dict(ask(db, epochs, [ONE, OTHER]))
        assert after[ONE] > max(before.values())
        assert after[OTHER] == before[OTHER]
        db.rollback()


def test_the_trail_forms_and_steps_can_be_added_to_only(urls: Urls) -> None:
    with psycopg.connect(urls.app) as db:
        for table in sorted(APPEND_ONLY):
            for change in ("UPDATE {} SET tenant_id = tenant_id", "DELETE FROM {}", "TRUNCATE {} CASCADE"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    db.execute(sql.SQL(change).format(sql.Identifier(table)))  # type: ignore[arg-type]
                db.rollback()


@pytest.fixture(scope="module")
def peopled(make_migrated: Callable[[str], Urls]) -> Urls:
    """Such a database with a row of two tenants in every table; nothing that a test changes there stays."""
    made = make_migrated("peopled")
    with psycopg.connect(made.needed("owner")) as db:
        for id in (ONE, OTHER):
            _people(db, id)
    return made


def _people(db: psycopg.Connection, tenant: uuid.UUID) -> None:
    values = {"id": tenant, "slug": f"t{tenant.int}", "name": "{}", "languages": ["fr-CA"], "time_zone": "UTC",
              "hosts": [], "illustrative": False}  # fmt: skip
    _insert(db, TENANTS, values)
    db.execute("SET CONSTRAINTS ALL DEFERRED")
    waiting = tenant_tables(db)
    for _ in range(len(waiting)):
        for table in list(waiting):
            try:
                with db.transaction():
                    _insert(db, table, _row(db, table, tenant))
                waiting.remove(table)
            except psycopg.errors.ForeignKeyViolation:
                continue  # what it refers to has no row yet
    assert waiting == []


def _insert(db: psycopg.Connection, table: str, row: dict[str, Any]) -> None:
    columns = sql.SQL(", ").join(map(sql.Identifier, row))
    values = sql.SQL(", ").join(sql.Placeholder() * len(row))
    db.execute(
        sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(sql.Identifier(table), columns, values), list(row.values())
    )


def _row(db: psycopg.Connection, table: str, tenant: uuid.UUID) -> dict[str, Any]:
    """A row with one plain value of each column's type; every id is the tenant's, so that references meet."""
    plain: dict[str, Any] = {
        "uuid": tenant, "text": "x", "bytea": b"x", "integer": 1, "bigint": 1, "smallint": 1, "boolean": True,
        "jsonb": "{}",
        "timestamp with time zone": dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "date": dt.date(2026, 1, 1),
        "text[]": [], "uuid[]": [], "character varying": "x",
    }  # fmt: skip
    columns = ask(
        db, "SELECT attname, format_type(atttypid, NULL), attnotnull FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped", table,
    )  # fmt: skip
    row = {name: plain[kind] for name, kind, needed in columns if needed or name == "tenant_id"}
    for _, kind, names, _ in of_tables(db, KEYS, [table])[table]:
        if kind == "f":
            row |= {name: plain[next(k for n, k, _ in columns if n == name)] for name in names}
    return {name: value for name, value in row.items() if name not in ONE_OF_MANY.get(table, ())}


def test_without_a_tenant_the_application_sees_no_row_of_any_table(peopled: Urls) -> None:
    with psycopg.connect(peopled.needed("owner")) as db:
        tables = tenant_tables(db)
        assert all(ask(db, f"SELECT count(*) FROM {table}") == [(2,)] for table in tables), "the owner sees all rows"
    with psycopg.connect(peopled.app) as db:
        for setting in (None, ""):
            if setting is not None:
                db.execute("SELECT set_config('app.tenant', %s, true)", [setting])
            for table in tables:
                assert ask(db, f"SELECT count(*) FROM {table}") == [(0,)], (table, setting)


def test_each_tenant_sees_and_changes_its_own_rows_only(peopled: Urls) -> None:
    with psycopg.connect(peopled.needed("owner")) as db:
        tables = tenant_tables(db)
    with psycopg.connect(peopled.app) as db:
        for table in tables:
            db.execute("SELECT set_config('app.tenant', %s, true), set_config(%s, 'system', true)", [str(ONE), KIND])
            assert ask(db, f"SELECT tenant_id FROM {table}") == [(ONE,)], table
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                db.execute(f"INSERT INTO {table} (tenant_id) VALUES (%s)", [OTHER])
            db.rollback()
            if table not in APPEND_ONLY:
                db.execute(
                    "SELECT set_config('app.tenant', %s, true), set_config(%s, 'system', true)", [str(ONE), KIND]
                )
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    db.execute(f"UPDATE {table} SET tenant_id = %s", [OTHER])
                db.rollback()


def test_a_migration_of_data_by_the_owner_reaches_every_tenant(peopled: Urls) -> None:
    with psycopg.connect(peopled.needed("owner")) as db:
        for table in tenant_tables(db):
            assert db.execute(f"UPDATE {table} SET tenant_id = tenant_id").rowcount == 2, table
        db.rollback()


def test_the_backup_reads_every_tenant_and_writes_nothing(peopled: Urls) -> None:
    with psycopg.connect(peopled.needed("backup")) as db:
        for table in tenant_tables(db):
            assert ask(db, f"SELECT count(*) FROM {table}") == [(2,)], table
        db.rollback()
        for table in tenant_tables(db):
            with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
                db.execute(f"DELETE FROM {table}")
            db.rollback()
            db.execute("SET TRANSACTION READ WRITE")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                db.execute(f"DELETE FROM {table}")
            db.rollback()


def test_a_tenant_that_goes_takes_all_its_rows_along(peopled: Urls) -> None:
    with psycopg.connect(peopled.needed("owner")) as db:
        db.execute("DELETE FROM referrals WHERE tenant_id = %s", [ONE])
        db.execute("DELETE FROM tenants WHERE id = %s", [ONE])
        assert {table: ask(db, f"SELECT tenant_id FROM {table}") for table in tenant_tables(db)} == {
            table: [(OTHER,)] for table in tenant_tables(db)
        }
        db.rollback()


def test_models_and_database_say_the_same(urls: Urls, machine: Machine) -> None:
    told = [each for each in app.components(machine) if each.metadata is not None]
    assert told
    for component in told:
        assert differences(urls.needed("owner"), component) == [], component.name


def test_migrations_go_up_down_and_up_again_with_rows_in_every_table(
    make_migrated: Callable[[str], Urls], machine: Machine
) -> None:
    """Up the first time is how the database was made that all tests of this file copy."""
    urls = make_migrated("up_and_down")
    address, components = urls.needed("owner"), app.components(machine)
    with psycopg.connect(address) as db:
        first = _schema(db)
        _people(db, ONE)

    for component in reversed([each for each in components if each.scripts is not None]):
        migrations.downgrade(address, components, component.name, "base")
    with psycopg.connect(address) as db:
        assert tenant_tables(db) == []
    migrations.migrate(address, components)

    with psycopg.connect(address) as db:
        assert _schema(db) == first
        _people(db, OTHER)
        assert defects(db) == []
    assert {each.state for each in migrations.status(address, components)} == {"current"}
    assert migrations.migrate(address, components) == []


def test_a_database_of_before_has_its_policies_written_anew(fresh_database: MakeDatabase, cluster: Cluster) -> None:
    """One that a run makes from nothing has today's from the first revision: that run does not write them twice."""
    components = app.components(Machine({}, {}))
    address = fresh_database("of_before", template=migrated_template(cluster, components)).needed("owner")
    migrations.downgrade(address, components, "core", "0064")
    with psycopg.connect(address) as db:
        db.execute("ALTER POLICY participant_select ON encounters USING (false)")
        db.commit()
        assert defects(db, only="encounters") != []

    migrations.migrate(address, components)

    with psycopg.connect(address) as db:
        assert defects(db) == []


def test_what_was_kept_before_0072_and_0073_is_taken_along(fresh_database: MakeDatabase, cluster: Cluster) -> None:
    """Whose file goes on under another code, and what let something be shown; and the other way round."""
    components = app.components(Machine({}, {}))
    address = fresh_database("taken_along", template=migrated_template(cluster, components)).needed("owner")
    migrations.downgrade(address, components, "core", "0071")
    tenant, kept, other, apart = (uuid.UUID(int=number) for number in range(1, 5))
    details = {"purposes": ["follow_up"], "standings": [str(kept), str(other)], "entries": [str(apart), None]}
    now = dt.datetime.now(dt.UTC)
    rows = {
        "tenants": [
            {
                "id": tenant, "slug": "north", "name": "{}", "languages": ["fr-CA"], "time_zone": "America/Toronto",
                "hosts": [], "illustrative": False,
            }
        ],
        "participants": [
            {"tenant_id": tenant, "id": id, "code": b"", "code_mark": id.bytes, "dated_on": now.date()}
            for id in (kept, other, apart)
        ],
        "duplicate_decisions": [
            {
                "tenant_id": tenant, "id": uuid.UUID(int=9 + number), "participant_id": kept, "other_id": id,
                "same": same, "reason": b"", "decided_at": now, "dated_on": now.date(), "undone_at": undone,
            }
            for number, (id, same, undone) in enumerate([(other, True, None), (apart, True, now), (apart, False, None)])
        ],
        "trail_entries": [
            {
                "tenant_id": tenant, "id": kept, "at": now, "verb": "participants.listed", "actor_kind": "staff",
                "details": json.dumps(details),
            },
            {
                "tenant_id": tenant, "id": other, "at": now, "verb": "standing.ended", "actor_kind": "staff",
                "details": json.dumps({"standings": [str(kept)]}),
            },
        ],
    }  # fmt: skip
    with psycopg.connect(address) as db:
        for table, some in rows.items():
            for row in some:
                names, places = (
                    sql.SQL(", ").join(map(sql.Identifier, row)),
                    sql.SQL(", ").join(sql.Placeholder() * len(row)),
                )
                db.execute(
                    sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(sql.Identifier(table), names, places),
                    [*row.values()],
                )

    migrations.migrate(address, components)

    told = "SELECT details, standings, entries FROM trail_entries ORDER BY id"
    with psycopg.connect(address) as db:
        assert ask(db, "SELECT id FROM participants WHERE goes_on_elsewhere") == [(other,)]
        assert ask(db, told) == [
            ({"purposes": ["follow_up"]}, [kept, other], [apart, None]),
            ({"standings": [str(kept)]}, None, None),
        ]
    migrations.downgrade(address, components, "core", "0071")
    with psycopg.connect(address) as db:
        assert ask(db, "SELECT details FROM trail_entries ORDER BY id LIMIT 1") == [(details,)]


def _schema(db: psycopg.Connection) -> list[tuple[Any, ...]]:
    return ask(
        db,
        "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns"
        " WHERE table_schema = 'public' ORDER BY 1, ordinal_position",
    )


# ---- controls: what would be forgotten is noticed ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("forgotten", "told"),
    [
        (
            "CREATE TABLE notes (tenant_id uuid REFERENCES tenants, id uuid, PRIMARY KEY (tenant_id, id))",
            "notes: row-level",
        ),
        ("ALTER TABLE referrals NO FORCE ROW LEVEL SECURITY", "referrals: row-level security is not forced"),
        ("ALTER TABLE referrals DISABLE ROW LEVEL SECURITY", "referrals: row-level security is not forced"),
        ("DROP POLICY tenant ON staff", "staff: its policies are ['owner']"),
        (f"CREATE POLICY more ON staff TO {APP} USING (true)", "staff: its policies are"),
        (f"ALTER POLICY tenant ON staff TO {APP}, PUBLIC", "staff: its policy for tenants is"),
        ("ALTER POLICY tenant ON staff USING (true)", "staff: its policy for tenants is"),
        ("ALTER POLICY owner ON staff USING (false)", "staff: its policy for the owner is"),
        ("CREATE UNIQUE INDEX one_mark ON referrals (receipt_mark)", "referrals: unique index one_mark begins with"),
        ("ALTER TABLE staff ADD CONSTRAINT one_id UNIQUE (id)", "staff: unique key one_id begins with id"),
        (f"GRANT TRUNCATE ON referrals TO {APP}", "referrals: the application may"),
        (f"GRANT DELETE ON trail_entries TO {APP}", "trail_entries: the application may"),
        ("GRANT SELECT ON referrals TO PUBLIC", "referrals: rights were given to"),
        (
            "ALTER TABLE staff ADD CONSTRAINT one_id UNIQUE (id); ALTER TABLE staff_sessions ADD CONSTRAINT plain"
            " FOREIGN KEY (staff_id) REFERENCES staff (id)",
            "staff_sessions: foreign key plain begins with staff_id",
        ),
    ],
)
def test_what_somebody_forgets_is_noticed(owner: psycopg.Connection, forgotten: str, told: str) -> None:
    for statement in forgotten.split("; "):
        owner.execute(statement)  # type: ignore[arg-type]
    found = defects(owner, only=told.partition(":")[0])
    assert any(each.startswith(told) for each in found), found
