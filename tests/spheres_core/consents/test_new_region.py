"""What decides about participants is planned for a region that has just begun as for those that were there before."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

import psycopg
import pytest

from spheres_core.consents.queries.policies import REACH
from spheres_core.foundation.database.reader_settings import READER_SETTINGS
from spheres_core.foundation.database.tenant_tables import ASKED_ONCE, OWN_TENANT, TENANT_POLICY
from spheres_core.foundation.database.transactions import PLANNING
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.foundation.postgres.roles import APP
from spheres_core.foundation.postgres.server_record import Urls
from spheres_core.testing import database_maker

OLD, NEW, STAFF = UUID(int=1), UUID(int=2), UUID(int=3)
PARTICIPANTS: Final = 60
CLASSES: Final = 6
STANDINGS: Final = f"""
    INSERT INTO standings (tenant_id, id, participant_id, kind, staff_id, recipient, classes, acts, purpose, starts,
                           ends, opened_by_kind, opened_by_id)
    SELECT %(tenant)s, gen_random_uuid(), md5(n::text)::uuid, 'assignment', %(staff)s, '*team',
           ARRAY['c1', 'c2', 'c3', 'c4', 'c5', 'c6'], ARRAY['read', 'write'], 'follow_up', '2026-01-01', 'infinity',
           'assignment', gen_random_uuid()
    FROM generate_series(1, {PARTICIPANTS}) AS n
"""
ENTRIES: Final = f"""
    INSERT INTO consent_entries (tenant_id, id, consent_id, participant_id, recipient, information, act, purpose,
                                 starts, ends, first_day, last_day, onward)
    SELECT %(tenant)s, gen_random_uuid(), gen_random_uuid(), md5(n::text)::uuid, '*team', 'c' || c, 'read',
           'follow_up', '2026-01-01', 'infinity', '0001-01-01', '9999-01-01', false
    FROM generate_series(1, {PARTICIPANTS}) AS n, generate_series(1, {CLASSES}) AS c
"""


@pytest.fixture
def urls(cluster: Cluster, migrated: str) -> Iterator[Urls]:
    """A region with participants, by whose rows plans are made, and one that got as many since."""
    with database_maker(cluster) as make_database:
        made = make_database("begun", template=migrated)
        with psycopg.connect(made.needed("superuser"), autocommit=True) as db:
            db.execute("SET session_replication_role = replica")  # what these rows refer to decides nothing
            for table in ASKED_ONCE:
                db.execute(f"ALTER TABLE {table} SET (autovacuum_enabled = false)")
            _fill(db, OLD)
            db.execute("ANALYZE " + ", ".join(ASKED_ONCE))
            _fill(db, NEW)
        yield made


def test_a_region_that_began_after_the_last_statistics_is_decided_for_in_few_steps(urls: Urls) -> None:
    answers = PARTICIPANTS * CLASSES
    found, looked_at = _reach(urls)

    assert found == answers
    assert looked_at < 10 * answers

    with psycopg.connect(urls.needed("superuser"), autocommit=True) as db:
        for table in ASKED_ONCE:
            db.execute(f"ALTER POLICY {TENANT_POLICY} ON {table} USING ({OWN_TENANT})")  # type: ignore[arg-type]
    found, looked_at = _reach(urls)

    assert found == answers
    assert looked_at > 40 * answers, "with the policy of all other tables each pair of rows is looked at"


def _fill(db: psycopg.Connection, tenant: UUID) -> None:
    for statement in (STANDINGS, ENTRIES):
        db.execute(statement, {"tenant": tenant, "staff": STAFF})  # type: ignore[arg-type]


def _reach(urls: Urls) -> tuple[int, int]:
    """How many rows of the new region may be written, and how many were looked at to say so."""
    with psycopg.connect(urls.needed("superuser")) as db:
        db.execute(f"SET LOCAL ROLE {APP}")
        settings = {
            **PLANNING,
            "app.tenant": str(NEW),
            READER_SETTINGS["kind"]: "person",
            READER_SETTINGS["staff"]: str(STAFF),
            READER_SETTINGS["purpose"]: "follow_up",
            READER_SETTINGS["now"]: "2026-06-01",
        }
        for name, value in settings.items():
            db.execute("SELECT set_config(%s, %s, true)", [name, value])
        asked = f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) SELECT * FROM {REACH['write']}"
        told = db.execute(asked).fetchone()  # type: ignore[arg-type]
    assert told is not None
    plan = (told[0] if not isinstance(told[0], str) else json.loads(told[0]))[0]["Plan"]
    return int(plan["Actual Rows"]), int(sum(_rows(plan)))


def _rows(node: dict[str, Any]) -> Iterator[float]:
    """The rows that each step gave or let go."""
    removed = sum(many for name, many in node.items() if name.startswith("Rows Removed by"))
    yield (node["Actual Rows"] + removed) * node["Actual Loops"]
    for below in node.get("Plans", ()):
        yield from _rows(below)
