"""The rule, the condition of queries and the policies of the database decide alike in random worlds."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

import psycopg
import pytest
from msgspec import structs
from psycopg import sql
from sqlalchemy import DateTime, Text, Uuid, literal, select
from sqlalchemy.dialects import postgresql

from spheres_core import app
from spheres_core.consents.queries.policies import AboutParticipants, restrict
from spheres_core.consents.queries.readable import Permitted, Reader, permitted
from spheres_core.consents.rule import may
from spheres_core.consents.schemas import ACTS, Allowed, Question
from spheres_core.foundation.database import migrations
from spheres_core.foundation.database.tenant_tables import protect
from spheres_core.foundation.database.transactions import READER_SETTINGS
from spheres_core.foundation.plugins.discovery import Machine
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.foundation.postgres.server_record import Urls
from spheres_core.testing import database_maker
from tests.rules.test_database import Executor
from tests.spheres_core.consents.worlds import (
    CLASSES_USED,
    DAYS,
    TENANTS,
    World,
    draw_moment,
    draw_question,
    draw_world,
)

PARTICIPANTS: Final = 40
ASKED: Final = 60
"""Readers and moments; each is asked about every participant, class and day."""
TABLE: Final = "told_of_her"
COLUMNS: Final = "tenant_id, id, participant_id, information, dated_on"
"""A table of the test's own, with a class in a column and a day: as any table about a participant may be."""
RENAMED: Final = {"tenant": "tenant_id", "participant": "participant_id", "staff": "staff_id"}
FILLED: Final[dict[str, dict[str, Any]]] = {
    "standings": {"opened_by_kind": "assignment", "opened_by_id": UUID(int=5)},
    "consent_entries": {"consent_id": UUID(int=0)},
    "exclusions": {"kind": "her_wish"},
}


class Worlds:
    """A database with random worlds, and the same worlds in memory."""

    def __init__(self, urls: Urls, chance: random.Random) -> None:
        self.urls = urls
        self.chance = chance
        self.worlds: dict[tuple[UUID, UUID], World] = {}
        self.rows: list[tuple[UUID, UUID, UUID, str, dt.date]] = []

    def fill(self) -> None:
        with psycopg.connect(self.urls.needed("owner")) as db:
            create_table(db)
            for tenant in TENANTS:
                db.execute(
                    "INSERT INTO tenants (id, slug, name, languages, time_zone, hosts, illustrative)"
                    " VALUES (%s, %s, '{}', '{}', 'America/Toronto', '{}', true)",
                    [tenant, f"t{tenant.int}"],
                )
                for _ in range(PARTICIPANTS):
                    self._add(db, tenant, UUID(int=self.chance.getrandbits(128)))

    def _add(self, db: psycopg.Connection, tenant: UUID, participant: UUID) -> None:
        world = self.worlds[tenant, participant] = draw_world(self.chance, tenant, participant)
        values = {"tenant_id": tenant, "id": participant, "code": b"", "code_mark": participant.bytes,
                  "dated_on": DAYS[0]}  # fmt: skip
        insert(db, "participants", values)
        insert(db, "consents", {"tenant_id": tenant, "id": participant, "participant_id": participant, "kind": "x",
                                "given_on": DAYS[0], "how": "spoken", "giver": "herself", "authority": "",
                                "recorded_at": dt.datetime.now(dt.UTC)})  # fmt: skip
        FILLED["consent_entries"]["consent_id"] = participant
        for name, rows in (("standings", world.standings), ("consent_entries", world.entries),
                           ("exclusions", world.exclusions)):  # fmt: skip
            for row in rows:
                kept = {RENAMED.get(key, key): _plain(value) for key, value in structs.asdict(row).items()}
                insert(db, name, {**FILLED[name], **kept})
        for information in CLASSES_USED:
            for day in DAYS:
                row = (tenant, UUID(int=self.chance.getrandbits(128)), participant, information, day)
                self.rows.append(row)
                insert(db, TABLE, dict(zip(COLUMNS.split(", "), row, strict=True)))

    def decided(self, asked: Question, now: dt.datetime) -> set[UUID]:
        """The rows that the rule lets the asker touch."""
        found = set()
        for tenant, id, participant, information, day in self.rows:
            world = self.worlds[tenant, participant]
            question = structs.replace(asked, participant=participant, information=information, dated_on=day)
            if isinstance(may(question, world.standings, world.entries, world.exclusions, now), Allowed):
                found.add(id)
        return found

    def by_condition(self, asked: Question, now: dt.datetime, *, role: str = "owner") -> set[UUID]:
        """The rows that a query with the condition finds. The owner passes by every policy."""
        with psycopg.connect(self.urls.needed(role)) as db:
            if role == "app":
                read_as(db, asked, now)
            return {row[0] for row in db.execute(condition(asked, now))}

    def by_policy(self, asked: Question, now: dt.datetime) -> set[UUID]:
        """The rows that a query without any condition finds, as the application."""
        with psycopg.connect(self.urls.needed("app")) as db:
            read_as(db, asked, now)
            return {row[0] for row in db.execute(f"SELECT id FROM {TABLE}")}


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else value


def insert(db: psycopg.Connection, table: str, values: dict[str, Any]) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, values))
    places = sql.SQL(", ").join(sql.Placeholder() * len(values))
    into = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(sql.Identifier(table), names, places)
    db.execute(into, list(values.values()))


def create_table(db: psycopg.Connection) -> None:
    db.execute(
        f"CREATE TABLE {TABLE} (tenant_id uuid, id uuid, participant_id uuid, information text, dated_on date,"
        " PRIMARY KEY (tenant_id, id))"
    )
    protect(Executor(db), TABLE)
    restrict(Executor(db), TABLE, AboutParticipants("*information"))


def read_as(db: psycopg.Connection, asked: Question, now: dt.datetime) -> None:
    settings = {
        "app.tenant": str(asked.tenant),
        READER_SETTINGS["kind"]: "person",
        READER_SETTINGS["staff"]: str(asked.staff),
        READER_SETTINGS["organization"]: asked.organization,
        READER_SETTINGS["purpose"]: asked.purpose,
        READER_SETTINGS["now"]: now.isoformat(),
    }
    for name, value in settings.items():
        db.execute("SELECT set_config(%s, %s, true)", [name, value])


def condition(asked: Question, now: dt.datetime) -> str:
    """A query of the test's table with the condition that every query on participants' rows carries."""
    from sqlalchemy import column, table

    rows = table(TABLE, *(column(name) for name in COLUMNS.split(", ")))
    reader = Reader(
        tenant=literal(asked.tenant, Uuid()), staff=literal(asked.staff, Uuid()),
        organization=literal(asked.organization, Text()), purpose=literal(asked.purpose, Text()),
        now=literal(now, DateTime(timezone=True)),
    )  # fmt: skip
    statement = select(rows.c.id).where(
        rows.c.tenant_id == reader.tenant,
        permitted(rows.c.participant_id, rows.c.information, rows.c.dated_on, act=asked.act, reader=reader),
    )
    return str(statement.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}))


@pytest.fixture(scope="module")
def worlds(cluster: Cluster, machine: Machine) -> Iterator[Worlds]:
    with database_maker(cluster) as make_database:
        urls = make_database("worlds")
        migrations.migrate(urls.needed("owner"), app.components(machine))
        made = Worlds(urls, random.Random(2028))
        made.fill()
        yield made


def ask(worlds: Worlds, act: str) -> tuple[Question, dt.datetime]:
    tenant = worlds.chance.choice(TENANTS)
    drawn = draw_question(worlds.chance, tenant, UUID(int=0))
    return structs.replace(drawn, act=act), draw_moment(worlds.chance)


@pytest.mark.parametrize("act", ACTS)
def test_the_rule_and_the_condition_of_queries_decide_alike(worlds: Worlds, act: str) -> None:
    seen: Counter[bool] = Counter()
    for _ in range(ASKED):
        asked, now = ask(worlds, act)
        expected = worlds.decided(asked, now)
        assert worlds.by_condition(asked, now) == expected, (asked, now)
        seen[True] += len(expected)
        seen[False] += len(worlds.rows) - len(expected)

    assert min(seen.values()) > 100, "both answers are often given"


def test_the_rule_and_the_policies_decide_alike(worlds: Worlds) -> None:
    for _ in range(ASKED):
        asked, now = ask(worlds, "read")
        expected = worlds.decided(asked, now)
        assert worlds.by_policy(asked, now) == expected, (asked, now)
        assert worlds.by_condition(asked, now, role="app") == expected


def test_without_a_condition_and_without_a_policy_everything_would_be_seen(
    worlds: Worlds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: each of the two holds back alone what the other would, so taking both away must leak."""
    asked, now = ask(worlds, "read")
    mine = {row[1] for row in worlds.rows if row[0] == asked.tenant}
    expected = worlds.decided(asked, now)
    monkeypatch.setattr(Permitted, "enforced", False)

    assert worlds.by_condition(asked, now, role="app") == expected
    assert worlds.by_condition(asked, now, role="owner") == mine
    assert len(expected) < len(mine)


def test_who_does_not_say_who_she_is_sees_nothing(worlds: Worlds) -> None:
    with psycopg.connect(worlds.urls.needed("app")) as db:
        db.execute("SELECT set_config('app.tenant', %s, true)", [str(TENANTS[0])])
        for table in (TABLE, "participants"):
            assert db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


@pytest.mark.parametrize("way", ["INSERT", "UPDATE", "DELETE"])
def test_nothing_is_written_about_her_without_a_standing_to_write(worlds: Worlds, way: str) -> None:
    for _ in range(20):
        asked, now = ask(worlds, "write")
        may_write = worlds.decided(asked, now)
        mine = [row for row in worlds.rows if row[0] == asked.tenant]
        row = worlds.chance.choice(mine)
        with psycopg.connect(worlds.urls.needed("app")) as db:
            read_as(db, asked, now)
            if way == "DELETE":
                assert db.execute(f"DELETE FROM {TABLE}").rowcount == 0
            elif way == "UPDATE":
                readable = worlds.decided(structs.replace(asked, act="read"), now)
                touched = db.execute(f"UPDATE {TABLE} SET dated_on = dated_on RETURNING id").fetchall()
                assert {each[0] for each in touched} == may_write & readable
            elif row[1] in may_write:
                insert(db, TABLE, dict(zip(COLUMNS.split(", "), (row[0], UUID(int=9), *row[2:]), strict=True)))
            else:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    insert(db, TABLE, dict(zip(COLUMNS.split(", "), (row[0], UUID(int=9), *row[2:]), strict=True)))
            db.rollback()


def test_whose_rows_they_are_is_decided_once_a_statement_and_not_once_a_row(worlds: Worlds) -> None:
    asked, now = ask(worlds, "read")
    with psycopg.connect(worlds.urls.needed("app")) as db:
        read_as(db, asked, now)
        by_policy = "\n".join(row[0] for row in db.execute(f"EXPLAIN SELECT id FROM {TABLE}"))
        by_both = "\n".join(row[0] for row in db.execute(f"EXPLAIN {condition(asked, now)}"))  # type: ignore[arg-type]

    for plan in (by_policy, by_both):
        assert "hashed SubPlan" in plan
        assert "= ANY ((InitPlan" in plan or "= ANY ($" in plan, "an index may seek it"
