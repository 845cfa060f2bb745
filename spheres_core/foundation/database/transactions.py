"""The way to the rows: SQLAlchemy Core declares and compiles, asyncpg carries, row-level security walls.

A statement is compiled once, at first use, and then goes to the driver as text with positions; that is what keeps a
request near hand-written SQL (figures: `make bench`). A transaction begins with its first statement, in one driver
message with the tenant it belongs to, and only the edge of the request ends it. Without a tenant no row is seen.
"""

import contextlib
import datetime as dt
import re
import uuid as _uuid
from collections.abc import AsyncIterator, Sequence
from functools import cache, lru_cache
from typing import Any, Generic, TypeVar, cast, overload

import asyncpg
import msgspec
import uuid_utils
from sqlalchemy import (
    ColumnElement,
    DateTime,
    ForeignKeyConstraint,
    Insert,
    MetaData,
    Table,
    Uuid,
    bindparam,
)
from sqlalchemy.dialects.postgresql import asyncpg as asyncpg_dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.sql import ClauseElement

T = TypeVar("T")
Connection = Any
"""asyncpg's; it has no types."""

_DIALECT: Any = asyncpg_dialect.dialect()  # type: ignore[no-untyped-call]
_TENANT = "_tenant"


class Base(DeclarativeBase):
    """Declares tables; never instantiated. Names of constraints are fixed so that migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {dt.datetime: DateTime(timezone=True), _uuid.UUID: Uuid()}


def tenant_key() -> Mapped[_uuid.UUID]:
    """The first column of each tenant table's primary key."""
    return mapped_column("tenant_id", Uuid(), primary_key=True)


def own_tenant() -> ForeignKeyConstraint:
    """Ties a table to its tenant: a tenant that goes takes its rows along."""
    return ForeignKeyConstraint(["tenant_id"], ["tenants.id"], ondelete="CASCADE")


def within_tenant(column: str, target: str, *, ondelete: str = "CASCADE") -> ForeignKeyConstraint:
    """A reference that cannot leave the tenant: `(tenant_id, column)` to `target (tenant_id, id)`."""
    return ForeignKeyConstraint(["tenant_id", column], [f"{target}.tenant_id", f"{target}.id"], ondelete=ondelete)


def table(model: type[Base]) -> Table:
    """The Core table of a declared class."""
    return cast(Table, model.__table__)


def uuid7() -> _uuid.UUID:
    """A time-ordered id for inside use; never shown as a secret, never typed by a person."""
    return _uuid.UUID(int=uuid_utils.uuid7().int)


class OwnTenant(ColumnElement[bool]):
    """`tenant_id = <the transaction's tenant>`; its own class so that a test can take the check away."""

    inherit_cache = True
    enforced = True

    def __init__(self, condition: ColumnElement[bool]) -> None:
        self.condition = condition


@compiles(OwnTenant)
def _own_tenant_sql(element: OwnTenant, compiler: Any, **kwargs: Any) -> str:
    return str(compiler.process(element.condition, **kwargs)) if OwnTenant.enforced else "true"


def scoped(target: Any) -> ColumnElement[bool]:
    """The condition that keeps a statement inside the tenant; every query on a tenant table carries it."""
    return OwnTenant(target.c.tenant_id == bindparam(_TENANT, type_=Uuid()))


class Statement(Generic[T]):
    """A statement compiled once. `into` is the struct a row becomes, by position of the selected columns."""

    __slots__ = ("_defaults", "_names", "_source", "_sql", "into")
    _all: list["Statement[Any]"] = []

    def __init__(self, source: ClauseElement, into: type[T] | None) -> None:
        self._source = source
        self.into = into
        self._sql: str | None = None
        self._names: tuple[str, ...] = ()
        self._defaults: dict[str, Any] = {}
        Statement._all.append(self)

    def compiled(self) -> tuple[str, tuple[str, ...], dict[str, Any]]:
        """SQL text, the parameter of each position, and the values that are fixed in the statement."""
        if self._sql is None:
            compiled: Any = self._source.compile(dialect=_DIALECT)
            defaults = {k: v for k, v in compiled.params.items() if v is not None}
            if isinstance(self._source, Insert):
                columns = cast(Table, self._source.table).c
                defaults |= {c.key: None for c in columns if c.nullable and c.key not in defaults}
            _refuse_settling(compiled.string)
            self._names = tuple(compiled.positiontup or ())
            self._defaults = defaults
            self._sql = compiled.string
        return self._sql, self._names, self._defaults

    def of(self, **values: Any) -> "Bound[T]":
        """This statement with its values, to be sent together with others."""
        return Bound(self, values)

    @classmethod
    def forget_compiled(cls) -> None:
        """Compile every statement anew at its next use (for tests that take a check away)."""
        for statement in cls._all:
            statement._sql = None


@overload
def prepare(source: ClauseElement, into: None = None) -> Statement[Any]: ...
@overload
def prepare(source: ClauseElement, into: type[T]) -> Statement[T]: ...
def prepare(source: ClauseElement, into: type[T] | None = None) -> Statement[Any]:
    """Prepare a Core statement. Parameters are its bind names; on inserts, nullable columns may be left out."""
    return Statement(source, into)


class Bound(msgspec.Struct, Generic[T], frozen=True):
    """A statement with its values, not sent yet."""

    statement: Statement[T]
    values: dict[str, Any]


class NotForStatements(Exception):
    """A statement that would change the transaction itself: its tenant, its role, its end."""


_SETTLES = re.compile(
    r"\bset_config\b|\bapp\.tenant\b|^\s*(set|reset|begin|start|commit|end|rollback|abort|discard)\b", re.IGNORECASE
)


@lru_cache(maxsize=512)
def _refuse_settling(text: str) -> None:
    """Against mistakes and plain attempts; code that means harm finds other ways (docs/hostile-plugins.md)."""
    if _SETTLES.search(text):
        raise NotForStatements("a transaction's tenant, role and end are not for its statements to change")


@lru_cache(maxsize=512)
def _weave(text: str, parts: tuple[tuple[str, int], ...], own: int) -> str:
    """`text` with the SQL of each part where `{0}`, `{1}` … stand; their positions count on from its `own`."""
    for number, (sql, positions) in enumerate(parts):
        shift = own
        text = text.replace(f"{{{number}}}", re.sub(r"\$(\d+)", lambda m: f"${int(m[1]) + shift}", sql))  # noqa: B023
        own += positions
    return text


@cache
def _side_by_side(number: int) -> str:
    asked = [f"ARRAY(SELECT ROW(p{n}.*) FROM ({{{n}}}) AS p{n})" for n in range(number)]  # noqa: S608
    return f"SELECT {', '.join(asked)}"


class Db:
    """One transaction of one tenant. Rooms get it as `ctx.db`; they never begin, commit or roll back."""

    __slots__ = ("_connection", "_pool", "keep", "open", "over", "tenant_id")

    def __init__(self, pool: asyncpg.Pool, tenant_id: _uuid.UUID | None) -> None:
        self._pool = pool
        self.tenant_id = tenant_id
        self._connection: Connection | None = None
        self.open = False
        self.keep = False
        """What was written stays although the answer is a refusal (a failed sign-in counts)."""
        self.over = False
        """Nothing more may come: whoever outlived the transaction cannot begin another in its name."""

    async def all(self, statement: Statement[T], **values: Any) -> list[T]:
        """Every row, each as the statement's struct (as a driver record when it names none)."""
        sql, arguments = self._bind(statement, values)
        rows = await (self._connection or await self._begin()).fetch(sql, *arguments)
        into = statement.into
        return [into(*row) for row in rows] if into is not None else cast(list[T], rows)

    async def one_or_none(self, statement: Statement[T], **values: Any) -> T | None:
        """The only row, or None."""
        sql, arguments = self._bind(statement, values)
        row = await (self._connection or await self._begin()).fetchrow(sql, *arguments)
        if row is None:
            return None
        return statement.into(*row) if statement.into is not None else cast(T, row)

    async def scalar(self, statement: Statement[Any], **values: Any) -> Any:
        """The first column of the first row, or None."""
        sql, arguments = self._bind(statement, values)
        return await (self._connection or await self._begin()).fetchval(sql, *arguments)

    async def run(self, statement: Statement[Any], **values: Any) -> int:
        """Do it; the number of rows it touched."""
        sql, arguments = self._bind(statement, values)
        connection = self._connection or await self._begin()
        prepared = await connection.fetch(sql, *arguments) if "RETURNING" in sql else None
        if prepared is not None:
            return len(prepared)
        return int((await connection.execute(sql, *arguments)).rpartition(" ")[2])

    async def run_many(self, statement: Statement[Any], rows: Sequence[dict[str, Any]]) -> None:
        """The same statement for many rows, in one driver message."""
        if not rows:
            return
        bound = [self._bind(statement, row) for row in rows]
        connection = self._connection or await self._begin()
        await connection.executemany(bound[0][0], [arguments for _, arguments in bound])

    async def sql(self, text: str, *arguments: Any) -> list[asyncpg.Record]:
        """Plain SQL for what Core cannot say (notifications, job functions). Never with a person's words in it.

        `NotForStatements` for what would change the transaction itself: its tenant, its role, its end.
        """
        _refuse_settling(text)
        return await self.settle(text, *arguments)

    async def settle(self, text: str, *arguments: Any) -> list[asyncpg.Record]:
        """Plain SQL that may change the transaction itself. For the core's edges only."""
        return cast(
            list[asyncpg.Record],
            await (self._connection or await self._begin()).fetch(text, *arguments),
        )

    async def woven(self, text: str, parts: Sequence[Bound[Any]], *arguments: Any) -> list[asyncpg.Record]:
        """Plain SQL around prepared statements, in one round trip: `{0}`, `{1}` … in it stand for the parts."""
        _refuse_settling(text)
        bound = [self._bind(part.statement, part.values) for part in parts]
        sql = _weave(text, tuple((sql, len(given)) for sql, given in bound), len(arguments))
        given = [value for _, values in bound for value in values]
        return cast(
            list[asyncpg.Record], await (self._connection or await self._begin()).fetch(sql, *arguments, *given)
        )

    async def together(self, *parts: Bound[Any], text: str = "", arguments: Sequence[Any] = ()) -> list[list[Any]]:
        """Several questions in one round trip; the rows of each, in order. `text` may begin the statement (`WITH`)."""
        found = (await self.woven(f"{text} {_side_by_side(len(parts))}", parts, *arguments))[0]
        return [_structs(part.statement, rows) for part, rows in zip(parts, found, strict=True)]

    def _bind(self, statement: Statement[Any], values: dict[str, Any]) -> tuple[str, list[Any]]:
        sql, names, defaults = statement.compiled()
        tenant = self.tenant_id
        try:
            return sql, [
                values[name] if name in values else tenant if name in (_TENANT, "tenant_id") else defaults[name]
                for name in names
            ]
        except KeyError as missing:
            raise TypeError(f"the statement needs {missing.args[0]!r}: {sql}") from None

    async def _begin(self) -> Connection:
        if self.over:
            raise RuntimeError("this transaction is over")
        connection = await self._pool.acquire()
        self._connection = connection
        start = "BEGIN"
        if self.tenant_id is not None:
            start = f"BEGIN; SELECT set_config('app.tenant', '{_uuid.UUID(str(self.tenant_id))}', true)"
        self.open = True  # before it is: who is cancelled while it opens must still end it
        await connection.execute(start)
        return connection

    @contextlib.asynccontextmanager
    async def trial(self) -> AsyncIterator[None]:
        """What is written inside is undone at the end, however it ends; the transaction goes on."""
        await self.sql("SAVEPOINT trial")
        try:
            yield
        finally:
            await self.settle("ROLLBACK TO SAVEPOINT trial")

    async def commit(self) -> None:
        """End it well. For the edge of the request, the worker and the CLI only."""
        await self._end("COMMIT")

    async def roll_back(self) -> None:
        """End it as if it had not been."""
        await self._end("ROLLBACK")

    async def _end(self, how: str) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            if self.open:
                self.open = False
                await connection.execute(how)
        finally:
            await self._pool.release(connection)


def _structs(statement: Statement[T], rows: Sequence[Any]) -> list[T]:
    """Rows that came inside a row, as the statement's structs."""
    return [statement.into(*row) for row in rows] if statement.into is not None else cast(list[T], list(rows))


class _Connection(asyncpg.Connection):  # type: ignore[misc]
    """Nothing of a transaction outlives it here (settings are local), so a returned connection needs no reset."""

    def get_reset_query(self) -> str:
        return ""


class Database:
    """A pool for one role. The door owns one for requests; the worker and the CLI have their own."""

    def __init__(self, url: str, *, least: int = 1, most: int = 10) -> None:
        self._url = url
        self._least = least
        self._most = most
        self._pool: asyncpg.Pool | None = None

    async def open(self) -> "Database":
        """Connect. Raises what the driver raises when the server cannot be reached."""
        if self._pool is None:
            self._pool = await asyncpg.create_pool(
                self._url,
                min_size=self._least,
                max_size=self._most,
                connection_class=_Connection,
                init=_prepare_connection,
                server_settings={"application_name": "spheres", "timezone": "UTC"},
            )
        return self

    async def close(self) -> None:
        """Let every connection go."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.close()

    def apart(self) -> "Database":
        """The same database through one connection of its own, for another thread's event loop."""
        return Database(self._url, least=0, most=1)

    async def connect_alone(self) -> asyncpg.Connection:
        """A connection outside the pool, for listening. The caller closes it."""
        return await asyncpg.connect(self._url)

    @property
    def pool(self) -> asyncpg.Pool:
        """The open pool. Raises RuntimeError when `open` was not called."""
        if self._pool is None:
            raise RuntimeError("the database is not open")
        return self._pool

    def begin(self, tenant_id: _uuid.UUID | None) -> Db:
        """A transaction that starts with its first statement; who asks for it must end it."""
        return Db(self.pool, tenant_id)

    @contextlib.asynccontextmanager
    async def transaction(self, tenant_id: _uuid.UUID | None) -> AsyncIterator[Db]:
        """A whole transaction: committed when the block ends well, rolled back when it raises."""
        db = self.begin(tenant_id)
        try:
            yield db
        except BaseException:
            db.over = True
            await db.roll_back()
            raise
        db.over = True
        await db.commit()


_JSONB = b"\x01"
"""The version byte before a jsonb value in the driver's binary format: the one in which values inside rows come too."""


def _decode_json(value: bytes) -> Any:
    return msgspec.json.decode(memoryview(value)[1:])


def _encode_json(value: Any) -> bytes:
    return _JSONB + msgspec.json.encode(value)


async def _prepare_connection(connection: asyncpg.Connection) -> None:
    await connection.set_type_codec(
        "jsonb", encoder=_encode_json, decoder=_decode_json, schema="pg_catalog", format="binary"
    )
