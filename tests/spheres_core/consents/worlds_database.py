"""A database with random worlds, and the same worlds in memory, so that what decides can be compared."""

from __future__ import annotations

import contextlib
import datetime as dt
import random
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

import psycopg
from msgspec import structs
from psycopg import sql
from sqlalchemy import DateTime, Text, Uuid, bindparam, column, literal, select
from sqlalchemy import table as sql_table
from sqlalchemy.dialects import postgresql

from spheres_core.consents import rule
from spheres_core.consents.queries.policies import AboutParticipants, restrict
from spheres_core.consents.queries.readable import Reader, permitted
from spheres_core.consents.schemas import TEAM, Allowed, Question
from spheres_core.foundation.database.reader_settings import READER_SETTINGS
from spheres_core.foundation.database.tenant_tables import protect
from spheres_core.foundation.postgres.server_record import Urls
from tests.rules.test_database import Executor
from tests.spheres_core.consents.worlds import (
    CLASSES_USED,
    DAYS,
    FOREVER,
    MOMENTS,
    TENANTS,
    World,
    draw_moment,
    draw_question,
    draw_world,
)

PARTICIPANTS: Final = 40
ASKED: Final = 16
"""Readers and moments; each is asked about every participant, class and day."""
TABLE: Final = "told_of_her"
TEAM_TABLE: Final = "told_to_the_team"
COLUMNS: Final = "tenant_id, id, participant_id, information, dated_on"
"""A table of the test's own, with a class in a column and a day: as any table about a participant may be."""
RENAMED: Final = {"tenant": "tenant_id", "participant": "participant_id", "staff": "staff_id"}
FILLED: Final[dict[str, dict[str, Any]]] = {
    "standings": {"opened_by_kind": "assignment", "opened_by_id": UUID(int=5)},
    "consent_entries": {},
    "exclusions": {"kind": "her_wish"},
}


class Worlds:
    """A database with random worlds, and the same worlds in memory."""

    def __init__(self, urls: Urls, chance: random.Random) -> None:
        self.urls = urls
        self.chance = chance
        self.worlds: dict[tuple[UUID, UUID], World] = {}
        self.rows: list[tuple[UUID, UUID, UUID, str, dt.date]] = []
        self._connections: dict[str, psycopg.Connection] = {}

    def fill(self, participants: int = PARTICIPANTS) -> None:
        """Adds tenants with that many participants each, every one of them a world of her own."""
        with psycopg.connect(self.urls.needed("owner")) as db:
            create_tables(db)
            for tenant in TENANTS:
                db.execute(
                    "INSERT INTO tenants (id, slug, name, languages, time_zone, hosts, illustrative)"
                    " VALUES (%s, %s, '{}', '{}', 'America/Toronto', '{}', true)",
                    [tenant, f"t{tenant.int}"],
                )
        self.refill(participants)

    def refill(self, participants: int) -> None:
        """Puts other worlds in the place of those that are there."""
        self.worlds, self.rows = {}, []
        values: dict[str, list[dict[str, Any]]] = {}
        for tenant in TENANTS:
            for _ in range(participants):
                self._draw(values, tenant, UUID(int=self.chance.getrandbits(128)))
        with psycopg.connect(self.urls.needed("owner")) as db:
            db.execute(f"DELETE FROM {TABLE}; DELETE FROM {TEAM_TABLE}")
            db.execute("DELETE FROM participants")
            for name in ("participants", "consents", "standings", "consent_entries", "exclusions", TABLE):
                if name in values:
                    insert_many(db, name, values[name])
            db.execute(f"INSERT INTO {TEAM_TABLE} SELECT * FROM {TABLE}")
            db.commit()
            db.autocommit = True
            db.execute("ANALYZE participants, standings, consent_entries, exclusions, told_of_her, told_to_the_team")

    def _draw(self, values: dict[str, list[dict[str, Any]]], tenant: UUID, participant: UUID) -> None:
        world = self.worlds[tenant, participant] = draw_world(self.chance, tenant, participant)
        hers = {"tenant_id": tenant, "id": participant}
        values.setdefault("participants", []).append(
            hers | {"code": b"", "code_mark": participant.bytes, "dated_on": DAYS[0]}
        )
        values.setdefault("consents", []).append(
            hers | {"participant_id": participant, "kind": "x", "given_on": DAYS[0], "how": "spoken",
                    "giver": "herself", "authority": "", "to_confirm": True, "holder": "", "regime": "",
                    "recorded_at": MOMENTS[0], "starts": MOMENTS[0], "ends": FOREVER}
        )  # fmt: skip
        for name, rows in (("standings", world.standings), ("consent_entries", world.entries),
                           ("exclusions", world.exclusions)):  # fmt: skip
            for row in rows:
                kept = {RENAMED.get(key, key): _plain(value) for key, value in structs.asdict(row).items()}
                more = {"consent_id": participant} if name == "consent_entries" else {}
                values.setdefault(name, []).append({**FILLED[name], **kept, **more})
        for information in CLASSES_USED:
            for day in DAYS:
                row = (tenant, UUID(int=self.chance.getrandbits(128)), participant, information, day)
                self.rows.append(row)
                values.setdefault(TABLE, []).append(dict(zip(COLUMNS.split(", "), row, strict=True)))

    def decided(self, asked: Question, now: dt.datetime, *, by: Any = rule, team_only: bool = False) -> set[UUID]:
        """The rows that the rule lets the asker touch. `by`: the module of another rule. `team_only`: by standings on
        the team's part alone."""
        found = set()
        for tenant, id, participant, information, day in self.rows:
            world = self.worlds[tenant, participant]
            question = structs.replace(asked, participant=participant, information=information, dated_on=day)
            standings = [each for each in world.standings if each.recipient == TEAM or not team_only]
            if isinstance(by.may(question, standings, world.entries, world.exclusions, now), Allowed):
                found.add(id)
        return found

    def of_class(self, ids: set[UUID], information: str) -> set[UUID]:
        """Returns those of some rows that hold this class."""
        return ids & {id for _, id, _, named, _ in self.rows if named == information}

    def by_condition(
        self,
        asked: Question,
        now: dt.datetime,
        *,
        role: str = "owner",
        team_only: bool = False,
        hers: UUID | None = None,
        information: str | None = None,
        asked_together: bool = False,
    ) -> set[UUID]:
        """The rows that a query with the condition finds. The owner passes by every policy. See `condition`."""
        with self._reading(role) as db:
            if role == "app":
                read_as(db, asked, now)
            asks = condition(
                asked, now, team_only=team_only, hers=hers, information=information, asked_together=asked_together
            )
            return {row[0] for row in db.execute(asks)}

    def differences_of_one(
        self, asked: Question, now: dt.datetime, decided: set[UUID], *, participants: int, team_only: bool = False
    ) -> list[UUID]:
        """The participants of some drawn of whom a query about one finds other rows than those of her in `decided`, by
        the class of each row or by a class that the query names."""
        classes: dict[UUID, dict[UUID, str]] = {}
        for tenant, id, participant, information, _ in self.rows:
            if tenant == asked.tenant:
                classes.setdefault(participant, {})[id] = information
        found = []
        for her in self.chance.sample(sorted(classes), participants):
            mine, named = {id for id in classes[her] if id in decided}, self.chance.choice(CLASSES_USED)
            by_row = self.by_condition(asked, now, team_only=team_only, hers=her)
            by_name = self.by_condition(asked, now, team_only=team_only, hers=her, information=named)
            if by_row != mine or by_name != {id for id in mine if classes[her][id] == named}:
                found.append(her)
        return found

    def by_policy(self, asked: Question, now: dt.datetime, *, table: str = TABLE) -> set[UUID]:
        """The rows that a query without any condition finds, as the application."""
        with self._reading("app") as db:
            read_as(db, asked, now)
            return {row[0] for row in db.execute(f"SELECT id FROM {table}")}

    @contextlib.contextmanager
    def _reading(self, role: str) -> Iterator[psycopg.Connection]:
        """A transaction on a connection that stays open; what it is told of the reader ends with it."""
        if role not in self._connections:
            self._connections[role] = psycopg.connect(self.urls.needed(role))
        with self._connections[role].transaction():
            yield self._connections[role]

    def close(self) -> None:
        for connection in self._connections.values():
            connection.close()


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else value


def insert(db: psycopg.Connection, table: str, values: dict[str, Any]) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, values))
    places = sql.SQL(", ").join(sql.Placeholder() * len(values))
    into = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(sql.Identifier(table), names, places)
    db.execute(into, list(values.values()))


def insert_many(db: psycopg.Connection, table: str, rows: list[dict[str, Any]]) -> None:
    """Adds rows, which all have the columns of the first."""
    names = list(rows[0])
    columns, places = sql.SQL(", ").join(map(sql.Identifier, names)), sql.SQL(", ").join(sql.Placeholder() * len(names))
    into = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(sql.Identifier(table), columns, places)
    db.cursor().executemany(into, [[row[name] for name in names] for row in rows])


def create_tables(db: psycopg.Connection) -> None:
    for table in (TABLE, TEAM_TABLE):
        db.execute(
            f"CREATE TABLE {table} (tenant_id uuid, id uuid, participant_id uuid, information text, dated_on date,"
            " PRIMARY KEY (tenant_id, id))"
        )
        protect(Executor(db), table)
        restrict(Executor(db), table, AboutParticipants("*information", team_only=table == TEAM_TABLE))


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


def condition(
    asked: Question,
    now: dt.datetime,
    *,
    team_only: bool = False,
    hers: UUID | None = None,
    information: str | None = None,
    asked_together: bool = False,
) -> str:
    """A query of the test's table with the condition that every query on participants' rows carries.

    `hers`: about this participant only, as the queries of a file ask. `information`: of this class only, by its name.
    `asked_together`: as one of several queries about other classes.
    """
    rows = sql_table(TABLE, *(column(name) for name in COLUMNS.split(", ")))
    reader = Reader(
        tenant=literal(asked.tenant, Uuid()), staff=literal(asked.staff, Uuid()),
        organization=literal(asked.organization, Text()), purpose=literal(asked.purpose, Text()),
        now=literal(now, DateTime(timezone=True)),
    )  # fmt: skip
    statement = select(rows.c.id).where(
        rows.c.tenant_id == reader.tenant,
        permitted(
            rows.c.participant_id,
            information or rows.c.information,
            rows.c.dated_on,
            act=asked.act,
            reader=reader,
            hers=None if hers is None else bindparam("hers", hers, Uuid()),
            team_only=team_only,
            asked_together=asked_together,
        ),
    )
    if information:
        statement = statement.where(rows.c.information == information)
    return str(statement.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}))


def ask(worlds: Worlds, act: str) -> tuple[Question, dt.datetime]:
    tenant = worlds.chance.choice(TENANTS)
    drawn = draw_question(worlds.chance, tenant, UUID(int=0))
    return structs.replace(drawn, act=act), draw_moment(worlds.chance)
